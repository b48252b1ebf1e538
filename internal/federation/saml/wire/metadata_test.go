package wire_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kapu/internal/federation/saml/wire"
)

// described is a service's metadata as people write it.
func described() string {
	key := func(use string, s *wire.Signer) string {
		return `<md:KeyDescriptor` + use + `><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyName>k</ds:KeyName><ds:X509Data><ds:X509Certificate>
` + lines(base64.StdEncoding.EncodeToString(s.Certificate().Raw)) + `
</ds:X509Certificate></ds:X509Data></ds:KeyInfo><md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/></md:KeyDescriptor>`
	}
	return `<?xml version="1.0"?>
<!-- written by people -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="urn:oasis:names:tc:SAML:2.0:metadata
     saml-schema-metadata-2.0.xsd" entityID="https://service.example/metadata" validUntil="2026-04-01T00:00:00Z" cacheDuration="P1D" ID="_d">
  <!-- role -->
  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="true" WantAssertionsSigned="1" cacheDuration="PT12H30M">
    <md:Extensions>
      <mdui:UIInfo xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui">
        <mdui:DisplayName xml:lang="hu">Könyvtár</mdui:DisplayName>
        <mdui:DisplayName xml:lang="en">Library</mdui:DisplayName>
        <mdui:Logo height="60" width="80">https://service.example/logo.png</mdui:Logo>
        <mdui:Logo height="tall" width="80">https://service.example/logo.png</mdui:Logo>
      </mdui:UIInfo>
    </md:Extensions>
    ` + key(` use="signing"`, ecdsaSigner()) + key(` use="encryption"`, rsaSigner()) + key("", otherSigner()) + `
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://service.example/slo" ResponseLocation="https://service.example/slo/back"/>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://service.example/slo/soap"/>
    <md:NameIDFormat>
      urn:oasis:names:tc:SAML:2.0:nameid-format:persistent
    </md:NameIDFormat>
    <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact" Location="https://service.example/artifact" index="0" isDefault="false"/>
    <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://service.example/acs" index="4"/>
    <md:AttributeConsumingService index="2" isDefault="true">
      <md:ServiceName xml:lang="hu">Könyvtár</md:ServiceName>
      <md:RequestedAttribute Name="http://eidas.europa.eu/attributes/naturalperson/DateOfBirth" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" FriendlyName="DateOfBirth" isRequired="true"/>
    </md:AttributeConsumingService>
  </md:SPSSODescriptor>
  <md:Organization><md:OrganizationName xml:lang="hu">K</md:OrganizationName></md:Organization>
  <md:ContactPerson contactType="technical"/>
</md:EntityDescriptor>
`
}

func TestReadServiceMetadata(t *testing.T) {
	got, err := wire.ReadServiceMetadata([]byte("\ufeff"+described()), now)
	if err != nil {
		t.Fatal(err)
	}
	want := wire.ServiceMetadata{
		EntityID: service, ValidUntil: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), CacheDuration: 12*time.Hour + 30*time.Minute,
		Signing:             []*x509.Certificate{ecdsaSigner().Certificate(), otherSigner().Certificate()},
		Encryption:          []*x509.Certificate{rsaSigner().Certificate(), otherSigner().Certificate()},
		AuthnRequestsSigned: true, WantAssertionsSigned: true,
		ACS: []wire.Endpoint{
			{Binding: wire.ArtifactBinding, Location: "https://service.example/artifact"},
			{Binding: wire.PostBinding, Location: acs, Index: 4, IsDefault: true},
		},
		Logout: []wire.Endpoint{
			{Binding: wire.RedirectBinding, Location: "https://service.example/slo", Response: "https://service.example/slo/back", Index: -1},
			{Binding: wire.SOAPBinding, Location: "https://service.example/slo/soap", Index: -1},
		},
		NameIDFormats: []string{wire.FormatPersistent},
		AttributeSets: []wire.AttributeSet{{Index: 2, IsDefault: true, Names: map[string]string{"hu": "Könyvtár"},
			Wanted: []wire.RequestedAttribute{{Name: wire.EIDASDateOfBirth, NameFormat: wire.NameFormatURI, FriendlyName: "DateOfBirth", Required: true}}}},
		UI: wire.UIInfo{Names: map[string]string{"hu": "Könyvtár", "en": "Library"},
			Logos: []wire.Logo{{URL: "https://service.example/logo.png", Width: 80, Height: 60}}},
	}
	equal := cmp.Comparer(func(a, b *x509.Certificate) bool { return a.Equal(b) })
	if d := cmp.Diff(want, got, equal, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if got.DefaultACS().Location != acs || got.Logout[0].ResponseURL() != "https://service.example/slo/back" || got.Logout[1].ResponseURL() != got.Logout[1].Location {
		t.Error("where answers go")
	}
}

func TestMalformedMetadata(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	sound, poor := base64.StdEncoding.EncodeToString(ecdsaSigner().Certificate().Raw), base64.StdEncoding.EncodeToString(certify(weak).Raw)
	text := strings.Replace(described(), lines(sound), sound, 1)
	const acsElement = `<md:AssertionConsumerService `
	for name, c := range map[string]struct{ old, new string }{
		"another root":               {"md:EntityDescriptor", "md:EntitiesDescriptor"},
		"another namespace":          {`xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"`, `xmlns:md="urn:x"`},
		"no entityID":                {`entityID="https://service.example/metadata"`, ``},
		"entityID is a word":         {`entityID="https://service.example/metadata"`, `entityID="service"`},
		"no longer valid":            {`validUntil="2026-04-01T00:00:00Z"`, `validUntil="2026-03-02T09:00:00Z"`},
		"validUntil is no time":      {`validUntil="2026-04-01T00:00:00Z"`, `validUntil="soon"`},
		"cacheDuration is no time":   {`cacheDuration="P1D"`, `cacheDuration="1 day"`},
		"SAML 1.1 only":              {`"urn:oasis:names:tc:SAML:2.0:protocol"`, `"urn:oasis:names:tc:SAML:1.1:protocol"`},
		"identity provider only":     {`md:SPSSODescriptor`, `md:IDPSSODescriptor`},
		"no ACS":                     {acsElement, `<md:ManageNameIDService `},
		"ACS without index":          {` index="4"`, ``},
		"two ACS of one index":       {` index="4"`, ` index="0"`},
		"ACS without binding":        {acsElement + `Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"`, acsElement},
		"ACS at no URL":              {`Location="https://service.example/acs"`, `Location="acs"`},
		"order":                      {`<md:NameIDFormat>`, acsElement + `index="9" Binding="urn:x" Location="https://a.example"/><md:NameIDFormat>`},
		"keys unknown":               {`use="signing"`, `use="both"`},
		"certificate is junk":        {sound, "AAAA"},
		"certificate is not base64":  {sound, "*"},
		"two certificates in one":    {`<ds:X509Data>`, `<ds:X509Data><ds:X509Certificate>` + sound + `</ds:X509Certificate>`},
		"weak key":                   {sound, poor},
		"unknown element":            {`<md:NameIDFormat>`, `<md:More/><md:NameIDFormat>`},
		"unknown attribute":          {`WantAssertionsSigned=`, `WantAssertionSigned=`},
		"text":                       {`<md:NameIDFormat>`, `x<md:NameIDFormat>`},
		"document type":              {`<!-- written by people -->`, `<!DOCTYPE a>`},
		"instruction":                {`<!-- written by people -->`, `<?x y?>`},
		"a comment divides text":     {`urn:oasis:names:tc:SAML:2.0:nameid-format:persistent`, `urn:oasis:<!-- -->names:tc:SAML:2.0:nameid-format:persistent`},
		"comment that does not end":  {`<!-- written by people -->`, `<!-- written -- by people -->`},
		"requested without name":     {`Name="http://eidas.europa.eu/attributes/naturalperson/DateOfBirth" `, ``},
		"attribute set without name": {`<md:ServiceName xml:lang="hu">Könyvtár</md:ServiceName>`, ``},
	} {
		changed := strings.ReplaceAll(text, c.old, c.new)
		if changed == text {
			t.Errorf("%s changes nothing", name)
		}
		got, err := wire.ReadServiceMetadata([]byte(changed), now)
		var fault *wire.Error
		if !errors.As(err, &fault) || fault.Section == "" {
			t.Errorf("%s: %v %+v", name, err, got)
		}
	}
}

func TestSignedMetadata(t *testing.T) {
	const service = `<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://service.example/acs" index="4"/></md:SPSSODescriptor>`
	ours := must(t)(provider().Write(ecdsaSigner()))
	if _, err := wire.ReadServiceMetadata([]byte(ours), now, ecdsaSigner().Certificate()); err == nil {
		t.Error("an identity provider passed for a service")
	}
	text := signMetadata(t, strings.Replace(described(), "<!-- role -->", "", 1))
	got, err := wire.ReadServiceMetadata([]byte(text), now, certify(rsaKey()))
	if err != nil || !got.Signed || got.DefaultACS().Location != acs {
		t.Errorf("%v %+v", err, got)
	}
	if got, err := wire.ReadServiceMetadata([]byte(text), now); err != nil || got.Signed {
		t.Errorf("not asked to verify: %v", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		by   *x509.Certificate
	}{
		"another key":    {text, certify(key)},
		"not signed":     {described(), certify(rsaKey())},
		"changed":        {strings.Replace(text, acs, "https://evil.example/acs", 1), certify(rsaKey())},
		"a role more":    {strings.Replace(text, "<md:SPSSODescriptor ", service+"<md:SPSSODescriptor ", 1), certify(rsaKey())},
		"comment inside": {strings.Replace(text, ">Library<", "><!-- -->Evil<", 1), certify(rsaKey())},
	} {
		if got, err := wire.ReadServiceMetadata([]byte(c.text), now, c.by); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
