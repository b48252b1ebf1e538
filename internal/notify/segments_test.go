package notify

import (
	"strings"
	"testing"
)

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		text     string
		encoding string
		parts    int
	}{
		{"", GSM7, 0},
		{"Code 123 456", GSM7, 1},
		{strings.Repeat("a", 160), GSM7, 1},
		{strings.Repeat("é", 160), GSM7, 1}, // é, ö and ü are of the default alphabet
		{strings.Repeat("a", 161), GSM7, 2},
		{strings.Repeat("a", 306), GSM7, 2},
		{strings.Repeat("a", 459), GSM7, 3},
		{strings.Repeat("a", 460), GSM7, 4},
		{strings.Repeat("€", 80), GSM7, 1},
		{strings.Repeat("€", 81), GSM7, 2},
		{strings.Repeat("ő", 70), UCS2, 1},
		{strings.Repeat("ő", 71), UCS2, 2},
		{strings.Repeat("a", 69) + "á", UCS2, 1}, // one letter is enough
		{strings.Repeat("ű", 201), UCS2, 3},
		{strings.Repeat("ű", 202), UCS2, 4},
		{strings.Repeat("😀", 35), UCS2, 1}, // two units each
		{strings.Repeat("😀", 36), UCS2, 2},
	} {
		if encoding, parts := Segments(c.text); encoding != c.encoding || parts != c.parts {
			t.Errorf("%d runes of %.4q: %s, %d parts; want %s, %d", len([]rune(c.text)), c.text, encoding, parts, c.encoding, c.parts)
		}
	}
}
