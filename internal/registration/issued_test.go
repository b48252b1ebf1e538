package registration

import (
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
)

func TestWhatAnOfficeIssuesCanBeReadAndTyped(t *testing.T) {
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	names, passwords := map[identity.Username]bool{}, map[string]bool{}
	for range 300 {
		name, err := IssuedUsername()
		if _, refused := law.Default().NewUsername(string(name), day); err != nil || refused != nil || len(name) != 10 {
			t.Fatalf("username %q: %v, %v", name, err, refused)
		}
		password, err := FirstPassword()
		if err != nil || !regexp.MustCompile(`^([2-9a-hjkmnp-z]{5}-){2}[2-9a-hjkmnp-z]{5}$`).MatchString(password) || passwords[password] {
			t.Fatalf("password %q: %v", password, err)
		}
		names[name], passwords[password] = true, true
	}
	if len(names) < 290 {
		t.Errorf("only %d names of 300", len(names))
	}
	if bits := firstGroups * firstGroup * math.Log2(float64(len(firstAlphabet))); bits < 60 {
		t.Errorf("%.0f bits", bits)
	}
}

func TestAFirstPasswordIsTheSameHoweverTyped(t *testing.T) {
	want := CanonicalFirst("k7m4x-9rtph-2wnca")
	for _, typed := range []string{"k7m4x9rtph2wnca", "K7M4X 9RTPH 2WNCA", " k7m4x–9rtph\u00a0-2wnca\t"} {
		if got := CanonicalFirst(typed); got != want {
			t.Errorf("%q is %q", typed, got)
		}
	}
}

func TestAReceiptHasOneSpelling(t *testing.T) {
	for typed, want := range map[string]string{"ab-12/2026": "AB-12/2026", "  AB  12 ": "AB 12", "őz.1": "ŐZ.1"} {
		if got, err := ParseReceipt(typed); got != want || err != nil {
			t.Errorf("%q is %q, %v", typed, got, err)
		}
	}
	for typed, reason := range map[string]string{"": identity.ReasonEmpty, " -/ ": identity.ReasonEmpty, "<b>": identity.ReasonAlphabet,
		"a'b": identity.ReasonAlphabet, strings.Repeat("1", 41): identity.ReasonLong} {
		var invalid *identity.Invalid
		if _, err := ParseReceipt(typed); !errors.As(err, &invalid) || invalid.Field != "receipt" || invalid.Reason != reason {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// FuzzParseReceipt: what is accepted is accepted again, and is the same receipt.
func FuzzParseReceipt(f *testing.F) {
	for _, seed := range []string{"ab-12/2026", "  AB  12 ", "őz.1", "", "ß", "\u0130", "<b>", strings.Repeat("1", 41)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := ParseReceipt(typed)
		if again, wrong := ParseReceipt(got); err == nil && (wrong != nil || again != got) {
			t.Errorf("%q is %q, and that is %q", typed, got, again)
		}
	})
}

// FuzzCanonicalFirst: typing the canonical form is as good as any other.
func FuzzCanonicalFirst(f *testing.F) {
	for _, seed := range []string{"k7m4x-9rtph-2wnca", "K7M4X 9RTPH", "–\u00a0", "\xff", "ǅ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if got := CanonicalFirst(typed); CanonicalFirst(got) != got || strings.ContainsAny(got, " -–\t") {
			t.Errorf("%q is %q", typed, got)
		}
	})
}
