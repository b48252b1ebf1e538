package provider_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/keys"
)

// asker is a service with a key of its own, as its developer would write it.
type asker struct {
	g    *gateway
	id   string
	key  crypto.Signer
	oidc *catalogue.OIDC
}

const bankReturn = "https://bank.example/return"

// bank registers a service with a key, of level substantial; change changes the
// rest of its registration.
func (g *gateway) bank(change func(*catalogue.OIDC)) *asker {
	g.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(g.t, err)
	a := &asker{g: g, id: "bank", key: key, oidc: &catalogue.OIDC{ClientID: "bank", AuthMethod: "private_key_jwt",
		RedirectURIs: []string{bankReturn}, JWKS: keySet(g.t, jose.JSONWebKey{Key: key.Public(), KeyID: "own"})}}
	if change != nil {
		change(a.oidc)
	}
	g.register(&catalogue.Service{ID: "bank", Name: map[string]string{"hu": "Bank"}, URL: "https://bank.example/", Level: "substantial", OIDC: a.oidc})
	return a
}

func (g *gateway) register(services ...*catalogue.Service) {
	g.t.Helper()
	check(g.t, g.broker.Catalogue.Replace(append(registered(g.broker.Ring), services...)))
}

func keySet(t testing.TB, list ...jose.JSONWebKey) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: list})
	check(t, err)
	return string(text)
}

func withKey(t testing.TB, set string, key jose.JSONWebKey) string {
	t.Helper()
	var all jose.JSONWebKeySet
	check(t, json.Unmarshal([]byte(set), &all))
	return keySet(t, append(all.Keys, key)...)
}

// asked are the parameters of an ordinary request, with some changed; "" removes.
func (a *asker) asked(pairs ...string) url.Values {
	q := url.Values{"client_id": {a.id}, "redirect_uri": {bankReturn}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s-1"}, "nonce": {"n-1"},
		"code_challenge": {"AKaopYQ563pi9GQf83eEMKvsNOZCHLRRNarAWfXnrnQ"}, "code_challenge_method": {"S256"}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	return q
}

// object is the payload of a request object that asks the same.
func (a *asker) object(pairs ...string) map[string]any {
	now := a.g.clock.Now()
	claims := map[string]any{"iss": a.id, "aud": a.g.URL, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix()}
	for name, values := range a.asked(pairs...) {
		claims[name] = values[0]
	}
	return claims
}

// sign signs claims as the service does.
func (a *asker) sign(claims map[string]any) string {
	return jws(a.g.t, jose.ES256, a.key, map[string]any{"kid": "own", "typ": "oauth-authz-req+jwt"}, claims)
}

// jws signs claims under any key, with any headers.
func jws(t testing.TB, alg jose.SignatureAlgorithm, key any, headers, claims map[string]any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	for name, value := range headers {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	check(t, err)
	payload, err := json.Marshal(claims)
	check(t, err)
	made, err := signer.Sign(payload)
	check(t, err)
	text, err := made.CompactSerialize()
	check(t, err)
	return text
}

// authorize is the address of a request.
func (a *asker) authorize(q url.Values) string { return a.g.URL + "/oidc/authorize?" + q.Encode() }

// by is the address of a request that comes in a request object.
func (a *asker) by(object string, pairs ...string) string {
	q := url.Values{"client_id": {a.id}, "request": {object}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return a.authorize(q)
}

// assertion proves at an endpoint who the service is (RFC 7523).
func (a *asker) assertion() url.Values {
	now := a.g.clock.Now()
	return url.Values{"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {
		jws(a.g.t, jose.ES256, a.key, map[string]any{"kid": "own"}, map[string]any{
			"iss": a.id, "sub": a.id, "aud": a.g.URL, "jti": keys.RandomToken(), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()})}}
}

// post sends a form as the service does, with proof of who it is.
func (a *asker) post(path string, form url.Values, options ...func(*http.Request)) response {
	a.g.t.Helper()
	form = maps.Clone(form)
	maps.Copy(form, a.assertion())
	return a.g.ask(path, form, options...)
}

// push pushes a request and returns the address at which it waits.
func (a *asker) push(form url.Values, options ...func(*http.Request)) string {
	a.g.t.Helper()
	got := a.post("/oidc/par", form, options...)
	if got.status != http.StatusCreated {
		a.g.t.Fatalf("push: %d %s", got.status, got.body)
	}
	return a.authorize(url.Values{"client_id": {a.id}, "request_uri": {got.text("request_uri")}})
}

// redeem exchanges a code.
func (a *asker) redeem(code string, options ...func(*http.Request)) response {
	return a.post("/oidc/token", url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {bankReturn}, "code_verifier": {verifier}}, options...)
}
