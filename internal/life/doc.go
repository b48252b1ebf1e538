// Package life owns what happens to an account after it was activated (R6, R8,
// R14): that it is extended, reminded of its end, and ends; that its owner or a
// desk has it deleted, gives it another e-mail address or has its second factor
// taken off. What could harm an owner who did not ask for it is announced to every
// address known of them and waits, so that it can be stopped.
//
// It is called in the transactions of rooms and desks, and by jobs that look at
// the accounts whose time has come. Everything may be done twice, and by several
// processes at once: it happens once.
//
// It refuses to show pages, to ask who may act (the rooms do), and to let a link
// do more than the letter said: a token is kept as a keyed digest only, looking at
// one changes nothing, and none outlives its account.
package life
