package provider

import (
	"net/http"

	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

// forItself gives a service a token in its own name (RFC 6749, 4.4). Nothing is
// written and nothing is read: the token holds all there is.
func (p *Provider) forItself(r *http.Request, who client, q wire.TokenRequest, bound binding) (*wire.TokenResponse, error) {
	if who.service.OIDC.Public() {
		return nil, wire.Refuse(wire.UnauthorizedClient, "RFC 6749, 4.4", "a client that cannot prove who it is has no name of its own")
	}
	if len(q.Scopes) > 0 {
		return nil, wire.Refuse(wire.InvalidScope, "RFC 6749, 3.3", "every scope of ours concerns a person: a service has none in its own name")
	}
	if err := p.useUp(r.Context(), bound.proof); err != nil {
		return nil, err
	}
	g := grant{ID: store.NewID(), Service: who.service.ID}
	return p.tokens(r.Context(), award{service: who.service, grant: g, bound: bound.Confirmation})
}
