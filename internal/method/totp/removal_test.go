package totp

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRemovalCodeIsReadAsPeopleCopyIt(t *testing.T) {
	code := NewRemovalCode()
	text := code.Text()
	if !regexp.MustCompile(`^([2-9A-HJ-NP-Z]{4}-){4}[2-9A-HJ-NP-Z]{4}$`).MatchString(text) {
		t.Fatalf("text of the code has another shape: %d characters", len(text))
	}
	for name, typed := range map[string]string{
		"as shown":    text,
		"lower case":  strings.ToLower(text),
		"no hyphens":  strings.ReplaceAll(text, "-", ""),
		"blanks":      " " + strings.ReplaceAll(text, "-", " ") + "\n",
		"long dashes": strings.ReplaceAll(text, "-", " – "),
	} {
		if got, err := ParseRemovalCode(typed); err != nil || got != code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRemovalCodeNoticesEverySlip(t *testing.T) {
	symbols := []byte(strings.ReplaceAll(NewRemovalCode().Text(), "-", ""))
	refused := func(typed []byte) bool {
		_, err := ParseRemovalCode(string(typed))
		return errors.Is(err, ErrRemovalCode)
	}
	for i, right := range symbols {
		for _, wrong := range []byte(removalAlphabet) {
			if symbols[i] = wrong; wrong != right && !refused(symbols) {
				t.Errorf("symbol %d wrong: accepted", i)
			}
		}
		symbols[i] = right
	}
	for i := range len(symbols) - 1 {
		a, b := symbols[i], symbols[i+1]
		if symbols[i], symbols[i+1] = b, a; a != b && !refused(symbols) {
			t.Errorf("symbols %d and %d swapped: accepted", i, i+1)
		}
		symbols[i], symbols[i+1] = a, b
	}
	if !refused(symbols[:len(symbols)-1]) || !refused(append(symbols, 'A')) || !refused(nil) {
		t.Error("a code of another length was accepted")
	}
}

func TestRemovalCodeHash(t *testing.T) {
	key, other := []byte("key"), []byte("other key")
	code := NewRemovalCode()
	stored := code.Hash(key)
	if !code.Matches(key, stored) {
		t.Error("the code does not match its own hash")
	}
	if code.Matches(other, stored) || NewRemovalCode().Matches(key, stored) || code.Matches(key, nil) {
		t.Error("another key, another code or no hash matches")
	}
}

func FuzzRemovalCode(f *testing.F) {
	f.Add("2222-2222-2222-2222-2222")
	f.Add("ſſſſſſſſſſſſſſſſſſſſ")
	f.Add("0O1I-")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := ParseRemovalCode(typed)
		if err != nil {
			return
		}
		if again, err := ParseRemovalCode(code.Text()); err != nil || again != code {
			t.Errorf("%q is not read back from its own text", typed)
		}
	})
}

func TestGroupsLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Z]{0,40}`).Draw(t, "text")
		if got := strings.ReplaceAll(group(text, 4, "-"), "-", ""); got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}
