// Package ledger owns the record of every identification, release of data,
// change and look-up (R25): what kinds of event there are, how one becomes a
// leaf, the Merkle tree over the leaves (RFC 6962) with its signed heads, and
// the proofs that nothing was altered, removed or cut off. It refuses personal
// data in a leaf: those stand behind salted commitments, and what opens them is
// sealed under the person's own key, so that erasing the key erases the person
// and not the proof.
//
// An event is appended in the transaction it speaks of. The place in the tree is
// given a moment later by [Ledger.Sequence], so that a sign-in never waits for
// the tree.
package ledger

//go:generate go test -run TestTheEventsPageIsCurrent -update .
