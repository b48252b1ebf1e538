package catalogue

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// partyRules are what a registration for SAML must keep to, one thing each.
var partyRules = []func(*SAML) []string{checkEntity, checkSource, checkChoices, checkByHand}

// check returns what is wrong with a party, rule by rule.
func (m *SAML) check(id string) (faults []error) {
	for _, rule := range partyRules {
		for _, text := range rule(m) {
			faults = append(faults, fmt.Errorf("service %q: saml.%s", id, text))
		}
	}
	return faults
}

// Bounds of a party.
const (
	longestEntity    = 1024 // characters (SAML 2.0 Core, 8.3.6)
	maxEndpoints     = 64   // of each kind
	maxCertificates  = 8
	maxWanted        = 64 // attributes of a list, and lists
	highestIndex     = 65535
	certificateBlock = "CERTIFICATE"
)

func checkEntity(m *SAML) []string {
	u, err := url.Parse(m.EntityID)
	switch {
	case m.EntityID == "":
		return wrong("entity_id is missing: it is the name by which the service presents itself")
	case len(m.EntityID) > longestEntity || strings.ContainsFunc(m.EntityID, func(c rune) bool { return c <= ' ' || c > '~' }):
		return wrong("entity_id must be printable ASCII without blanks, up to %d (SAML 2.0 Core, 8.3.6)", longestEntity)
	case err != nil || u.Scheme == "":
		return wrong("entity_id must be a URI, best the address of its metadata (SAML 2.0 Metadata, 2.3.2)")
	}
	return nil
}

// checkSource wants metadata or the fields by hand, and never both.
func checkSource(m *SAML) (faults []string) {
	if m.Metadata != "" && m.MetadataURL != "" {
		faults = append(faults, "metadata and metadata_url: write one of them")
	}
	if p := m.ByHand; m.Described() && (len(p.ACS)+len(p.Logout)+len(p.Signing)+len(p.Wanted) > 0 || p.Encryption != "") {
		faults = append(faults, "metadata: they say where answers go and which keys count: leave the fields by hand out")
	}
	switch {
	case m.MetadataURL == "" && m.MetadataCertificate != "":
		faults = append(faults, "metadata_certificate is for metadata_url alone")
	case m.MetadataURL != "" && m.MetadataCertificate == "":
		faults = append(faults, "metadata_certificate is missing: what is fetched counts only if that key signed it")
	case m.MetadataURL != "":
		faults = append(faults, checkCertificate("metadata_certificate", m.MetadataCertificate)...)
	}
	return append(faults, m.checkCalled("metadata_url", m.MetadataURL)...)
}

// checkCalled looks at an address that we are to call.
func (m *SAML) checkCalled(key, address string) []string {
	return checkFetched(key, address, m.PrivateNetwork)
}

func checkChoices(m *SAML) (faults []string) {
	for _, c := range []struct {
		key, value string
		known      []string
	}{
		{"sign", m.Sign, []string{SignBoth, SignResponse, SignAssertion}},
		{"signature_alg", m.SignatureAlg, []string{RSASHA256, ECDSASHA256}},
		{"oaep_digest", m.OAEPDigest, []string{SHA256, SHA1}},
		{"name_id", m.NameID, []string{Persistent, Transient}},
		{"attributes", m.Attributes, []string{EIDAS, Plain}},
	} {
		faults = append(faults, oneOf(c.key, c.value, c.known)...)
	}
	return faults
}

func checkByHand(m *SAML) []string {
	if m.Described() {
		return nil
	}
	return CheckPartner(m, &m.ByHand)
}

// CheckPartner tells what is wrong with what a service says of itself, be it by
// hand or in its metadata.
func CheckPartner(m *SAML, p *Partner) (faults []string) {
	if len(p.ACS) == 0 {
		faults = append(faults, "assertion_consumer_services is empty: where should answers go?")
	}
	if len(p.ACS) > maxEndpoints || len(p.Logout) > maxEndpoints || len(p.Signing) > maxCertificates || len(p.Wanted) > maxWanted {
		faults = append(faults, fmt.Sprintf("more than %d addresses, %d certificates or %d lists of attributes", maxEndpoints, maxCertificates, maxWanted))
	}
	faults = append(faults, checkACS(p)...)
	for _, e := range p.Logout {
		faults = append(faults, checkLogoutService(m, e)...)
	}
	return append(faults, checkPartnerKeys(m, p)...)
}

func checkACS(p *Partner) (faults []string) {
	seen := map[int]bool{}
	for _, e := range p.ACS {
		if e.Binding != Post && e.Binding != Artifact {
			faults = append(faults, fmt.Sprintf("assertion_consumer_services: %s: binding %q is not on offer, use post or artifact (SAML 2.0 Profiles, 4.1.2)", e.URL, e.Binding))
		}
		if err := checkURL(e.URL); err != nil {
			faults = append(faults, fmt.Sprintf("assertion_consumer_services: %s: %v", e.URL, err))
		}
		if e.Index < 0 || e.Index > highestIndex || seen[e.Index] && len(p.ACS) > 1 {
			faults = append(faults, fmt.Sprintf("assertion_consumer_services: %s: index %d must be 0 to %d, each once", e.URL, e.Index, highestIndex))
		}
		seen[e.Index] = true
	}
	return faults
}

func checkLogoutService(m *SAML, e Endpoint) (faults []string) {
	switch {
	case e.Binding == SOAP:
		return m.checkCalled("single_logout_services", e.URL)
	case e.Binding != Post && e.Binding != Redirect:
		return wrong("single_logout_services: %s: binding %q is not on offer, use redirect, post or soap", e.URL, e.Binding)
	}
	for _, address := range []string{e.URL, e.AnswerTo()} {
		if err := checkURL(address); err != nil {
			faults = append(faults, fmt.Sprintf("single_logout_services: %s: %v", address, err))
		}
	}
	return slices.Compact(faults)
}

func checkPartnerKeys(m *SAML, p *Partner) (faults []string) {
	if len(p.Signing) == 0 && !m.UnsignedRequests {
		faults = append(faults, "signing_certificates is empty: its requests must be signed, or it must be registered with unsigned_requests: true")
	}
	for _, text := range p.Signing {
		faults = append(faults, checkCertificate("signing_certificates", text)...)
	}
	switch certificate, err := ParseCertificate(p.Encryption); {
	case p.Encryption == "" && m.EncryptAssertions:
		faults = append(faults, "encryption_certificate is missing: encrypt_assertions needs a key to encrypt to")
	case p.Encryption == "":
	case err != nil:
		faults = append(faults, fmt.Sprintf("encryption_certificate: %v", err))
	default:
		if _, ok := certificate.PublicKey.(*rsa.PublicKey); !ok && m.EncryptAssertions {
			faults = append(faults, "encryption_certificate: assertions are encrypted to RSA keys only (RSA-OAEP)")
		}
	}
	return faults
}

func checkCertificate(key, text string) []string {
	if _, err := ParseCertificate(text); err != nil {
		return wrong("%s: %v", key, err)
	}
	return nil
}

// ParseCertificate reads one certificate in PEM. It stands for its key: neither
// its names nor its dates count (SAML V2.0 Metadata Interoperability Profile, 2.6.1).
func ParseCertificate(text string) (*x509.Certificate, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != certificateBlock || strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New("must be exactly one certificate in PEM")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, errors.New("is not readable as a certificate (RFC 5280)")
	}
	switch key := certificate.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < leastRSA || bits > longestRSA {
			return nil, fmt.Errorf("has an RSA key of %d bits, and must have %d to %d", bits, leastRSA, longestRSA)
		}
	case *ecdsa.PublicKey:
		if key.Curve.Params().BitSize < 256 {
			return nil, errors.New("has a key on a curve below P-256")
		}
	default:
		return nil, errors.New("has a key that is neither RSA nor ECDSA")
	}
	return certificate, nil
}

// PEMOf is a certificate in PEM, as registrations have it.
func PEMOf(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: der}))
}
