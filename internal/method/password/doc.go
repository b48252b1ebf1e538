// Package password owns the room of the password: the page where it is proved
// and the page where it is changed, the rule for choosing one (Policy), and the
// slow hash that remembers it (Hasher).
//
// It refuses to tell whether a username exists: one text, one cost and one delay
// for unknown, wrong, pending, expired and closed. It never logs, never returns
// a password in an error, and never queues work without end. Policy and Hasher
// know nothing of sessions or storage.
package password
