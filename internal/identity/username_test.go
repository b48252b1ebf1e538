package identity_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kapu/internal/identity"
)

func TestUsernameIsHungarianLettersOnly(t *testing.T) {
	for _, c := range []struct{ input, want, reason string }{
		{"KisAnna", "KisAnna", ""},
		{"árvíztűrő", "árvíztűrő", ""},
		{"ÁÉÍÓÖŐÚÜŰ", "ÁÉÍÓÖŐÚÜŰ", ""},
		{"a\u0301rvi\u0301zt\u030b" + "uro", "", "alphabet"}, // a double acute on a t is no letter
		{"a\u0301rvi\u0301ztu\u030bro\u030b", "árvíztűrő", ""},
		{"o\u0308to\u0308s", "ötös", ""},
		{"wxyq", "wxyq", ""},
		{"ö\u0301tt", "", "alphabet"},
		{"", "", "empty"},
		{"Áki", "", "short"},
		{"a\u0301a\u0301a\u0301", "", "short"}, // three letters, six code points
		{"Anna1", "", "alphabet"},
		{"Kis Anna", "", "alphabet"},
		{" KisAnna", "", "alphabet"},
		{"Anna\x00", "", "alphabet"},
		{"Аnna", "", "alphabet"}, // a Cyrillic А
		{"jürgenß", "", "alphabet"},
		{"Anna\u200d", "", "alphabet"},
		{"\xffAnna", "", "alphabet"},
		{strings.Repeat("ő", 64), strings.Repeat("ő", 64), ""},
		{strings.Repeat("o\u030b", 64), strings.Repeat("ő", 64), ""},
		{strings.Repeat("a", 65), "", "long"},
		{strings.Repeat("a", 10_000), "", "long"},
	} {
		got, err := identity.ParseUsername(c.input)
		expect(t, c.input, string(got), err, c.want, c.reason)
	}
}

func TestUsernamesThatDifferInCaseFoldAlike(t *testing.T) {
	upper, _ := identity.ParseUsername("KISÁRPÁDŐŰ")
	lower, _ := identity.ParseUsername("kisárpádőű")
	if upper == lower || upper.Fold() != lower.Fold() {
		t.Errorf("%q and %q: equal %t, folds %q and %q", upper, lower, upper == lower, upper.Fold(), lower.Fold())
	}
	if other, _ := identity.ParseUsername("kisarpadou"); other.Fold() == lower.Fold() {
		t.Error("accents must tell usernames apart")
	}
}

func TestUsernameParsesToItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := rapid.StringOfN(rapid.RuneFrom([]rune("azAZqwőŰéÍö\u0301\u0308\u030b")), 4, 64, -1).Draw(t, "written")
		first, err := identity.ParseUsername(written)
		if err != nil {
			t.Skip()
		}
		if again, err := identity.ParseUsername(string(first)); err != nil || again != first {
			t.Fatalf("%q became %q, then %q (%v)", written, first, again, err)
		}
	})
}

func FuzzUsername(f *testing.F) {
	for _, seed := range []string{"", "KisAnna", "o\u030bo\u030bo\u030bo\u030b", "\u0301\u0301\u0301\u0301", "\xf0\x28\x8c\x28", "аnna"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := identity.ParseUsername(s)
		if err != nil {
			return
		}
		length := utf8.RuneCountInString(string(name))
		if length < identity.ShortestUsername || length > identity.LongestUsername || !utf8.ValidString(string(name)) {
			t.Errorf("accepted %q", name)
		}
		if strings.Trim(name.Fold(), "abcdefghijklmnopqrstuvwxyzáéíóöőúüű") != "" {
			t.Errorf("fold of %q is %q", name, name.Fold())
		}
	})
}
