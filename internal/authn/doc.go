// Package authn is the pure heart of signing in: what a service asks
// ([Request]), what has happened ([Event], [Session]), what it is worth
// ([Rules]) and where the visitor goes next ([Next]). It owns no state and
// reads no clock: every function takes now. It refuses to know HTTP, the
// database and the protocols.
package authn
