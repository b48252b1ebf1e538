package breached

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// minCore is the shortest word worth looking up: Éva, Pál, dog.
	minCore = 3
	// maxDecoration is how many characters may be taken off the two ends
	// together: a birthday and two exclamation marks. More random digits than
	// that are a secret of their own, whatever word they stand beside. It also
	// bounds the look-ups: 2 beginnings × 11 ends × 2 readings of 1.
	maxDecoration = 10
)

// Look-alikes that stand for letters. 1 is read as i and as l.
var (
	looksLikeI = strings.NewReplacer("0", "o", "1", "i", "!", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "8", "b", "9", "g")
	looksLikeL = strings.NewReplacer("0", "o", "1", "l", "!", "l", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "8", "b", "9", "g", "|", "l")
)

// Fold takes case and accents away: Jelszó and JELSZO become jelszo.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

// Entries are the folded forms under which a word of the list is filed:
// itself, and its core without decorations. A word too short to be looked up
// has none.
func Entries(word string) []string {
	folded := Fold(word)
	if len(folded) < minCore {
		return nil
	}
	out := []string{folded}
	if core := strings.TrimFunc(folded, isDecoration); len(core) > minCore {
		out = append(out, readings(core)...)
	}
	return unique(out)
}

// candidates are the folded forms under which a password is looked up.
func candidates(password string) []string {
	folded := []rune(Fold(password))
	out := []string{string(folded)}
	first := slices.IndexFunc(folded, isCore)
	if first < 0 {
		return out
	}
	last := len(folded)
	for isDecoration(folded[last-1]) {
		last--
	}
	for _, from := range []int{0, first} {
		for to := last; to <= len(folded); to++ {
			if from+len(folded)-to <= maxDecoration {
				out = append(out, readings(string(folded[from:to]))...)
			}
		}
	}
	return unique(out)
}

// readings are the words a decorated core may stand for, a repeated word once.
func readings(core string) []string {
	var out []string
	for _, letters := range []*strings.Replacer{looksLikeI, looksLikeL} {
		word := strings.Map(dropNonWord, letters.Replace(core))
		if word = once(word); len(word) >= minCore {
			out = append(out, word)
		}
	}
	return out
}

// once returns the shortest unit of which the word is a whole repetition.
func once(word string) string {
	if word == "" {
		return word
	}
	period := strings.Index((word + word)[1:], word) + 1
	return word[:period]
}

func isCore(r rune) bool       { return unicode.IsLetter(r) }
func isDecoration(r rune) bool { return !isCore(r) }

func dropNonWord(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}
