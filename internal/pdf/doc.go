// Package pdf owns how a page of ours is set as PDF: A4, typeface, colours, mark,
// footer, headings, tables and prose, so that what an office prints and what a
// citizen downloads look alike. The same words give the same bytes on every
// machine.
//
// It refuses to know what a page is about, and which language it is in: words are
// given to it. The typeface is embedded (Source Sans 3, SIL OFL 1.1, see
// fonts/LICENSE), so that ő and ű are right on every screen and printer.
package pdf
