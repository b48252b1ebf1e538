package provider

import (
	"context"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

// Reached implements broker.Ender: a service with a back channel is put down, to
// be told of the session's end.
func (p *Provider) Reached(ctx context.Context, s authn.Session, service *catalogue.Service) error {
	if service.OIDC == nil || service.OIDC.BackchannelLogout == "" {
		return nil
	}
	l := store.Logout{Session: s.ID, Service: service.ID, Door: doorName, Account: s.Account(), Person: s.Person()}
	return p.Broker.DB.Apply(ctx, func(tx *store.Tx) error { return tx.AwaitLogout(l, p.endOf(s.Began())) })
}

// Parting implements broker.Ender. The frame's address says which session it is,
// as browsers seldom give frames the cookies of their site any more (Front-Channel
// Logout 1.0, 2 and 4).
func (p *Provider) Parting(s authn.Session, service *catalogue.Service) (how broker.Parting) {
	if service.OIDC == nil {
		return how
	}
	how.Told = service.OIDC.BackchannelLogout != ""
	if address := service.OIDC.FrontchannelLogout; address != "" {
		how.Frame = wire.FrameURL(address, p.Issuer, p.sessionID(service, s.ID))
	}
	return how
}
