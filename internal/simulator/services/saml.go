package services

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/crewjam/saml"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

// The paths of a service that speaks SAML, and the one that it knows of the gateway.
const (
	samlPath     = "/saml" // also the end of its entity ID: its metadata are there
	consumerPath = "/saml/acs"
	logoutPath   = "/saml/slo"
	gatewayPath  = "/saml/metadata"
)

const (
	metadataLife  = 5 * time.Minute // how long the gateway's metadata are not asked for again
	maxMetadata   = 1 << 20         // bytes
	certificateOK = 20              // years: the key is pinned, and forgotten with the process
)

// samlSide is what a service has for SAML: a key of its own, and what the gateway
// says of itself.
type samlSide struct {
	signer *wire.Signer

	mu      sync.Mutex
	gateway *saml.EntityDescriptor // nil until it has answered once
	asked   time.Time
}

// NewSAML makes a service that speaks SAML 2.0. Its key is made with it; the
// gateway gets it by the registration (see [Service.Registration]).
func NewSAML(c Config) (*Service, error) {
	signer, err := newSigner(c.Now())
	if err != nil {
		return nil, err
	}
	s, mux, guard := newService(c)
	s.saml = &samlSide{signer: signer}
	mux.HandleFunc("GET "+signInPath, s.askSAML)
	mux.HandleFunc("POST "+consumerPath, s.consume)
	mux.HandleFunc("GET "+logoutPath, s.logout)
	mux.HandleFunc("POST "+logoutPath, s.logout)
	mux.HandleFunc("GET "+samlPath, s.serveMetadata)
	guard.AddInsecureBypassPattern("POST " + consumerPath) // forms of the gateway, which are signed
	guard.AddInsecureBypassPattern("POST " + logoutPath)
	return s, nil
}

func newSigner(now time.Time) (*wire.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "demo"}, NotBefore: now, NotAfter: now.AddDate(certificateOK, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return wire.NewSigner(key, certificate)
}

// EntityID is the service's name in SAML.
func (s *Service) EntityID() string { return s.URL + samlPath }

// Registration is the catalogue's entry of a service that speaks SAML.
func (s *Service) Registration() *catalogue.Service {
	entry := s.Party.entry(s.URL)
	entry.SAML = &catalogue.SAML{EntityID: s.EntityID(), Metadata: s.metadata(), Attributes: catalogue.Plain}
	return entry
}

// metadata is what the service says of itself (SAML Metadata, 2.4.4). The
// addresses are ours: nothing in them has to be escaped.
func (s *Service) metadata() string {
	const form = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%[1]s">` +
		`<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
		`<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>%[2]s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
		`<md:SingleLogoutService Binding="%[3]s" Location="%[4]s"/><md:SingleLogoutService Binding="%[5]s" Location="%[4]s"/>` +
		`<md:NameIDFormat>%[6]s</md:NameIDFormat>` +
		`<md:AssertionConsumerService Binding="%[5]s" Location="%[7]s" index="0" isDefault="true"/>` +
		`</md:SPSSODescriptor></md:EntityDescriptor>`
	return fmt.Sprintf(form, s.EntityID(), base64.StdEncoding.EncodeToString(s.saml.signer.Certificate().Raw),
		saml.HTTPRedirectBinding, s.URL+logoutPath, saml.HTTPPostBinding, saml.PersistentNameIDFormat, s.URL+consumerPath)
}

func (s *Service) serveMetadata(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	_, _ = io.WriteString(w, s.metadata()) // who asked may have gone
}

// peer is the gateway as the library sees it, asking it if need be. The demo lives
// on one machine: elsewhere, a service would pin the key that signs metadata.
func (s *Service) peer(ctx context.Context) (*saml.ServiceProvider, error) {
	s.saml.mu.Lock()
	defer s.saml.mu.Unlock()
	if now := s.Now(); s.saml.gateway == nil || now.Sub(s.saml.asked) >= metadataLife {
		found, err := s.fetchMetadata(context.WithoutCancel(ctx))
		if err != nil {
			return nil, err
		}
		s.saml.gateway, s.saml.asked = found, now
	}
	consumer, err := url.Parse(s.URL + consumerPath)
	if err != nil {
		return nil, err
	}
	return &saml.ServiceProvider{EntityID: s.EntityID(), AcsURL: *consumer, IDPMetadata: s.saml.gateway}, nil
}

func (s *Service) fetchMetadata(ctx context.Context) (*saml.EntityDescriptor, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Issuer+gatewayPath, nil)
	if err != nil {
		return nil, err
	}
	answer, err := s.HTTPClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxMetadata))
	if err != nil {
		return nil, err
	}
	found := &saml.EntityDescriptor{}
	if err := xml.Unmarshal(text, found); err != nil {
		return nil, err
	}
	if len(found.IDPSSODescriptors) == 0 {
		return nil, fmt.Errorf("the gateway answered %s", answer.Status)
	}
	return found, nil
}

// certificates are those of the keys with which the gateway signs.
func certificates(gateway *saml.EntityDescriptor) (list []*x509.Certificate, err error) {
	for _, k := range gateway.IDPSSODescriptors[0].KeyDescriptors {
		for _, text := range k.KeyInfo.X509Data.X509Certificates {
			der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text.Data), ""))
			if err != nil {
				return nil, err
			}
			c, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
	}
	return list, nil
}
