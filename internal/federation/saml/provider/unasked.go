package provider

import (
	"encoding/json"
	"net/http"
	"strings"

	"kapu/internal/federation"
	"kapu/internal/web"
)

// unasked leads to a service that allows to be reached without having asked (SAML
// Profiles, 4.1.5). Only our own pages lead here: another site's link must not
// sign anybody on anywhere.
func (p *Provider) unasked(w http.ResponseWriter, r *http.Request) error {
	s := p.Broker.Catalogue.Service(r.PathValue("service"))
	if s == nil || s.SAML == nil || !s.SAML.IdPInitiated {
		return web.NotFound()
	}
	if !p.fromUs(r) {
		return web.SeeOther(w, r, "/")
	}
	partner, ok := s.SAML.At(p.Broker.Now())
	if !ok {
		return p.refuse(w, r, unheard("SAML Metadata, 2.3.2", "the service's metadata are not there, or no longer valid"))
	}
	acs, _ := partner.DefaultACS()
	c := continuation{ACS: acs.URL, Binding: acs.Binding, Format: s.SAML.Format(), Wanted: allOf(s), Demand: federation.DemandOf(s)}
	request := p.requestFor(s, c)
	var err error
	if request.Resume, err = json.Marshal(c); err != nil {
		return err
	}
	return p.Broker.Open(w, r, request)
}

// fromUs tells whether a visitor comes from a page of ours, or of their own accord.
// Browsers that do not say from which site say from which page, if it is ours.
func (p *Provider) fromUs(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
		return strings.HasPrefix(r.Referer(), p.Issuer+"/")
	}
	return false
}
