package provider

import (
	"net/http"
	"slices"

	"kapu/internal/federation/oidc/wire"
)

// allowOrigin lets scripts of public clients read answers, and of no others
// (Fetch, 3.2). Cookies are never looked at here, so none are asked for.
func (p *Provider) allowOrigin(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || !p.hasPublicClient(origin) {
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate, "+wire.NonceHeader)
	return true
}

func (p *Provider) hasPublicClient(origin string) bool {
	for _, s := range p.Broker.Catalogue.All() {
		if s.OIDC != nil && s.OIDC.Public() && slices.Contains(s.Origins(), origin) {
			return true
		}
	}
	return false
}

// preflight answers what browsers ask before they send a script's request.
func (p *Provider) preflight(w http.ResponseWriter, r *http.Request) {
	if p.allowOrigin(w, r) {
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, "+wire.ProofHeader)
		w.Header().Set("Access-Control-Max-Age", "3600")
	}
	w.WriteHeader(http.StatusNoContent)
}
