package provider

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// errToken is all that is said of a token that does not open anything.
var errToken = wire.Refuse(wire.InvalidToken, "RFC 6750, 3.1", "the access token is missing, over, revoked, or not used as it is bound")

// admission is an access token that was shown as it is bound, with what it holds.
type admission struct {
	wire.Presented
	access  access
	service *catalogue.Service
}

// admit finds the access token of a request to a path of ours, and holds it
// against its time, its service and its key (RFC 6750, 2; RFC 9449, 7; RFC 8705,
// 3). Whether the grant behind it is in force is for the caller to ask, where it
// reads what the token opens. A refusal tells which token is wanted.
func (p *Provider) admit(w http.ResponseWriter, r *http.Request, path, form string) (admission, error) {
	shown, err := wire.ParseAccess(r.Header.Get("Authorization"), form)
	a := admission{Presented: shown}
	if err == nil {
		if a.service, err = p.opened(shown.Token, &a.access); err == nil {
			p.exchangeOf(r, a.service, wire.Parameters{})
			err = p.bound(w, r, path, shown, a.access)
		}
	}
	if err != nil {
		return a, p.challenge(w, a, err)
	}
	return a, nil
}

// opened reads an access token that is not over, of a service that is still registered.
func (p *Provider) opened(token string, a *access) (*catalogue.Service, error) {
	if !p.openToken(accessPurpose, token, a) || p.over(a.Expires) {
		return nil, errToken
	}
	service := p.Broker.Catalogue.Service(a.Grant.Service)
	if service == nil || service.OIDC == nil {
		return nil, errToken
	}
	return service, nil
}

// bound checks that who shows a bound token has its key. A token that is bound to
// a DPoP key is no bearer's, and one that is not must not pass for bound (RFC
// 9449, 7.1 and 7.2).
func (p *Provider) bound(w http.ResponseWriter, r *http.Request, path string, shown wire.Presented, a access) error {
	if shown.Scheme != typeOf(a.Bound) {
		return errToken
	}
	if a.Bound.X5T != "" {
		certificate, err := p.shown(r)
		if err != nil {
			return err
		}
		if certificate.thumbprint() != a.Bound.X5T {
			return errToken
		}
	}
	if a.Bound.JKT == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(shown.Token))
	proof, err := p.proofOf(w, r, path, base64.RawURLEncoding.EncodeToString(sum[:]))
	switch {
	case err != nil:
		return err
	case proof.Thumbprint == "":
		return wire.Refuse(wire.InvalidProof, "RFC 9449, 7.1", "the token is bound to a key: send a proof")
	case proof.Thumbprint != a.Bound.JKT:
		return errToken
	}
	return p.useUp(r.Context(), proof)
}

// challenge says which token is wanted; of one that was sent, also what is wrong
// with it (RFC 6750, 3.1; RFC 9449, 7.1). It returns the error for the body.
func (p *Provider) challenge(w http.ResponseWriter, a admission, err error) error {
	var fault *wire.Error
	if !errors.As(err, &fault) {
		return err
	}
	said := *fault
	said.AtResource = true
	why := ""
	if a.Token != "" {
		why = `, error="` + fault.Code + `", error_description="` + fault.Full() + `"`
	}
	bearer, dpop := `Bearer realm="`+p.Issuer+`"`, `DPoP realm="`+p.Issuer+`", algs="`+strings.Join(wire.ProofAlgs(), " ")+`"`
	if a.Scheme == wire.DPoP {
		w.Header().Set(wire.NonceHeader, p.nonce(p.Broker.Now()))
		w.Header().Add("WWW-Authenticate", dpop+why)
		return &said
	}
	w.Header().Add("WWW-Authenticate", bearer+why)
	w.Header().Add("WWW-Authenticate", dpop)
	return &said
}
