package papercode

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func draw(t interface{ Fatal(...any) }) Code {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every single slip and every exchange, at every place, with every symbol.
func TestTheCheckSymbolFindsSlips(t *testing.T) {
	for range 200 {
		code := draw(t)
		for i := range code {
			for _, other := range alphabet {
				if wrong := string(code[:i]) + string(other) + string(code[i+1:]); wrong != string(code) {
					mistyped(t, wrong)
				}
			}
			for j := range i {
				swapped := []byte(code)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if string(swapped) != string(code) {
					mistyped(t, string(swapped))
				}
			}
		}
	}
}

func mistyped(t *testing.T, typed string) {
	t.Helper()
	if _, err := Parse(typed); !errors.Is(err, ErrMistyped) {
		t.Fatalf("%s: %v", typed, err)
	}
}

// The same from the arithmetic alone, for all codes at once: a slip changes the
// sum by weight × difference, an exchange by difference of weights × difference.
func TestNoWeightIsZeroAndNoTwoAreAlike(t *testing.T) {
	weight, seen := 1, map[int]bool{0: true}
	for range Length {
		if seen[weight] {
			t.Fatalf("the weight %d is zero or comes twice", weight)
		}
		seen[weight] = true
		weight = weight * radix % modulus
	}
	for d := 2; d*d <= modulus; d++ {
		if modulus%d == 0 {
			t.Fatalf("%d is not prime", modulus)
		}
	}
}

func TestTheAlphabetHasNoLookAlikes(t *testing.T) {
	if len(alphabet) != 31 || strings.ContainsAny(alphabet, "01ILO") {
		t.Errorf("%d symbols: %s", len(alphabet), alphabet)
	}
	for i := range alphabet {
		if strings.Count(alphabet, alphabet[i:i+1]) != 1 {
			t.Errorf("%c comes twice", alphabet[i])
		}
	}
}

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := draw(t)
		var typed strings.Builder
		for _, c := range code {
			typed.WriteString(rapid.SampledFrom([]string{"", "", " ", "-", "\u00a0", "–", " - "}).Draw(t, "between"))
			if rapid.Bool().Draw(t, "small") {
				typed.WriteString(strings.ToLower(string(c)))
			} else {
				typed.WriteRune(c)
			}
		}
		if got, err := Parse(typed.String()); err != nil || got != code {
			t.Fatalf("%q: %q, %v", typed.String(), got, err)
		}
	})
}

func TestCodesArePrintedInGroups(t *testing.T) {
	code := draw(t)
	if g := code.Groups(); len(g) != 13 || g[4] != '-' || g[9] != '-' || strings.ReplaceAll(g, "-", "") != string(code) {
		t.Errorf("%s", g)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add("2345-6789-ABC")
	f.Add("ſıŁ 0O1I l")
	f.Add(strings.Repeat("-", 300))
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := Parse(typed)
		if err != nil {
			if code != "" {
				t.Errorf("%q: a code beside %v", typed, err)
			}
			return
		}
		if again, err := Parse(code.Groups()); err != nil || again != code {
			t.Errorf("%q: %q is not read again: %q, %v", typed, code, again, err)
		}
	})
}
