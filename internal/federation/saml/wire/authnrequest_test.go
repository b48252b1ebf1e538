package wire_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/federation/saml/wire"
)

func TestReadAuthnRequest(t *testing.T) {
	got, err := readPlain(plain)
	if err != nil {
		t.Fatal(err)
	}
	want := wire.AuthnRequest{
		Header:  wire.Header{ID: "_1", IssueInstant: now, Destination: sso, Issuer: service},
		Subject: &wire.NameID{Value: "abc", Format: wire.FormatPersistent},
		Policy:  wire.Policy{Present: true, Format: wire.FormatPersistent, AllowCreate: true},
		Conditions: wire.Conditions{NotBefore: now, NotOnOrAfter: now.Add(5 * time.Minute),
			Audiences: []string{ours}},
		Context:    &wire.Context{Comparison: wire.Minimum, Classes: []string{wire.EIDASSubstantial}},
		Scoping:    &wire.Scoping{ProxyCount: 1, IDPs: []string{ours}, Requesters: []string{"https://proxied.example"}},
		ForceAuthn: true, ACSIndex: -1, ACSURL: acs, Binding: wire.PostBinding, AttributeSet: 2, ProviderName: "Szolgáltatás",
		EIDAS:       []wire.RequestedAttribute{{Name: wire.EIDASDateOfBirth, NameFormat: wire.NameFormatURI, Required: true}},
		ServiceType: "public",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if err := got.Check(sso, true, now); err != nil {
		t.Error(err)
	}
}

// Every way to be malformed has its status and the section that says so, and the
// service is told unless nobody knows who it is.
func TestMalformedAuthnRequests(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		code, sub      string
		section        string
		silent         bool // not answerable
	}{
		{"no ID", ` ID="_1"`, ``, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"empty ID", `ID="_1"`, `ID=""`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"ID begins with a digit", `ID="_1"`, `ID="1"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"ID with a colon", `ID="_1"`, `ID="a:b"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"Id is not ID", ` ID="_1"`, ` Id="_1"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"no Version", ` Version="2.0"`, ``, wire.Requester, "", "SAML Core, 3.2.1", false},
		{"empty Version", `Version="2.0"`, `Version=""`, wire.Requester, "", "SAML Core, 3.2.1", false},
		{"Version 1.1", `Version="2.0"`, `Version="1.1"`, wire.VersionMismatch, wire.RequestVersionTooLow, "SAML Core, 4.1.3.2", false},
		{"Version 2.1", `Version="2.0"`, `Version="2.1"`, wire.VersionMismatch, wire.RequestVersionTooHigh, "SAML Core, 4.1.3.2", false},
		{"Version 3.0", `Version="2.0"`, `Version="3.0"`, wire.VersionMismatch, wire.RequestVersionTooHigh, "SAML Core, 4.1.3.2", false},
		{"Version 2", `Version="2.0"`, `Version="2"`, wire.VersionMismatch, "", "SAML Core, 4.1.3.2", false},
		{"no IssueInstant", ` IssueInstant="2026-03-02T09:00:00Z"`, ``, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"IssueInstant in another zone", `IssueInstant="2026-03-02T09:00:00Z"`, `IssueInstant="2026-03-02T10:00:00+01:00"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"IssueInstant without zone", `IssueInstant="2026-03-02T09:00:00Z"`, `IssueInstant="2026-03-02T09:00:00"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"IssueInstant on no day", `IssueInstant="2026-03-02T09:00:00Z"`, `IssueInstant="2026-02-30T09:00:00Z"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"IssueInstant at an hour of one digit", `IssueInstant="2026-03-02T09:00:00Z"`, `IssueInstant="2026-03-02T9:00:00Z"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"IssueInstant finer than can be told", `IssueInstant="2026-03-02T09:00:00Z"`, `IssueInstant="2026-03-02T09:00:00.0000000001Z"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"Destination is no URI", `Destination="https://kapu.example/saml/sso"`, `Destination="here"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"no Issuer", `<saml:Issuer>https://service.example/metadata</saml:Issuer>`, ``, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"empty Issuer", `>https://service.example/metadata</saml:Issuer>`, `></saml:Issuer>`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"Issuer of another format", `<saml:Issuer>`, `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"Issuer qualified", `<saml:Issuer>`, `<saml:Issuer NameQualifier="x">`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"Issuer is no URI", `>https://service.example/metadata</saml:Issuer>`, `>service</saml:Issuer>`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"Issuer with blanks", `>https://service.example/metadata</saml:Issuer>`, `> https://service.example/metadata</saml:Issuer>`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"Issuer too long", `>https://service.example/metadata</saml:Issuer>`, `>https://service.example/` + strings.Repeat("a", 1024) + `</saml:Issuer>`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"two Issuers", `<saml:Issuer>`, `<saml:Issuer>https://service.example/metadata</saml:Issuer><saml:Issuer>`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"Issuer of the wrong namespace", `<saml:Issuer>https://service.example/metadata</saml:Issuer>`, `<samlp:Issuer>https://service.example/metadata</samlp:Issuer>`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"Issuer not first", `<saml:Issuer>`, `<samlp:NameIDPolicy/><saml:Issuer>`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"an element in Issuer", `>https://service.example/metadata</saml:Issuer>`, `>https://service.example/metadata<saml:x/></saml:Issuer>`, wire.Requester, "", "SAML Profiles, 4.1.4.1", true},
		{"ForceAuthn no boolean", `ForceAuthn="true"`, `ForceAuthn="yes"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"IsPassive TRUE", `IsPassive="0"`, `IsPassive="TRUE"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"ACS by index and URL", `ForceAuthn="true"`, `AssertionConsumerServiceIndex="0"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"ACS index negative", `AssertionConsumerServiceURL="https://service.example/acs"`, `AssertionConsumerServiceIndex="-1"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"ACS is no URL", `"https://service.example/acs"`, `"/acs"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"response by Redirect", `bindings:HTTP-POST`, `bindings:HTTP-Redirect`, wire.Requester, wire.UnsupportedBinding, "SAML Profiles, 4.1.2", false},
		{"response by PAOS", `bindings:HTTP-POST`, `bindings:PAOS`, wire.Requester, wire.UnsupportedBinding, "SAML Profiles, 4.1.2", false},
		{"unknown attribute", `ForceAuthn="true"`, `ForceAuth="true"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"foreign attribute", `ForceAuthn="true"`, `xmlns:x="urn:x" x:a="true"`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"xsi:type", `<samlp:NameIDPolicy `, `<samlp:NameIDPolicy xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x" `, wire.Requester, wire.InvalidNameIDPolicy, "SAML Core, 3.4.1.1", false},
		{"NameIDPolicy Format no URI", `<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"`, `<samlp:NameIDPolicy Format="persistent"`, wire.Requester, wire.InvalidNameIDPolicy, "SAML Core, 3.4.1.1", false},
		{"AllowCreate no boolean", `AllowCreate="true"`, `AllowCreate="maybe"`, wire.Requester, wire.InvalidNameIDPolicy, "SAML Core, 3.4.1.1", false},
		{"two NameIDPolicy", `<samlp:NameIDPolicy `, `<samlp:NameIDPolicy/><samlp:NameIDPolicy `, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"text in NameIDPolicy", `AllowCreate="true"/>`, `AllowCreate="true">x</samlp:NameIDPolicy>`, wire.Requester, wire.InvalidNameIDPolicy, "SAML Core, 3.4.1.1", false},
		{"Subject with confirmation", `</saml:NameID></saml:Subject>`, `</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></saml:Subject>`, wire.Requester, "", "SAML Profiles, 4.1.4.1", false},
		{"Subject encrypted", `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">abc</saml:NameID>`, `<saml:EncryptedID/>`, wire.Responder, wire.RequestUnsupported, "SAML Core, 2.4.1", false},
		{"Subject empty", `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">abc</saml:NameID>`, ``, wire.Requester, "", "SAML Core, 2.4.1", false},
		{"NameID blank", `>abc<`, `> <`, wire.Requester, "", "SAML Core, 2.2.3", false},
		{"unknown Comparison", `Comparison="minimum"`, `Comparison="min"`, wire.Requester, wire.NoAuthnContext, "SAML Core, 3.3.2.2.1", false},
		{"no context", `<saml:AuthnContextClassRef>http://eidas.europa.eu/LoA/substantial</saml:AuthnContextClassRef>`, ``, wire.Requester, wire.NoAuthnContext, "SAML Core, 3.3.2.2.1", false},
		{"classes and declarations", `</saml:AuthnContextClassRef>`, `</saml:AuthnContextClassRef><saml:AuthnContextDeclRef>urn:x</saml:AuthnContextDeclRef>`, wire.Requester, wire.NoAuthnContext, "SAML Core, 3.3.2.2.1", false},
		{"class is no URI", `>http://eidas.europa.eu/LoA/substantial<`, `>substantial<`, wire.Requester, "", "SAML Core, 1.3.2", false},
		{"conditions end before they begin", `NotOnOrAfter="2026-03-02T09:05:00Z"`, `NotOnOrAfter="2026-03-02T09:00:00Z"`, wire.Requester, "", "SAML Core, 2.5.1.2", false},
		{"empty AudienceRestriction", `<saml:Audience>https://kapu.example/saml/metadata</saml:Audience>`, ``, wire.Requester, "", "SAML Core, 2.5.1.4", false},
		{"unknown condition", `<saml:AudienceRestriction>`, `<saml:Condition/><saml:AudienceRestriction>`, wire.Requester, "", "SAML Core, 2.5.1", false},
		{"Scoping before context", `<samlp:RequestedAuthnContext`, `<samlp:Scoping/><samlp:RequestedAuthnContext`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"ProxyCount negative", `ProxyCount="1"`, `ProxyCount="-1"`, wire.Requester, "", "SAML Core, 3.4.1.2", false},
		{"empty IDPList", `<samlp:IDPEntry ProviderID="https://kapu.example/saml/metadata"/>`, ``, wire.Requester, "", "SAML Core, 3.4.1.3", false},
		{"SAML in Extensions", `<samlp:Extensions>`, `<samlp:Extensions><samlp:NameIDPolicy/>`, wire.Requester, "", "SAML Core, 3.2.1", false},
		{"unknown SPType", `>public<`, `>secret<`, wire.Requester, "", "eIDAS SAML Message Format 1.2, 2.3.2", false},
		{"requested attribute without name", `Name="http://eidas.europa.eu/attributes/naturalperson/DateOfBirth" `, ``, wire.Requester, "", "eIDAS SAML Message Format 1.2, 2.3.1", false},
		{"requested attribute without isRequired", ` isRequired="true"`, ``, wire.Requester, "", "eIDAS SAML Message Format 1.2, 2.3.1", false},
		{"RequestedAttributes twice", `</eidas:RequestedAttributes>`, `</eidas:RequestedAttributes><eidas:RequestedAttributes xmlns:eidas="http://eidas.europa.eu/saml-extensions"/>`, wire.Requester, "", "eIDAS SAML Message Format 1.2, 2.3", false},
		{"unknown element", `</samlp:AuthnRequest>`, `<samlp:More/></samlp:AuthnRequest>`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"text in the message", `</samlp:AuthnRequest>`, `x</samlp:AuthnRequest>`, wire.Requester, "", "SAML Core, 3.4.1", false},
		{"another kind", `samlp:AuthnRequest`, `samlp:AttributeQuery`, wire.Responder, wire.RequestUnsupported, "SAML Core, 3.2.2.2", true},
		{"another namespace", `xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"`, `xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol"`, wire.Requester, "", "SAML Core, 1.2", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(plain, c.old) {
				t.Fatal("the test changes nothing")
			}
			got, err := readPlain(strings.ReplaceAll(plain, c.old, c.new))
			var fault *wire.Error
			if !errors.As(err, &fault) {
				t.Fatalf("accepted: %+v", got)
			}
			if fault.Code != c.code || fault.Sub != c.sub || fault.Section != c.section || fault.Answerable == c.silent {
				t.Errorf("%+v", fault)
			}
			if fault.Answerable && (got.Issuer != service || fault.Status().OK()) {
				t.Errorf("answerable, but to %q", got.Issuer)
			}
		})
	}
}

func TestCheckHeader(t *testing.T) {
	for _, c := range []struct {
		name, destination string
		at                time.Time
		named, ok         bool
	}{
		{"sound", sso, now, true, true},
		{"another destination", "https://kapu.example/saml/sso/", now, true, false},
		{"no destination, signed", "", now, true, false},
		{"no destination, unsigned", "", now, false, true},
		{"a little early", sso, now.Add(wire.MaxSkew), true, true},
		{"too early", sso, now.Add(wire.MaxSkew + 1), true, false},
		{"a little late", sso, now.Add(-wire.MaxAge), true, true},
		{"too late", sso, now.Add(-wire.MaxAge - 1), true, false},
	} {
		h := wire.Header{Destination: c.destination, IssueInstant: c.at}
		if err := h.Check(sso, c.named, now); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
