package provider

import (
	"errors"
	"net/http"

	"kapu/internal/federation/oidc/wire"
)

// userInfo is the userinfo endpoint (Core, 5.3).
func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r)
	if err != nil {
		return err
	}
	token, err := wire.ParseBearer(r.Header.Get("Authorization"), form)
	if err != nil {
		return err
	}
	claims, err := p.claimsFor(r, token)
	var fault *wire.Error
	if errors.As(err, &fault) {
		p.challenge(w, token, fault)
	}
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, claims)
}

// challenge says which token is wanted; without one that was sent, it says
// nothing more (RFC 6750, 3.1).
func (p *Provider) challenge(w http.ResponseWriter, token string, fault *wire.Error) {
	value := `Bearer realm="` + p.Issuer + `"`
	if token != "" {
		value += `, error="` + fault.Code + `", error_description="` + fault.Full() + `"`
	}
	w.Header().Set("WWW-Authenticate", value)
}

// claimsFor are the claims that the token opens.
func (p *Provider) claimsFor(r *http.Request, token string) (map[string]any, error) {
	refused := wire.Refuse(wire.InvalidToken, "RFC 6750, 3.1", "the access token is missing, over or revoked")
	var a access
	if !p.unseal(accessPurpose, token, &a) || p.over(a.Expires) {
		return nil, refused
	}
	service := p.Broker.Catalogue.Service(a.Grant.Service)
	if service == nil || service.OIDC == nil {
		return nil, refused
	}
	if revoked, err := p.revoked(r.Context(), a.Grant); err != nil {
		return nil, err
	} else if revoked {
		return nil, refused
	}
	claims, err := p.about(r.Context(), service, a.Grant, a.Grant.Asked.UserInfo)
	if errors.Is(err, errEnded) {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	claims["sub"] = p.subject(service, a.Grant.Person)
	return claims, nil
}
