package app_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"kapu/internal/app"
	"kapu/internal/catalogue"
)

// publisher is a service that publishes its metadata, signed.
type publisher struct {
	t    *testing.T
	key  *rsa.PrivateKey
	der  []byte
	text atomic.Pointer[string]
	*httptest.Server
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{t: t}
	var err error
	if p.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "library"}, NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0)}
	if p.der, err = x509.CreateCertificate(rand.Reader, template, template, p.key.Public(), p.key); err != nil {
		t.Fatal(err)
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, *p.text.Load()) }))
	t.Cleanup(p.Close)
	return p
}

// says publishes an address for answers; unless signed, without a signature.
func (p *publisher) says(acs string, signed bool) string {
	text := `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ID="_m" entityID="https://library.example/saml">` +
		`<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` +
		base64.StdEncoding.EncodeToString(p.der) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
		`<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="` + acs + `" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>`
	if signed {
		text = p.sign(text)
	}
	p.text.Store(&text)
	return text
}

func (p *publisher) sign(text string) string {
	document := etree.NewDocument()
	if err := document.ReadFromString(text); err != nil {
		p.t.Fatal(err)
	}
	context := dsig.NewDefaultSigningContext(dsig.TLSCertKeyStore(tls.Certificate{Certificate: [][]byte{p.der}, PrivateKey: p.key}))
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signature, err := context.ConstructSignature(document.Root(), true)
	if err != nil {
		p.t.Fatal(err)
	}
	document.Root().InsertChildAt(0, signature)
	out, err := document.WriteToString()
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *publisher) service() *catalogue.Service {
	return &catalogue.Service{ID: "library", Name: map[string]string{"hu": "Könyvtár"}, URL: "https://library.example/", Level: "substantial",
		SAML: &catalogue.SAML{EntityID: "https://library.example/saml", MetadataURL: p.URL, MetadataCertificate: catalogue.PEMOf(p.der), PrivateNetwork: true}}
}

// answersTo is where the running gateway would send answers.
func answersTo(t *testing.T, server *app.App) string {
	t.Helper()
	s := sees(t, server, "library")
	if s == nil {
		return "nowhere"
	}
	partner, ok := s.SAML.At(server.Now())
	if !ok {
		return "not yet"
	}
	return partner.ACS[0].URL
}

func TestMetadataAreFetchedAndTakeEffectEverywhere(t *testing.T) {
	command, server, _ := two(t)
	p := newPublisher(t)
	p.says("https://library.example/old", true)
	if _, err := command.AddService(t.Context(), p.service(), false); err != nil {
		t.Fatal(err)
	}
	if got := answersTo(t, server); got != "https://library.example/old" {
		t.Fatalf("answers go to %s", got)
	}
	p.says("https://evil.example/acs", false) // whoever has the web server has not the key
	changed := p.service()
	changed.Name["en"] = "Library"
	if err := command.ChangeService(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if got := answersTo(t, server); got != "https://library.example/old" {
		t.Errorf("unsigned metadata took effect: %s", got)
	}
	if found := command.LintService(t.Context(), changed, true); !strings.Contains(text(found), "not there") {
		t.Errorf("check --live says nothing: %v", found)
	}
	p.says("https://library.example/new", true)
	if err := command.ChangeService(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if got := answersTo(t, server); got != "https://library.example/new" {
		t.Errorf("answers go to %s", got)
	}
}

func TestAServiceWhoseMetadataAreNotThereIsNoFaultOfOthers(t *testing.T) {
	command, server, _ := two(t)
	p := newPublisher(t)
	p.says("https://library.example/acs", false)
	if _, err := command.AddService(t.Context(), p.service(), false); err != nil {
		t.Fatal(err)
	}
	if got := answersTo(t, server); got != "not yet" {
		t.Errorf("answers go to %s", got)
	}
	found := command.LintService(t.Context(), p.service(), false)
	if len(found) == 0 || !strings.Contains(text(found), "signature") && !strings.Contains(text(found), "signed") {
		t.Errorf("check does not say why: %v", found)
	}
}

func TestARegistrationIsMadeOfMetadata(t *testing.T) {
	command, _, _ := two(t)
	p := newPublisher(t)
	file := filepath.Join(t.TempDir(), "metadata.xml")
	if err := os.WriteFile(file, []byte(p.says("https://library.example/acs", true)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{file, p.URL} {
		s, err := command.ServiceFromMetadata(t.Context(), place, true)
		if err != nil {
			t.Fatal(err)
		}
		s.ID, s.URL, s.Level, s.Name["hu"] = "library", "https://library.example/", "substantial", "Könyvtár"
		if err := command.CheckService(t.Context(), s); err != nil {
			t.Errorf("%s: %v", place, err)
		}
	}
	s, err := command.ServiceFromMetadata(t.Context(), file, false)
	if err != nil {
		t.Fatal(err)
	}
	s.ID, s.URL, s.Level, s.Name["hu"] = "library", "https://library.example/", "substantial", "Könyvtár"
	s.SAML.EntityID = "https://other.example"
	if err := command.CheckService(t.Context(), s); err == nil || !strings.Contains(err.Error(), "another entity") {
		t.Errorf("another's metadata: %v", err)
	}
}

func text(found []catalogue.Advice) string {
	var all []string
	for _, f := range found {
		all = append(all, f.String())
	}
	return strings.Join(all, "\n")
}
