package provider_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/provider"
	"kapu/internal/federation/saml/wire"
)

func TestOurMetadata(t *testing.T) {
	g := newGateway(t, func(tax, _ *catalogue.Service) { tax.SAML.SignatureAlg = catalogue.ECDSASHA256 })
	text := g.browser().get(g.URL + "/saml/metadata").body
	idp := g.services["tax"].library().IDPMetadata
	if idp.EntityID != g.URL+"/saml/metadata" || len(idp.IDPSSODescriptors[0].KeyDescriptors) != 2 || !idp.ValidUntil.After(g.clock.Now().Add(24*time.Hour)) {
		t.Errorf("%s", text)
	}
	for _, want := range []string{"<ds:Signature", "http://eidas.europa.eu/LoA/substantial", `xml:lang="hu"`, `xml:lang="en"`, wire.FormatTransient, "WantAuthnRequestsSigned"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(text, "LoA/high") {
		t.Error("a level that nobody reaches here")
	}
}

// TestKeysFollowOneAnother: a new key is in the metadata before it signs, and
// what it signs is believed by who reads them.
func TestKeysFollowOneAnother(t *testing.T) {
	g := newGateway(t)
	tax, b := g.services["tax"], g.browser()
	shown := func() int {
		return len(tax.library().IDPMetadata.IDPSSODescriptors[0].KeyDescriptors)
	}
	if shown() != 1 {
		t.Fatalf("%d keys", shown())
	}
	g.clock.Advance(89 * 24 * time.Hour)
	check(t, g.keys.Tick(t.Context()))
	check(t, g.keys.Of("RS256").Tick(t.Context()))
	if shown() != 2 {
		t.Errorf("%d keys the day before", shown())
	}
	old := tax.library()
	g.clock.Advance(25 * time.Hour)
	q := tax.request()
	s := b.through(b.get(tax.link(q, ""))).sent()
	if _, err := old.ParseXMLResponse(s.message(tax), []string{q.ID}, old.AcsURL); err != nil {
		t.Errorf("who read the metadata yesterday: %v", err)
	}
}

// TestAServiceTakesANewKeyWithoutBeingShut: its new certificate stands beside the
// old, and requests under either count, until the old one is taken out.
func TestAServiceTakesANewKeyWithoutBeingShut(t *testing.T) {
	var second string
	g := newGateway(t, func(tax, _ *catalogue.Service) {
		second = catalogue.PEMOf(certify(t, keyOf(t, "tax-next"), time.Now()).Raw)
		tax.SAML.ByHand.Signing = append(tax.SAML.ByHand.Signing, second)
	})
	tax, b := g.services["tax"], g.browser()
	next := *tax
	next.key, next.asked = keyOf(t, "tax-next"), 100
	next.certificate = certify(t, next.key, g.clock.Now())
	counts := func(p *party) bool {
		s := b.through(b.get(p.link(p.request(), ""))).sent()
		if s.to == "" {
			return false
		}
		code, _, _ := s.status(p)
		return code == wire.Success
	}
	if !counts(tax) || !counts(&next) {
		t.Error("one of the two keys does not count")
	}
	fresh := g.register("tax")
	fresh.SAML.ByHand.Signing = []string{second}
	check(t, g.broker.Catalogue.Replace([]*catalogue.Service{fresh}))
	if counts(tax) || !counts(&next) {
		t.Error("the old key still counts, or the new one no more")
	}
}

// serviceMetadata are a service's, as it might write them.
func serviceMetadata(p *party, extra string) string {
	return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="` + p.entity + `"` + extra + `>
<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + base64.StdEncoding.EncodeToString(p.certificate.Raw) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleLogoutService Binding="` + string(wire.RedirectBinding) + `" Location="` + p.url + `/slo" ResponseLocation="` + p.url + `/slo-answer"/>
<md:AssertionConsumerService Binding="` + string(wire.PostBinding) + `" Location="` + p.url + `/acs" index="3" isDefault="true"/>
<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:PAOS" Location="` + p.url + `/paos" index="4"/>
<md:AttributeConsumingService index="5"><md:ServiceName xml:lang="hu">Adó</md:ServiceName><md:RequestedAttribute Name="tax_number"/></md:AttributeConsumingService>
</md:SPSSODescriptor></md:EntityDescriptor>`
}

func TestAServiceIsDescribedByItsMetadata(t *testing.T) {
	g := newGateway(t)
	p := g.services["tax"]
	m := &catalogue.SAML{EntityID: p.entity, Metadata: "x"}
	_, err := provider.Learn(m, serviceMetadata(p, ` validUntil="`+g.clock.Now().Add(time.Hour).UTC().Format(time.RFC3339)+`" cacheDuration="PT30M"`), g.clock.Now())
	check(t, err)
	partner, ok := m.At(g.clock.Now())
	if !ok || len(partner.ACS) != 1 || partner.ACS[0].Index != 3 || partner.Logout[0].AnswerTo() != p.url+"/slo-answer" || len(partner.Signing) != 1 ||
		partner.Encryption == "" || partner.Wanted[0].Names[0] != "tax_number" {
		t.Errorf("%+v", partner)
	}
	if _, ok := m.At(g.clock.Now().Add(2 * time.Hour)); ok {
		t.Error("they count after their time")
	}
	other := &catalogue.SAML{EntityID: "https://other.example", Metadata: "x"}
	if _, err := provider.Learn(other, serviceMetadata(p, ""), g.clock.Now()); err == nil {
		t.Error("another's metadata count")
	}
	pinned := &catalogue.SAML{EntityID: p.entity, MetadataURL: "https://tax.example/saml", MetadataCertificate: catalogue.PEMOf(p.certificate.Raw)}
	if _, err := provider.Learn(pinned, serviceMetadata(p, ""), g.clock.Now()); err == nil {
		t.Error("fetched metadata count without a signature")
	}
	if _, err := provider.Learn(pinned, string(signed(p, serviceMetadata(p, ` ID="_m"`))), g.clock.Now()); err != nil {
		t.Errorf("signed metadata: %v", err)
	}
	if _, err := provider.Learn(pinned, string(signed(g.services["town"], serviceMetadata(p, ` ID="_m"`))), g.clock.Now()); err == nil {
		t.Error("metadata count that a stranger has signed")
	}
}
