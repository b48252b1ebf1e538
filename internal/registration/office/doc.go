// Package office owns what is done at a desk. In a registration (R2–R5) a clerk
// opens a case, asks the population register, records what the citizen chooses
// and signs, and finishes; beside the usual way there are the further account
// against a fee (R7), the provisional account that becomes final (R8), the
// consulate (R11) and the account handed out with a first password (R13). In a
// visit the owner of an account proves their presence and has something done to
// it (R14); a lot draws what a second clerk reviews. The package owns what is
// checked when, and that each act is in the ledger.
//
// It refuses to let a clerk register themselves, to finish on an answer of an
// earlier day, to give anybody a provisional account that they cannot name, and
// to keep personal data in a case that is over. It knows no pages; those are in
// kapu/internal/office.
package office
