package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whatever is asked, nobody is sent anywhere but to a registered address or
// along our own rooms, and nothing breaks.
func FuzzAuthorize(f *testing.F) {
	g := newGateway(f)
	bank := g.bank(nil)
	for _, q := range []url.Values{
		bank.asked(), bank.asked("prompt", "none", "response_mode", "jwt", "claims", `{"id_token":{"acr":{"essential":true,"values":["a"]}}}`),
		{"client_id": {"bank"}, "request": {bank.sign(bank.object())}, "redirect_uri": {bankReturn}},
		{"client_id": {"bank"}, "request": {"eyJhbGciOiJub25lIn0.e30."}},
		{"client_id": {"bank"}, "request_uri": {"urn:ietf:params:oauth:request_uri:AAAA"}},
		{"client_id": {"bank"}, "request_uri": {"https://evil.example/"}, "redirect_uri": {"//evil.example"}},
	} {
		f.Add(q.Encode())
	}
	f.Add("client_id=bank&client_id=tax%3Aoffice&redirect_uri=%00&request=a.b.c.d.e")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/oidc/authorize", nil)
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		g.Config.Handler.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%q: %d", query, w.Code)
		}
		to := w.Header().Get("Location")
		vouched := to == ""
		for _, known := range []string{"/signin/", bankReturn + "?", taxReturn + "?", taxQuery + "&", townReturn + "?", appReturn + "?", "https://desk.example/return?"} {
			vouched = vouched || strings.HasPrefix(to, known)
		}
		if !vouched || strings.ContainsAny(to, "\r\n") {
			t.Errorf("%q leads to %q", query, to)
		}
	})
}
