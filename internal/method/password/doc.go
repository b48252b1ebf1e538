// Package password owns what a password is worth trusting with: the rule for
// choosing one (Policy), and the slow hash that remembers it (Hasher).
//
// It refuses to know usernames, sessions or storage: it takes a password and a
// stored record and says whether they belong together. It never logs, never
// returns a password in an error, and never queues work without end.
package password
