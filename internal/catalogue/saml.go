package catalogue

import (
	"slices"
	"time"
)

// SAML is how a service speaks SAML 2.0. What it says of itself comes from its
// metadata, or is written here by hand; what we do for it is written here alone.
type SAML struct {
	EntityID string `yaml:"entity_id"`

	// Its metadata (SAML 2.0 Metadata, 2.4.4): the text itself, or where we fetch it
	// and the certificate, in PEM, of the key that must have signed it.
	Metadata            string `yaml:"metadata,omitempty"`
	MetadataURL         string `yaml:"metadata_url,omitempty"`
	MetadataCertificate string `yaml:"metadata_certificate,omitempty"`

	ByHand Partner `yaml:",inline"` // in the place of metadata

	// How it asks and is answered.
	UnsignedRequests  bool   `yaml:"unsigned_requests,omitempty"`  // take its requests without a signature; default no
	Sign              string `yaml:"sign,omitempty"`               // what we sign: both (default), response or assertion
	SignatureAlg      string `yaml:"signature_alg,omitempty"`      // RSA-SHA256 (default) or ECDSA-SHA256
	EncryptAssertions bool   `yaml:"encrypt_assertions,omitempty"` // AES-256-GCM under RSA-OAEP
	OAEPDigest        string `yaml:"oaep_digest,omitempty"`        // SHA-256 (default) or SHA-1, for what knows no better
	NameID            string `yaml:"name_id,omitempty"`            // persistent (default) or transient, where a request says nothing
	Attributes        string `yaml:"attributes,omitempty"`         // names of the data: eidas (default) or plain
	IdPInitiated      bool   `yaml:"idp_initiated,omitempty"`      // the portal may send people there unasked
	PrivateNetwork    bool   `yaml:"private_network,omitempty"`    // we may call it on loopback and private addresses

	learnt  *Partner  // what the metadata say; nil where there are none that count
	until   time.Time // they count until then; the zero time for no end
	unknown string    // why there are none that count, "" where nobody looked yet
}

// Partner is what a service says of itself.
type Partner struct {
	ACS        []Endpoint  `yaml:"assertion_consumer_services,omitempty"`
	Logout     []Endpoint  `yaml:"single_logout_services,omitempty"`
	Signing    []string    `yaml:"signing_certificates,omitempty"` // PEM; several while one follows another
	Encryption string      `yaml:"encryption_certificate,omitempty"`
	Wanted     []WantedSet `yaml:"attribute_consuming_services,omitempty"`
}

// Endpoint is an address of a service with the binding that it speaks there.
type Endpoint struct {
	URL      string `yaml:"url"`
	Response string `yaml:"response_url,omitempty"` // of a logout service: where answers go; "" for the same
	Binding  string `yaml:"binding"`                // post, redirect, artifact or soap
	Index    int    `yaml:"index,omitempty"`
	Default  bool   `yaml:"default,omitempty"`
}

// WantedSet is a list of attributes that a service wants, for a request to refer
// to (SAML 2.0 Metadata, 2.4.4.2).
type WantedSet struct {
	Index   int      `yaml:"index"`
	Default bool     `yaml:"default,omitempty"`
	Names   []string `yaml:"names"` // as the protocol has them
}

// The bindings (SAML 2.0 Bindings, 3), by their short names.
const (
	Post     = "post"
	Redirect = "redirect"
	Artifact = "artifact"
	SOAP     = "soap"
)

// What is signed, under which algorithm, and other choices of a service.
const (
	SignBoth      = "both"
	SignResponse  = "response"
	SignAssertion = "assertion"

	RSASHA256   = "RSA-SHA256"
	ECDSASHA256 = "ECDSA-SHA256"

	SHA256 = "SHA-256"
	SHA1   = "SHA-1"

	Persistent = "persistent"
	Transient  = "transient"

	EIDAS = "eidas"
	Plain = "plain"
)

// UnaskedPath leads, with the service's id after it, to a service that takes
// answers without having asked.
const UnaskedPath = "/saml/go/"

// Entrance is where the portal sends people who choose the service.
func (s *Service) Entrance() string {
	if s.SAML != nil && s.SAML.IdPInitiated {
		return UnaskedPath + s.ID
	}
	return s.URL
}

// Fetched tells whether what the service says of itself is kept elsewhere than
// in the registration.
func (m *SAML) Fetched() bool { return m.MetadataURL != "" }

// Described tells whether the service is described by metadata, not by hand.
func (m *SAML) Described() bool { return m.Metadata != "" || m.MetadataURL != "" }

// Learn takes over what the metadata say, until a time; the zero time for no end.
func (m *SAML) Learn(p Partner, until time.Time) { m.learnt, m.until, m.unknown = &p, until, "" }

// Unknown notes why there are no metadata that count.
func (m *SAML) Unknown(why string) { m.learnt, m.unknown = nil, why }

// At is what the service says of itself at now. Metadata whose time is over say
// nothing (SAML 2.0 Metadata, 2.3.2).
func (m *SAML) At(now time.Time) (*Partner, bool) {
	switch {
	case !m.Described():
		return &m.ByHand, true
	case m.learnt == nil, !m.until.IsZero() && !now.Before(m.until):
		return nil, false
	}
	return m.learnt, true
}

// known is what the service says of itself, whatever the time.
func (m *SAML) known() *Partner {
	switch {
	case !m.Described():
		return &m.ByHand
	case m.learnt == nil:
		return &Partner{}
	}
	return m.learnt
}

// Signs tells whether we sign that for the service: the response, the assertion.
func (m *SAML) Signs(what string) bool {
	return m.Sign == "" || m.Sign == SignBoth || m.Sign == what
}

// Algorithm is the algorithm under which we sign for the service.
func (m *SAML) Algorithm() string { return or(m.SignatureAlg, RSASHA256) }

// Digest is the digest of RSA-OAEP with which we encrypt for the service.
func (m *SAML) Digest() string { return or(m.OAEPDigest, SHA256) }

// Format is how the service knows people where a request says nothing.
func (m *SAML) Format() string { return or(m.NameID, Persistent) }

// Names is how the data of people are named.
func (m *SAML) Names() string { return or(m.Attributes, EIDAS) }

func or(value, standard string) string {
	if value == "" {
		return standard
	}
	return value
}

// addresses are all web addresses to which visitors may be sent.
func (p *Partner) addresses() (list []string) {
	for _, e := range slices.Concat(p.ACS, p.Logout) {
		if e.Binding != SOAP {
			list = append(list, e.URL)
			if e.Response != "" {
				list = append(list, e.Response)
			}
		}
	}
	return list
}

// DefaultACS is where answers go if a request says nothing: the first that is
// marked, else the first (SAML 2.0 Metadata, 2.2.3).
func (p *Partner) DefaultACS() (Endpoint, bool) {
	i := slices.IndexFunc(p.ACS, func(e Endpoint) bool { return e.Default })
	if len(p.ACS) == 0 {
		return Endpoint{}, false
	}
	return p.ACS[max(i, 0)], true
}

// LogoutBy is the logout service of the first of the bindings that it has.
func (p *Partner) LogoutBy(bindings ...string) (Endpoint, bool) {
	for _, b := range bindings {
		if i := slices.IndexFunc(p.Logout, func(e Endpoint) bool { return e.Binding == b }); i >= 0 {
			return p.Logout[i], true
		}
	}
	return Endpoint{}, false
}

// AnswerTo is where answers to its logout requests go.
func (e Endpoint) AnswerTo() string { return or(e.Response, e.URL) }
