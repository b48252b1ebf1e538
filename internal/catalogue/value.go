package catalogue

import "kapu/internal/identity"

// Of is the value of a claim about a person as one text; "" where the register
// states none, and for what is about the account. An address has two lines.
func (c Claim) Of(p identity.Person) string {
	switch c {
	case Name:
		return p.CurrentName.String()
	case FamilyName:
		return p.CurrentName.Family
	case GivenName:
		return p.CurrentName.Given
	case BirthName:
		return p.BirthName.String()
	case MotherBirthName:
		return p.MotherBirthName.String()
	case BirthPlace:
		return p.BirthPlace
	case BirthDate:
		return p.BirthDate.String()
	case Address:
		return AddressText(p.Address)
	case TaxNumber:
		return string(p.TaxNumber)
	case TAJ:
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
