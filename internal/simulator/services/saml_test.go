package services

import (
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/federation/saml/wire"
)

var now = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// health is the health service before a gateway that has a key and says so, with
// somebody signed in; the gateway itself is for the test to play.
func health(t *testing.T) (s *Service, gateway *wire.Signer, token string) {
	t.Helper()
	gateway, err := newSigner(now)
	check(t, err)
	var issuer string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%[1]s/saml/metadata">`+
			`<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">`+
			`<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>%[2]s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`+
			`<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="%[1]s/saml/slo"/>`+
			`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="%[1]s/saml/sso"/>`+
			`</md:IDPSSODescriptor></md:EntityDescriptor>`, issuer, base64.StdEncoding.EncodeToString(gateway.Certificate().Raw))
	}))
	t.Cleanup(server.Close)
	issuer = server.URL
	s, err = NewSAML(Config{Party: Health(), Issuer: issuer, URL: "http://localhost:1", Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	token = s.sessions.begin(session{Index: "_one", Proof: proof{Subject: "somebody", SID: "_one"}}, now)
	return s, gateway, token
}

func (s *Service) asked(method, path, body string, cookies ...*http.Cookie) *http.Response {
	r := httptest.NewRequest(method, s.URL+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

// ending is a gateway's request to end a session, as changed.
func ending(t *testing.T, s *Service, signer *wire.Signer, change func(*wire.LogoutRequest)) string {
	t.Helper()
	q := wire.LogoutRequest{NameID: wire.NameID{Value: "somebody"}, Sessions: []string{"_one"}}
	q.Header = wire.Header{ID: "_request", IssueInstant: now, Destination: s.URL + logoutPath, Issuer: s.Issuer + gatewayPath}
	if change != nil {
		change(&q)
	}
	text, err := q.Write(nil)
	check(t, err)
	address, err := wire.Carried{Message: text, RelayState: "kept"}.RedirectURL(logoutPath, signer)
	check(t, err)
	return address
}

func TestTheGatewayEndsASession(t *testing.T) {
	s, gateway, token := health(t)
	answer := s.asked(http.MethodGet, ending(t, s, gateway, nil), "")
	to, err := answer.Location()
	check(t, err)
	if !strings.HasPrefix(to.String(), s.Issuer+"/saml/slo?SAMLResponse=") || to.Query().Get("RelayState") != "kept" {
		t.Errorf("%s to %s", answer.Status, to)
	}
	if _, ok := s.sessions.of(token, now); ok {
		t.Error("the session lives")
	}
	body, err := io.ReadAll(s.asked(http.MethodGet, "/", "", &http.Cookie{Name: s.sessionCookie(), Value: token}).Body)
	check(t, err)
	if !strings.Contains(string(body), "ezért itt is kiléptettük") {
		t.Error("the page does not say why")
	}
}

func TestNobodyElseEndsASession(t *testing.T) {
	s, gateway, token := health(t)
	stranger, err := newSigner(now)
	check(t, err)
	for name, address := range map[string]string{
		"unsigned":            ending(t, s, nil, nil),
		"a stranger's key":    ending(t, s, stranger, nil),
		"another issuer":      ending(t, s, gateway, func(q *wire.LogoutRequest) { q.Issuer = "https://other.example" }),
		"for another address": ending(t, s, gateway, func(q *wire.LogoutRequest) { q.Destination = "https://other.example" }),
		"of yesterday":        ending(t, s, gateway, func(q *wire.LogoutRequest) { q.IssueInstant = now.AddDate(0, 0, -1) }),
		"nonsense":            logoutPath + "?SAMLRequest=x",
	} {
		if answer := s.asked(http.MethodGet, address, ""); answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", name, answer.Status)
		}
		if _, ok := s.sessions.of(token, now); !ok {
			t.Fatalf("%s: the session is over", name)
		}
	}
}

// A response counts at the browser that asked, and only if it verifies.
func TestResponsesThatNobodyAskedFor(t *testing.T) {
	s, _, _ := health(t)
	asked := s.asked(http.MethodGet, signInPath, "")
	if to, err := asked.Location(); err != nil || !strings.HasPrefix(to.String(), s.Issuer+"/saml/sso?SAMLRequest=") || to.Query().Get("Signature") == "" {
		t.Fatalf("%s to %s", asked.Status, to)
	}
	forged := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(`<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>`))}}.Encode()
	if answer := s.asked(http.MethodPost, consumerPath, forged); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("without having asked: %s", answer.Status)
	}
	if answer := s.asked(http.MethodPost, consumerPath, forged, asked.Cookies()...); answer.StatusCode != http.StatusBadGateway || len(answer.Cookies()) > 0 {
		t.Errorf("forged: %s", answer.Status)
	}
}
