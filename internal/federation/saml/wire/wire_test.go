package wire_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net/url"
	"sync"
	"testing"
	"time"

	"kapu/internal/federation/saml/wire"
)

// now is the moment of all tests.
var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const (
	service = "https://service.example/metadata"
	ours    = "https://kapu.example/saml/metadata"
	acs     = "https://service.example/acs"
	sso     = "https://kapu.example/saml/sso"
)

// keys are made once: RSA takes its time.
var (
	rsaSigner   = sync.OnceValue(func() *wire.Signer { return signer(rsaKey()) })
	ecdsaSigner = sync.OnceValue(func() *wire.Signer { return signer(makeECDSA()) })
	otherSigner = sync.OnceValue(func() *wire.Signer { return signer(makeECDSA()) })
	rsaKey      = sync.OnceValue(makeRSA)
)

func makeRSA() crypto.Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func makeECDSA() crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

func signer(key crypto.Signer) *wire.Signer {
	s, err := wire.NewSigner(key, certify(key))
	if err != nil {
		panic(err)
	}
	return s
}

// certify makes a certificate that is long expired: what is pinned is the key.
func certify(key crypto.Signer) *x509.Certificate {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "service"},
		NotBefore: now.AddDate(-3, 0, 0), NotAfter: now.AddDate(-1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return c
}

// plain is a request with everything in it, by hand.
const plain = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-03-02T09:00:00Z" Destination="https://kapu.example/saml/sso" ForceAuthn="true" IsPassive="0" AssertionConsumerServiceURL="https://service.example/acs" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" AttributeConsumingServiceIndex="2" ProviderName="Szolgáltatás">` +
	`<saml:Issuer>https://service.example/metadata</saml:Issuer>` +
	`<samlp:Extensions><eidas:SPType xmlns:eidas="http://eidas.europa.eu/saml-extensions">public</eidas:SPType><eidas:RequestedAttributes xmlns:eidas="http://eidas.europa.eu/saml-extensions"><eidas:RequestedAttribute Name="http://eidas.europa.eu/attributes/naturalperson/DateOfBirth" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" isRequired="true"/></eidas:RequestedAttributes></samlp:Extensions>` +
	`<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">abc</saml:NameID></saml:Subject>` +
	`<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" AllowCreate="true"/>` +
	`<saml:Conditions NotBefore="2026-03-02T09:00:00Z" NotOnOrAfter="2026-03-02T09:05:00Z"><saml:AudienceRestriction><saml:Audience>https://kapu.example/saml/metadata</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
	`<samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>http://eidas.europa.eu/LoA/substantial</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>` +
	`<samlp:Scoping ProxyCount="1"><samlp:IDPList><samlp:IDPEntry ProviderID="https://kapu.example/saml/metadata"/></samlp:IDPList><samlp:RequesterID>https://proxied.example</samlp:RequesterID></samlp:Scoping>` +
	`</samlp:AuthnRequest>`

// post packs a message as a form does.
func post(text string) []byte {
	return []byte("SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(text))) + "&RelayState=s")
}

// readPlain reads an unsigned request from a form.
func readPlain(text string) (wire.AuthnRequest, error) {
	m, err := wire.ReadPost(post(text))
	if err != nil {
		return wire.AuthnRequest{}, err
	}
	d, err := m.Unsigned()
	if err != nil {
		return wire.AuthnRequest{}, err
	}
	return wire.ReadAuthnRequest(d)
}

// request is a small request as the writer makes it.
func request() wire.AuthnRequest {
	return wire.AuthnRequest{
		Header:  wire.Header{ID: "_1", IssueInstant: now, Destination: sso, Issuer: service},
		ACSURL:  acs,
		Binding: wire.PostBinding,
		Policy:  wire.Policy{Present: true, Format: wire.FormatPersistent, AllowCreate: true},
		Context: &wire.Context{Comparison: wire.Minimum, Classes: []string{wire.EIDASSubstantial}},
	}
}

// signed is a request that was signed inside.
func signed(t testing.TB, s *wire.Signer) string {
	t.Helper()
	return must(t)(request().Write(s))
}

func must(t testing.TB) func([]byte, error) string {
	return func(b []byte, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
}

// verify opens a signed request from a form and reads it.
func verify(text string, certificates ...*x509.Certificate) (wire.AuthnRequest, error) {
	m, err := wire.ReadPost(post(text))
	if err != nil {
		return wire.AuthnRequest{}, err
	}
	d, err := m.Verify(certificates...)
	if err != nil {
		return wire.AuthnRequest{}, err
	}
	return wire.ReadAuthnRequest(d)
}
