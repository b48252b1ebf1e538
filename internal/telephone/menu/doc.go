// Package menu owns the talk of a caller with the line: menu 4 # of 1818 (R20,
// document 004). It is a state machine with a transition table (table.go) and
// nothing else: [Next] takes a state and an input, and gives a state and what is
// to be done: say prompts, listen, ask the service, end.
//
// It refuses to keep time, to speak, and to know anybody. Every change is one
// request, made only after the caller has confirmed it and in a call in which they
// were identified; so hanging up, at whatever moment, leaves no half of a change.
// An identifier that nobody has takes the same walk as any other. What was typed
// secretly is forgotten with the step that asked for it, and never said.
package menu
