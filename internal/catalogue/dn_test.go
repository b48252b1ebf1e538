package catalogue_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/catalogue"
)

func TestParseDN(t *testing.T) {
	const cn, o, ou, c, mail = "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6", "1.2.840.113549.1.9.1"
	type part = []catalogue.Attribute
	for text, want := range map[string]catalogue.DN{
		"CN=client":                        {part{{cn, "client"}}},
		"cn=client,o=Town,C=HU":            {part{{c, "HU"}}, part{{o, "Town"}}, part{{cn, "client"}}},
		"CN=client, O=Town":                {part{{o, "Town"}}, part{{cn, "client"}}},
		"CN=a+OU=b,O=c":                    {part{{o, "c"}}, part{{cn, "a"}, {ou, "b"}}},
		`O=Kovács\, Kis és Társa\+`:        {part{{o, "Kovács, Kis és Társa+"}}},
		`O=\C5\B0r`:                        {part{{o, "Űr"}}},
		`O=a\ `:                            {part{{o, "a "}}},
		"O=a  ,CN=b":                       {part{{cn, "b"}}, part{{o, "a"}}},
		"2.5.4.3=x":                        {part{{cn, "x"}}},
		"emailAddress=a@b.example":         {part{{mail, "a@b.example"}}},
		"1.2.840.113549.1.9.1=#16034061":   nil, // the length lies
		"1.2.840.113549.1.9.1=#160361407a": {part{{mail, "a@z"}}},
		"":                                 nil,
		"client":                           nil,
		"=x":                               nil,
		"CN":                               nil,
		"XX=a":                             nil,
		"1..2=a":                           nil,
		"CN=a,":                            nil,
		"CN=a\\":                           nil,
		"CN=a\\z":                          nil,
		"CN=a\\4":                          nil,
		`CN="a"`:                           nil,
		"CN=a;O=b":                         nil,
		"CN=a\x00":                         nil,
		"CN=#zz":                           nil,
		"CN=#0c0161":                       {part{{cn, "a"}}},
	} {
		got, err := catalogue.ParseDN(text)
		if (err == nil) != (want != nil) || err == nil && cmp.Diff(want, got) != "" {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// withSubject is a certificate with a subject, nobody vouching for it.
func withSubject(t *testing.T, parts pkix.RDNSequence, names ...string) *x509.Certificate {
	t.Helper()
	raw, err := asn1.Marshal(parts)
	check(t, err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), RawSubject: raw, DNSNames: names}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(t, err)
	c, err := x509.ParseCertificate(der)
	check(t, err)
	return c
}

func TestTheNameInACertificate(t *testing.T) {
	cn, o := asn1.ObjectIdentifier{2, 5, 4, 3}, asn1.ObjectIdentifier{2, 5, 4, 10}
	one := func(oid asn1.ObjectIdentifier, value string) pkix.RelativeDistinguishedNameSET {
		return pkix.RelativeDistinguishedNameSET{{Type: oid, Value: value}}
	}
	both := pkix.RelativeDistinguishedNameSET{{Type: cn, Value: "a"}, {Type: o, Value: "T"}}
	for _, c := range []struct {
		subject    pkix.RDNSequence
		registered string
		want       bool
	}{
		{pkix.RDNSequence{one(o, "T"), one(cn, "a")}, "CN=a,O=T", true},
		{pkix.RDNSequence{one(o, "T"), one(cn, "a")}, "O=T,CN=a", false},
		{pkix.RDNSequence{one(o, "T"), one(cn, "a")}, "CN=a", false},
		{pkix.RDNSequence{one(cn, "a")}, "CN=a,O=T", false},
		{pkix.RDNSequence{one(o, "T"), one(cn, "A")}, "CN=a,O=T", false},
		{pkix.RDNSequence{one(cn, "a,O=T")}, "CN=a,O=T", false},
		{pkix.RDNSequence{one(cn, "a,O=T")}, `CN=a\,O=T`, true},
		{pkix.RDNSequence{both}, "CN=a+O=T", true},
		{pkix.RDNSequence{both}, "O=T+CN=a", true},
		{pkix.RDNSequence{both}, "CN=a,O=T", false},
		{pkix.RDNSequence{both}, "CN=a+CN=a", false},
		{nil, "CN=a", false},
	} {
		registered := &catalogue.OIDC{TLSSubject: c.registered}
		if got := registered.HasCertificate(withSubject(t, c.subject)); got != c.want {
			t.Errorf("%v as %q: %t", c.subject, c.registered, got)
		}
	}
	named := withSubject(t, pkix.RDNSequence{one(cn, "other.example")}, "client.example", "*.town.example")
	for name, want := range map[string]bool{"client.example": true, "CLIENT.example": true, "other.example": false, "a.town.example": false, "example": false} {
		if got := (&catalogue.OIDC{TLSName: name}).HasCertificate(named); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if (&catalogue.OIDC{}).HasCertificate(withSubject(t, nil)) {
		t.Error("a client without a name has everybody's certificate")
	}
}

func FuzzParseDN(f *testing.F) {
	for _, seed := range []string{"CN=a,O=b", `CN=a\,b+OU=c`, "1.2.3=#0c0161", `O=\C5\B0r `} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := catalogue.ParseDN(text)
		if err != nil {
			return
		}
		for _, part := range name {
			if len(part) == 0 {
				t.Errorf("%q has an empty part", text)
			}
		}
		if again, err := catalogue.ParseDN(text); err != nil || !name.Equal(again) {
			t.Errorf("%q is not itself", text)
		}
	})
}
