package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whatever is shown as a token, a code or a proof is refused by name, and nothing
// of it is believed: no answer but a refusal, or that it is worth nothing.
func FuzzTokens(f *testing.F) {
	g := newGateway(f)
	g.add(library(), phone(), batch())
	h := g.holder()
	a := g.comeTo("library", as("library"), h.proof)
	for _, name := range []string{"access_token", "refresh_token", "id_token"} {
		f.Add(a.text(name)[1:], "")
	}
	r := httptest.NewRequest(http.MethodPost, g.URL+"/oidc/token", nil)
	h.proof(r)
	f.Add("x", r.Header.Get("DPoP"))
	f.Add("", "a.b.c")
	show := func(t *testing.T, path string, form url.Values, scheme, token, proof string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, g.URL+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("DPoP", proof)
		as("library")(r)
		if scheme != "" {
			r.Header.Set("Authorization", scheme+" "+token)
		}
		w := httptest.NewRecorder()
		g.Config.Handler.ServeHTTP(w, r)
		if w.Code >= 500 || strings.Contains(w.Body.String(), `"active":true`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		return w.Code
	}
	f.Fuzz(func(t *testing.T, token, proof string) {
		for _, form := range []url.Values{
			{"grant_type": {"authorization_code"}, "code": {token}, "redirect_uri": {"https://library.example/return"}},
			{"grant_type": {"refresh_token"}, "refresh_token": {token}},
		} {
			if show(t, "/oidc/token", form, "", "", proof) == http.StatusOK {
				t.Errorf("tokens for %q", token)
			}
		}
		for _, scheme := range []string{"Bearer", "DPoP"} {
			if show(t, "/oidc/userinfo", nil, scheme, token, proof) == http.StatusOK {
				t.Errorf("userinfo for %q", token)
			}
		}
		show(t, "/oidc/introspect", url.Values{"token": {token}}, "", "", proof)
		show(t, "/oidc/revoke", url.Values{"token": {token}}, "", "", proof)
	})
}
