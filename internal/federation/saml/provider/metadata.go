package provider

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/web"
)

// How long services may keep our metadata: until they should look again, well
// below the lead with which a key is published before it signs
// (keys.DefaultSchedule), and until they must.
const (
	metadataAge   = 6 * time.Hour
	metadataValid = 7 * 24 * time.Hour
	metadataAnew  = time.Hour // made again, for another time of validity
)

// published are our metadata as they are shown, with what they were made of.
type published struct {
	of   [sha256.Size]byte // the certificates
	made time.Time
	text []byte
}

// showMetadata shows our metadata (SAML Metadata, 4.1), signed.
func (p *Provider) showMetadata(w http.ResponseWriter, r *http.Request) {
	shown, err := p.currentMetadata(r.Context())
	if err != nil {
		p.Log.Error("saml: metadata", "request", web.SupportCode(r.Context()), "cause", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	p.sawFetch(r)
	h := w.Header()
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(metadataAnew.Seconds())))
	h.Set("Content-Type", "application/samlmetadata+xml")
	h.Set("Content-Length", strconv.Itoa(len(shown.text)))
	_, _ = w.Write(shown.text) // the reader may have gone; there is nobody left to tell
}

func (p *Provider) currentMetadata(ctx context.Context) (*published, error) {
	if err := p.Keys.Need(ctx, keys.RS256); err != nil { // where no service has needed it yet
		return nil, err
	}
	certificates, err := p.publishedKeys()
	if err != nil {
		return nil, err
	}
	now, of := p.Broker.Now(), digestOf(certificates)
	if known := p.metadata.Load(); known != nil && known.of == of && now.Sub(known.made) < metadataAnew {
		return known, nil
	}
	signer, err := p.signer(keys.RS256)
	if err != nil {
		return nil, err
	}
	text, err := p.describe(certificates, now).Write(signer)
	if err != nil {
		return nil, err
	}
	made := &published{of, now, text}
	p.metadata.Store(made)
	return made, nil
}

func digestOf(certificates []*x509.Certificate) [sha256.Size]byte {
	var all []byte
	for _, c := range certificates {
		all = append(all, c.Raw...)
	}
	return sha256.Sum256(all)
}

// describe is what we say about ourselves.
func (p *Provider) describe(certificates []*x509.Certificate, now time.Time) wire.ProviderMetadata {
	at := func(b wire.Binding, path string) wire.Endpoint {
		return wire.Endpoint{Binding: b, Location: p.Issuer + path, Index: -1}
	}
	artifact := wire.Endpoint{Binding: wire.SOAPBinding, Location: p.Issuer + artifactPath, Index: artifactIndex, IsDefault: true}
	return wire.ProviderMetadata{
		ID: newID(), EntityID: p.EntityID(), ValidUntil: now.UTC().Add(metadataValid), CacheDuration: metadataAge,
		Assurance: p.levels(now), Signing: certificates, WantAuthnRequestsSigned: true,
		UI:                 wire.UIInfo{Names: texts("saml.ui.name"), Descriptions: texts("saml.ui.about"), Information: p.pagesAt("/register")},
		ArtifactResolution: []wire.Endpoint{artifact},
		Logout:             []wire.Endpoint{at(wire.RedirectBinding, logoutPath), at(wire.PostBinding, logoutPath), at(wire.SOAPBinding, soapPath)},
		SingleSignOn:       []wire.Endpoint{at(wire.RedirectBinding, signOnPath), at(wire.PostBinding, signOnPath)},
		NameIDFormats:      []string{wire.FormatPersistent, wire.FormatTransient},
		Attributes:         onOffer(),
	}
}

// levels are the levels of assurance that somebody can reach here, for the entity
// attribute of that name (SAML V2.0 Identity Assurance Profiles, 3).
func (p *Provider) levels(now time.Time) (names []string) {
	reached := law.NoLevel
	for _, m := range p.Broker.Rules(now).Methods {
		reached = max(reached, m.Level)
	}
	for l := law.Low; l <= reached; l++ {
		names = append(names, authn.ACR(l))
	}
	return names
}

// onOffer are the attributes that a service may be given.
func onOffer() (list []wire.Attribute) {
	service := &catalogue.Service{SAML: &catalogue.SAML{}}
	for _, c := range catalogue.Claims() {
		a := attribute(service, c, "")
		a.Values = nil
		list = append(list, a)
	}
	return list
}

func (p *Provider) pagesAt(path string) map[string]string {
	all := map[string]string{}
	for _, l := range web.Langs {
		all[string(l)] = p.Issuer + path + "?ui_locales=" + string(l)
	}
	return all
}
