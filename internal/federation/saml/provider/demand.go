package provider

import (
	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/law"
)

// demandOf finds out what has to be proved: never less than what the service is
// registered for, and what its request compares with (SAML Core, 3.3.2.2.1). The
// names are those of levels and methods; declarations are not on offer.
func demandOf(s *catalogue.Service, asked *wire.Context, rules authn.Rules) (federation.Demand, error) {
	d := federation.DemandOf(s)
	if asked == nil {
		return d, nil
	}
	if !compare(&d, *asked, rules) {
		return d, wire.Refuse(wire.Responder, wire.NoAuthnContext, "SAML Core, 3.3.2.2.1", "nothing on offer here is what RequestedAuthnContext asks for")
	}
	return d, nil
}

func compare(d *federation.Demand, asked wire.Context, rules authn.Rules) bool {
	if asked.Comparison == wire.Exact || asked.Comparison == "" {
		d.Insists = true
		met, _ := d.Any(asked.Classes, rules)
		return met
	}
	least, most := law.High+1, law.NoLevel
	for _, name := range asked.Classes {
		if level, ours := federation.LevelNamed(name); ours {
			least, most = min(least, level), max(most, level)
		}
	}
	switch {
	case most == law.NoLevel: // none of them is ours
		return false
	case asked.Comparison == wire.Minimum:
		return d.AtLeast(least, rules)
	case asked.Comparison == wire.Better: // than any of them
		return d.AtLeast(most+1, rules)
	case asked.Comparison == wire.Maximum:
		return d.AsStrongAs(most, rules)
	}
	return false
}
