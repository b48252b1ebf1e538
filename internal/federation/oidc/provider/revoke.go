package provider

import (
	"net/http"

	"kapu/internal/federation/oidc/wire"
)

// revocation takes back what a service has (RFC 7009). A token goes with all that
// was issued for the same grant: who gives one up does not use the others. A
// token that is not one counts as taken back already.
func (p *Provider) revocation(w http.ResponseWriter, r *http.Request) error {
	who, token, err := p.shownByClient(w, r)
	if err != nil {
		return err
	}
	var a access
	var t refresh
	var g grant
	switch {
	case p.openToken(accessPurpose, token, &a):
		g = a.Grant
	case p.openToken(refreshPurpose, token, &t):
		g = t.Grant
	default:
		writePrivate(w, http.StatusOK, "text/plain", nil)
		return nil
	}
	if g.Service != who.service.ID {
		return wire.Refuse(wire.UnauthorizedClient, "RFC 7009, 2.1", "the token was issued to another client")
	}
	if err := p.revoke(r.Context(), g); err != nil {
		return err
	}
	writePrivate(w, http.StatusOK, "text/plain", nil)
	return nil
}
