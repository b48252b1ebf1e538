package broker

import (
	"context"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notice"
	"kapu/internal/store"
)

// Announcer tells people that they were identified.
type Announcer interface {
	// Identified is asked in the transaction that records an identification, or a try by a forbidden method.
	Identified(tx *store.Tx, i notice.Identification) error
	// Passed is asked when single sign-on reaches a service for the first time in a session.
	Passed(ctx context.Context, i notice.Identification) error
}

// announce has somebody told of what was just recorded.
func (b *Broker) announce(tx *store.Tx, r *http.Request, v *Visit, e authn.Event, m law.Method, forbidden bool) error {
	if b.Announcer == nil {
		return nil
	}
	return b.Announcer.Identified(tx, notice.Identification{
		Person: e.Person, Account: e.Account, Method: m, Address: b.Address(r), KnownDevice: v.known, Forbidden: forbidden,
	})
}

// passed has somebody told that their session went on to another service. What was
// proved on the way there was told when it was.
func (b *Broker) passed(ctx context.Context, v *Visit) error {
	last := v.Session.Events[len(v.Session.Events)-1]
	if b.Announcer == nil || !last.At.Before(v.Transaction.Opened) {
		return nil
	}
	best, _ := v.Session.Best(v.Rules)
	return b.Announcer.Passed(ctx, notice.Identification{Person: last.Person, Account: last.Account, Method: best.Method.Name, KnownDevice: true, Service: v.Service.ID})
}

// recordForbidden writes that somebody came, with right secrets, by a method that
// the person has forbidden: it leads nowhere, and yet they should know. It is the
// one that they chose, or one that their proofs make whole.
func (b *Broker) recordForbidden(tx *store.Tx, r *http.Request, v *Visit, s authn.Session, e authn.Event, d authn.Disposition) error {
	m, tried := forbidden(b.Rules(b.Now()).Methods, v.Transaction.Chosen, s, e, d)
	if !tried {
		return nil
	}
	if _, err := b.Ledger.Append(tx, e.Person, ledger.ForbiddenUsed{Method: m, Account: e.Account, Address: b.Address(r)}); err != nil {
		return err
	}
	return b.announce(tx, r, v, e, m, true)
}

// forbidden is the method by which a person who has forbidden it is being
// identified: by this proof it is whole, or it was chosen and this is its first.
func forbidden(methods []authn.Method, chosen law.Method, s authn.Session, e authn.Event, d authn.Disposition) (law.Method, bool) {
	for _, m := range methods {
		if d.Allows(m, "") || m.Level == law.NoLevel || !slices.Contains(m.Factors, e.Factor) {
			continue
		}
		began := m.Name == chosen && m.Factors[0] == e.Factor
		_, whole := s.Achieved(m, time.Time{})
		if began || whole && m.Name != chosen {
			return m.Name, true
		}
	}
	return "", false
}
