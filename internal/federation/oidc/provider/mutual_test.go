package provider

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/store/storetest"
)

// authority makes certificates.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	now         time.Time
}

func newAuthority(t *testing.T, now time.Time) authority {
	t.Helper()
	key := newPair(t, jose.ES256, "").key
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	return authority{made(t, template, template, key.Public(), key), key, now}
}

func made(t *testing.T, template, parent *x509.Certificate, public crypto.PublicKey, by crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, by)
	must(t, err)
	c, err := x509.ParseCertificate(der)
	must(t, err)
	return c
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

func (a authority) issue(t *testing.T, name string, key crypto.Signer, change ...func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name, Organization: []string{"Town"}}, DNSNames: []string{name + ".example"},
		NotBefore: a.now.Add(-time.Hour), NotAfter: a.now.Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	for _, c := range change {
		c(template)
	}
	if a.certificate == nil { // signed by itself
		return made(t, template, template, key.Public(), key)
	}
	return made(t, template, a.certificate, key.Public(), a.key)
}

func TestCertificatesOfAnAuthority(t *testing.T) {
	db, clock := storetest.SQLite(t)
	town, stranger := newAuthority(t, clock.Now()), newAuthority(t, clock.Now())
	key := newPair(t, jose.ES256, "k1").key
	b := newBenchOn(t, db, clock, &catalogue.OIDC{ClientID: "subject", AuthMethod: "tls_client_auth", TLSSubject: "CN=client, O=Town"},
		&catalogue.OIDC{ClientID: "name", AuthMethod: "tls_client_auth", TLSName: "Client.example"})
	b.Mutual.Authorities = town.pool()
	between := town.issue(t, "between", key, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
	for _, c := range []struct {
		name  string
		chain []*x509.Certificate
		taken bool
	}{
		{"as it should be", []*x509.Certificate{town.issue(t, "client", key)}, true},
		{"through another", []*x509.Certificate{authority{between, key, clock.Now()}.issue(t, "client", key), between}, true},
		{"through another that it does not show", []*x509.Certificate{authority{between, key, clock.Now()}.issue(t, "client", key)}, false},
		{"none", nil, false},
		{"of another authority", []*x509.Certificate{stranger.issue(t, "client", key)}, false},
		{"of another authority, with ours behind it", []*x509.Certificate{stranger.issue(t, "client", key), town.certificate}, false},
		{"with another name", []*x509.Certificate{town.issue(t, "client2", key)}, false},
		{"over", []*x509.Certificate{town.issue(t, "client", key, func(c *x509.Certificate) { c.NotAfter = clock.Now().Add(-time.Minute) })}, false},
		{"for servers", []*x509.Certificate{town.issue(t, "client", key, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })}, false},
		{"another first, the right one behind", []*x509.Certificate{stranger.issue(t, "x", key), town.issue(t, "client", key)}, false},
	} {
		for _, id := range []string{"subject", "name"} {
			_, err := b.ask(url.Values{"client_id": {id}}, showing(c.chain...))
			if fault := b.fault(err); (fault == "") != c.taken {
				t.Errorf("%s, %s: %q", id, c.name, fault)
			}
		}
	}
	b.Mutual.Authorities = nil
	if _, err := b.ask(url.Values{"client_id": {"subject"}}, showing(town.issue(t, "client", key))); b.fault(err) == "" {
		t.Error("without authorities, those of the system vouch for clients")
	}
}

func TestSelfSignedCertificates(t *testing.T) {
	db, clock := storetest.SQLite(t)
	key, other := newPair(t, jose.ES256, "k1"), newPair(t, jose.ES256, "k1")
	b := newBenchOn(t, db, clock, &catalogue.OIDC{ClientID: "tax", AuthMethod: "self_signed_tls_client_auth", JWKS: key.jwks})
	c, err := b.ask(url.Values{"client_id": {"tax"}}, showing(authority{nil, key.key, clock.Now()}.issue(t, "any name", key.key)))
	if b.fault(err) != "" || len(c.thumbprint) != 43 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := b.ask(url.Values{"client_id": {"tax"}}, showing(authority{nil, other.key, clock.Now()}.issue(t, "any name", other.key))); b.fault(err) == "" {
		t.Error("another key was taken")
	}
	if _, err := b.ask(url.Values{"client_id": {"tax"}}); b.fault(err) == "" {
		t.Error("no certificate was taken")
	}
}

// The header of a proxy counts where there is one, and nowhere else.
func TestCertificatesThroughAProxy(t *testing.T) {
	db, clock := storetest.SQLite(t)
	key := newPair(t, jose.ES256, "k1")
	b := newBenchOn(t, db, clock, &catalogue.OIDC{ClientID: "tax", AuthMethod: "self_signed_tls_client_auth", JWKS: key.jwks})
	certificate := newAuthority(t, clock.Now()).issue(t, "client", key.key)
	value := ":" + base64.StdEncoding.EncodeToString(certificate.Raw) + ":"
	header := func(lines ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Client-Cert"] = lines }
	}
	ask := func(prepare ...func(*http.Request)) string {
		_, err := b.ask(url.Values{"client_id": {"tax"}}, prepare...)
		return b.fault(err)
	}
	if ask(header(value)) == "" {
		t.Error("a header was believed though there is no proxy")
	}
	b.Mutual.Header = "Client-Cert"
	if fault := ask(header(value)); fault != "" {
		t.Error(fault)
	}
	if ask(showing(certificate)) == "" {
		t.Error("TLS ends at the proxy, so its own certificate is not the client's")
	}
	for name, lines := range map[string][]string{
		"two lines": {value, value}, "no colons": {value[1 : len(value)-1]}, "one colon": {":"}, "empty": {""}, "nothing": {"::"},
		"not base64": {":!!:"}, "no certificate": {":AAAA:"}, "two in one": {value + ", " + value}, "parameters": {value + ";a=b"},
	} {
		if ask(header(lines...)) == "" {
			t.Errorf("%s: taken", name)
		}
	}
}
