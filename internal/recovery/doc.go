// Package recovery owns the pages of citizens who cannot get in: a new password
// for a forgotten one, the username by e-mail, and what to do when the second
// factor is lost.
//
// It refuses to tell whether a name or an address is known: what is asked for is
// done apart from the answer, which is the same always. It mails only to the
// address that the account has, never to one that was typed, and it never
// touches the second factor.
package recovery
