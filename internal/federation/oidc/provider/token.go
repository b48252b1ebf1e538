package provider

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// grantType gives tokens to a client that has proved who it is, for a request
// that lacks nothing. Access tokens are to be bound as told; the proof of the key
// is used up once the rest of the request is found genuine.
type grantType func(p *Provider, r *http.Request, who client, q wire.TokenRequest, bound binding) (*wire.TokenResponse, error)

// grantTypes are all on offer.
var grantTypes = map[string]grantType{
	wire.AuthorizationCode: (*Provider).exchange,
	wire.RefreshToken:      (*Provider).renew,
	wire.ClientCredentials: (*Provider).forItself,
}

// token is the token endpoint (RFC 6749, 3.2).
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
	give, known := grantTypes[q.GrantType]
	switch {
	case !known:
		return wire.Refuse(wire.UnsupportedGrantType, "RFC 6749, 5.2", "grant_type must be one of those that discovery lists")
	case !mayUse(who.service.OIDC, q.GrantType):
		return wire.Refuse(wire.UnauthorizedClient, "RFC 6749, 5.2", "the client is not registered for this grant_type: see grant_types of its registration")
	}
	bound, err := p.binding(w, r, who)
	if err != nil {
		return err
	}
	answer, err := give(p, r, who, q, bound)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, answer)
}

// mayUse tells whether a client is registered for a grant type; that of codes is
// the default (Dynamic Client Registration 1.0, 2).
func mayUse(o *catalogue.OIDC, grantType string) bool {
	if len(o.GrantTypes) == 0 {
		return grantType == wire.AuthorizationCode
	}
	return slices.Contains(o.GrantTypes, grantType)
}

// award is what the tokens of one answer are made of.
type award struct {
	service  *catalogue.Service
	grant    grant
	evidence evidence
	nonce    string
	bound    wire.Confirmation
	about    map[string]any // claims of the ID token
	next     *refresh       // the refresh token that goes with it; nil for none
	until    time.Time      // the access token ends no later; the zero time for no such limit
}

// tokens makes the tokens.
func (p *Provider) tokens(ctx context.Context, a award) (*wire.TokenResponse, error) {
	now := p.Broker.Now()
	life := p.TokenLife
	if !a.until.IsZero() {
		life = min(life, a.until.Sub(now))
	}
	answer := &wire.TokenResponse{TokenType: typeOf(a.bound), ExpiresIn: int64(life.Seconds()), Scope: strings.Join(a.grant.Asked.Scopes, " ")}
	var err error
	answer.AccessToken, err = p.sealToken(accessPurpose, &access{
		Grant: a.grant, ACR: a.evidence.ACR, AuthTime: a.evidence.AuthTime, Bound: a.bound, Issued: now.UnixMilli(), Expires: now.Add(life).UnixMilli(),
	})
	if err != nil {
		return nil, err
	}
	if a.next != nil {
		if answer.RefreshToken, err = p.sealToken(refreshPurpose, a.next); err != nil {
			return nil, err
		}
	}
	if slices.Contains(a.grant.Asked.Scopes, openID) {
		answer.IDToken, err = p.idToken(ctx, a, now, answer.AccessToken)
	}
	return answer, err
}

// openID is the scope that makes a request one of OpenID Connect (Core, 3.1.2.1).
const openID = "openid"

// typeOf is the type of an access token: one bound to a certificate is used like
// a bearer's (RFC 8705, 3).
func typeOf(bound wire.Confirmation) string {
	if bound.JKT != "" {
		return wire.DPoP
	}
	return wire.Bearer
}

// idToken makes the ID token (Core, 2), encrypted if the client wants it so.
func (p *Provider) idToken(ctx context.Context, a award, now time.Time, accessToken string) (string, error) {
	o := a.service.OIDC
	payload, err := wire.IDToken{
		Issuer: p.Issuer, Subject: p.subject(a.service, a.grant.of()), Audience: o.ClientID,
		Expires: now.Add(p.TokenLife).Unix(), Issued: now.Unix(), AuthTime: a.evidence.AuthTime, Nonce: a.nonce,
		ACR: a.evidence.ACR, AMR: a.evidence.AMR, Provisional: a.evidence.Provisional,
		AccessTokenHash: wire.HashOf(idTokenAlg(o), accessToken), SessionID: a.evidence.SID, Claims: a.about,
	}.Payload()
	if err != nil {
		return "", err
	}
	return p.speak(ctx, a.service, idTokenAlg(o), o.IDTokenKeyAlg, o.IDTokenEncryption, typJWT, payload)
}
