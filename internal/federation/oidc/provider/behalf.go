package provider

import (
	"context"
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/ledger"
	"kapu/internal/mandate"
	"kapu/internal/store"
)

// behalf is for whom the person of a grant acts; the zero behalf is for themselves.
type behalf struct {
	Mandate string
	Person  string // the principal
	Account string // theirs, from which the mandate was given
}

func behalfOf(a broker.Answer) behalf {
	if a.Mandate == nil {
		return behalf{}
	}
	return behalf{a.Mandate.ID, a.Mandate.Principal, a.Mandate.Account}
}

// of is the person whom the service knows: for whom somebody acts, or who came.
func (g grant) of() string {
	if g.Behalf.Person != "" {
		return g.Behalf.Person
	}
	return g.Person
}

// stands tells by errEnded whether the mandate of a grant gives no right any more:
// it or the principal's account ended, or the service takes mandates no longer.
func (p *Provider) stands(tx *store.Tx, g grant) error {
	if g.Behalf.Mandate == "" {
		return nil
	}
	s := p.Broker.Catalogue.Service(g.Service)
	if s == nil || !s.Mandates {
		return errEnded
	}
	m, err := tx.MandateHolds(g.Behalf.Mandate, g.Service)
	if err == nil && (m.Principal != g.Behalf.Person || m.Representative != g.Person) {
		return errEnded
	}
	return endedIf(false, err)
}

// principalOf is inForceWith for the grant of a representative: the data are the
// principal's.
func (p *Provider) principalOf(tx *store.Tx, g grant, claims []catalogue.Claim) (*store.SealedOwner, error) {
	if err := p.inForce(tx, g); err != nil {
		return nil, err
	}
	_, _, owner, err := tx.StandingWith(g.Behalf.Account, g.ID, g.Session, federation.Fields(claims)...)
	return owner, endedIf(false, err)
}

// actor is who acts, where that is not the person whom the service knows (RFC
// 8693, 4.1); else nil.
func (p *Provider) actor(s *catalogue.Service, g grant) *wire.Actor {
	if g.Behalf.Mandate == "" {
		return nil
	}
	return &wire.Actor{Subject: p.subject(s, g.Person)}
}

// withActor says beside the claims who acts, by name where the law lets the
// service have names and it asked for them.
func (p *Provider) withActor(ctx context.Context, s *catalogue.Service, g grant, said map[string]any) (map[string]any, error) {
	actor := p.actor(s, g)
	if actor == nil {
		return said, nil
	}
	said["act"] = actor
	if !slices.Contains(s.OnGround(g.Asked.all()), catalogue.Name) {
		return said, nil
	}
	return said, p.Broker.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(g.Person)
		actor.Name = who.CurrentName.String()
		return ended(err)
	})
}

// tellBoth writes down for both people that the service was told of the one, and
// that the other acts.
func (p *Provider) tellBoth(tx *store.Tx, g grant, told ledger.Released) error {
	m, err := tx.MandateHolds(g.Behalf.Mandate, g.Service)
	if err := endedIf(false, err); err != nil {
		return err
	}
	return mandate.Used(tx, p.Broker.Ledger, g.ID, m, told)
}

// manyNames stands in the place of a name where a session knows several at a
// service: its own, and those of whom it acts for.
const manyNames = "*"

// severalNames puts down that a service knows a session by more than one name, so
// that it is told of the end by the session's own alone (Back-Channel Logout 1.0, 2.4).
func (p *Provider) severalNames(ctx context.Context, a broker.Answer) error {
	if a.Mandate == nil || a.Service.OIDC.BackchannelLogout == "" {
		return nil
	}
	l := store.Logout{Session: a.Session.ID, Service: a.Service.ID, Door: doorName, Account: a.Session.Account(), Person: a.Session.Person(), Subject: manyNames}
	return p.Broker.DB.Apply(ctx, func(tx *store.Tx) error { return tx.AwaitLogout(l, p.endOf(a.Session.Began())) })
}

// actsFor finds out whether the session's person acts for one whom the service
// expects. An ID token of this very session proves that they chose so before, and
// the choice then stands for this request, too; nothing else does.
func (p *Provider) actsFor(r *http.Request, a ask, c broker.Current, subjects []string, request *authn.Request) (bool, error) {
	person := c.Session.Person()
	if !a.service.Mandates || person == "" {
		return false, nil
	}
	hint, err := p.hinted(a.service, a.q)
	if err != nil {
		return false, err
	}
	same := hint.SessionID != "" && hint.SessionID == p.sessionID(a.service, c.Session.ID)
	if slices.Contains(subjects, p.subject(a.service, person)) {
		if same && hint.Actor == nil {
			request.Behalf = authn.Own
		}
		return false, nil
	}
	var held []store.Mandate
	err = p.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		held, err = tx.MandatesFor(person, a.service.ID)
		return err
	})
	i := slices.IndexFunc(held, func(m store.Mandate) bool { return slices.Contains(subjects, p.subject(a.service, m.Principal)) })
	if err != nil || i < 0 {
		return false, err
	}
	if same && hint.Actor != nil {
		request.Behalf = held[i].ID
	}
	return true, nil
}
