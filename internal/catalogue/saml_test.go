package catalogue_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/law"
)

// certificate makes one in PEM for a key, good until a time.
func certificate(t *testing.T, key crypto.Signer, until time.Time) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tax.example"}, NotBefore: until.AddDate(-1, 0, 0), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(t, err)
	return catalogue.PEMOf(der)
}

func rsaKey(t *testing.T, bits int) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	check(t, err)
	return key
}

func ecKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	return key
}

var march = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// party is a service that speaks SAML alone, described by hand.
func party(t *testing.T) *catalogue.Service {
	return &catalogue.Service{
		ID: "tax", Name: map[string]string{"hu": "Adó", "en": "Tax"}, URL: "https://tax.example/", Level: "substantial",
		SAML: &catalogue.SAML{EntityID: "https://tax.example/saml", ByHand: catalogue.Partner{
			ACS:     []catalogue.Endpoint{{URL: "https://tax.example/acs", Binding: catalogue.Post}},
			Logout:  []catalogue.Endpoint{{URL: "https://tax.example/slo", Binding: catalogue.Redirect}},
			Signing: []string{certificate(t, ecKey(t), march.AddDate(2, 0, 0))},
		}},
	}
}

func TestAServiceIsFoundByItsEntityID(t *testing.T) {
	c, err := catalogue.New([]*catalogue.Service{party(t)})
	check(t, err)
	if s := c.Entity("https://tax.example/saml"); s == nil || s.ID != "tax" || c.Entity("https://tax.example/") != nil || c.Entity("") != nil {
		t.Errorf("found %+v", s)
	}
	if got := c.Service("tax").Origins(); len(got) != 1 || got[0] != "https://tax.example" {
		t.Errorf("Origins = %v", got)
	}
	other := party(t)
	other.ID = "town"
	if _, err := catalogue.New([]*catalogue.Service{party(t), other}); err == nil || !strings.Contains(err.Error(), "is in use") {
		t.Errorf("two services of one entity: %v", err)
	}
}

func TestAPartyIsWrittenAndReadAgain(t *testing.T) {
	written := party(t)
	text, err := catalogue.Marshal(written)
	check(t, err)
	read, err := catalogue.Parse(text)
	check(t, err)
	if p, ok := read[0].SAML.At(march); !ok || len(p.ACS) != 1 || p.Signing[0] != written.SAML.ByHand.Signing[0] {
		t.Errorf("read %s", text)
	}
}

func TestAFaultyPartySaysWhatIsWrong(t *testing.T) {
	weak := certificate(t, rsaKey(t, 1024), march)
	elliptic := certificate(t, ecKey(t), march)
	for _, c := range []struct {
		want   string
		change func(*catalogue.SAML)
	}{
		{"entity_id is missing", func(m *catalogue.SAML) { m.EntityID = "" }},
		{"entity_id must be a URI", func(m *catalogue.SAML) { m.EntityID = "tax" }},
		{"up to 1024", func(m *catalogue.SAML) { m.EntityID = "https://" + strings.Repeat("a", 1024) }},
		{"where should answers go", func(m *catalogue.SAML) { m.ByHand.ACS = nil }},
		{"must begin with https", func(m *catalogue.SAML) { m.ByHand.ACS[0].URL = "http://tax.example/acs" }},
		{`binding "redirect"`, func(m *catalogue.SAML) { m.ByHand.ACS[0].Binding = catalogue.Redirect }},
		{"each once", func(m *catalogue.SAML) { m.ByHand.ACS = append(m.ByHand.ACS, m.ByHand.ACS[0]) }},
		{`binding "artifact"`, func(m *catalogue.SAML) { m.ByHand.Logout[0].Binding = catalogue.Artifact }},
		{"must be signed", func(m *catalogue.SAML) { m.ByHand.Signing = nil }},
		{"1024 bits", func(m *catalogue.SAML) { m.ByHand.Signing = []string{weak} }},
		{"exactly one certificate", func(m *catalogue.SAML) { m.ByHand.Signing = []string{"MIIB"} }},
		{"needs a key to encrypt to", func(m *catalogue.SAML) { m.EncryptAssertions = true }},
		{"RSA keys only", func(m *catalogue.SAML) { m.EncryptAssertions, m.ByHand.Encryption = true, elliptic }},
		{`sign: "nothing"`, func(m *catalogue.SAML) { m.Sign = "nothing" }},
		{`"RSA-SHA1"`, func(m *catalogue.SAML) { m.SignatureAlg = "RSA-SHA1" }},
		{"leave the fields by hand out", func(m *catalogue.SAML) { m.Metadata = "<xml/>" }},
		{"metadata_certificate is missing", func(m *catalogue.SAML) { m.ByHand, m.MetadataURL = catalogue.Partner{}, "https://tax.example/saml" }},
		{"allows loopback", func(m *catalogue.SAML) {
			m.ByHand, m.MetadataURL, m.MetadataCertificate = catalogue.Partner{}, "https://127.0.0.1/saml", elliptic
		}},
	} {
		s := party(t)
		c.change(s.SAML)
		if _, err := catalogue.New([]*catalogue.Service{s}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
}

func TestMetadataCountUntilTheirTimeIsOver(t *testing.T) {
	m := &catalogue.SAML{EntityID: "https://tax.example/saml", MetadataURL: "https://tax.example/saml"}
	if _, ok := m.At(march); ok {
		t.Error("metadata that nobody has fetched count")
	}
	m.Learn(party(t).SAML.ByHand, march.Add(time.Hour))
	if p, ok := m.At(march); !ok || len(p.ACS) != 1 {
		t.Error("fresh metadata do not count")
	}
	if _, ok := m.At(march.Add(time.Hour)); ok {
		t.Error("metadata count that are over")
	}
}

func TestLintOfAParty(t *testing.T) {
	reach := func(law.Method) law.Level { return law.Substantial }
	if found := catalogue.Lint(party(t), reach, march); len(found) != 0 {
		t.Fatalf("a sound registration: %v", found)
	}
	for _, c := range []struct {
		want     string
		blocking bool
		change   func(*catalogue.SAML)
	}{
		{"expired on 2026-03-01", false, func(m *catalogue.SAML) { m.ByHand.Signing[0] = certificate(t, ecKey(t), march.AddDate(0, 0, -1)) }},
		{"expires on 2026-03-12", false, func(m *catalogue.SAML) { m.ByHand.Signing[0] = certificate(t, ecKey(t), march.AddDate(0, 0, 10)) }},
		{"another host", false, func(m *catalogue.SAML) { m.ByHand.ACS[0].URL = "https://evil.example/acs" }},
		{"anybody can ask", false, func(m *catalogue.SAML) { m.UnsignedRequests = true }},
		{"never asked for", false, func(m *catalogue.SAML) { m.IdPInitiated = true }},
		{"stays signed in there", false, func(m *catalogue.SAML) { m.ByHand.Logout = nil }},
		{"were not fetched yet", true, func(m *catalogue.SAML) {
			*m = catalogue.SAML{EntityID: m.EntityID, MetadataURL: "https://tax.example/saml", MetadataCertificate: m.ByHand.Signing[0]}
		}},
		{"old copy", false, func(m *catalogue.SAML) {
			known := m.ByHand
			*m = catalogue.SAML{EntityID: m.EntityID, MetadataURL: "https://tax.example/saml", MetadataCertificate: known.Signing[0]}
			m.Learn(known, time.Time{})
		}},
		{"good until 2026-03-02T10:00", false, func(m *catalogue.SAML) {
			known := m.ByHand
			*m = catalogue.SAML{EntityID: m.EntityID, Metadata: "<xml/>"}
			m.Learn(known, march.Add(time.Hour))
		}},
	} {
		s := party(t)
		c.change(s.SAML)
		found := catalogue.Lint(s, reach, march)
		if len(found) != 1 || !strings.Contains(found[0].String(), c.want) || found[0].Blocking != c.blocking {
			t.Errorf("%s: %v", c.want, found)
		}
	}
}
