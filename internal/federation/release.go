package federation

import (
	"slices"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/store"
)

// Granted are the claims that the law lets the service have, and of those that
// are the person's to give, the ones that they allow.
func Granted(s *catalogue.Service, claims []catalogue.Claim, allowed []string) []catalogue.Claim {
	theirs := slices.DeleteFunc(s.OnConsent(claims), func(c catalogue.Claim) bool { return !slices.Contains(allowed, string(c)) })
	return append(s.OnGround(claims), theirs...)
}

// fieldOf is what of a person a claim is made of.
var fieldOf = map[catalogue.Claim]store.PersonField{
	catalogue.Name: store.CurrentName, catalogue.FamilyName: store.CurrentName, catalogue.GivenName: store.CurrentName,
	catalogue.BirthName: store.BirthName, catalogue.MotherBirthName: store.MotherBirthName, catalogue.BirthPlace: store.BirthPlace,
	catalogue.BirthDate: store.BirthDate, catalogue.Address: store.Address, catalogue.TaxNumber: store.TaxNumber, catalogue.TAJ: store.TAJ,
}

// Fields are the fields of a person that the claims are made of, each once.
func Fields(claims []catalogue.Claim) (fields []store.PersonField) {
	for _, c := range claims {
		if f, ok := fieldOf[c]; ok && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	return fields
}

// Text is the value of a claim about a person as one text; "" where the register
// states none, and for what is about the account. An address has two lines.
func Text(p identity.Person, c catalogue.Claim) string {
	switch c {
	case catalogue.Name:
		return p.CurrentName.String()
	case catalogue.FamilyName:
		return p.CurrentName.Family
	case catalogue.GivenName:
		return p.CurrentName.Given
	case catalogue.BirthName:
		return p.BirthName.String()
	case catalogue.MotherBirthName:
		return p.MotherBirthName.String()
	case catalogue.BirthPlace:
		return p.BirthPlace
	case catalogue.BirthDate:
		return p.BirthDate.String()
	case catalogue.Address:
		return AddressText(p.Address)
	case catalogue.TaxNumber:
		return string(p.TaxNumber)
	case catalogue.TAJ:
		return string(p.TAJ)
	}
	return ""
}

// AddressText is an address in two lines; "" for none.
func AddressText(a identity.Address) string {
	if a == (identity.Address{}) {
		return ""
	}
	return a.PostalCode + " " + a.Settlement + "\n" + a.Street
}
