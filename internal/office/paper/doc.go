// Package paper owns what a desk prints (R4): the registration sheet and the
// data declaration, as PDF on A4, in Hungarian or English. The same facts give
// the same bytes on every machine.
//
// It refuses to look anything up: facts and words are given to it. The typeface
// is embedded (Source Sans 3, SIL OFL 1.1, see fonts/LICENSE), so that ő and ű
// are right on every screen and printer.
package paper
