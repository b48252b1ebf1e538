package provider

import (
	"context"
	"errors"
	"slices"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/ledger"
	"kapu/internal/mandate"
	"kapu/internal/store"
)

// tell writes down that the service is told of somebody; where another acts for
// them, for both, if they may still do so.
func (p *Provider) tell(ctx context.Context, a broker.Answer, told ledger.Released) error {
	id := store.NewID()
	if a.Mandate == nil {
		return p.Broker.DB.Apply(ctx, func(tx *store.Tx) error {
			return p.Broker.Ledger.AppendAs(tx, id, a.Achieved.Person, told)
		})
	}
	err := p.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.MandateHolds(a.Mandate.ID, a.Service.ID)
		if err != nil {
			return err
		}
		return mandate.Used(tx, p.Broker.Ledger, id, m, told)
	})
	if errors.Is(err, store.ErrNotFound) {
		return wire.Refuse(wire.Responder, wire.AuthnFailed, "", "the mandate was ended meanwhile")
	}
	return err
}

// Names of the attributes that say who acts, where a service does not know those
// of eIDAS: the pseudonym of the representative there, and their name.
const actorAttribute, actorNameAttribute = "act", "act_name"

// actor adds who acts, where that is not the person of the assertion: by
// pseudonym, and by name where the law lets the service have names.
func (p *Provider) actor(ctx context.Context, a broker.Answer, claims []catalogue.Claim, list []wire.Attribute) ([]wire.Attribute, error) {
	if a.Mandate == nil {
		return list, nil
	}
	subject := federation.Subject(p.Broker.Ring, a.Service, a.Achieved.Person)
	list = append(list, actorAs(a.Service, actorAttribute, wire.EIDASRepresentativeIdentifier, subject))
	isName := func(c catalogue.Claim) bool {
		return c == catalogue.Name || c == catalogue.FamilyName || c == catalogue.GivenName
	}
	if !slices.ContainsFunc(a.Service.OnGround(claims), isName) {
		return list, nil
	}
	err := p.Broker.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(a.Achieved.Person)
		if err != nil {
			return gone(err)
		}
		name := who.CurrentName
		if a.Service.SAML.Names() != catalogue.EIDAS {
			list = append(list, actorAs(a.Service, actorNameAttribute, "", name.String()))
			return nil
		}
		list = append(list, actorAs(a.Service, "", wire.EIDASRepresentativeFamilyName, name.Family), actorAs(a.Service, "", wire.EIDASRepresentativeGivenName, name.Given))
		return nil
	})
	return list, err
}

// actorAs is an attribute about who acts, under the name that the service knows.
func actorAs(s *catalogue.Service, plain, eidas, value string) wire.Attribute {
	if s.SAML.Names() == catalogue.EIDAS {
		a, _ := wire.EIDASAttribute(eidas, value)
		return a
	}
	return wire.Attribute{Name: plain, NameFormat: wire.NameFormatBasic, Type: wire.TypeString, Values: []string{value}}
}
