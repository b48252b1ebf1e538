package wire_test

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"kapu/internal/federation/saml/wire"
)

// response is a success with everything in it.
func response() wire.Response {
	birth, _ := wire.EIDASAttribute(wire.EIDASDateOfBirth, "1980-05-06")
	family, _ := wire.EIDASAttribute(wire.EIDASFamilyName, "Őrült & <Társai> \"R\"\r\n\ttörött")
	actor, _ := wire.EIDASAttribute(wire.EIDASRepresentativeIdentifier, "q8R")
	return wire.Response{
		Header: wire.Header{ID: "_r", InResponseTo: "_1", IssueInstant: now, Destination: acs, Issuer: ours},
		Status: wire.Status{Code: wire.Success},
		Assertion: &wire.Assertion{
			ID: "_a", IssueInstant: now, Issuer: ours, Recipient: acs, InResponseTo: "_1",
			Subject:   wire.NameID{Value: "p4x", Format: wire.FormatPersistent, NameQualifier: ours, SPNameQualifier: service},
			NotBefore: now, NotOnOrAfter: now.Add(5 * time.Minute), Audiences: []string{service},
			AuthnInstant: now, SessionIndex: "_s", SessionUntil: now.Add(time.Hour), Context: wire.EIDASSubstantial,
			Authorities: []string{"https://other.example"},
			Attributes: []wire.Attribute{actor, birth, family,
				{Name: "urn:kapu:attribute:clerk", NameFormat: wire.NameFormatURI, Type: wire.TypeBoolean, Values: []string{"true"}},
				{Name: "urn:kapu:attribute:names", NameFormat: wire.NameFormatURI, Type: wire.TypeString, Values: []string{"a", ""}},
				{Name: "untyped", Values: []string{"x"}}},
		},
	}
}

// refusal is a response that says why not.
func refusal() wire.Response {
	r := response()
	r.Assertion = nil
	r.Status = wire.Refuse(wire.Requester, wire.InvalidNameIDPolicy, "SAML Core, 3.4.1.1", "no such format <&>").Status()
	return r
}

// provider is our metadata with everything in it.
func provider() wire.ProviderMetadata {
	e := func(b wire.Binding, path string, index int) wire.Endpoint {
		return wire.Endpoint{Binding: b, Location: "https://kapu.example" + path, Index: index}
	}
	texts := map[string]string{"hu": "Kapu – belépés", "en": "Kapu"}
	birth, _ := wire.EIDASAttribute(wire.EIDASDateOfBirth)
	return wire.ProviderMetadata{
		ID: "_m", EntityID: ours, ValidUntil: now.AddDate(0, 0, 14), CacheDuration: 6 * time.Hour,
		Assurance: []string{wire.EIDASLow, wire.EIDASSubstantial},
		Signing:   []*x509.Certificate{ecdsaSigner().Certificate(), rsaSigner().Certificate()},
		UI: wire.UIInfo{Names: texts, Descriptions: texts, Information: map[string]string{"hu": "https://kapu.example/"},
			Privacy: map[string]string{"hu": "https://kapu.example/adat"},
			Logos:   []wire.Logo{{URL: "https://kapu.example/logo.svg", Width: 80, Height: 60, Lang: "hu"}}},
		WantAuthnRequestsSigned: true,
		ArtifactResolution:      []wire.Endpoint{e(wire.SOAPBinding, "/saml/artifact", 0)},
		Logout:                  []wire.Endpoint{e(wire.RedirectBinding, "/saml/slo", -1), e(wire.SOAPBinding, "/saml/slo/soap", -1)},
		SingleSignOn:            []wire.Endpoint{e(wire.RedirectBinding, "/saml/sso", -1), e(wire.PostBinding, "/saml/sso", -1)},
		NameIDFormats:           []string{wire.FormatPersistent, wire.FormatTransient},
		Attributes:              []wire.Attribute{birth},
		Organization:            &wire.Organization{Names: texts, DisplayNames: texts, URLs: map[string]string{"hu": "https://kapu.example/"}},
		Contacts:                []wire.Contact{{Kind: "technical", Name: "Kapu", Email: "saml@kapu.example"}},
	}
}

// letter is something that we write.
type letter struct {
	name, text string
	signed     []string // names of signed elements with their namespace, as xmlsec1 wants them, by ID
}

const (
	inProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol:"
	inAssertion = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"
)

// letters are all kinds of message that we write, signed by s.
func letters(t testing.TB, s *wire.Signer) []letter {
	t.Helper()
	ok := must(t)
	to, err := wire.NewRecipient(certify(rsaKey()), wire.OAEPSHA256)
	if err != nil {
		t.Fatal(err)
	}
	h := wire.Header{ID: "_l", IssueInstant: now, Destination: acs, Issuer: ours}
	both := ok(response().Write(wire.Protection{SignResponse: s, SignAssertion: s}))
	asked := h
	asked.InResponseTo = "_1"
	artifact := wire.ArtifactResponse{Header: asked, Status: wire.Status{Code: wire.Success}, Message: []byte(both)}
	resolve := wire.ArtifactResolve{Header: h, Artifact: wire.NewArtifact(ours, 1, [20]byte{1})}
	logout := wire.LogoutRequest{Header: h, Reason: wire.ReasonUser, NotOnOrAfter: now, NameID: response().Assertion.Subject, Sessions: []string{"_s", "_t"}}
	return []letter{
		{"response signed", ok(response().Write(wire.Protection{SignResponse: s})), []string{"_r " + inProtocol + "Response"}},
		{"assertion signed", ok(response().Write(wire.Protection{SignAssertion: s})), []string{"_a " + inAssertion}},
		{"both signed", both, []string{"_r " + inProtocol + "Response", "_a " + inAssertion}},
		{"encrypted", ok(response().Write(wire.Protection{SignResponse: s, SignAssertion: s, Encrypt: to})), []string{"_r " + inProtocol + "Response"}},
		{"refusal", ok(refusal().Write(wire.Protection{SignResponse: s})), []string{"_r " + inProtocol + "Response"}},
		{"logout request", ok(logout.Write(s)), []string{"_l " + inProtocol + "LogoutRequest"}},
		{"logout response", ok(wire.LogoutResponse{Header: asked, Status: wire.Status{Code: wire.Success, Sub: wire.PartialLogout}}.Write(s)), []string{"_l " + inProtocol + "LogoutResponse"}},
		{"artifact response", ok(artifact.Write(s)), []string{"_l " + inProtocol + "ArtifactResponse", "_r " + inProtocol + "Response", "_a " + inAssertion}},
		{"artifact resolve", ok(resolve.Write(s)), []string{"_l " + inProtocol + "ArtifactResolve"}},
		{"request", signed(t, s), []string{"_1 " + inProtocol + "AuthnRequest"}},
		{"metadata", ok(provider().Write(s)), []string{"_m urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"}},
		{"soap", string(wire.SOAP([]byte(both))), nil},
		{"fault", string(wire.SOAPFault(true, "not <understood>")), nil},
	}
}

// tool is a program that the tests need, or the reason why they are left out.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: what others make of our XML is not tried", name)
	}
	return path
}

// file writes a file for a program to read.
func file(t testing.TB, name, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSchemas(t *testing.T) {
	xmllint := tool(t, "xmllint")
	catalog, err := filepath.Abs("testdata/schemas/catalog.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range letters(t, ecdsaSigner()) {
		t.Run(l.name, func(t *testing.T) {
			lint := exec.Command(xmllint, "--nonet", "--noout", "--schema", "testdata/schemas/all.xsd", "-")
			lint.Env = append(os.Environ(), "XML_CATALOG_FILES="+catalog)
			lint.Stdin = strings.NewReader(l.text)
			if out, err := lint.CombinedOutput(); err != nil {
				t.Errorf("%s\n%s", out, l.text)
			}
		})
	}
}

// Others verify what we sign, with the right certificate only.
func TestXMLSecVerifies(t *testing.T) {
	xmlsec := tool(t, "xmlsec1")
	for name, s := range map[string]*wire.Signer{"ECDSA": ecdsaSigner(), "RSA": rsaSigner()} {
		right, wrong := certificateFile(t, s), certificateFile(t, otherSigner())
		for _, l := range letters(t, s) {
			text := file(t, "letter.xml", l.text)
			for _, element := range l.signed {
				id, kind, _ := strings.Cut(element, " ")
				verify := func(certificate string) error {
					args := []string{"--verify", "--enabled-reference-uris", "same-doc", "--pubkey-cert-pem", certificate,
						"--node-xpath", "//*[@ID='" + id + "']/*[local-name()='Signature']"}
					for _, other := range l.signed {
						_, kind, _ := strings.Cut(other, " ")
						args = append(args, "--id-attr:ID", kind)
					}
					out, err := exec.Command(xmlsec, append(args, text)...).CombinedOutput()
					if err != nil {
						return errors.New(string(out))
					}
					return nil
				}
				if err := verify(right); err != nil {
					t.Errorf("%s, %s, %s: %v", name, l.name, kind, err)
				}
				if name == "ECDSA" && verify(wrong) == nil {
					t.Errorf("%s, %s, %s: verified by another key", name, l.name, kind)
				}
			}
		}
	}
}

func certificateFile(t testing.TB, s *wire.Signer) string {
	return file(t, "certificate.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
}

// What goxmldsig makes of it: it knows no ECDSA as XML has it.
func TestAnotherLibraryVerifies(t *testing.T) {
	for _, l := range letters(t, rsaSigner()) {
		for _, element := range l.signed {
			id, _, _ := strings.Cut(element, " ")
			if l.name == "artifact response" && id == "_r" {
				continue // it forgets the namespaces around what it looks at
			}
			d := etree.NewDocument()
			if err := d.ReadFromString(l.text); err != nil {
				t.Fatal(err)
			}
			store := &dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{rsaSigner().Certificate()}}
			v := dsig.NewDefaultValidationContext(store)
			v.Clock = dsig.NewFakeClockAt(now.AddDate(-2, 0, 0)) // it looks at the certificate's dates
			if _, err := v.Validate(d.FindElement("//[@ID='" + id + "']")); err != nil {
				t.Errorf("%s, %s: %v", l.name, element, err)
			}
		}
	}
}

// xmlsec1 decrypts what was encrypted and verifies what comes out.
func TestXMLSecDecrypts(t *testing.T) {
	xmlsec := tool(t, "xmlsec1")
	to, err := wire.NewRecipient(certify(rsaKey()), wire.OAEPSHA1)
	if err != nil {
		t.Fatal(err)
	}
	text := must(t)(response().Write(wire.Protection{SignAssertion: ecdsaSigner(), Encrypt: to}))
	if strings.Contains(text, "p4x") {
		t.Fatal("the assertion is there in the clear")
	}
	out, err := exec.Command(xmlsec, "--decrypt", "--privkey-pem", keyFile(t, rsaKey()), file(t, "sealed.xml", text)).Output()
	if err != nil || !bytes.Contains(out, []byte(">p4x</saml:NameID>")) {
		t.Fatalf("%v: %s", err, out)
	}
	verify := exec.Command(xmlsec, "--verify", "--pubkey-cert-pem", certificateFile(t, ecdsaSigner()), "--id-attr:ID", inAssertion, file(t, "opened.xml", string(out)))
	if out, err := verify.CombinedOutput(); err != nil {
		t.Errorf("%s", out)
	}
}

// A success that nobody could trust is never written, nor is what XML cannot hold.
func TestUnwritable(t *testing.T) {
	bare, broken, unnamed := response(), response(), response()
	bare.Assertion = nil
	broken.Assertion.Subject.Value = "a\x00b"
	unnamed.ID = "not an ID"
	early := refusal()
	early.Assertion = response().Assertion
	s := wire.Protection{SignResponse: ecdsaSigner()}
	for name, w := range map[string]func() ([]byte, error){
		"unsigned":                  func() ([]byte, error) { return response().Write(wire.Protection{}) },
		"success without assertion": func() ([]byte, error) { return bare.Write(s) },
		"refusal with assertion":    func() ([]byte, error) { return early.Write(s) },
		"control characters":        func() ([]byte, error) { return broken.Write(s) },
		"ID is no ID":               func() ([]byte, error) { return unnamed.Write(s) },
	} {
		if _, err := w(); err == nil {
			t.Error(name)
		}
	}
}
