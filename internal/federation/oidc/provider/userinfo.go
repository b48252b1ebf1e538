package provider

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// userInfo is the userinfo endpoint (Core, 5.3).
func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r)
	if err != nil {
		return err
	}
	a, err := p.admit(w, r, wire.UserInfoPath, form)
	if err != nil {
		return err
	}
	g := a.access.Grant
	if !slices.Contains(g.Asked.Scopes, openID) {
		return p.challenge(w, a, wire.Refuse(wire.InsufficientScope, "RFC 6750, 3.1", "the token is not one for scope openid"))
	}
	claims, err := p.about(r.Context(), a.service, g, g.Asked.UserInfo)
	if errors.Is(err, errEnded) {
		return p.challenge(w, a, errToken)
	}
	if err != nil {
		return err
	}
	claims["sub"] = p.subject(a.service, g.of())
	return p.sayUserInfo(w, r, a.service, claims)
}

// sayUserInfo answers plainly, or as a JWT if the client wants it signed or
// encrypted (Core, 5.3.2).
func (p *Provider) sayUserInfo(w http.ResponseWriter, r *http.Request, service *catalogue.Service, claims map[string]any) error {
	o := service.OIDC
	if o.UserInfoAlg == "" && o.UserInfoKeyAlg == "" {
		return writeJSON(w, http.StatusOK, claims)
	}
	claims["iss"], claims["aud"] = p.Issuer, o.ClientID
	payload, err := json.Marshal(claims)
	if err != nil {
		return err
	}
	text, err := p.speak(r.Context(), service, o.UserInfoAlg, o.UserInfoKeyAlg, o.UserInfoEncryption, typJWT, payload)
	if err != nil {
		return err
	}
	writePrivate(w, http.StatusOK, "application/jwt", []byte(text))
	return nil
}
