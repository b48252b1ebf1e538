package provider

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// token is the token endpoint (Core, 3.1.3).
func (p *Provider) token(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r)
	if err != nil {
		return err
	}
	parameters, err := wire.ParseParameters(form)
	if err != nil {
		return err
	}
	who, err := p.authenticate(r, parameters)
	if err != nil {
		return err
	}
	q := wire.ReadToken(parameters)
	if err := q.CheckGrant(); err != nil {
		return err
	}
	answer, err := p.exchange(r.Context(), who.service, q)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, answer)
}

// exchange gives tokens for a code. All that a thief could lack is checked
// before the code is spent, so that a stranger cannot spend it.
func (p *Provider) exchange(ctx context.Context, service *catalogue.Service, q wire.TokenRequest) (*wire.TokenResponse, error) {
	const section = "RFC 6749, 5.2"
	var c code
	switch {
	case !p.unseal(codePurpose, q.Code, &c) || c.Grant.Service != service.ID:
		return nil, wire.Refuse(wire.InvalidGrant, section, "the code was not issued to this client")
	case c.RedirectURI != q.RedirectURI:
		return nil, wire.Refuse(wire.InvalidGrant, section, "redirect_uri differs from the one of the authorization request")
	case !wire.Proves(q.Verifier, c.Challenge):
		return nil, wire.Refuse(wire.InvalidGrant, "RFC 7636, 4.6", "code_verifier does not fit the code_challenge")
	}
	about, err := p.about(ctx, service, c.Grant, c.Grant.Asked.IDToken)
	if errors.Is(err, errEnded) {
		return nil, wire.Refuse(wire.InvalidGrant, section, "the account was closed meanwhile")
	}
	if err != nil {
		return nil, err
	}
	if err := p.spend(ctx, c); err != nil {
		return nil, err
	}
	return p.tokens(service, c, about)
}

// tokens makes the tokens that a code stands for.
func (p *Provider) tokens(service *catalogue.Service, c code, about map[string]any) (*wire.TokenResponse, error) {
	now := p.Broker.Now()
	accessToken, err := p.sealAccess(access{Grant: c.Grant, Expires: now.Add(p.TokenLife).UnixMilli()})
	if err != nil {
		return nil, err
	}
	payload, err := wire.IDToken{
		Issuer: p.Issuer, Subject: p.subject(service, c.Grant.Person), Audience: service.OIDC.ClientID,
		Expires: now.Add(p.TokenLife).Unix(), Issued: now.Unix(), AuthTime: c.AuthTime, Nonce: c.Nonce,
		ACR: c.ACR, AMR: c.AMR, Provisional: c.Provisional, AccessTokenHash: wire.HashOf(accessToken), SessionID: c.SID, Claims: about,
	}.Payload()
	if err != nil {
		return nil, err
	}
	idToken, err := p.sign(idTokenAlg(service.OIDC), typJWT, payload)
	if err != nil {
		return nil, err
	}
	return &wire.TokenResponse{
		AccessToken: accessToken, TokenType: "Bearer", ExpiresIn: int64(p.TokenLife.Seconds()),
		IDToken: idToken, Scope: strings.Join(c.Grant.Asked.Scopes, " "),
	}, nil
}
