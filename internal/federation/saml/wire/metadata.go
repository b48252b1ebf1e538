package wire

import (
	"crypto/x509"
	"slices"
	"time"
)

// ServiceMetadata is what a service's metadata says (SAML Metadata, 2.3.2, 2.4.4).
// There is at least one ACS.
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
	IsDefault bool   // one of a list has it, whether the metadata says so or not
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
// Metadata, 2.2.3).
func (m ServiceMetadata) DefaultACS() Endpoint {
	i := slices.IndexFunc(m.ACS, func(e Endpoint) bool { return e.IsDefault })
	return m.ACS[max(i, 0)]
}
