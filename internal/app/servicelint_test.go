package app_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kapu/internal/catalogue"
)

// found tells whether some advice says that, and whether it blocks.
func found(all []catalogue.Advice, text string) (said, blocks bool) {
	for _, a := range all {
		if strings.Contains(a.String(), text) {
			return true, a.Blocking
		}
	}
	return false, false
}

func TestACheckFetchesWhatAServicePointsTo(t *testing.T) {
	command, _, _ := two(t)
	keys := `{"keys":[{"kty":"EC","crv":"P-256","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}` // RFC 7517, A.1
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/jwks" {
			_, _ = io.WriteString(w, keys)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(host.Close)
	for _, c := range []struct {
		path    string
		private bool
		want    string
	}{{"/jwks", true, ""}, {"/elsewhere", true, "does not give its keys"}, {"/jwks", false, "does not give its keys"}} {
		s := library()
		s.OIDC.AuthMethod, s.OIDC.JWKSURI, s.OIDC.PrivateNetwork = "private_key_jwt", host.URL+c.path, c.private
		if said, _ := found(command.LintService(t.Context(), s, false), "jwks_uri"); said {
			t.Errorf("%+v: fetched unasked", c)
		}
		if said, blocks := found(command.LintService(t.Context(), s, true), "jwks_uri"); said != (c.want != "") || said && !blocks {
			t.Errorf("%+v: %v", c, command.LintService(t.Context(), s, true))
		}
	}
}

func TestACheckSaysThatNobodyAsksForCertificates(t *testing.T) {
	command, _, _ := two(t)
	s := library()
	s.OIDC.AuthMethod, s.OIDC.TLSSubject = "tls_client_auth", "CN=library"
	says := func(text string) bool {
		said, blocks := found(command.LintService(t.Context(), s, false), text)
		return said && blocks
	}
	if !says("mutual_tls.address") {
		t.Error("it would be turned away, and nothing is said")
	}
	command.Mutual.Base = "https://mtls.kapu.example"
	if says("mutual_tls.address") || !says("mutual_tls.authorities") {
		t.Error("nobody vouches for its certificate, and nothing is said")
	}
	command.Mutual.Authorities = x509.NewCertPool()
	if says("mutual_tls") {
		t.Error("all is well, and something is said")
	}
}
