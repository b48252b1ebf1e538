package provider

import (
	"context"
	"errors"
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

// exchange gives tokens for a code (Core, 3.1.3). All that a thief could lack is
// checked before the code is spent, so that a stranger cannot spend it.
func (p *Provider) exchange(r *http.Request, who client, q wire.TokenRequest, bound binding) (*wire.TokenResponse, error) {
	const section = "RFC 6749, 5.2"
	var c code
	switch {
	case !p.openToken(codePurpose, q.Code, &c) || c.Grant.Service != who.service.ID:
		return nil, wire.Refuse(wire.InvalidGrant, section, "the code was not issued to this client")
	case c.RedirectURI != q.RedirectURI:
		return nil, wire.Refuse(wire.InvalidGrant, section, "redirect_uri differs from the one of the authorization request")
	case !wire.Proves(q.Verifier, c.Challenge):
		return nil, wire.Refuse(wire.InvalidGrant, "RFC 7636, 4.6", "code_verifier does not fit the code_challenge")
	case c.JKT != "" && c.JKT != bound.JKT:
		return nil, wire.Refuse(wire.InvalidGrant, "RFC 9449, 10", "the code is bound to another DPoP key, or the proof is missing")
	}
	if err := p.useUp(r.Context(), bound.proof); err != nil {
		return nil, err
	}
	about, err := p.about(r.Context(), who.service, c.Grant, c.Grant.Asked.IDToken)
	if errors.Is(err, errEnded) {
		return nil, wire.Refuse(wire.InvalidGrant, section, "the session or the account was ended meanwhile")
	}
	if err != nil {
		return nil, err
	}
	a := award{service: who.service, grant: c.Grant, evidence: c.evidence, nonce: c.Nonce, bound: bound.Confirmation, about: about}
	if refreshable(who.service.OIDC, c.Grant) {
		a.next = &refresh{Grant: c.Grant, evidence: c.evidence, Bound: bound.Confirmation}
	}
	if err := p.spend(r.Context(), who.service, c, a.next != nil); err != nil {
		return nil, err
	}
	return p.tokens(r.Context(), a)
}

// spend uses a code up: it records that the service is told who the person is,
// under the grant's own id, which can be recorded only once; and with it, if the
// service gets a refresh token, the family. A code that comes again, or after its
// time, may have been stolen: whatever was issued for it is revoked (RFC 9700,
// 2.1.1 and 4.5; RFC 6749, 4.1.2).
func (p *Provider) spend(ctx context.Context, s *catalogue.Service, c code, family bool) error {
	if !p.over(c.Expires) {
		err := p.tell(ctx, s, c, family)
		if !errors.Is(err, store.ErrTaken) {
			return err
		}
	}
	if err := p.stolen(ctx, c.Grant, "code"); err != nil {
		return err
	}
	return wire.Refuse(wire.InvalidGrant, "RFC 6749, 4.1.2", "the code was used before, or its time is over")
}

// tell writes down that the service is told. A family makes it two statements,
// a mandate more, and so a transaction.
func (p *Provider) tell(ctx context.Context, s *catalogue.Service, c code, family bool) error {
	claims, err := p.stillReleasable(ctx, s, c.Grant)
	if err != nil {
		return err
	}
	told := broker.Told(s, claims)
	told.Method, told.Level = c.Method, c.Level
	entry := func(tx *store.Tx) error { return p.Broker.Ledger.AppendAs(tx, c.Grant.ID, c.Grant.Person, told) }
	if c.Grant.Behalf.Mandate != "" {
		entry = func(tx *store.Tx) error { return p.tellBoth(tx, c.Grant, told) }
	}
	if !family && c.Grant.Behalf.Mandate == "" {
		return p.Broker.DB.Apply(ctx, entry)
	}
	return p.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		if err := entry(tx); err != nil || !family {
			return err
		}
		return tx.AddFamily(c.Grant.ID, p.lastOf(c.Grant.began()))
	})
}
