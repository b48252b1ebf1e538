package provider

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

// How services are told of the end of sessions.
const (
	logoutTokenLife = 2 * time.Minute // Back-Channel Logout 1.0, 2.4, recommends no more
	logoutBatch     = 128             // taken at once; each service's one after the other, the services side by side
	logoutTurn      = 10 * time.Second
	logoutHidden    = 4 * logoutTurn // longer than a turn and its last request take: what remains comes back then

	// One that was not told is tried again when it has waited as long again, within
	// these bounds, and given up when a session of the service's own is over as well.
	logoutSoonest  = 10 * time.Second
	logoutLatest   = time.Hour
	logoutPatience = 12 * time.Hour
)

// Logouts counts what came of telling services, since the process began.
type Logouts struct{ Told, Failed, GivenUp atomic.Int64 }

// TellServices tells services of the sessions that have ended since: the job
// "logouts" (Back-Channel Logout 1.0, 2.5). It may run in several processes at
// once. A service that does not answer holds up nobody else.
func (p *Provider) TellServices(ctx context.Context) (told int, err error) {
	claimed, err := p.claimLogouts(ctx)
	if err != nil {
		return 0, err
	}
	byService := map[string][]store.Logout{}
	for _, l := range claimed {
		byService[l.Service] = append(byService[l.Service], l)
	}
	before := p.Logouts.Told.Load()
	var wait sync.WaitGroup
	var once sync.Once
	for id, list := range byService {
		wait.Go(func() {
			if fault := p.tellService(ctx, id, list); fault != nil {
				once.Do(func() { err = fault })
			}
		})
	}
	wait.Wait()
	return int(p.Logouts.Told.Load() - before), err
}

// claimLogouts takes what is due. It writes nothing if nothing is.
func (p *Provider) claimLogouts(ctx context.Context) (claimed []store.Logout, err error) {
	var due bool
	err = p.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.LogoutsDue()
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	err = p.Broker.DB.Update(ctx, func(tx *store.Tx) (err error) {
		claimed, err = tx.ClaimLogouts(logoutBatch, logoutHidden)
		return err
	})
	return claimed, err
}

// tellService tells one service, for as long as its turn is.
func (p *Provider) tellService(ctx context.Context, id string, list []store.Logout) error {
	service := p.Broker.Catalogue.Service(id)
	wants := service != nil && service.OIDC != nil && service.OIDC.BackchannelLogout != "" // it may be registered anew meanwhile
	turn, stop := context.WithTimeout(ctx, logoutTurn)
	defer stop()
	for _, l := range list {
		if turn.Err() != nil {
			return ctx.Err()
		}
		if wants {
			if status := p.tellLogout(ctx, service, l); !accepted(status) {
				if err := p.notTold(ctx, l, status); err != nil || silent(status) {
					return err
				}
				continue
			}
		}
		if err := p.Broker.DB.Apply(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.ForgetLogout(l) }); err != nil {
			return err
		}
	}
	return nil
}

// accepted tells whether the service took it (Back-Channel Logout 1.0, 2.8).
func accepted(status int) bool { return status == http.StatusOK || status == http.StatusNoContent }

// silent tells whether the service is out of order, and not just this token refused.
func silent(status int) bool { return status == 0 || status >= http.StatusInternalServerError }

// tellLogout tries to tell it once and returns the status of the answer, 0 for none.
func (p *Provider) tellLogout(ctx context.Context, service *catalogue.Service, l store.Logout) (status int) {
	token, err := p.logoutToken(ctx, service, l)
	if err == nil {
		status, err = p.fetcher(service.OIDC).Post(ctx, service.OIDC.BackchannelLogout, url.Values{"logout_token": {token}})
	}
	if accepted(status) {
		p.Logouts.Told.Add(1)
		return status
	}
	p.Logouts.Failed.Add(1)
	p.Log.Warn("oidc: a service was not told of a logout", "service", service.ID, "status", status, "cause", err)
	return status
}

// logoutToken makes a logout token (Back-Channel Logout 1.0, 2.4). Each try has
// one of its own, or a service that took one whose answer was lost would see a
// replay.
func (p *Provider) logoutToken(ctx context.Context, service *catalogue.Service, l store.Logout) (string, error) {
	o, now := service.OIDC, p.Broker.Now()
	payload, err := wire.LogoutToken{
		Issuer: p.Issuer, Subject: p.subject(service, l.Person), Audience: o.ClientID, SessionID: p.sessionID(service, l.Session),
		Issued: now.Unix(), Expires: now.Add(logoutTokenLife).Unix(), ID: store.NewID(),
	}.Payload()
	if err != nil {
		return "", err
	}
	return p.speak(ctx, service, idTokenAlg(o), o.IDTokenKeyAlg, o.IDTokenEncryption, wire.TypLogout, payload)
}

// notTold lets it wait, or gives it up; and with it, if the service is silent,
// all that it is to be told.
func (p *Provider) notTold(ctx context.Context, l store.Logout, status int) error {
	var lost int64
	err := p.Broker.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) (err error) {
		again := tx.Now.Add(min(max(tx.Now.Sub(l.Ended), logoutSoonest), logoutLatest))
		if lost, err = tx.GiveUpLogouts(l.Service, tx.Now.Add(-logoutPatience)); err != nil {
			return err
		}
		if err := tx.PostponeLogout(l, again); err != nil || !silent(status) {
			return err
		}
		return tx.PostponeLogouts(l.Service, again)
	})
	p.Logouts.GivenUp.Add(lost)
	return err
}
