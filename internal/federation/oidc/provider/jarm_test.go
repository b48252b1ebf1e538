package provider_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
)

// responseOf verifies a response that is a JWT, with a library that is not ours.
func (a *asker) responseOf(text string) map[string]any {
	a.g.t.Helper()
	found, err := oidc.NewProvider(context.Background(), a.g.URL)
	check(a.g.t, err)
	algs := []string{"ES256", "RS256", "PS256", "EdDSA"}
	token, err := found.Verifier(&oidc.Config{ClientID: a.id, Now: a.g.clock.Now, SupportedSigningAlgs: algs}).Verify(context.Background(), text)
	check(a.g.t, err)
	if life := token.Expiry.Sub(a.g.clock.Now()); life <= 0 || life > 10*time.Minute {
		a.g.t.Errorf("the response holds for %v", life)
	}
	var claims map[string]any
	check(a.g.t, token.Claims(&claims))
	return claims
}

func TestSignedResponse(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	for _, mode := range []string{"jwt", "query.jwt", "form_post.jwt"} {
		p := g.browser().signIn(bank.authorize(bank.asked("response_mode", mode)))
		got := url.Values{}
		switch {
		case mode == "form_post.jwt":
			got = p.hidden()
		case p.out != nil:
			got = p.out.Query()
		}
		if len(got) != 1 {
			t.Fatalf("%s: %d %v beside the JWT", mode, p.status, got)
		}
		claims := bank.responseOf(got.Get("response"))
		if claims["state"] != "s-1" || claims["iss"] != g.URL || claims["aud"] != "bank" {
			t.Errorf("%s: %v", mode, claims)
		}
		if got := bank.redeem(claims["code"].(string)); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", mode, got.status, got.body)
		}
	}
}

// Errors are signed as well, from the first on whose mode could be read.
func TestSignedError(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	for code, q := range map[string]url.Values{
		"login_required":            bank.asked("response_mode", "jwt", "prompt", "none"),
		"invalid_scope":             bank.asked("response_mode", "jwt", "scope", "profile"),
		"unsupported_response_type": bank.asked("response_mode", "jwt", "response_type", "token"),
	} {
		p := g.browser().get(bank.authorize(q))
		if p.out == nil || len(p.out.Query()) != 1 {
			t.Fatalf("%s: %d %v", code, p.status, p.out)
		}
		if claims := bank.responseOf(p.out.Query().Get("response")); claims["error"] != code || claims["state"] != "s-1" || claims["code"] != nil {
			t.Errorf("%s: %v", code, claims)
		}
	}
	p := g.browser().get(bank.authorize(bank.asked("response_mode", "fragment.jwt")))
	expectError(t, p, "invalid_request")
}

// A response is encrypted to the client's own key, or does not leave at all.
func TestEncryptedResponse(t *testing.T) {
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	modulus, err := rsa.GenerateKey(rand.Reader, 2048)
	check(t, err)
	tests := []struct {
		alg, enc string
		key      any
		want     jose.ContentEncryption
	}{
		{"RSA-OAEP-256", "", modulus, jose.A128CBC_HS256},
		{"RSA-OAEP-256", "A256GCM", modulus, jose.A256GCM},
		{"ECDH-ES", "A128GCM", curve, jose.A128GCM},
		{"ECDH-ES+A128KW", "", curve, jose.A128CBC_HS256},
		{"ECDH-ES+A256KW", "A256GCM", curve, jose.A256GCM},
	}
	g := newGateway(t)
	for _, test := range tests {
		bank := g.bank(func(o *catalogue.OIDC) {
			o.JWKS = withKey(t, withKey(t, o.JWKS, jose.JSONWebKey{Key: &modulus.PublicKey, KeyID: "r", Use: "enc"}), jose.JSONWebKey{Key: &curve.PublicKey, KeyID: "c", Use: "enc"})
			o.ResponseKeyAlg, o.ResponseEncryption = test.alg, test.enc
		})
		p := g.browser().signIn(bank.authorize(bank.asked("response_mode", "jwt")))
		if p.out == nil {
			t.Fatalf("%s: %d", test.alg, p.status)
		}
		sealed, err := jose.ParseEncryptedCompact(p.out.Query().Get("response"), []jose.KeyAlgorithm{jose.KeyAlgorithm(test.alg)}, []jose.ContentEncryption{test.want})
		check(t, err)
		plain, err := sealed.Decrypt(test.key)
		check(t, err)
		if sealed.Header.ExtraHeaders[jose.HeaderContentType] != "JWT" || sealed.Header.KeyID == "" || bank.responseOf(string(plain))["code"] == nil {
			t.Errorf("%s: %v", test.alg, sealed.Header)
		}
	}
}

// A client whose key cannot be had, or is for signatures only, is not answered in clear.
func TestNoKeyToEncryptTo(t *testing.T) {
	g := newGateway(t)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	check(t, err)
	published := map[string]string{
		"/signatures": keySet(t, jose.JSONWebKey{Key: &curve.PublicKey, KeyID: "own", Use: "sig"}),
		"/other":      keySet(t, jose.JSONWebKey{Key: &curve.PublicKey, KeyID: "own", Algorithm: "ECDH-ES+A256KW"}),
		"/small":      keySet(t, jose.JSONWebKey{Key: &small.PublicKey, KeyID: "own"}),
		"/none":       `{"keys":[]}`, "/garbage": `[`,
	}
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(published[r.URL.Path])) }))
	defer home.Close()
	for path := range published {
		alg := "ECDH-ES"
		if path == "/small" {
			alg = "RSA-OAEP-256"
		}
		bank := g.bank(func(o *catalogue.OIDC) {
			o.JWKS, o.JWKSURI, o.PrivateNetwork, o.ResponseKeyAlg = "", home.URL+path, true, alg
		})
		p := g.browser().signIn(bank.authorize(bank.asked("response_mode", "jwt")))
		if p.out != nil || p.status != http.StatusInternalServerError {
			t.Errorf("%s: %d %v", path, p.status, p.out)
		}
	}
}

// A client chooses under which algorithm it is answered.
func TestAlgorithmOfResponse(t *testing.T) {
	g := newGateway(t)
	for _, alg := range []string{"RS256", "PS256", "EdDSA"} {
		check(t, g.keys.Need(context.Background(), alg))
		bank := g.bank(func(o *catalogue.OIDC) { o.ResponseAlg = alg })
		p := g.browser().signIn(bank.authorize(bank.asked("response_mode", "jwt")))
		signed, err := jose.ParseSignedCompact(p.out.Query().Get("response"), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		check(t, err)
		if signed.Signatures[0].Header.KeyID == "" || bank.responseOf(p.out.Query().Get("response"))["code"] == nil {
			t.Errorf("%s", alg)
		}
	}
}
