package provider

import (
	"encoding/base64"
	"encoding/xml"
	"slices"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/identity"
)

// eidasNames are the claims that have a name under eIDAS (eIDAS SAML Attribute
// Profile 1.2, 2.2).
var eidasNames = map[catalogue.Claim]string{
	catalogue.FamilyName: wire.EIDASFamilyName, catalogue.GivenName: wire.EIDASGivenName, catalogue.BirthDate: wire.EIDASDateOfBirth,
	catalogue.BirthName: wire.EIDASBirthName, catalogue.BirthPlace: wire.EIDASPlaceOfBirth, catalogue.Address: wire.EIDASCurrentAddress,
}

// claimOf is the claim that an attribute of either naming stands for.
func claimOf(name string) (catalogue.Claim, bool) {
	for c, n := range eidasNames {
		if n == name {
			return c, true
		}
	}
	c := catalogue.Claim(name)
	return c, slices.Contains(catalogue.Claims(), c)
}

func claimsOf(names []string) (claims []catalogue.Claim) {
	for _, n := range names {
		if c, ok := claimOf(n); ok { // what nobody here knows, nobody is told
			claims = append(claims, c)
		}
	}
	return claims
}

// wantedBy is what the service asks to be told: what its request lists, the list
// of its metadata that the request or the metadata name, or all that it is
// registered for.
func wantedBy(s *catalogue.Service, partner *catalogue.Partner, q wire.AuthnRequest) ([]catalogue.Claim, error) {
	if q.EIDAS != nil { // an empty list asks for nothing
		var names []string
		for _, a := range q.EIDAS {
			names = append(names, a.Name)
		}
		return claimsOf(names), nil
	}
	i := slices.IndexFunc(partner.Wanted, func(set catalogue.WantedSet) bool {
		return q.AttributeSet >= 0 && set.Index == q.AttributeSet || q.AttributeSet < 0 && set.Default
	})
	switch {
	case i >= 0:
		return claimsOf(partner.Wanted[i].Names), nil
	case q.AttributeSet >= 0:
		return nil, wire.Refuse(wire.Requester, wire.RequestUnsupported, "SAML Core, 3.4.1", "AttributeConsumingServiceIndex is not registered")
	case len(partner.Wanted) > 0:
		return claimsOf(partner.Wanted[0].Names), nil
	}
	return allOf(s), nil
}

func allOf(s *catalogue.Service) []catalogue.Claim { return slices.Concat(s.Claims, s.ConsentClaims) }

// attribute is a claim under the name that the service knows it by.
func attribute(s *catalogue.Service, c catalogue.Claim, value string) wire.Attribute {
	if name := eidasNames[c]; name != "" && s.SAML.Names() == catalogue.EIDAS {
		if a, ok := wire.EIDASAttribute(name, value); ok {
			return a
		}
	}
	return wire.Attribute{Name: string(c), NameFormat: wire.NameFormatBasic, Type: wire.TypeString, Values: []string{value}}
}

// valueOf is the value of a claim; "" where the register states none.
func valueOf(s *catalogue.Service, p identity.Person, c catalogue.Claim) string {
	if c == catalogue.Address && s.SAML.Names() == catalogue.EIDAS {
		return addressOf(p.Address)
	}
	return c.Of(p)
}

// addressOf is an address as eIDAS has it: parts in XML, encoded in base64 (eIDAS
// SAML Attribute Profile 1.2, 2.2.9).
func addressOf(a identity.Address) string {
	var b strings.Builder
	for _, part := range []struct{ name, text string }{
		{"AdminunitFirstline", a.Country}, {"Thoroughfare", a.Street}, {"PostName", a.Settlement}, {"PostCode", a.PostalCode},
	} {
		if part.text != "" {
			b.WriteString("<eidas:" + part.name + ">")
			_ = xml.EscapeText(&b, []byte(part.text)) // a Builder never errs
			b.WriteString("</eidas:" + part.name + ">")
		}
	}
	return base64.StdEncoding.EncodeToString([]byte(b.String()))
}
