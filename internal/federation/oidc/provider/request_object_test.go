package provider_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
)

// Only what is within the object counts; what is outside cannot change it.
func TestRequestObject(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	b := g.browser()
	p := b.signIn(bank.by(bank.sign(bank.object()), "state", "other", "nonce", "other", "scope", "openid profile", "redirect_uri", "https://evil.example/", "prompt", "none"))
	if p.out == nil || p.out.Host != "bank.example" || p.out.Query().Get("state") != "s-1" || p.out.Query().Get("iss") != g.URL {
		t.Fatalf("%d at %v, out %v", p.status, p.at, p.out)
	}
	got := bank.redeem(p.out.Query().Get("code"))
	if got.status != http.StatusOK || payload(t, got.text("id_token"))["nonce"] != "n-1" {
		t.Errorf("%d %s", got.status, got.body)
	}
	// The same object again leads the same person to the same service: nothing is won by a replay.
	expectCode(t, b.get(bank.by(bank.sign(bank.object("prompt", "none")))))
}

// What is wrong with an object is told to the service that it names.
func TestRequestObjectsRefused(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	now := g.clock.Now()
	thief, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	with := func(name string, value any) string {
		claims := bank.object()
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
		return bank.sign(claims)
	}
	headed := func(headers map[string]any, key crypto.Signer) string {
		return jws(t, jose.ES256, key, headers, bank.object())
	}
	sound := bank.sign(bank.object())
	parts := strings.Split(sound, ".")
	encode := base64.RawURLEncoding.EncodeToString
	public, err := x509.MarshalPKIXPublicKey(bank.key.Public())
	check(t, err)
	for name, object := range map[string]string{
		"no JWT":                       "x",
		"none":                         encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"no signature":                 parts[0] + "." + parts[1] + ".",
		"changed":                      parts[0] + "." + encode([]byte(`{"client_id":"bank"}`)) + "." + parts[2],
		"the public key as a secret":   jws(t, jose.HS256, public, map[string]any{"kid": "own"}, bank.object()),
		"another's key":                headed(map[string]any{"kid": "own"}, thief),
		"a key that it brings":         headed(map[string]any{"jwk": &jose.JSONWebKey{Key: thief.Public()}}, thief),
		"a key that it points to":      headed(map[string]any{"jku": "https://evil.example/jwks", "kid": "own"}, thief),
		"a certificate it points to":   headed(map[string]any{"x5u": "https://evil.example/cert", "kid": "own"}, thief),
		"an unknown key":               headed(map[string]any{"kid": "other"}, bank.key),
		"an unknown extension":         headed(map[string]any{"kid": "own", "crit": []string{"x"}, "x": 1}, bank.key),
		"meant as a client assertion":  headed(map[string]any{"kid": "own", "typ": "client-authentication+jwt"}, bank.key),
		"meant as a DPoP proof":        headed(map[string]any{"kid": "own", "typ": "dpop+jwt"}, bank.key),
		"usable as a client assertion": with("sub", "bank"),
		"of another client":            with("client_id", "tax:office"),
		"without a client":             with("client_id", nil),
		"issued by another":            with("iss", "tax:office"),
		"for another":                  with("aud", "https://other.example"),
		"for others":                   with("aud", []string{"https://other.example", g.URL + "/"}),
		"over":                         with("exp", now.Add(-time.Minute).Unix()),
		"not yet":                      with("nbf", now.Add(time.Minute).Unix()),
		"from the future":              with("iat", now.Add(time.Minute).Unix()),
		"an object within":             with("request", "a.b.c"),
		"an address within":            with("request_uri", "https://bank.example/r"),
		"a list":                       with("scope", []string{"openid"}),
		"long":                         with("state", strings.Repeat("a", 3000)),
		"encrypted":                    strings.Repeat("a.", 4) + "a",
	} {
		p := g.browser().get(bank.by(object, "redirect_uri", bankReturn, "state", "s-1"))
		if p.out == nil || p.out.Host != "bank.example" || p.out.Query().Get("error") != "invalid_request_object" || p.out.Query().Get("code") != "" {
			t.Errorf("%s: %d %v", name, p.status, p.out)
		}
		if p := g.browser().get(bank.by(object, "redirect_uri", "https://evil.example/")); p.out != nil && p.out.Host != "bank.example" {
			t.Errorf("%s led elsewhere: %d %v", name, p.status, p.out)
		}
	}
	expectRoom(t, g.browser().get(bank.by(sound)), "/signin/choose") // and the sound one is still sound
}

// An object that one client signed is of no use to another.
func TestRequestObjectOfAnotherClient(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	q := url.Values{"client_id": {"tax:office"}, "redirect_uri": {taxReturn}, "request": {bank.sign(bank.object())}, "state": {"s"}}
	expectError(t, g.browser().get(bank.authorize(q)), "invalid_request_object")
}

// Errors within a sound object go where the object says, in its own mode.
func TestFaultWithinRequestObject(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	p := g.browser().get(bank.by(bank.sign(bank.object("scope", "profile")), "state", "other"))
	expectError(t, p, "invalid_scope")
	if p.out.Query().Get("state") != "s-1" {
		t.Errorf("state %v", p.out)
	}
	for _, address := range []string{"https://evil.example/", bankReturn + "/", ""} {
		p := g.browser().get(bank.by(bank.sign(bank.object("redirect_uri", address)), "redirect_uri", bankReturn))
		if p.out != nil || p.status != http.StatusBadRequest {
			t.Errorf("%q: %d %v", address, p.status, p.out)
		}
	}
}

func TestRegisteredRequestAlgorithm(t *testing.T) {
	g := newGateway(t)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	check(t, err)
	bank := g.bank(func(o *catalogue.OIDC) {
		o.RequestAlg = "ES256"
		o.JWKS = withKey(t, o.JWKS, jose.JSONWebKey{Key: other.Public(), KeyID: "rsa"})
	})
	weak := jws(t, jose.RS256, other, map[string]any{"kid": "rsa"}, bank.object())
	expectError(t, g.browser().get(bank.by(weak, "redirect_uri", bankReturn, "state", "s")), "invalid_request_object")
	expectError(t, g.browser().get(bank.authorize(bank.asked())), "invalid_request") // in no other way
	if got := bank.post("/oidc/par", bank.asked()); got.text("error") != "invalid_request" {
		t.Errorf("pushed without an object: %d %s", got.status, got.body)
	}
}

func TestRequestURI(t *testing.T) {
	g := newGateway(t)
	var fetched atomic.Int32
	var content atomic.Value
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched.Add(1)
		if r.URL.Path == "/elsewhere" {
			http.Redirect(w, r, "/request", http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(content.Load().(string)))
	}))
	defer home.Close()
	bank := g.bank(func(o *catalogue.OIDC) {
		o.RequestURIs = []string{home.URL + "/request", home.URL + "/elsewhere"}
		o.PrivateNetwork = true
	})
	content.Store(bank.sign(bank.object()))
	sum := sha256.Sum256([]byte(content.Load().(string)))
	hash := "#" + base64.RawURLEncoding.EncodeToString(sum[:])
	ask := func(uri string) page {
		return g.browser().get(bank.authorize(url.Values{"client_id": {"bank"}, "request_uri": {uri}, "redirect_uri": {bankReturn}, "state": {"s"}}))
	}
	for range 3 {
		expectRoom(t, ask(home.URL+"/request"+hash), "/signin/choose")
	}
	if fetched.Load() != 1 {
		t.Errorf("what its own hash names was fetched %d times", fetched.Load())
	}
	expectRoom(t, ask(home.URL+"/request"), "/signin/choose")
	for _, uri := range []string{
		home.URL + "/request?", home.URL + "/Request", home.URL + "/request/../request", "https://evil.example/", "file:///etc/passwd", "urn:x", home.URL + "/request#other",
		home.URL + "/elsewhere", "http://169.254.169.254/latest", "http://localhost/request",
	} {
		expectError(t, ask(uri), "invalid_request_uri")
	}
	content.Store(strings.Repeat("a", 100_000))
	expectError(t, ask(home.URL+"/request"), "invalid_request_uri")
	content.Store("not a JWT")
	expectError(t, ask(home.URL+"/request"), "invalid_request_object")
	p := g.browser().get(bank.by("a.b.c", "request_uri", home.URL+"/request", "redirect_uri", bankReturn, "state", "s"))
	expectError(t, p, "invalid_request")
}

// A service that is not known to live in our own networks cannot make us look there.
func TestRequestURIIntoOurNetwork(t *testing.T) {
	g := newGateway(t)
	home := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was fetched") }))
	defer home.Close()
	inside := "https://localhost:" + home.URL[strings.LastIndex(home.URL, ":")+1:] + "/request" // a name that only dialling unmasks
	bank := g.bank(func(o *catalogue.OIDC) { o.RequestURIs = []string{inside} })
	p := g.browser().get(bank.authorize(url.Values{"client_id": {"bank"}, "request_uri": {inside}, "redirect_uri": {bankReturn}, "state": {"s"}}))
	expectError(t, p, "invalid_request_uri")
}
