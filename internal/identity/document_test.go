package identity_test

import (
	"testing"

	"kapu/internal/identity"
)

func TestDocumentNumbers(t *testing.T) {
	for _, c := range []struct {
		kind                identity.DocumentKind
		input, want, reason string
	}{
		{identity.IdentityCard, "123456AB", "123456AB", ""},
		{identity.IdentityCard, "123456 ab", "123456AB", ""},
		{identity.IdentityCard, "AB123456", "", "format"},
		{identity.IdentityCard, "1234567AB", "", "format"},
		{identity.IdentityCard, "123456ÁB", "", "format"},
		{identity.Passport, "BA1234567", "BA1234567", ""},
		{identity.Passport, "ba 123456", "BA123456", ""},
		{identity.Passport, "BA12345", "", "format"},
		{identity.Passport, "BA12345678", "", "format"},
		{identity.Passport, "1234567BA", "", "format"},
		{identity.DrivingLicence, "CD-123456", "CD123456", ""},
		{identity.DrivingLicence, "CD1234567", "", "format"},
		{identity.DrivingLicence, "", "", "empty"},
		{identity.DrivingLicence, "A", "", "format"},
		{"library-card", "123456AB", "", "kind"},
	} {
		got, err := identity.ParseDocumentNumber(c.kind, c.input)
		expect(t, string(c.kind)+" "+c.input, got, err, c.want, c.reason)
	}
}

func TestEveryKindOfDocumentIsKnown(t *testing.T) {
	for _, kind := range identity.DocumentKinds() {
		if got, err := identity.ParseDocumentKind(string(kind)); err != nil || got != kind {
			t.Errorf("%s: %s, %v", kind, got, err)
		}
	}
	if _, err := identity.ParseDocumentKind("Passport"); err == nil {
		t.Error("kinds are written in one way only")
	}
}

func FuzzDocumentNumber(f *testing.F) {
	for _, seed := range []string{"123456AB", "BA1234567", "cd 123456", "", "1", "é1234567", "\u2013\u2013"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range identity.DocumentKinds() {
			number, err := identity.ParseDocumentNumber(kind, s)
			if err != nil {
				continue
			}
			if again, err := identity.ParseDocumentNumber(kind, number); err != nil || again != number || len(number) > 9 {
				t.Errorf("%s %q: %q, then %q, %v", kind, s, number, again, err)
			}
		}
	})
}
