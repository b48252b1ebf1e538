package provider

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// continuation is what the door must know again when the visitor comes back. It
// travels sealed in the broker's transaction.
type continuation struct {
	RedirectURI string            `json:"r"`
	State       string            `json:"s,omitempty"`
	Mode        wire.ResponseMode `json:"m"`
	Nonce       string            `json:"n,omitempty"`
	Challenge   string            `json:"p,omitempty"`
	Asked       asked             `json:"a"`
	Essential   []string          `json:"e,omitempty"` // the acr must be one of these
	Subject     string            `json:"u,omitempty"` // the person must be this one
}

// authorize is the authorization endpoint (Core, 3.1.2).
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) error {
	q, err := wire.ParseAuthorization(r.URL.RawQuery)
	service, fault := p.whoAsks(q)
	if fault != nil { // never redirect to an address that nobody vouches for (RFC 9700, 4.11)
		return p.refuse(w, r, fault)
	}
	if err == nil && service.OIDC.Public() && q.Challenge == "" {
		err = wire.Refuse(wire.InvalidRequest, "RFC 9700, 2.1.1", "code_challenge is missing: public clients must use PKCE")
	}
	var request authn.Request
	if err == nil {
		request, err = p.request(r, service, q)
	}
	var known *wire.Error
	if errors.As(err, &known) {
		p.note(r, known)
		return p.respond(w, r, q.RedirectURI, q.Mode, wire.Response{Issuer: p.Issuer, State: q.State, Err: known})
	}
	if err != nil {
		return err
	}
	return p.Broker.Open(w, r, request)
}

// whoAsks finds the service, and checks the address of the answer by simple
// string comparison (RFC 9700, 4.1.3).
func (p *Provider) whoAsks(q wire.Authorization) (*catalogue.Service, *wire.Error) {
	service := p.Broker.Catalogue.Client(q.ClientID)
	switch {
	case q.ClientID == "":
		return nil, wire.Refuse(wire.InvalidRequest, "RFC 6749, 4.1.1", "client_id is missing, or occurs more than once")
	case service == nil:
		return nil, wire.Refuse(wire.InvalidClient, "RFC 6749, 4.1.2.1", "client_id is not registered")
	case q.RedirectURI == "":
		return nil, wire.Refuse(wire.InvalidRequest, "OpenID Connect Core, 3.1.2.1", "redirect_uri is missing, or occurs more than once")
	case !slices.Contains(service.OIDC.RedirectURIs, q.RedirectURI):
		return nil, wire.Refuse(wire.InvalidRequest, "RFC 9700, 4.1.3", "redirect_uri is not one of those registered, to the letter")
	}
	return service, nil
}

// request turns what the protocol asks into what the broker understands.
func (p *Provider) request(r *http.Request, service *catalogue.Service, q wire.Authorization) (authn.Request, error) {
	now := p.Broker.Now()
	d, err := demandOf(service, q, p.Broker.Rules(now))
	if err != nil {
		return authn.Request{}, err
	}
	request := authn.Request{
		Door: doorName, Service: service.ID, Level: d.level, Methods: service.Method,
		Since: since(q, now), Passive: q.Prompts(wire.PromptNone), Choose: q.Prompts(wire.PromptSelectAccount), Hint: q.LoginHint,
	}
	c := continuation{
		RedirectURI: q.RedirectURI, State: q.State, Mode: q.Mode, Nonce: q.Nonce, Challenge: q.Challenge,
		Asked: askedBy(q), Essential: d.essential,
	}
	if c.Subject, err = p.expected(service, q); err != nil {
		return request, err
	}
	if c.Subject != "" {
		if err := p.expect(r, service, c.Subject, &request); err != nil {
			return request, err
		}
	}
	request.Resume, err = json.Marshal(c)
	return request, err
}
