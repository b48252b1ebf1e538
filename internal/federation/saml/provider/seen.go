package provider

import (
	"net/http"

	"kapu/internal/catalogue"
	"kapu/internal/keys/rotation"
	"kapu/internal/throttle"
)

// sawService notes that a service was there: its machine, by SOAP, or only its
// word in a visitor's browser.
func (p *Provider) sawService(r *http.Request, in received, itself bool) {
	switch {
	case p.Seen == nil || !in.document.Signed():
	case itself:
		p.Seen.Service(in.service.ID, throttle.Network(p.Broker.Address(r)))
	default:
		p.Seen.Sent(in.service.ID)
	}
}

// sawFetch notes who was shown a key that waits for services to have it. A fetch
// may name its service by entityID, for an address at which several are at home.
func (p *Provider) sawFetch(r *http.Request) {
	if p.Seen == nil {
		return
	}
	var shown []rotation.PublicKey
	for _, set := range p.shownSets() {
		for _, k := range set.Published(p.Broker.Now()) {
			if k.Awaited {
				shown = append(shown, k)
			}
		}
	}
	if len(shown) == 0 {
		return
	}
	named := ""
	if s := p.Broker.Catalogue.Entity(r.URL.Query().Get("entityID")); s != nil {
		named = s.ID
	}
	p.Seen.Fetched(shown, throttle.Network(p.Broker.Address(r)), named)
}

// Needs tells whether a service must have the keys of an algorithm before they
// sign: it goes by our metadata.
func Needs(s *catalogue.Service, alg string) bool { return s.SAML != nil && keyOf(s.SAML) == alg }
