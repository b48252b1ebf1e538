package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

const logoutTokenLife = 2 * time.Minute // Back-Channel Logout 1.0, 2.4, recommends no more

// TellServices tells services of the sessions that have ended since: the job
// "logouts" (Back-Channel Logout 1.0, 2.5). It may run in several processes at
// once.
func (p *Provider) TellServices(ctx context.Context) (told int, err error) {
	return federation.Queue{
		Door: doorName, DB: p.Broker.DB, Catalogue: p.Broker.Catalogue, Log: p.Log, Counts: &p.Logouts,
		Wants: func(s *catalogue.Service) bool { return s.OIDC != nil && s.OIDC.BackchannelLogout != "" },
		Tell:  p.tellLogout,
	}.Run(ctx)
}

// tellLogout tries to tell it once. A service that refuses a token (Back-Channel
// Logout 1.0, 2.8) may yet take another.
func (p *Provider) tellLogout(ctx context.Context, service *catalogue.Service, l store.Logout) (federation.Outcome, error) {
	token, err := p.logoutToken(ctx, service, l)
	if err != nil {
		return federation.Silent, err
	}
	status, err := p.fetcher(service.OIDC).Post(ctx, service.OIDC.BackchannelLogout, url.Values{"logout_token": {token}})
	p.exchangeTold(ctx, service, token, status)
	switch {
	case status == http.StatusOK || status == http.StatusNoContent:
		return federation.Told, nil
	case status == 0 || status >= http.StatusInternalServerError:
		return federation.Silent, fmt.Errorf("status %d: %v", status, err)
	}
	return federation.Refused, fmt.Errorf("status %d: %v", status, err)
}

// logoutToken makes a logout token (Back-Channel Logout 1.0, 2.4). Each try has
// one of its own, or a service that took one whose answer was lost would see a
// replay.
func (p *Provider) logoutToken(ctx context.Context, service *catalogue.Service, l store.Logout) (string, error) {
	o, now := service.OIDC, p.Broker.Now()
	subject := p.subject(service, l.Person)
	if l.Subject == manyNames {
		subject = ""
	}
	payload, err := wire.LogoutToken{
		Issuer: p.Issuer, Subject: subject, Audience: o.ClientID, SessionID: p.sessionID(service, l.Session),
		Issued: now.Unix(), Expires: now.Add(logoutTokenLife).Unix(), ID: store.NewID(),
	}.Payload()
	if err != nil {
		return "", err
	}
	return p.speak(ctx, service, idTokenAlg(o), o.IDTokenKeyAlg, o.IDTokenEncryption, wire.TypLogout, payload)
}
