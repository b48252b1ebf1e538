// Package paper owns what a desk prints (R4): the registration sheet, the data
// declaration, minutes, and the folded pages with a first password or with the
// registration code of a card, as PDF on A4, in Hungarian or English. The same
// facts give the same bytes on every machine.
//
// It refuses to look anything up: facts, words and the proof that the paper is
// ours are given to it. How a page is set is package pdf's.
package paper
