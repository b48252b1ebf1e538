// Package card owns registration from home with an electronic identity card
// (R10, seed document 003): the one-time code that a desk hands over in an
// envelope with the card, how it is checked and kept for the browser that
// checked it, and the pages on which its holder registers.
//
// It refuses to keep a code in any form but a slow, peppered hash; to tell a
// document that it does not know from a code that is wrong; to show more of the
// register's record than its holder needs to recognise; to lead to a second
// account; and to let one code be used twice.
package card
