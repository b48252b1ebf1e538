package wire

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"strings"
	"time"
)

// ReadServiceMetadata reads an EntityDescriptor with one SPSSODescriptor for SAML
// 2.0. Given certificates, it must be signed by one of them; given none, a
// signature is not looked at. Metadata that is no longer valid is refused.
func ReadServiceMetadata(text []byte, now time.Time, certificates ...*x509.Certificate) (m ServiceMetadata, err error) {
	root, err := parse(text, ofMetadata)
	if err != nil {
		return m, err
	}
	if !root.is(nsMetadata, "EntityDescriptor") {
		return m, broken("SAML Metadata, 2.3.2", "the metadata must be one EntityDescriptor")
	}
	if err := unique(root); err != nil {
		return m, err
	}
	if len(certificates) > 0 {
		const first = 0
		if root, err = verified(root, first, ofMetadata, certificates); err != nil {
			return m, err
		}
		m.Signed = true
	}
	if err := entityShape.conforms(root); err != nil {
		return m, err
	}
	return m, m.read(root, now)
}

// read reads what is well-shaped.
func (m *ServiceMetadata) read(root *element, now time.Time) error {
	service, err := serviceOf(root)
	if err != nil {
		return err
	}
	m.EntityID = root.attr("entityID")
	for _, e := range []*element{root, service} {
		m.live(e)
	}
	if !m.ValidUntil.IsZero() && !now.Before(m.ValidUntil) {
		return Refuse(Requester, "", "SAML Metadata, 2.3.2", "the metadata is no longer valid")
	}
	m.AuthnRequestsSigned, _ = booleanOf(service.attr("AuthnRequestsSigned"))
	m.WantAssertionsSigned, _ = booleanOf(service.attr("WantAssertionsSigned"))
	m.NameIDFormats = tokens(service.all(nsMetadata, "NameIDFormat"))
	m.readAttributeSets(service)
	m.UI = uiOf(service.child(nsMetadata, "Extensions").child(nsUI, "UIInfo"))
	if err := m.readEndpoints(service); err != nil {
		return err
	}
	return m.readKeys(service)
}

// serviceOf finds the role that is read: the one of a service that speaks SAML 2.0.
func serviceOf(root *element) (found *element, err error) {
	for _, e := range root.all(nsMetadata, "SPSSODescriptor") {
		if !slices.Contains(strings.Fields(e.attr("protocolSupportEnumeration")), nsProtocol) {
			continue
		}
		if found != nil {
			return nil, Refuse(Requester, "", "SAML Metadata, 2.4", "there is more than one SPSSODescriptor for SAML 2.0")
		}
		found = e
	}
	if found == nil {
		return nil, Refuse(Requester, "", "SAML Metadata, 2.4.4", "there is no SPSSODescriptor for SAML 2.0")
	}
	return found, nil
}

// live takes the shorter of lifetimes.
func (m *ServiceMetadata) live(e *element) {
	if t := instantOf(e.attr("validUntil")); !t.IsZero() && (m.ValidUntil.IsZero() || t.Before(m.ValidUntil)) {
		m.ValidUntil = t
	}
	if d, ok := durationOf(e.attr("cacheDuration")); ok && (m.CacheDuration == 0 || d < m.CacheDuration) {
		m.CacheDuration = d
	}
}

func (m *ServiceMetadata) readEndpoints(service *element) error {
	for _, e := range service.all(nsMetadata, "SingleLogoutService") {
		m.Logout = append(m.Logout, endpointOf(e))
	}
	list := service.all(nsMetadata, "AssertionConsumerService")
	for _, e := range list {
		next := endpointOf(e)
		if slices.ContainsFunc(m.ACS, func(e Endpoint) bool { return e.Index == next.Index }) {
			return Refuse(Requester, "", "SAML Metadata, 2.2.3", "two AssertionConsumerService have the same index")
		}
		m.ACS = append(m.ACS, next)
	}
	m.ACS[defaultOf(list)].IsDefault = true
	return nil
}

func endpointOf(e *element) Endpoint {
	return Endpoint{Binding: Binding(e.attr("Binding")), Location: e.attr("Location"),
		Response: e.attr("ResponseLocation"), Index: numberOf(e.attr("index"))}
}

// defaultOf finds the default: the first that says so, else the first that does
// not deny it, else the first (SAML Metadata, 2.2.3).
func defaultOf(list []*element) int {
	for _, denied := range []bool{false, true} {
		for i, e := range list {
			value, said := booleanOf(e.attr("isDefault"))
			if said && value || denied && !said {
				return i
			}
		}
	}
	return 0
}

func (m *ServiceMetadata) readAttributeSets(service *element) {
	list := service.all(nsMetadata, "AttributeConsumingService")
	for _, e := range list {
		m.AttributeSets = append(m.AttributeSets, AttributeSet{
			Index: numberOf(e.attr("index")),
			Names: localizedOf(e, nsMetadata, "ServiceName"), Wanted: requestedOf(e.all(nsMetadata, "RequestedAttribute"), nsAssertion),
		})
	}
	if len(list) > 0 {
		m.AttributeSets[defaultOf(list)].IsDefault = true
	}
}

// readKeys reads the certificates. One that names no use is for both.
func (m *ServiceMetadata) readKeys(service *element) error {
	for _, e := range service.all(nsMetadata, "KeyDescriptor") {
		for _, data := range e.child(nsSignature, "KeyInfo").all(nsSignature, "X509Data") {
			c, err := certificateOf(data)
			if err != nil {
				return err
			}
			if e.attr("use") != "encryption" {
				m.Signing = append(m.Signing, c)
			}
			if e.attr("use") != "signing" {
				m.Encryption = append(m.Encryption, c)
			}
		}
	}
	if len(m.Signing) > maxKeys || len(m.Encryption) > maxKeys {
		return Refuse(Requester, "", "SAML Metadata, 2.4.1.1", "there are too many certificates")
	}
	return nil
}

func certificateOf(data *element) (*x509.Certificate, error) {
	const section = "SAML Metadata, 2.4.1.1"
	list := data.all(nsSignature, "X509Certificate")
	if len(list) != 1 {
		return nil, Refuse(Requester, "", section, "X509Data must have one certificate")
	}
	c, err := x509.ParseCertificate(octets(list[0].value()))
	if err != nil {
		return nil, Refuse(Requester, "", section, "a certificate cannot be read")
	}
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() >= minRSA {
			return c, nil
		}
	case *ecdsa.PublicKey:
		if key.Params().BitSize >= minCurve {
			return c, nil
		}
	}
	return nil, Refuse(Requester, "", section, "the key of a certificate is neither RSA of at least 2048 bits nor ECDSA of at least 256")
}

// localizedOf reads texts by language (xml:lang).
func localizedOf(e *element, space, local string) map[string]string {
	found := map[string]string{}
	for _, c := range e.all(space, local) {
		if v := strings.TrimSpace(c.value()); len(v) <= maxValue && v != "" {
			found[c.lang()] = v
		}
	}
	return found
}

func (e *element) lang() string {
	for _, a := range e.attributes {
		if a.space == nsXML && a.local == "lang" {
			return a.value
		}
	}
	return ""
}

// uiOf reads how the service presents itself; what is too long is left out.
func uiOf(e *element) (u UIInfo) {
	if e == nil {
		return u
	}
	u.Names, u.Descriptions = localizedOf(e, nsUI, "DisplayName"), localizedOf(e, nsUI, "Description")
	u.Information, u.Privacy = localizedOf(e, nsUI, "InformationURL"), localizedOf(e, nsUI, "PrivacyStatementURL")
	for _, l := range e.all(nsUI, "Logo") {
		if v := l.token(); len(v) <= maxValue && isCount(l.attr("width")) && isCount(l.attr("height")) {
			u.Logos = append(u.Logos, Logo{v, numberOf(l.attr("width")), numberOf(l.attr("height")), l.lang()})
		}
	}
	return u
}
