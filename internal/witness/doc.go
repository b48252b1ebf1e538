// Package witness owns the outside witness of a ledger: it fetches the heads that
// a gateway publishes, makes sure that each tree is the beginning of the next, and
// signs what it has seen (C2SP tlog-cosignature). Whoever rewrites the ledger, with
// all its keys, cannot make the witness sign the rewritten one.
//
// A witness remembers one thing, the last head that it signed, in a file that is
// on the disk before a signature leaves. It refuses to sign a head that it cannot
// join to that one, and keeps such a head as evidence. It needs nothing of the
// gateway but its public pages, and belongs on a machine of somebody else.
package witness
