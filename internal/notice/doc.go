// Package notice owns the rules by which people are told that they were identified: what they wish to be told, what is
// suspicious, and in which order the rules are asked. It is pure: facts in, verdict out.
//
// The order: what is suspicious is always told. Single sign-on to a service that the session has reached is never told.
// Whoever wishes none is told no more. Otherwise a known device, the very first identification, and single sign-on to
// another service are told only to those who wish to hear of every one; the rest is told.
//
// It refuses to guess: it knows no places on a map and no habits, only what the gateway itself has seen.
package notice
