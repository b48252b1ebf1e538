package wire

import (
	"crypto/x509"
	"time"
)

// ServiceMetadata is what a service's metadata says (SAML Metadata, 2.3.2, 2.4.4).
type ServiceMetadata struct {
	EntityID             string
	ValidUntil           time.Time     // the earliest in the document; zero for none
	CacheDuration        time.Duration // the shortest in the document; 0 for none
	Signed               bool          // verified against a pinned certificate
	Signing              []*x509.Certificate
	Encryption           []*x509.Certificate
	AuthnRequestsSigned  bool
	WantAssertionsSigned bool
	ACS                  []Endpoint // AssertionConsumerService, in document order
	Logout               []Endpoint // SingleLogoutService
	NameIDFormats        []string
	AttributeSets        []AttributeSet
	UI                   UIInfo
}

// Endpoint is an address that takes messages (SAML Metadata, 2.2.2 and 2.2.3).
type Endpoint struct {
	Binding   Binding
	Location  string
	Response  string // ResponseLocation; "" means Location
	Index     int    // -1 where endpoints have none
	IsDefault bool
}

// ResponseURL is where responses go.
func (e Endpoint) ResponseURL() string {
	if e.Response != "" {
		return e.Response
	}
	return e.Location
}

// AttributeSet is an AttributeConsumingService (SAML Metadata, 2.4.4.1).
type AttributeSet struct {
	Index     int
	IsDefault bool
	Names     map[string]string // ServiceName by language
	Wanted    []RequestedAttribute
}

// UIInfo is how an entity presents itself, by language (mdui, 2.1).
type UIInfo struct {
	Names        map[string]string
	Descriptions map[string]string
	Logos        []Logo
	Information  map[string]string // InformationURL
	Privacy      map[string]string // PrivacyStatementURL
}

// Logo is an image (mdui, 2.1.5).
type Logo struct {
	URL           string
	Width, Height int
	Lang          string // "" for any
}

// DefaultACS is the endpoint for assertions where the request names none (SAML
// Metadata, 2.2.3); ok is false when the service has none.
func (m ServiceMetadata) DefaultACS() (e Endpoint, ok bool) { return Endpoint{}, false }

// ReadServiceMetadata reads an EntityDescriptor with one SPSSODescriptor for SAML
// 2.0. Given certificates, it must be signed by one of them; given none, a
// signature is not looked at. Metadata that is no longer valid is refused.
func ReadServiceMetadata(text []byte, now time.Time, certificates ...*x509.Certificate) (ServiceMetadata, error) {
	return ServiceMetadata{}, errNotYet
}

// ProviderMetadata is what we say about ourselves (SAML Metadata, 2.4.3).
type ProviderMetadata struct {
	ID                      string
	EntityID                string
	ValidUntil              time.Time
	CacheDuration           time.Duration
	Assurance               []string            // assurance-certification entity attribute: levels of eIDAS
	Signing                 []*x509.Certificate // today's first, then those before and after
	WantAuthnRequestsSigned bool
	UI                      UIInfo
	ArtifactResolution      []Endpoint
	Logout                  []Endpoint
	SingleSignOn            []Endpoint
	NameIDFormats           []string
	Attributes              []Attribute // those on offer, without values
	Organization            *Organization
	Contacts                []Contact
}

// Organization runs the identity provider; texts are by language (SAML Metadata, 2.3.2.1).
type Organization struct{ Names, DisplayNames, URLs map[string]string }

// Contact is a contact of an office, not of a person (SAML Metadata, 2.3.2.2).
type Contact struct {
	Kind  string // technical, support, administrative, billing or other
	Name  string // Company
	Email string // mailto: is added
}

// Write writes the metadata, signed by s unless that is nil.
func (m ProviderMetadata) Write(s *Signer) ([]byte, error) { return nil, errNotYet }
