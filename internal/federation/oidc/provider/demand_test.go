package provider

import (
	"slices"
	"testing"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/law"
)

var (
	plus    = authn.Method{Name: law.TOTP, Level: law.Substantial, Factors: []authn.Factor{"a"}}
	passkey = authn.Method{Name: law.Passkey, Level: law.Substantial, Factors: []authn.Factor{"b"}}
	phone   = authn.Method{Name: law.Phone, Level: law.Low, Factors: []authn.Factor{"c"}}
	card    = authn.Method{Name: law.Card, Level: law.High, Factors: []authn.Factor{"d"}}
)

// What has to be proved when a service names levels and methods, where there is
// more than one to choose from.
func TestDemand(t *testing.T) {
	rules := authn.Rules{Methods: []authn.Method{plus, passkey, phone, card, {Name: law.Password, Factors: []authn.Factor{"e"}}}}
	low, substantial, high := authn.ACR(law.Low), authn.ACR(law.Substantial), authn.ACR(law.High)
	tests := []struct {
		name    string
		least   string // of the service
		only    []law.Method
		named   []string
		level   law.Level
		methods []law.Method // nil: any of the level
		unmet   bool
	}{
		{name: "nothing", least: "low", level: law.Low},
		{name: "a level", least: "low", named: []string{substantial}, level: law.Substantial},
		{name: "a level below the service's", least: "substantial", named: []string{low}, level: law.Substantial},
		{name: "several levels: any will do", least: "low", named: []string{high, substantial}, level: law.Substantial},
		{name: "the highest", least: "low", named: []string{high}, level: law.High},
		{name: "a method", least: "low", named: []string{plus.ACR()}, level: law.Substantial, methods: []law.Method{law.TOTP}},
		{name: "methods of two levels", least: "low", named: []string{card.ACR(), plus.ACR()}, level: law.Substantial, methods: []law.Method{law.TOTP, law.Card}},
		{name: "a method or a level", least: "low", named: []string{phone.ACR(), high}, level: law.Low, methods: []law.Method{law.Phone, law.Card}},
		{name: "a method that the service does not take", least: "low", only: []law.Method{law.TOTP}, named: []string{passkey.ACR()}, unmet: true},
		{name: "a level that its methods do not reach", least: "low", only: []law.Method{law.TOTP}, named: []string{high}, unmet: true},
		{name: "a method below the service's level", least: "high", named: []string{plus.ACR()}, unmet: true},
		{name: "of its methods the one named", least: "low", only: []law.Method{law.TOTP, law.Card}, named: []string{card.ACR()}, level: law.High, methods: []law.Method{law.TOTP, law.Card}},
		{name: "nobody's name", least: "low", named: []string{"urn:other"}, level: law.Low},
		{name: "a method that is not on offer", least: "low", named: []string{"urn:eksz.gov.hu:1.0:azonositas:kau:2:ak:face"}, unmet: true},
	}
	for _, test := range tests {
		service := &catalogue.Service{Level: test.least, Method: test.only}
		got, err := demandOf(service, wire.Authorization{ACRValues: test.named}, rules)
		if (err != nil) != test.unmet {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if err == nil && (got.Level != test.level || !slices.Equal(got.Methods, test.methods)) {
			t.Errorf("%s: level %s by %v", test.name, got.Level, got.Methods)
		}
		for _, m := range (authn.Transaction{Request: authn.Request{Level: got.Level, Methods: got.Methods}}).Candidates(rules) { // whoever comes in has what was named
			if err == nil && len(got.Named) > 0 && !slices.ContainsFunc(got.Named, m.Names) {
				t.Errorf("%s: %s would do", test.name, m.Name)
			}
		}
	}
}
