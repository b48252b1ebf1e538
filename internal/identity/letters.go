package identity

import "strings"

// Combining marks that Hungarian letters use when they arrive decomposed, as macOS file names and some phones send them.
const (
	combiningAcute       = '\u0301'
	combiningDiaeresis   = '\u0308'
	combiningDoubleAcute = '\u030b'
)

const latinLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

var composed = map[rune]map[rune]rune{
	combiningAcute: {
		'a': 'á', 'e': 'é', 'i': 'í', 'o': 'ó', 'u': 'ú',
		'A': 'Á', 'E': 'É', 'I': 'Í', 'O': 'Ó', 'U': 'Ú',
	},
	combiningDiaeresis:   {'o': 'ö', 'u': 'ü', 'O': 'Ö', 'U': 'Ü'},
	combiningDoubleAcute: {'o': 'ő', 'u': 'ű', 'O': 'Ő', 'U': 'Ű'},
}

// isHungarian says whether r is a letter of the Hungarian alphabet (or q, w, x, y, which names use).
func isHungarian(r rune) bool {
	return strings.ContainsRune(latinLetters, r) || strings.ContainsRune("áéíóöőúüűÁÉÍÓÖŐÚÜŰ", r)
}

// compose joins a letter and the combining mark after it where the pair is a Hungarian letter (the part of Unicode's
// NFC that Hungarian needs). Everything else stays as it is.
func compose(s string) string {
	if !strings.ContainsAny(s, "\u0301\u0308\u030b") {
		return s
	}
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if last := len(out) - 1; last >= 0 {
			if joined, ok := composed[r][out[last]]; ok {
				out[last] = joined
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}
