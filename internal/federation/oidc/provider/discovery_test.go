package provider_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// A developer reads here what can be asked and how.
func TestDiscoveryOfRequests(t *testing.T) {
	g := newGateway(t)
	var d map[string]any
	check(t, json.Unmarshal([]byte(g.browser().get(g.URL+"/.well-known/openid-configuration").body), &d))
	for name, want := range map[string]any{
		"pushed_authorization_request_endpoint": g.URL + "/oidc/par",
		"request_parameter_supported":           true, "request_uri_parameter_supported": true, "require_request_uri_registration": true,
		"authorization_response_iss_parameter_supported": true,
	} {
		if d[name] != want {
			t.Errorf("%s is %v", name, d[name])
		}
	}
	for name, parts := range map[string][]any{
		"response_modes_supported":                      {"query", "form_post", "jwt", "query.jwt", "form_post.jwt"},
		"acr_values_supported":                          {"http://eidas.europa.eu/LoA/substantial", "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp"},
		"request_object_signing_alg_values_supported":   {"ES256", "PS256", "EdDSA", "RS256"},
		"authorization_signing_alg_values_supported":    {"ES256", "PS256", "EdDSA", "RS256"},
		"id_token_encryption_alg_values_supported":      {"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"},
		"userinfo_encryption_enc_values_supported":      {"A128CBC-HS256", "A128GCM", "A256GCM"},
		"authorization_encryption_enc_values_supported": {"A128CBC-HS256", "A128GCM", "A256GCM"},
		"code_challenge_methods_supported":              {"S256"},
		"ui_locales_supported":                          {"hu", "en"},
	} {
		list, _ := d[name].([]any)
		for _, part := range parts {
			if !slices.Contains(list, part) {
				t.Errorf("%s is %v", name, list)
			}
		}
		if slices.Contains(list, any("none")) || slices.Contains(list, any("RSA1_5")) || slices.Contains(list, any("fragment")) {
			t.Errorf("%s offers what is broken: %v", name, list)
		}
	}
	// The method that no citizen reaches a service with is not on offer.
	if list, _ := d["acr_values_supported"].([]any); slices.ContainsFunc(list, func(v any) bool { return v == "urn:eksz.gov.hu:1.0:azonositas:kau:0:uk:uidpwd" }) {
		t.Errorf("%v", list)
	}
}

// Who has read a document is told that it is still the same, and no more.
func TestADocumentIsSentOnceToWhoKeepsIt(t *testing.T) {
	g := newGateway(t)
	for _, path := range []string{"/.well-known/openid-configuration", "/oidc/jwks"} {
		ask := func(known string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, g.URL+path, nil)
			r.Header.Set("If-None-Match", known)
			w := httptest.NewRecorder()
			g.Config.Handler.ServeHTTP(w, r)
			return w
		}
		first := ask("")
		tag := first.Header().Get("ETag")
		if first.Code != http.StatusOK || first.Body.Len() == 0 || tag == "" {
			t.Fatalf("%s: %d, ETag %q", path, first.Code, tag)
		}
		for _, known := range []string{tag, strings.TrimPrefix(tag, "W/"), `"other", ` + tag} {
			if again := ask(known); again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: %d with %d bytes", path, known, again.Code, again.Body.Len())
			}
		}
		if other := ask(`"other"`); other.Code != http.StatusOK {
			t.Errorf("%s: %d to who knows another one", path, other.Code)
		}
		for coding, zipped := range map[string]bool{"gzip": true, "deflate, gzip": true, "gzip;q=0": false, "br": false} {
			r := httptest.NewRequest(http.MethodGet, g.URL+path, nil)
			r.Header.Set("Accept-Encoding", coding)
			w := httptest.NewRecorder()
			g.Config.Handler.ServeHTTP(w, r)
			if got := w.Header().Get("Content-Encoding") == "gzip"; got != zipped || zipped && unzipped(t, w.Body) != first.Body.String() {
				t.Errorf("%s, Accept-Encoding %s: zipped %v, or not the same text", path, coding, got)
			}
		}
		if h := first.Header(); h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func unzipped(t *testing.T, body io.Reader) string {
	r, err := gzip.NewReader(body)
	check(t, err)
	text, err := io.ReadAll(r)
	check(t, err)
	return string(text)
}
