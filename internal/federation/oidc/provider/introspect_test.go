package provider_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/store"
)

// selfSigned is a certificate, in DER.
func selfSigned(t testing.TB) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "service"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(t, err)
	return der
}

func (g *gateway) introspect(id, token string, options ...func(*http.Request)) response {
	g.t.Helper()
	return g.ask("/oidc/introspect", url.Values{"token": {token}}, append(options, as(id))...)
}

// inactive is all that is said of a token that does not count.
const inactive = `{"active":false}`

func TestIntrospection(t *testing.T) {
	g := newGateway(t)
	g.add(library(), batch())
	h := g.holder()
	a := g.comeTo("library", as("library"), h.proof)
	id := payload(t, a.text("id_token"))
	g.clock.Advance(time.Minute)
	said := g.introspect("library", a.text("access_token"))
	for name, want := range map[string]any{
		"active": true, "client_id": "library", "sub": id["sub"], "iss": g.URL, "token_type": "DPoP", "scope": "openid profile tax_number offline_access",
		"acr": id["acr"], "auth_time": id["auth_time"], "iat": id["iat"], "exp": id["iat"].(float64) + 600,
	} {
		if said.said[name] != want {
			t.Errorf("%s: %v, want %v", name, said.said[name], want)
		}
	}
	if cnf, _ := said.said["cnf"].(map[string]any); cnf["jkt"] != h.thumbprint() {
		t.Errorf("cnf: %s", said.body)
	}
	refresh := g.introspect("library", a.text("refresh_token"))
	if refresh.said["active"] != true || refresh.said["token_type"] != nil || refresh.said["exp"] != id["auth_time"].(float64)+8*3600 {
		t.Errorf("refresh token: %s", refresh.body)
	}
	own := g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}}, as("batch"))
	if said := g.introspect("batch", own.text("access_token")); said.said["active"] != true || said.said["sub"] != nil || said.text("scope") != "" {
		t.Errorf("of nobody: %s", said.body)
	}
}

// Of whatever else a service asks, it learns nothing, not even that there is something.
func TestIntrospectionOfOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		other := library()
		other.ID = "archive"
		g.add(library(), other, batch())
		form := g.codeOf(g.browser(), "library", nil)
		a := g.ask("/oidc/token", form, as("library"))
		old := a.text("refresh_token")
		next := g.renew("library", old, as("library"))
		token := a.text("access_token")
		for name, said := range map[string]response{
			"another's access token": g.introspect("archive", token), "another's refresh token": g.introspect("archive", old),
			"made up": g.introspect("library", "x"), "altered": g.introspect("library", token[:len(token)-4]+"AAAA"),
			"a code": g.introspect("library", form.Get("code")), "an ID token": g.introspect("library", a.text("id_token")),
			"a rotated refresh token": g.introspect("library", old),
		} {
			if said.status != 200 || said.body != inactive {
				t.Errorf("%s: %s", name, said.body)
			}
		}
		if a := g.ask("/oidc/introspect", url.Values{}, as("library")); a.code() != "Bad Request invalid_request" {
			t.Errorf("no token: %s", a.body)
		}
		check(t, g.db.Update(context.Background(), func(tx *store.Tx) error { return tx.EndSessions(g.account) }))
		for name, token := range map[string]string{"access token": token, "refresh token": next.text("refresh_token")} {
			if said := g.introspect("library", token); said.body != inactive {
				t.Errorf("%s after the session: %s", name, said.body)
			}
		}
	})
}

func TestIntrospectionNeedsAClient(t *testing.T) {
	g := newGateway(t)
	g.add(library(), phone(), batch())
	token := g.comeTo("phone").text("access_token")
	for name, a := range map[string]response{
		"a public client": g.ask("/oidc/introspect", url.Values{"token": {token}, "client_id": {"phone"}}),
		"nobody":          g.ask("/oidc/introspect", url.Values{"token": {token}}),
		"a wrong secret":  g.ask("/oidc/introspect", url.Values{"token": {token}}, basic("library", "guess")),
	} {
		if a.code() != "Unauthorized invalid_client" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	g.clock.Advance(10 * time.Minute)
	if said := g.introspect("library", g.comeTo("library", as("library")).text("access_token")); said.said["active"] != true {
		t.Errorf("%s", said.body)
	}
	own := g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}}, as("batch")).text("access_token")
	g.clock.Advance(10 * time.Minute)
	if said := g.introspect("batch", own); said.body != inactive {
		t.Errorf("over: %s", said.body)
	}
}

// A signed answer can be shown to others (RFC 9701).
func TestSignedIntrospection(t *testing.T) {
	g := newGateway(t)
	signed := library()
	signed.ID, signed.OIDC.IntrospectionAlg = "archive", "EdDSA"
	check(t, g.keys.Need(context.Background(), "EdDSA"))
	g.add(library(), signed)
	wants := func(r *http.Request) { r.Header.Set("Accept", "application/token-introspection+jwt") }
	for alg, said := range map[string]response{
		"ES256": g.introspect("library", g.comeTo("library", as("library")).text("access_token"), wants),
		"EdDSA": g.introspect("archive", g.comeTo("archive", as("archive")).text("access_token")),
	} {
		if said.header.Get("Content-Type") != "application/token-introspection+jwt" {
			t.Fatalf("%s: %v %s", alg, said.header, said.body)
		}
		body := g.verify(said.body, alg, "token-introspection+jwt")
		inner, _ := body["token_introspection"].(map[string]any)
		if body["iss"] != g.URL || body["aud"] != inner["client_id"] || inner["active"] != true || body["iat"] == nil || body["sub"] != nil || body["exp"] != nil {
			t.Errorf("%s: %v", alg, body)
		}
	}
	if said := g.introspect("archive", "x"); !strings.Contains(string(mustJSON(t, payload(t, said.body))), `"token_introspection":{"active":false}`) {
		t.Errorf("inactive: %s", said.body)
	}
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	check(t, err)
	return text
}

// verify checks a JWT against the published keys.
func (g *gateway) verify(token, alg, typ string) (claims map[string]any) {
	g.t.Helper()
	var keys jose.JSONWebKeySet
	check(g.t, json.Unmarshal([]byte(g.browser().get(g.URL+"/oidc/jwks").body), &keys))
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	check(g.t, err)
	h := signed.Signatures[0].Protected
	if h.ExtraHeaders[jose.HeaderType] != typ {
		g.t.Errorf("typ %v, want %s", h.ExtraHeaders[jose.HeaderType], typ)
	}
	raw, err := signed.Verify(keys.Key(h.KeyID)[0].Key)
	check(g.t, err)
	check(g.t, json.Unmarshal(raw, &claims))
	return claims
}

func TestRevocation(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		other := library()
		other.ID = "archive"
		g.add(library(), other, phone(), batch())
		revoke := func(token string, options ...func(*http.Request)) response {
			return g.ask("/oidc/revoke", url.Values{"token": {token}, "token_type_hint": {"access_token"}}, options...)
		}
		for _, which := range []string{"access_token", "refresh_token"} {
			a := g.comeTo("library", as("library"))
			if got := revoke(a.text(which), as("archive")); got.code() != "Bad Request unauthorized_client" {
				t.Errorf("by another: %s", got.body)
			}
			if g.info("Bearer", a.text("access_token")).status != 200 {
				t.Error("another client revoked it")
			}
			for range 2 {
				if got := revoke(a.text(which), as("library")); got.status != 200 || got.body != "" {
					t.Errorf("%s: %d %s", which, got.status, got.body)
				}
			}
			if g.info("Bearer", a.text("access_token")).status != 401 || g.renew("library", a.text("refresh_token"), as("library")).status != 400 {
				t.Errorf("%s: not all of the grant is gone", which)
			}
			if said := g.introspect("library", a.text("access_token")); said.body != inactive {
				t.Errorf("%s: %s", which, said.body)
			}
		}
		if got := revoke("nothing of ours", as("library")); got.status != 200 {
			t.Errorf("unknown: %s", got.body)
		}
		if got := revoke("x"); got.code() != "Unauthorized invalid_client" {
			t.Errorf("by nobody: %s", got.body)
		}
		token := g.comeTo("phone").text("access_token")
		if got := g.ask("/oidc/revoke", url.Values{"token": {token}, "client_id": {"phone"}}); got.status != 200 || g.info("Bearer", token).status != 401 {
			t.Errorf("by a public client: %s", got.body)
		}
		own := g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}}, as("batch")).text("access_token")
		if got := revoke(own, as("batch")); got.status != 200 || g.introspect("batch", own).body != inactive {
			t.Errorf("of nobody: %s", got.body)
		}
	})
}

func TestClientCredentials(t *testing.T) {
	g := newGateway(t)
	g.add(library(), batch(), phone())
	ask := func(scope string, options ...func(*http.Request)) response {
		return g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}, "scope": {scope}, "client_id": {"phone"}}, options...)
	}
	own := func(scope string) response {
		return g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}, as("batch"))
	}
	a := own("")
	if a.status != 200 || a.said["scope"] != nil || a.text("id_token") != "" || a.text("refresh_token") != "" || a.text("token_type") != "Bearer" {
		t.Errorf("%s", a.body)
	}
	if info := g.info("Bearer", a.text("access_token")); info.code() != "Forbidden insufficient_scope" {
		t.Errorf("userinfo of nobody: %s", info.body)
	}
	for _, scope := range []string{"openid", "match", "profile", "offline_access", "root"} {
		if a := own(scope); a.code() != "Bad Request invalid_scope" {
			t.Errorf("%s: %s", scope, a.body)
		}
	}
	if a := ask(""); a.code() != "Bad Request unauthorized_client" {
		t.Errorf("a public client: %s", a.body)
	}
	if a := g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}}, as("library")); a.code() != "Bad Request unauthorized_client" {
		t.Errorf("not registered for it: %s", a.body)
	}
}

// What is said of a person, for clients that want it signed, or for their eyes only.
func TestSignedAndEncryptedAnswers(t *testing.T) {
	g := newGateway(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	set := mustJSON(t, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "e1", Use: "enc"}}})
	signed, secret := library(), library()
	signed.ID, signed.OIDC.UserInfoAlg, signed.OIDC.IDTokenAlg = "signed", "ES256", "EdDSA"
	secret.ID, secret.OIDC.JWKS = "secret", string(set)
	secret.OIDC.UserInfoAlg, secret.OIDC.UserInfoKeyAlg, secret.OIDC.UserInfoEncryption = "ES256", "ECDH-ES", "A256GCM"
	secret.OIDC.IDTokenKeyAlg, secret.OIDC.IDTokenEncryption = "ECDH-ES", "A256GCM"
	check(t, g.keys.Need(context.Background(), "EdDSA"))
	g.add(signed, secret)

	a := g.comeTo("signed", as("signed"))
	id := g.verify(a.text("id_token"), "EdDSA", "JWT")
	sum := sha512.Sum512([]byte(a.text("access_token")))
	if id["at_hash"] != base64.RawURLEncoding.EncodeToString(sum[:32]) || id["auth_time"] == nil {
		t.Errorf("%v", id)
	}
	info := g.info("Bearer", a.text("access_token"))
	said := g.verify(info.body, "ES256", "JWT")
	if info.header.Get("Content-Type") != "application/jwt" || said["name"] != "Kis Anna" || said["iss"] != g.URL || said["aud"] != "signed" || said["sub"] != id["sub"] {
		t.Errorf("%v %v", info.header, said)
	}

	a = g.comeTo("secret", as("secret"))
	info = g.info("Bearer", a.text("access_token"))
	for what, text := range map[string]string{"id_token": a.text("id_token"), "userinfo": info.body} {
		sealed, err := jose.ParseEncryptedCompact(text, []jose.KeyAlgorithm{jose.ECDH_ES}, []jose.ContentEncryption{jose.A256GCM})
		check(t, err)
		inner, err := sealed.Decrypt(key)
		check(t, err)
		if claims := g.verify(string(inner), "ES256", "JWT"); claims["sub"] == nil || claims["aud"] != "secret" {
			t.Errorf("%s: %v", what, claims)
		}
	}
}

// What we sign for other purposes is no ID token, though the key is the same.
func TestAHintIsAnIDToken(t *testing.T) {
	g := newGateway(t)
	signed := library()
	signed.ID, signed.OIDC.UserInfoAlg = "signed", "ES256"
	g.add(signed)
	a := g.comeTo("signed", as("signed"))
	for hint, want := range map[string]string{a.text("id_token"): "login_required", g.info("Bearer", a.text("access_token")).body: "invalid_request"} {
		address := g.URL + "/oidc/authorize?" + url.Values{"client_id": {"signed"}, "response_type": {"code"}, "scope": {"openid"},
			"state": {"s-1"}, "redirect_uri": signed.OIDC.RedirectURIs, "prompt": {"none"}, "id_token_hint": {hint}}.Encode()
		expectError(t, g.browser().get(address), want)
	}
}
