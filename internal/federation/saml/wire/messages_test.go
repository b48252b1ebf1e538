package wire_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/federation/saml/wire"
)

// soap reads what came as SOAP and verifies it.
func soap(body string, s *wire.Signer) (*wire.Document, error) {
	m, err := wire.ReadSOAP([]byte(body))
	if err != nil {
		return nil, err
	}
	return m.Verify(s.Certificate())
}

func TestLogoutOverSOAP(t *testing.T) {
	want := wire.LogoutRequest{
		Header: wire.Header{ID: "_l", IssueInstant: now, Destination: ours, Issuer: service}, Reason: wire.ReasonUser,
		NotOnOrAfter: now, NameID: wire.NameID{Value: "p4x", Format: wire.FormatPersistent, SPNameQualifier: service}, Sessions: []string{"_s", "_t"},
	}
	body := string(wire.SOAP([]byte(must(t)(want.Write(ecdsaSigner())))))
	d, err := soap(body, ecdsaSigner())
	if err != nil {
		t.Fatal(err)
	}
	got, err := wire.ReadLogoutRequest(d)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	if got.Expired(now.Add(wire.MaxSkew-1)) || !got.Expired(now.Add(wire.MaxSkew)) {
		t.Error("NotOnOrAfter")
	}
	if _, err := wire.ReadAuthnRequest(d); err == nil {
		t.Error("read as another kind")
	}
	if _, err := soap(body, otherSigner()); err == nil {
		t.Error("verified by another key")
	}
}

func TestLogoutResponse(t *testing.T) {
	want := wire.LogoutResponse{
		Header: wire.Header{ID: "_l", InResponseTo: "_q", IssueInstant: now, Destination: ours, Issuer: service},
		Status: wire.Status{Code: wire.Responder, Sub: wire.PartialLogout, Message: "some did not answer"},
	}
	d, err := soap(string(wire.SOAP([]byte(must(t)(want.Write(rsaSigner()))))), rsaSigner())
	if err != nil {
		t.Fatal(err)
	}
	got, err := wire.ReadLogoutResponse(d)
	if d := cmp.Diff(want, got); err != nil || d != "" || got.Status.OK() {
		t.Errorf("%v %s", err, d)
	}
}

func TestArtifacts(t *testing.T) {
	a := wire.NewArtifact(ours, 7, [20]byte{1, 2, 3})
	if got, err := wire.ParseArtifact(a.String()); err != nil || got != a {
		t.Errorf("%v %+v", err, got)
	}
	if got := fmt.Sprintf("%x", wire.NewArtifact("https://idp.example", 0, [20]byte{}).Source); got != "997d0225509b41856e59c10448ecf4c606eb941b" {
		t.Error(got)
	}
	for _, wrong := range []string{"", "AAQ", "AAEAAA==", a.String() + "AAAA", "AAEAAA" + a.String()[6:], a.String() + "\n"} {
		if _, err := wire.ParseArtifact(wrong); err == nil {
			t.Errorf("%q", wrong)
		}
	}
	want := wire.ArtifactResolve{Header: wire.Header{ID: "_l", IssueInstant: now, Issuer: service}, Artifact: a}
	d, err := soap(string(wire.SOAP([]byte(must(t)(want.Write(ecdsaSigner()))))), ecdsaSigner())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := wire.ReadArtifactResolve(d); err != nil || got != want {
		t.Errorf("%v %+v", err, got)
	}
}

func TestSOAPTricks(t *testing.T) {
	message := must(t)(wire.LogoutRequest{Header: wire.Header{ID: "_l", IssueInstant: now, Issuer: service},
		NameID: wire.NameID{Value: "x"}}.Write(ecdsaSigner()))
	ok := string(wire.SOAP([]byte(message)))
	const header = `<soap:Header xmlns:x="urn:x"><x:y%s/></soap:Header><soap:Body>`
	for name, attack := range map[string]string{
		"no envelope":          message,
		"SOAP 1.2":             strings.Replace(ok, "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope", 1),
		"two messages":         strings.Replace(ok, "</soap:Body>", message+"</soap:Body>", 1),
		"two bodies":           strings.Replace(ok, "<soap:Body>", "<soap:Body></soap:Body><soap:Body>", 1),
		"nothing in the body":  strings.Replace(ok, message, "", 1),
		"text in the body":     strings.Replace(ok, "<soap:Body>", "<soap:Body>x", 1),
		"something else":       strings.Replace(ok, "<soap:Body>", "<soap:Other/><soap:Body>", 1),
		"must be understood":   strings.Replace(ok, "<soap:Body>", fmt.Sprintf(header, ` soap:mustUnderstand="1"`), 1),
		"ID twice":             strings.Replace(ok, "<soap:Body>", fmt.Sprintf(header, ` ID="_l"`), 1),
		"message in header":    strings.Replace(ok, "<soap:Body>", "<soap:Header>"+message+"</soap:Header><soap:Body>", 1),
		"signature in header":  strings.Replace(ok, "<soap:Body>", `<soap:Header><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></soap:Header><soap:Body>`, 1),
		"document type":        "<!DOCTYPE a>" + ok,
		"query of attributes":  strings.ReplaceAll(ok, "LogoutRequest", "AttributeQuery"),
		"envelope in envelope": string(wire.SOAP([]byte(ok))),
	} {
		if _, err := soap(attack, ecdsaSigner()); err == nil {
			t.Error(name)
		}
	}
	for name, same := range map[string]string{
		"with a header":   strings.Replace(ok, "<soap:Body>", fmt.Sprintf(header, ``), 1),
		"in lines":        strings.Replace(strings.Replace(ok, "<soap:Body>", "\n <soap:Body>\n", 1), "</soap:Body>", "\n</soap:Body>\n", 1),
		"other prefixes":  strings.ReplaceAll(strings.ReplaceAll(ok, "soap:", "S:"), "xmlns:soap", "xmlns:S"),
		"declared around": strings.Replace(ok, "<soap:Envelope ", `<soap:Envelope xmlns:saml="urn:x" xmlns="urn:y" `, 1),
	} {
		if _, err := soap(same, ecdsaSigner()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMalformedLogoutRequests(t *testing.T) {
	text := must(t)(wire.LogoutRequest{Header: wire.Header{ID: "_l", IssueInstant: now, Issuer: service},
		NotOnOrAfter: now.Add(time.Minute), NameID: wire.NameID{Value: "x"}, Sessions: []string{"s"}}.Write(nil))
	text = strings.ReplaceAll(text, ` xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"`, "")
	text = strings.Replace(text, " ID=", ` xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID=`, 1)
	for _, c := range []struct{ name, old, new, section, code string }{
		{"no subject", "<saml:NameID>x</saml:NameID>", "", "SAML Core, 3.7.1", wire.Requester},
		{"two subjects", "<saml:NameID>x</saml:NameID>", "<saml:NameID>x</saml:NameID><saml:NameID>y</saml:NameID>", "SAML Core, 3.7.1", wire.Requester},
		{"subject encrypted", "<saml:NameID>x</saml:NameID>", "<saml:EncryptedID/>", "SAML Core, 3.7.1", wire.Responder},
		{"subject empty", "<saml:NameID>x</saml:NameID>", "<saml:NameID/>", "SAML Core, 2.2.3", wire.Requester},
		{"session first", "<saml:NameID>x</saml:NameID>", "<samlp:SessionIndex>s</samlp:SessionIndex><saml:NameID>x</saml:NameID>", "SAML Core, 3.7.1", wire.Requester},
		{"session empty", ">s<", "><", "SAML Core, 3.7.1", wire.Requester},
		{"too many sessions", "<samlp:SessionIndex>", strings.Repeat("<samlp:SessionIndex>s</samlp:SessionIndex>", 64) + "<samlp:SessionIndex>", "SAML Core, 3.7.1", wire.Requester},
		{"NotOnOrAfter is no time", `NotOnOrAfter="2026`, `NotOnOrAfter="soon`, "SAML Core, 3.7.1", wire.Requester},
	} {
		changed := strings.Replace(text, c.old, c.new, 1)
		if changed == text {
			t.Fatalf("%s changes nothing: %s", c.name, text)
		}
		m, err := wire.ReadPost(post(changed))
		if err != nil {
			t.Fatal(err)
		}
		d, err := m.Unsigned()
		if err != nil {
			t.Fatal(err)
		}
		q, err := wire.ReadLogoutRequest(d)
		fault, ok := err.(*wire.Error)
		if !ok || fault.Section != c.section || fault.Code != c.code || !fault.Answerable || q.Issuer != service {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
