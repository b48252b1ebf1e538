// Package paperproof owns whether a printed paper is ours: the token in its QR
// code, the short digest of what it says, and the page on which an office
// compares both with the paper in its hand.
//
// A token says which kind of paper it is, of which case or account, made when
// and where, and the digest; a keyed MAC keeps it from being made up. It is the
// same for the same paper, so that a paper printed twice is the same to the
// byte; that is why it is not sealed, and why it holds no personal data.
//
// It refuses to tell anybody but a clerk what a paper must say, to trust a token
// that was altered, and to take a genuine token for a genuine paper: a QR code
// can be copied, so the page tells the clerk what to compare.
package paperproof
