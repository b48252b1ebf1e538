package provider

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

// offlineAccess is the scope with which a service asks for a refresh token (Core,
// 11). Ours never outlives the session, so nobody is asked for consent.
const offlineAccess = "offline_access"

// retryGrace is how long a client whose answer was lost may ask again with the
// token it had. It gets the successor that it should have got, no other; once
// that was used, nothing is forgiven.
const retryGrace = 10 * time.Second

// refreshable tells whether a service gets a refresh token for a grant.
func refreshable(o *catalogue.OIDC, g grant) bool {
	return slices.Contains(g.Asked.Scopes, offlineAccess) && mayUse(o, wire.RefreshToken)
}

// rotates tells whether a client gets a new refresh token each time. FAPI 2.0
// Security Profile, 5.3.2.1, forbids it: its tokens are bound to the client's key
// anyhow, and a rotation that fails half-way loses people their sessions.
func rotates(o *catalogue.OIDC) bool { return !o.FAPI() }

// renew gives new tokens for a refresh token (RFC 6749, 6; Core, 12). What they
// say of the sign-in is what was said at first.
func (p *Provider) renew(r *http.Request, who client, q wire.TokenRequest, bound binding) (*wire.TokenResponse, error) {
	const section = "RFC 6749, 5.2"
	var t refresh
	if !p.openToken(refreshPurpose, q.RefreshToken, &t) || t.Grant.Service != who.service.ID {
		return nil, wire.Refuse(wire.InvalidGrant, section, "the refresh token was not issued to this client")
	}
	if err := t.boundLike(who, bound.Confirmation); err != nil {
		return nil, err
	}
	what, err := t.Grant.Asked.narrowed(q.Scopes)
	if err != nil {
		return nil, err
	}
	if err := p.useUp(r.Context(), bound.proof); err != nil {
		return nil, err
	}
	about, err := p.renewable(r.Context(), who.service, t, what)
	if errors.Is(err, errEnded) {
		return nil, wire.Refuse(wire.InvalidGrant, section, "the session or the grant has ended: the person must sign in again")
	}
	if err != nil {
		return nil, err
	}
	a := award{service: who.service, grant: t.Grant, evidence: t.evidence, bound: bound.Confirmation, about: about, until: p.endOf(t.Grant.began())}
	a.grant.Asked = what
	if rotates(who.service.OIDC) {
		if t.Generation, err = p.rotate(r.Context(), t); err != nil {
			return nil, err
		}
		a.next = &t
	}
	return p.tokens(r.Context(), a)
}

// boundLike checks that new tokens are not bound more loosely than the first.
// Those of a public client stay with the very key (RFC 9449, 5; RFC 8705, 7.1);
// other clients prove who they are, and may change it.
func (t refresh) boundLike(who client, bound wire.Confirmation) error {
	same := t.Bound == bound
	if !who.service.OIDC.Public() {
		same = (t.Bound.JKT == "" || bound.JKT != "") && (t.Bound.X5T == "" || bound.X5T != "")
	}
	if !same {
		return wire.Refuse(wire.InvalidGrant, "RFC 9449, 5", "the refresh token is bound to another key, or the proof of the key is missing")
	}
	return nil
}

// renewable reads the claims of a new ID token, or errs with errEnded: the grant
// counts no more, the session's longest life is over, or the account has lost a
// factor with which the person came.
func (p *Provider) renewable(ctx context.Context, service *catalogue.Service, t refresh, what asked) (map[string]any, error) {
	var claims []catalogue.Claim
	var owner *store.SealedOwner // nil if nothing is wanted
	err := p.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		if _, err = p.family(tx, t); err != nil {
			return err
		}
		if claims, err = releasable(tx, service, t.Grant, what.IDToken); err != nil || len(claims) == 0 {
			return err
		}
		owner, err = p.inForceWith(tx, t.Grant, claims...)
		return err
	})
	if err != nil {
		return nil, err
	}
	said, err := say(owner, claims)
	if err != nil {
		return nil, err
	}
	return p.withActor(ctx, service, t.Grant, said)
}

// family reads the state of a token's family, or errs with errEnded.
func (p *Provider) family(tx *store.Tx, t refresh) (store.Family, error) {
	s, gone, f, err := tx.StandingInFamily(t.Grant.Account, t.Grant.ID, t.Grant.Session)
	if err := endedIf(gone, err); err != nil {
		return f, err
	}
	if err := t.countsFor(authn.Standing(s), p.Broker.Rules(tx.Now), tx.Now); err != nil {
		return f, err
	}
	return f, p.stands(tx, t.Grant)
}

// countsFor holds a refresh token to the rules of the session it came from.
func (t refresh) countsFor(s authn.Standing, rules authn.Rules, now time.Time) error {
	if !now.Before(t.Grant.began().Add(rules.SessionLife)) {
		return errEnded
	}
	method, offered := rules.Method(t.Method)
	if !offered || method.Level < t.Level { // the law says so since
		return errEnded
	}
	for _, f := range method.Factors {
		if !slices.Contains(s.Has, string(f)) {
			return errEnded
		}
	}
	return t.Grant.heldBy(s, now)
}

// rotate puts the next generation of the family in the place of this one, and
// tells which. A token that comes again after its successor was used, or after
// the grace, is in two hands: the family ends (RFC 9700, 4.14.2).
func (p *Provider) rotate(ctx context.Context, t refresh) (next int64, err error) {
	err = p.Broker.DB.Apply(ctx, func(tx *store.Tx) error { return tx.RotateFamily(t.Grant.ID, t.Generation) })
	if !errors.Is(err, store.ErrStale) {
		return t.Generation + 1, err
	}
	var again bool
	err = p.Broker.DB.View(ctx, func(tx *store.Tx) error {
		f, err := tx.Family(t.Grant.ID)
		again = f.Generation == t.Generation+1 && tx.Now.Sub(f.Rotated).Abs() < retryGrace // clocks of two processes differ
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound): // ended meanwhile
	case err != nil:
		return 0, err
	case again:
		return t.Generation + 1, nil
	default:
		if err := p.stolen(ctx, t.Grant, "refresh-token"); err != nil {
			return 0, err
		}
	}
	return 0, wire.Refuse(wire.InvalidGrant, "RFC 9700, 4.14.2", "the refresh token was used before: the person must sign in again")
}

// narrowed is what remains if a service asks for less than it was granted (RFC
// 6749, 6): of the claims, those that belong to none of the scopes left out, or
// to one that stays.
func (a asked) narrowed(to []string) (asked, error) {
	if len(to) == 0 {
		return a, nil
	}
	for _, s := range to {
		if !slices.Contains(a.Scopes, s) {
			return a, wire.Refuse(wire.InvalidScope, "RFC 6749, 6", "scope holds more than was granted")
		}
	}
	gone := func(c catalogue.Claim) bool {
		lost := false
		for _, s := range scopes {
			if !slices.Contains(a.Scopes, s.name) || !slices.Contains(s.claims, c) {
				continue
			}
			if slices.Contains(to, s.name) {
				return false
			}
			lost = true
		}
		return lost
	}
	kept := func(claims []catalogue.Claim) []catalogue.Claim { return slices.DeleteFunc(slices.Clone(claims), gone) }
	return asked{Scopes: to, IDToken: kept(a.IDToken), UserInfo: kept(a.UserInfo)}, nil
}
