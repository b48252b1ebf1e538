package provider

import (
	"net/http"
	"slices"

	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys/rotation"
	"kapu/internal/throttle"
)

// sawClient notes from where a client has proved who it is. One that proves
// nothing comes from people's own devices: that it is active is all we note.
func (p *Provider) sawClient(r *http.Request, c client) {
	switch {
	case p.Seen == nil:
	case c.method == wire.NoSecret:
		p.Seen.Service(c.service.ID, "")
	default:
		p.Seen.Service(c.service.ID, throttle.Network(p.Broker.Address(r)))
	}
}

// sawFetch notes who was shown a key that waits for services to have it. A fetch
// may name its client by client_id, for an address at which several are at home.
func (p *Provider) sawFetch(r *http.Request, published []rotation.PublicKey) {
	if p.Seen == nil || !slices.ContainsFunc(published, func(k rotation.PublicKey) bool { return k.Awaited }) {
		return
	}
	named := ""
	if service := p.Broker.Catalogue.Client(r.URL.Query().Get("client_id")); service != nil {
		named = service.ID
	}
	p.Seen.Fetched(published, throttle.Network(p.Broker.Address(r)), named)
}
