package mailbox

import "strings"

// piece is a run of words, or an address to follow.
type piece struct{ Words, Link string }

type line []piece

// paragraphs parts a plain text at its blank lines, and each line at its links.
func paragraphs(text string) [][]line {
	var all [][]line
	for block := range strings.SplitSeq(text, "\n\n") {
		if block = strings.Trim(block, "\n"); strings.TrimSpace(block) == "" {
			continue
		}
		var lines []line
		for l := range strings.SplitSeq(block, "\n") {
			lines = append(lines, pieces(l))
		}
		all = append(all, lines)
	}
	return all
}

func pieces(s string) (l line) {
	end := 0
	for _, at := range linkPattern.FindAllStringIndex(s, -1) {
		link := strings.TrimRight(s[at[0]:at[1]], linkEnds)
		l = append(l.words(s[end:at[0]]), piece{Link: link})
		end = at[0] + len(link)
	}
	return l.words(s[end:])
}

func (l line) words(s string) line {
	if s == "" {
		return l
	}
	return append(l, piece{Words: s})
}
