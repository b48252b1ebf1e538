package wire

import (
	"crypto/x509"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"time"
)

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

// certification is the entity attribute of levels of assurance (SAML V2.0
// Identity Assurance Profiles 1.0, 3.2).
const certification = "urn:oasis:names:tc:SAML:attribute:assurance-certification"

// Write writes the metadata, signed by s unless that is nil.
func (m ProviderMetadata) Write(s *Signer) ([]byte, error) {
	w := &writer{}
	w.open("md:EntityDescriptor", "ID", m.ID, "entityID", m.EntityID,
		"validUntil", instant(m.ValidUntil), "cacheDuration", duration(m.CacheDuration))
	hole := len(w.b)
	m.writeAssurance(w)
	w.open("md:IDPSSODescriptor", "protocolSupportEnumeration", nsProtocol, "WantAuthnRequestsSigned", truth(m.WantAuthnRequestsSigned))
	m.UI.write(w)
	for _, c := range m.Signing {
		w.key(c)
	}
	w.endpoints("md:ArtifactResolutionService", m.ArtifactResolution)
	w.endpoints("md:SingleLogoutService", m.Logout)
	for _, format := range m.NameIDFormats {
		w.leaf("md:NameIDFormat", format)
	}
	w.endpoints("md:SingleSignOnService", m.SingleSignOn)
	for i := range m.Attributes {
		w.attribute(&m.Attributes[i])
	}
	w.close()
	m.writePeople(w)
	w.close()
	return w.finish(s, hole, m.ID)
}

// duration writes xs:duration; none is "".
func duration(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return "PT" + strconv.Itoa(int(d.Seconds())) + "S"
}

func (m ProviderMetadata) writeAssurance(w *writer) {
	if len(m.Assurance) == 0 {
		return
	}
	w.open("md:Extensions")
	w.open("mdattr:EntityAttributes")
	w.attribute(&Attribute{Name: certification, NameFormat: NameFormatURI, Values: m.Assurance})
	w.close()
	w.close()
}

// write writes how the provider presents itself.
func (u UIInfo) write(w *writer) {
	if len(u.Names) == 0 {
		return
	}
	w.open("md:Extensions")
	w.open("mdui:UIInfo")
	w.localized("mdui:DisplayName", u.Names)
	w.localized("mdui:Description", u.Descriptions)
	for _, l := range u.Logos {
		w.leaf("mdui:Logo", l.URL, "height", strconv.Itoa(l.Height), "width", strconv.Itoa(l.Width), "xml:lang", l.Lang)
	}
	w.localized("mdui:InformationURL", u.Information)
	w.localized("mdui:PrivacyStatementURL", u.Privacy)
	w.close()
	w.close()
}

// localized writes one element for each language.
func (w *writer) localized(name string, texts map[string]string) {
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		w.leaf(name, texts[lang], "xml:lang", lang)
	}
}

func (w *writer) key(c *x509.Certificate) {
	w.open("md:KeyDescriptor", "use", "signing")
	w.open("ds:KeyInfo")
	w.open("ds:X509Data")
	w.leaf("ds:X509Certificate", base64.StdEncoding.EncodeToString(c.Raw))
	w.close()
	w.close()
	w.close()
}

func (w *writer) endpoints(name string, list []Endpoint) {
	for _, e := range list {
		index := ""
		if name == "md:ArtifactResolutionService" {
			index = strconv.Itoa(e.Index)
		}
		w.leaf(name, "", "Binding", string(e.Binding), "Location", e.Location,
			"ResponseLocation", e.Response, "index", index, "isDefault", truth(e.IsDefault))
	}
}

// writePeople writes who runs the provider.
func (m ProviderMetadata) writePeople(w *writer) {
	if o := m.Organization; o != nil {
		w.open("md:Organization")
		w.localized("md:OrganizationName", o.Names)
		w.localized("md:OrganizationDisplayName", o.DisplayNames)
		w.localized("md:OrganizationURL", o.URLs)
		w.close()
	}
	for _, c := range m.Contacts {
		w.open("md:ContactPerson", "contactType", c.Kind)
		w.leaf("md:Company", c.Name)
		w.leaf("md:EmailAddress", "mailto:"+c.Email)
		w.close()
	}
}
