// Package phone owns Telefonos Azonosítás (R20): a person's numeric credential and
// all that is done with it, on the web and over the telephone alike. An identifier
// of eight digits and a password of six; a few positions of the password are asked,
// never the whole. What is issued and how long, the attempts, the lock and the
// reminder questions that open it, the spoken code and the caller whom a clerk sees
// are decided here.
//
// It refuses to tell whether an identifier exists: one that nobody has is asked for
// positions, too, is slowed alike and written for alike. It refuses to draw other
// positions until the asked ones were answered rightly, to go on with a password that
// listeners may know, and to let the telephone lift its own ban. It knows no pages
// and no calls.
package phone
