package provider

import (
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

// Learn reads the metadata of a service and takes over what they say; text is
// what was fetched where the registration says only where, else its own. What is
// fetched counts only if the key of the pinned certificate signed it, and all of
// it only if it speaks of the service and would do as a registration by hand.
//
// It returns how long the service wants them to be kept; 0 if it does not say.
func Learn(m *catalogue.SAML, text string, now time.Time) (keep time.Duration, err error) {
	read, err := readMetadata(m, text, now)
	if err != nil {
		m.Unknown(err.Error())
		return 0, err
	}
	m.Learn(PartnerOf(read), read.ValidUntil)
	return read.CacheDuration, nil
}

func readMetadata(m *catalogue.SAML, text string, now time.Time) (read wire.ServiceMetadata, err error) {
	var pinned []*x509.Certificate
	if m.Fetched() {
		certificate, err := catalogue.ParseCertificate(m.MetadataCertificate)
		if err != nil {
			return read, err
		}
		pinned = append(pinned, certificate)
	}
	if read, err = wire.ReadServiceMetadata([]byte(text), now, pinned...); err != nil {
		return read, err
	}
	if read.EntityID != m.EntityID {
		return read, errors.New("they are the metadata of another entity")
	}
	p := PartnerOf(read)
	if faults := catalogue.CheckPartner(m, &p); len(faults) > 0 {
		return read, errors.New(strings.Join(faults, "; "))
	}
	return read, nil
}

// shortNames are the bindings by the names that registrations have for them;
// endpoints of other bindings are left out.
var shortNames = map[wire.Binding]string{
	wire.PostBinding: catalogue.Post, wire.RedirectBinding: catalogue.Redirect, wire.ArtifactBinding: catalogue.Artifact, wire.SOAPBinding: catalogue.SOAP,
}

// PartnerOf is what a service says of itself, as a registration has it.
func PartnerOf(m wire.ServiceMetadata) (p catalogue.Partner) {
	for _, e := range m.ACS {
		if b := shortNames[e.Binding]; b == catalogue.Post || b == catalogue.Artifact {
			p.ACS = append(p.ACS, catalogue.Endpoint{URL: e.Location, Binding: b, Index: e.Index, Default: e.IsDefault})
		}
	}
	for _, e := range m.Logout {
		if b := shortNames[e.Binding]; b != "" && b != catalogue.Artifact {
			p.Logout = append(p.Logout, catalogue.Endpoint{URL: e.Location, Response: e.Response, Binding: b})
		}
	}
	for _, c := range m.Signing {
		p.Signing = append(p.Signing, catalogue.PEMOf(c.Raw))
	}
	p.Encryption = encryptionOf(m.Encryption)
	for _, set := range m.AttributeSets {
		wanted := catalogue.WantedSet{Index: set.Index, Default: set.IsDefault}
		for _, a := range set.Wanted {
			wanted.Names = append(wanted.Names, a.Name)
		}
		p.Wanted = append(p.Wanted, wanted)
	}
	return p
}

// encryptionOf is the first certificate to whose key we can encrypt.
func encryptionOf(certificates []*x509.Certificate) string {
	for _, c := range certificates {
		if c.PublicKeyAlgorithm == x509.RSA {
			return catalogue.PEMOf(c.Raw)
		}
	}
	return ""
}

// ServiceOf makes a registration out of a service's metadata, which becomes part
// of it. What metadata do not say is left to be written by hand.
func ServiceOf(text string, now time.Time) (*catalogue.Service, error) {
	read, err := wire.ReadServiceMetadata([]byte(text), now)
	if err != nil {
		return nil, err
	}
	s := &catalogue.Service{Name: map[string]string{}, About: map[string]string{}, SAML: &catalogue.SAML{EntityID: read.EntityID, Metadata: text}}
	for _, lang := range []string{"hu", "en"} {
		if name := read.UI.Names[lang]; name != "" {
			s.Name[lang] = name
		}
		if about := read.UI.Descriptions[lang]; about != "" {
			s.About[lang] = about
		}
	}
	return s, nil
}
