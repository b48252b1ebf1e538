package authn_test

import (
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/law"
)

// Every method has a name of its own, from which it can be told again.
func TestNamesOfMethods(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range law.Methods() {
		m := authn.Method{Name: name, Level: law.Substantial}
		got, level, ok := authn.ParseMethodACR(m.ACR())
		if !ok || got != name || level != law.Substantial || seen[m.ACR()] {
			t.Errorf("%s: %s is %s at %s, %t", name, m.ACR(), got, level, ok)
		}
		seen[m.ACR()] = true
	}
	rules := authn.RulesAt(law.Default(), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	if m, _ := rules.Method(law.TOTP); m.ACR() != "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp" {
		t.Errorf("Ügyfélkapu+ is %s", m.ACR())
	}
}

func TestNames(t *testing.T) {
	m := authn.Method{Name: law.TOTP, Level: law.Substantial}
	for name, want := range map[string]bool{
		"urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp":    true,
		"urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:totp":    true,  // it is worth more than was asked
		"urn:eksz.gov.hu:1.0:azonositas:kau:3:uk:totp":    false, // and not so much as this
		"urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:passkey": false,
		"urn:eksz.gov.hu:1.0:azonositas:kau:0:uk:totp":    false,
		"urn:eksz.gov.hu:1.0:azonositas:kau:4:uk:totp":    false,
		"urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp:":   false,
		"urn:eksz.gov.hu:1.0:azonositas:kau:2:":           false,
		"http://eidas.europa.eu/LoA/low":                  true,
		"http://eidas.europa.eu/LoA/substantial":          true,
		"http://eidas.europa.eu/LoA/high":                 false,
		"http://eidas.europa.eu/LoA/none":                 false,
		"http://eidas.europa.eu/LoA/":                     false,
		"":                                                false,
	} {
		if got := m.Names(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}
