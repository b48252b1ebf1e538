package identity

import (
	"strings"
	"unicode/utf8"
)

// The bounds of a username, in letters. The law table can narrow them, never widen them.
const (
	ShortestUsername = 4 // R12
	LongestUsername  = 64
)

// Username is what a citizen types to name their account: letters of the Hungarian alphabet, composed (NFC),
// case-sensitive. KisAnna is not kisanna.
type Username string

// ParseUsername reads a username (R12). It errs with *Invalid: empty, alphabet, short or long.
func ParseUsername(s string) (Username, error) {
	if s == "" {
		return "", &Invalid{"username", ReasonEmpty}
	}
	if len(s) > LongestUsername*4 { // two bytes a letter, four when decomposed: no need to look further
		return "", &Invalid{"username", ReasonLong}
	}
	s = compose(s)
	if strings.ContainsFunc(s, func(r rune) bool { return !isHungarian(r) }) {
		return "", &Invalid{"username", ReasonAlphabet}
	}
	switch length := utf8.RuneCountInString(s); {
	case length < ShortestUsername:
		return "", &Invalid{"username", ReasonShort}
	case length > LongestUsername:
		return "", &Invalid{"username", ReasonLong}
	}
	return Username(s), nil
}

// Fold is the username without case. A new name is taken when its fold is taken; signing in never uses it.
func (u Username) Fold() string { return strings.ToLower(string(u)) }

func (u Username) String() string { return string(u) }
