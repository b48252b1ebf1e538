package provider

import (
	"context"
	"errors"
	"slices"

	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/store"
)

// scope is a name under which a service asks for several claims (Core, 5.4).
type scope struct {
	name   string
	claims []catalogue.Claim
}

var scopes = []scope{
	{"profile", []catalogue.Claim{catalogue.Name, catalogue.FamilyName, catalogue.GivenName, catalogue.BirthDate}},
	{"email", []catalogue.Claim{catalogue.Email}},
	{"address", []catalogue.Claim{catalogue.Address}},
	{"identity", []catalogue.Claim{catalogue.BirthName, catalogue.MotherBirthName, catalogue.BirthPlace, catalogue.BirthDate}},
	{"birth_name", []catalogue.Claim{catalogue.BirthName}},
	{"mother_birth_name", []catalogue.Claim{catalogue.MotherBirthName}},
	{"place_of_birth", []catalogue.Claim{catalogue.BirthPlace}},
	{"tax_number", []catalogue.Claim{catalogue.TaxNumber}},
	{"taj", []catalogue.Claim{catalogue.TAJ}},
}

// asked is what a service asks to be told, and where.
type asked struct {
	Scopes   []string          `json:"s"`
	IDToken  []catalogue.Claim `json:"i,omitempty"`
	UserInfo []catalogue.Claim `json:"u,omitempty"`
}

func askedBy(q wire.Authorization) asked {
	a := asked{Scopes: []string{openID}}
	for _, s := range scopes {
		if slices.Contains(q.Scopes, s.name) {
			a.Scopes = append(a.Scopes, s.name)
			a.UserInfo = append(a.UserInfo, s.claims...)
		}
	}
	for _, name := range []string{offlineAccess, matchScope} {
		if slices.Contains(q.Scopes, name) {
			a.Scopes = append(a.Scopes, name)
		}
	}
	for _, c := range catalogue.Claims() {
		if _, ok := q.Claims.IDToken[string(c)]; ok {
			a.IDToken = append(a.IDToken, c)
		}
		if _, ok := q.Claims.UserInfo[string(c)]; ok {
			a.UserInfo = append(a.UserInfo, c)
		}
	}
	return a
}

// all are the claims that are asked for, wherever.
func (a asked) all() []catalogue.Claim { return slices.Concat(a.IDToken, a.UserInfo) }

// grantedTo is what of it the service may have, given what the person lets it have.
func (a asked) grantedTo(s *catalogue.Service, allowed []string) asked {
	may := asked{Scopes: a.Scopes, IDToken: federation.Granted(s, a.IDToken, allowed), UserInfo: federation.Granted(s, a.UserInfo, allowed)}
	may.Scopes = slices.DeleteFunc(slices.Clone(a.Scopes), func(name string) bool {
		return name == offlineAccess && !mayUse(s.OIDC, wire.RefreshToken) || name == matchScope && len(s.Match) == 0 || refused(s, name, may.UserInfo)
	})
	return may
}

// refused tells whether all that the service could have by a scope was the
// person's to give, and was not given.
func refused(s *catalogue.Service, name string, given []catalogue.Claim) bool {
	i := slices.IndexFunc(scopes, func(c scope) bool { return c.name == name })
	if i < 0 || len(s.OnConsent(scopes[i].claims)) == 0 {
		return false
	}
	return !slices.ContainsFunc(scopes[i].claims, func(c catalogue.Claim) bool { return slices.Contains(given, c) })
}

// stillReleasable is what of all the claims of a grant the service may have now. It
// asks the database only where some of them are the person's to give.
func (p *Provider) stillReleasable(ctx context.Context, s *catalogue.Service, g grant) (claims []catalogue.Claim, err error) {
	asked := g.Asked.all()
	if g.Behalf.Mandate != "" || len(s.OnConsent(asked)) == 0 {
		return s.OnGround(asked), nil
	}
	err = p.Broker.DB.View(ctx, func(tx *store.Tx) error {
		claims, err = releasable(tx, s, g, asked)
		return err
	})
	return claims, err
}

// releasable is what of the claims of a grant the service may have now: a person
// may have taken back what they let it have.
func releasable(tx *store.Tx, s *catalogue.Service, g grant, claims []catalogue.Claim) ([]catalogue.Claim, error) {
	if g.Behalf.Mandate != "" || len(s.OnConsent(claims)) == 0 { // what is the principal's to give, nobody gives for them
		return s.OnGround(claims), nil
	}
	d, err := tx.Decision(g.Person, s.ID)
	return federation.Granted(s, claims, d.Allows), err
}

// about reads the claims about the person of a grant, as they are now and as
// far as the service may have them now. It errs with errEnded when the account
// no longer lets its owner in.
func (p *Provider) about(ctx context.Context, service *catalogue.Service, g grant, claims []catalogue.Claim) (map[string]any, error) {
	var owner *store.SealedOwner // nil if nothing is wanted
	err := p.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		if claims, err = releasable(tx, service, g, claims); err != nil {
			return err
		}
		if len(claims) == 0 {
			return p.inForce(tx, g)
		}
		owner, err = p.inForceWith(tx, g, claims...)
		return err
	})
	if err != nil {
		return nil, err
	}
	said, err := say(owner, claims)
	if err != nil {
		return nil, err
	}
	return p.withActor(ctx, service, g, said)
}

// say opens what is wanted of the owner of an account, and nothing else.
func say(owner *store.SealedOwner, claims []catalogue.Claim) (map[string]any, error) {
	said := map[string]any{}
	if slices.Contains(claims, catalogue.Email) {
		email, err := owner.Email()
		if err != nil {
			return nil, ended(err)
		}
		said[string(catalogue.Email)], said["email_verified"] = string(email), true
	}
	if !slices.ContainsFunc(claims, ofPerson) {
		return said, nil
	}
	person, err := owner.Person()
	if err != nil {
		return nil, ended(err)
	}
	for _, c := range claims {
		if v := claimOf(person, c); v != nil && v != "" {
			said[string(c)] = v
		}
	}
	return said, nil
}

// ofPerson tells whether a claim is about the person; the other is about the account.
func ofPerson(c catalogue.Claim) bool { return c != catalogue.Email }

// ended is errEnded where a person or an account was erased meanwhile.
func ended(err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, keys.ErrSealed) {
		return errEnded
	}
	return err
}

// claimOf is the value of a claim; nil or "" where the register states none.
func claimOf(p identity.Person, c catalogue.Claim) any {
	switch c {
	case catalogue.BirthPlace:
		return map[string]string{"locality": p.BirthPlace}
	case catalogue.Address:
		return addressOf(p.Address)
	}
	return c.Of(p)
}

// addressOf is an address in the standard's form (Core, 5.1.1).
func addressOf(a identity.Address) any {
	if a == (identity.Address{}) {
		return nil
	}
	return map[string]string{
		"formatted":      catalogue.AddressText(a),
		"street_address": a.Street, "locality": a.Settlement, "postal_code": a.PostalCode, "country": a.Country,
	}
}
