// Package talk owns one caller's conversation: what the menu wants said it hands
// to the line as sound, and what the menu asks it does with the register of
// telephone identifiers. Between the two it keeps what the menu must not know: whose
// call it is.
//
// It refuses to judge anything: the menu says what comes next, the register who
// may what. It keeps nothing after the call.
package talk
