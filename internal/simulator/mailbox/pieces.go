package mailbox

import "strings"

// piece is a run of words, or an address to follow.
type piece struct{ Words, Link string }

// pieces parts a plain text at its links.
func pieces(text string) (all []piece) {
	end := 0
	for _, at := range linkPattern.FindAllStringIndex(text, -1) {
		link := strings.TrimRight(text[at[0]:at[1]], linkEnds)
		all = append(all, piece{Words: text[end:at[0]]}, piece{Link: link})
		end = at[0] + len(link)
	}
	return append(all, piece{Words: text[end:]})
}
