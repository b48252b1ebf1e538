package match_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/match"
)

var anna = identity.Person{
	CurrentName: identity.Name{Family: "Kovács-Őri", Given: "Anna Mária"},
	Core: identity.Core{BirthName: identity.Name{Family: "Őri", Given: "Anna"}, MotherBirthName: identity.Name{Family: "O’Hara", Given: "Ilona"},
		BirthPlace: "Székesfehérvár", BirthDate: identity.Date{Year: 1980, Month: time.February, Day: 29}},
	Address:   identity.Address{Country: "HU", PostalCode: "9021", Settlement: "Győr", Street: "Fő utca 1. 2/3."},
	TaxNumber: "8412340567", TAJ: "123456788",
}

func TestWhatDiffersOnlyInSpellingIsRight(t *testing.T) {
	for _, test := range []struct {
		claim catalogue.Claim
		value string
		right bool
	}{
		{catalogue.Name, `"Kovács-Őri Anna Mária"`, true},
		{catalogue.Name, `"KOVÁCS – ŐRI  anna mária "`, true},
		{catalogue.Name, `"` + norm.NFD.String("Kovács-Őri Anna Mária") + `"`, true},
		{catalogue.Name, `"Kovács Őri Anna Mária"`, false},
		{catalogue.Name, `"Kovács-Öri Anna Mária"`, false}, // another letter
		{catalogue.Name, `"Kovacs-Ori Anna Maria"`, false},
		{catalogue.Name, `"Kovács-Őri Anna"`, false},
		{catalogue.Name, `"Kovács Anna Mária"`, false}, // a married name counts as a whole
		{catalogue.Name, `"Anna Mária Kovács-Őri"`, false},
		{catalogue.BirthName, `"őri anna"`, true},
		{catalogue.BirthName, `"Kovács-Őri Anna Mária"`, false},
		{catalogue.MotherBirthName, `"O'Hara Ilona"`, true},
		{catalogue.BirthPlace, `"székesfehérvár"`, true},
		{catalogue.BirthPlace, `{"locality": "Székesfehérvár"}`, true},
		{catalogue.BirthPlace, `{"locality": "Fehérvár"}`, false},
		{catalogue.BirthDate, `"1980-02-29"`, true},
		{catalogue.BirthDate, `"1980-02-28"`, false},
		{catalogue.TaxNumber, `"8412340567"`, true},
		{catalogue.TaxNumber, `" 8412 340-567"`, true},
		{catalogue.TaxNumber, `"8412340568"`, false},
		{catalogue.TaxNumber, `"841234056"`, false},
		{catalogue.TAJ, `"123 456 788"`, true},
		{catalogue.Address, `"9021 Győr, Fő utca 1. 2/3."`, true},
		{catalogue.Address, `"9021 GYŐR\nfő utca 1 2/3"`, true},
		{catalogue.Address, `"9021 Győr, Fő utca 12/3."`, false},
		{catalogue.Address, `{"postal_code":"9021","locality":"Győr","street_address":"Fő utca 1., 2/3"}`, true},
		{catalogue.Address, `{"country":"hu","formatted":"ignored","postal_code":"9021","locality":"Győr","street_address":"Fő utca 1. 2/3."}`, true},
		{catalogue.Address, `{"formatted":"9021 Győr\nFő utca 1. 2/3."}`, true},
		{catalogue.Address, `{"country":"AT","postal_code":"9021","locality":"Győr","street_address":"Fő utca 1. 2/3."}`, false},
		{catalogue.Address, `{"locality":"Győr"}`, false},
	} {
		stated, err := match.Read(test.claim, json.RawMessage(test.value))
		if err != nil || stated.Of(anna) != test.right {
			t.Errorf("%s %s: %v, %v, want %t", test.claim, test.value, stated.Of(anna), err, test.right)
		}
	}
}

func TestWhatIsNotKnownIsNobodys(t *testing.T) {
	for claim, value := range map[catalogue.Claim]string{
		catalogue.Name: `"x"`, catalogue.BirthDate: `"1980-02-29"`, catalogue.TaxNumber: `"8412340567"`, catalogue.TAJ: `"0"`,
		catalogue.Address: `"9021 Győr"`, catalogue.BirthPlace: `"Győr"`,
	} {
		if stated, err := match.Read(claim, json.RawMessage(value)); err != nil || stated.Of(identity.Person{}) {
			t.Errorf("%s: %v, of nobody: %t", claim, err, stated.Of(identity.Person{}))
		}
	}
}

func TestWhatIsNoValueIsRefused(t *testing.T) {
	for _, test := range []struct {
		claim  catalogue.Claim
		value  string
		reason string
	}{
		{catalogue.Name, `""`, "is empty"},
		{catalogue.Name, `"  "`, "is empty"},
		{catalogue.Name, `null`, "is not text"},
		{catalogue.Name, `5`, "is not text"},
		{catalogue.Name, `{"family":"x"}`, "is not text"},
		{catalogue.Name, `"` + strings.Repeat("a", 301) + `"`, "is longer than 300 characters"},
		{catalogue.BirthDate, `"1980.02.29."`, "is not a date as 2006-01-02"},
		{catalogue.BirthDate, `"1981-02-29"`, "is not a date as 2006-01-02"},
		{catalogue.TaxNumber, `"84123x0567"`, "holds more than digits, blanks and hyphens"},
		{catalogue.TaxNumber, `" - "`, "is empty"},
		{catalogue.TaxNumber, `8412340567`, "is not text"},
		{catalogue.BirthPlace, `{"city":"Győr"}`, "is neither text nor an object with the member locality"},
		{catalogue.Address, `{"region":"x"}`, "is neither text nor an object as OpenID Connect Core, 5.1.1 has it"},
		{catalogue.Address, `{}`, "is empty"},
		{catalogue.Address, `" . , "`, "is empty"},
		{catalogue.Email, `"anna@pelda.hu"`, "cannot be compared"},
		{"root", `"x"`, "cannot be compared"},
	} {
		_, err := match.Read(test.claim, json.RawMessage(test.value))
		var fault *match.Fault
		if !errors.As(err, &fault) || fault.Reason != test.reason || fault.Claim != test.claim {
			t.Errorf("%s %s: %v", test.claim, test.value, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{`"Kovács"`, `{"locality":"Győr"}`, `{"formatted":"x"}`, `"1980-02-29"`, `" 8412 340-567"`, `null`, `[]`, `"\u0000"`, `"a" "b"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, claim := range catalogue.Claims() {
			stated, err := match.Read(claim, json.RawMessage(value))
			if err != nil && stated.Of(anna) {
				t.Errorf("%s: refused, and yet right", claim)
			}
			if stated.Of(identity.Person{}) {
				t.Errorf("%s: right of nobody", claim)
			}
		}
	})
}
