package federation

import (
	"slices"

	"kapu/internal/catalogue"
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
