package provider

import (
	"context"
	"errors"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// grant is what a service was granted by one sign-in, or for itself. Everything
// issued for it carries it, and is revoked with it.
type grant struct {
	ID      string
	Service string // id in the catalogue
	Person  string // "" where the service speaks for itself
	Account string
	Session string
	Began   int64 // beginning of the session, nanoseconds since 1970
	Asked   asked
	Behalf  behalf // for whom the person acts, where it is not for themselves
}

// began is the beginning of the session.
func (g grant) began() time.Time { return time.Unix(0, g.Began) }

// evidence is how the person proved who they are. It is taken once, when they
// come, and nothing that follows changes it.
type evidence struct {
	Method      law.Method
	Level       law.Level
	ACR         string // the level or the method, by the name that the service is told
	AMR         []string
	Provisional bool  // nobody has checked who the person is
	AuthTime    int64 // seconds since 1970
	SID         string
}

// code is what an authorization code holds.
type code struct {
	Grant grant
	evidence
	RedirectURI string
	Challenge   string
	Nonce       string
	JKT         string // thumbprint of the DPoP key that the tokens must be bound to (RFC 9449, 10)
	Expires     int64  // milliseconds since 1970
}

// access is what an access token holds. Times are milliseconds since 1970,
// AuthTime seconds.
type access struct {
	Grant    grant
	ACR      string
	AuthTime int64
	Bound    wire.Confirmation
	Issued   int64
	Expires  int64
}

// refresh is what a refresh token holds.
type refresh struct {
	Grant grant
	evidence
	Bound      wire.Confirmation // how the first tokens of the family were bound
	Generation int64
}

// Purposes for which things are sealed: one never passes for another.
const codePurpose, accessPurpose, refreshPurpose = "oidc/code", "oidc/access", "oidc/refresh"

// sealToken seals a code or a token, and openToken tells whether a text is one.
func (p *Provider) sealToken(purpose string, v packable) (string, error) {
	return p.Broker.Ring.Seal(purpose, pack(v))
}

func (p *Provider) openToken(purpose, text string, into packable) bool {
	raw, err := p.Broker.Ring.Unseal(purpose, text)
	return err == nil && unpack(raw, into)
}

// over tells whether a time in milliseconds has come.
func (p *Provider) over(expires int64) bool { return p.Broker.Now().UnixMilli() >= expires }

// errEnded: the grant was revoked, or its session, its account or its person is
// shut, gone or over.
var errEnded = errors.New("oidc: the grant has ended")

// inForce tells by errEnded whether a grant counts no more. It is asked with
// every token that anybody shows, and is one question to the database.
func (p *Provider) inForce(tx *store.Tx, g grant) error {
	if g.Person == "" {
		return endedIf(tx.GrantEnded(g.ID, g.Session))
	}
	s, ended, err := tx.StandingOf(g.Account, g.ID, g.Session)
	if err := endedIf(ended, err); err != nil {
		return err
	}
	if err := g.heldBy(authn.Standing(s), tx.Now); err != nil {
		return err
	}
	return p.stands(tx, g)
}

// inForceWith is inForce for the grant of a person. The data of whom the service
// knows come with it as far as the claims need them; without claims, all.
func (p *Provider) inForceWith(tx *store.Tx, g grant, claims ...catalogue.Claim) (*store.SealedOwner, error) {
	if g.Behalf.Mandate != "" {
		return p.principalOf(tx, g, claims)
	}
	s, is, owner, err := tx.StandingWith(g.Account, g.ID, g.Session, federation.Fields(claims)...)
	if err := endedIf(is, err); err != nil {
		return nil, err
	}
	return owner, g.heldBy(authn.Standing(s), tx.Now)
}

// endedIf is errEnded for what is ended, or not to be found any more.
func endedIf(is bool, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && is:
		return errEnded
	}
	return err
}

// heldBy tells by errEnded whether the account behind the grant keeps its owner out.
func (g grant) heldBy(s authn.Standing, now time.Time) error {
	if s.Person != g.Person || !s.Open(now) || g.Began <= s.SessionsFrom.UnixNano() && !s.SessionsFrom.IsZero() {
		return errEnded
	}
	return nil
}

// revoke ends a grant: nothing that was issued for it counts from now on.
func (p *Provider) revoke(ctx context.Context, g grant) error {
	until := p.Broker.Now().Add(p.TokenLife)
	if g.Person != "" {
		until = p.lastOf(g.began())
	}
	return p.Broker.DB.Update(ctx, func(tx *store.Tx) error { return tx.EndGrant(g.ID, until) })
}

// stolen ends a grant of which something came twice, and so may be in two hands:
// the person can read of it. It does so once.
func (p *Provider) stolen(ctx context.Context, g grant, what string) error {
	p.Log.Warn("oidc: what may be used once came twice, the grant is revoked", "what", what, "service", g.Service, "grant", g.ID)
	return p.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		ended, err := tx.GrantEnded(g.ID, "")
		if err != nil || ended {
			return err
		}
		if err := tx.EndGrant(g.ID, p.lastOf(g.began())); err != nil {
			return err
		}
		_, err = p.Broker.Ledger.Append(tx, g.Person, ledger.AccessRevoked{Service: g.Service, What: what})
		return err
	})
}

// Ended implements broker.Ender: with a session end all its grants. What was
// issued in it, codes and refresh tokens among them, counts no more; and services
// are to be told.
func (p *Provider) Ended(tx *store.Tx, s authn.Session) error {
	if err := tx.EndGrant(s.ID, p.lastOf(s.Began())); err != nil {
		return err
	}
	return tx.EndSession(s.ID)
}

// lastOf is when the last that was issued in a session is over by itself.
func (p *Provider) lastOf(began time.Time) time.Time {
	return p.endOf(began).Add(p.CodeLife + p.TokenLife)
}

// endOf is the end of a session, however busy.
func (p *Provider) endOf(began time.Time) time.Time {
	return began.Add(p.Broker.Rules(p.Broker.Now()).SessionLife)
}

// Sweep forgets grants and sessions that are over by themselves, in batches that never hold a
// lock for long; it says how many.
func (p *Provider) Sweep(ctx context.Context) (done int, err error) {
	const batch = 500 // of each kind
	for {
		var n int64
		err := p.Broker.DB.Update(ctx, func(tx *store.Tx) error {
			grants, err := tx.SweepGrants(batch)
			if err != nil {
				return err
			}
			sessions, err := tx.SweepLogouts(batch)
			n = grants + sessions
			return err
		})
		if done += int(n); err != nil || n < batch {
			return done, err
		}
	}
}
