// Package disposition owns the disposition register (Rendelkezési Nyilvántartás,
// R23): what a person lays down about how they may be identified, who may change
// it by what way, and the page where they do. What was laid down when, by whom and
// by what way stands in the ledger, where the person reads it; the register holds
// what is in force.
//
// It refuses to let a method help itself: one that is forbidden, limited or too
// weak never opens its own way again. Every state has a way back: any office, which
// looks at the person's document.
package disposition
