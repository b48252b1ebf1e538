package identity_test

import (
	"errors"
	"testing"

	"kapu/internal/identity"
)

func TestParsePhone(t *testing.T) {
	for typed, want := range map[string]string{
		"+36301234567": "+36301234567", "+36 30 123 4567": "+36301234567", "06 30 123 4567": "+36301234567", "06-30/123-4567": "+36301234567",
		"0036 (70) 123-4567": "+36701234567", "+43 664 1234567": "+436641234567", "+44\u00a07911 123456": "+447911123456",
	} {
		if got, err := identity.ParsePhone(typed); err != nil || got.String() != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for typed, reason := range map[string]string{
		"": identity.ReasonEmpty, " - ": identity.ReasonEmpty, "301234567": identity.ReasonFormat, "+0301234567": identity.ReasonFormat, "+36 30 123": identity.ReasonShort, "+3630": identity.ReasonShort,
		"+36 30 123 4567 89": identity.ReasonFormat, "+1234567890123456": identity.ReasonLong, "+36 1 234 5678": identity.ReasonKind, "06 90 123 456": identity.ReasonKind,
		"+36 30 12E 4567": identity.ReasonAlphabet, "+36+301234567": identity.ReasonAlphabet, "+３６301234567": identity.ReasonAlphabet,
	} {
		var invalid *identity.Invalid
		if got, err := identity.ParsePhone(typed); !errors.As(err, &invalid) || invalid.Reason != reason || invalid.Field != "phone" || got != "" {
			t.Errorf("%q: %q, %v, want %s", typed, got, err, reason)
		}
	}
	if got := identity.Phone("+36301234567").Masked(); got != "…567" {
		t.Error(got)
	}
}

// FuzzPhone: what is taken is in international form, and reads the same again.
func FuzzPhone(f *testing.F) {
	for _, seed := range []string{"+36 30 123 4567", "06301234567", "0036301234567", "+", "00", "06", "+000000000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		p, err := identity.ParsePhone(typed)
		if err != nil {
			return
		}
		if again, err := identity.ParsePhone(p.String()); err != nil || again != p || len(p) > 16 || p[0] != '+' {
			t.Errorf("%q became %q, and that %q, %v", typed, p, again, err)
		}
	})
}
