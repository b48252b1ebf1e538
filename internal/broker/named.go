package broker

import (
	"context"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/ledger"
)

// Sessions are kept under their cookies, which nobody else knows. Where a service
// may end one from machine to machine, it is noted where a session is, by the
// name that is no secret.

func placeKey(session string) string { return "session-at/" + session }

// place notes where a session is kept, if one of its services speaks SAML.
func (b *Broker) place(ctx context.Context, s authn.Session, key string, rules authn.Rules) error {
	for _, visit := range s.Visits {
		if service := b.Catalogue.Service(visit.Service); service != nil && service.SAML != nil {
			return b.Volatile.Put(ctx, placeKey(s.ID), []byte(key), s.Began().Add(rules.SessionLife).Sub(b.Now()))
		}
	}
	return nil
}

// EndNamed ends a session by its public name for a service that asked to. It tells
// whether there was one, and whether all its other services hear of the end
// without a browser.
func (b *Broker) EndNamed(ctx context.Context, session string, by *catalogue.Service) (ended, all bool, err error) {
	key, found, err := b.Volatile.Get(ctx, placeKey(session))
	if err != nil || !found {
		return false, true, err
	}
	c, err := b.under(ctx, string(key))
	if err != nil || c.Session.ID != session || session == "" {
		return false, true, err
	}
	all = true
	for _, visit := range c.Session.Visits {
		if s := b.Catalogue.Service(visit.Service); s != nil && s.ID != by.ID {
			all = all && b.parting(c.Session, s).Told
		}
	}
	return true, all, b.finish(ctx, c, ledger.SignedOut{Reason: byService, Account: c.Session.Account()})
}
