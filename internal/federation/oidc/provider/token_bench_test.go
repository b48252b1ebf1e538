package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kapu/internal/catalogue"
)

// served is one request, answered without a network.
func (g *gateway) served(b *testing.B, method, path string, form url.Values, options ...func(*http.Request)) string {
	r := httptest.NewRequestWithContext(b.Context(), method, g.URL+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, f := range options {
		f(r)
	}
	w := httptest.NewRecorder()
	g.Config.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// each measures one request again and again.
func each(b *testing.B, request func()) {
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		request()
	}
	report(b, before)
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func BenchmarkClientCredentials(b *testing.B) {
	g := newGateway(b)
	g.add(batch())
	form := url.Values{"grant_type": {"client_credentials"}}
	each(b, func() { g.served(b, http.MethodPost, "/oidc/token", form, as("batch")) })
}

func BenchmarkIntrospection(b *testing.B) {
	g := newGateway(b)
	g.add(library())
	form := url.Values{"token": {g.comeTo("library", as("library")).text("access_token")}}
	each(b, func() { g.served(b, http.MethodPost, "/oidc/introspect", form, as("library")) })
}

// BenchmarkRefresh is one after the other in one family, as a client would.
func BenchmarkRefresh(b *testing.B) {
	g := newGateway(b)
	g.add(library())
	token := g.comeTo("library", as("library")).text("refresh_token")
	each(b, func() {
		body := g.served(b, http.MethodPost, "/oidc/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}, as("library"))
		_, rest, _ := strings.Cut(body, `"refresh_token":"`)
		token, _, _ = strings.Cut(rest, `"`)
	})
}

// BenchmarkRevocation is that of a token that was revoked before.
func BenchmarkRevocation(b *testing.B) {
	g := newGateway(b)
	g.add(library())
	form := url.Values{"token": {g.comeTo("library", as("library")).text("access_token")}}
	each(b, func() { g.served(b, http.MethodPost, "/oidc/revoke", form, as("library")) })
}

// BenchmarkUserInfo is one request for three claims: with a token of a bearer's,
// with one that is bound, and answered signed.
func BenchmarkUserInfo(b *testing.B) {
	b.Run("bearer", func(b *testing.B) {
		g := newGateway(b)
		g.add(library())
		token := bearer(g.comeTo("library", as("library")).text("access_token"))
		each(b, func() { g.served(b, http.MethodGet, "/oidc/userinfo", nil, token) })
	})
	b.Run("dpop", func(b *testing.B) {
		g := newGateway(b)
		g.add(library(), batch())
		h := g.holder()
		token := g.comeTo("library", as("library"), h.proof).text("access_token")
		bound := func(r *http.Request) { r.Header.Set("Authorization", "DPoP "+token); h.proof(r) }
		each(b, func() { g.served(b, http.MethodGet, "/oidc/userinfo", nil, bound) })
	})
	b.Run("signed", func(b *testing.B) {
		g := newGateway(b)
		s := library()
		s.OIDC = &catalogue.OIDC{UserInfoAlg: "ES256"}
		g.add(s)
		token := bearer(g.comeTo("library", as("library")).text("access_token"))
		each(b, func() { g.served(b, http.MethodGet, "/oidc/userinfo", nil, token) })
	})
}

// BenchmarkDocuments are what every service reads first.
func BenchmarkDocuments(b *testing.B) {
	for _, path := range []string{"/.well-known/openid-configuration", "/oidc/jwks"} {
		b.Run(path, func(b *testing.B) {
			g := newGateway(b)
			zip := func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }
			each(b, func() { g.served(b, http.MethodGet, path, nil, zip) })
		})
	}
}
