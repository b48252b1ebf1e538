package registration

import (
	"strings"
	"testing"
	"unicode"
)

func FuzzDigitsOf(f *testing.F) {
	for _, seed := range []string{"12345678", "1234 5678", "1234-5678", "1234–5678\u00a0", "", "１２３４", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got := DigitsOf(typed)
		if strings.ContainsFunc(got, unicode.IsSpace) || DigitsOf(got) != got {
			t.Errorf("DigitsOf(%q) = %q", typed, got)
		}
		digits := func(s string) string {
			return strings.Map(func(c rune) rune {
				if c < '0' || c > '9' {
					return -1
				}
				return c
			}, s)
		}
		if digits(got) != digits(typed) {
			t.Errorf("DigitsOf(%q) = %q loses digits", typed, got)
		}
	})
}
