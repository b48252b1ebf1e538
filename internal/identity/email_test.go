package identity_test

import (
	"strings"
	"testing"

	"kapu/internal/identity"
)

func TestEmail(t *testing.T) {
	for _, c := range []struct{ input, want, reason string }{
		{"Anna.Kis@Example.HU", "Anna.Kis@example.hu", ""},
		{" anna+kapu@posta.example.org ", "anna+kapu@posta.example.org", ""},
		{"o'brien@xn--rvztr-sqa0d.hu", "o'brien@xn--rvztr-sqa0d.hu", ""},
		{"", "", "empty"},
		{"anna", "", "format"},
		{"anna@", "", "format"},
		{"@example.hu", "", "format"},
		{"a@b@example.hu", "", "format"},
		{"anna@example", "", "format"},
		{"anna@127.0.0.1", "", "format"},
		{"anna@-example.hu", "", "format"},
		{"anna@example..hu", "", "format"},
		{".anna@example.hu", "", "format"},
		{"an..na@example.hu", "", "format"},
		{"\"anna kis\"@example.hu", "", "alphabet"},
		{"anna@exa mple.hu", "", "alphabet"},
		{"ánna@example.hu", "", "alphabet"},
		{"anna@árvíz.hu", "", "alphabet"},
		{"anna@example.hu\r\nBcc: x@example.hu", "", "format"},
		{"anna\r\nX:@example.hu", "", "alphabet"},
		{strings.Repeat("a", 65) + "@example.hu", "", "long"},
		{"a@" + strings.Repeat("b", 64) + ".hu", "", "long"},
		{"a@" + strings.Repeat("bcd.", 70) + "hu", "", "long"},
	} {
		got, err := identity.ParseEmail(c.input)
		expect(t, c.input, string(got), err, c.want, c.reason)
	}
}

func TestAddressesThatDifferInCaseAreLookedUpAlike(t *testing.T) {
	one, _ := identity.ParseEmail("Anna@Example.hu")
	two, _ := identity.ParseEmail("anna@EXAMPLE.hu")
	if one == two || one.Canonical() != two.Canonical() {
		t.Errorf("%q and %q look up as %q and %q", one, two, one.Canonical(), two.Canonical())
	}
}

func FuzzEmail(f *testing.F) {
	for _, seed := range []string{"", "a@b.hu", "A.B@C.hu", "a@@b.hu", "a@b.hu\r\nx", "\"@\"@b.hu", "a@1.2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		address, err := identity.ParseEmail(s)
		if err != nil {
			return
		}
		if len(address) > 254 || strings.Count(string(address), "@") != 1 || strings.ContainsAny(string(address), " \r\n<>,;:\"") {
			t.Errorf("accepted %q", address)
		}
		if again, err := identity.ParseEmail(string(address)); err != nil || again != address {
			t.Errorf("%q parses again to %q, %v", address, again, err)
		}
	})
}
