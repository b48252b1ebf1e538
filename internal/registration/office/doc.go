// Package office owns registration at a desk (R2–R5): a clerk opens a case,
// asks the population register, records what the citizen chooses and signs,
// and finishes. It owns what is checked when, and that each act is in the
// ledger.
//
// It refuses to let a clerk register themselves, to finish on an answer of an
// earlier day, and to keep personal data in a case that is over. It knows no
// pages; those are in kapu/internal/office.
package office
