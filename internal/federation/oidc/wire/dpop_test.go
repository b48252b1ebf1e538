package wire_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/federation/oidc/wire"
)

// proofClaims are what a proof that is well made says.
func proofClaims() map[string]any {
	return map[string]any{"jti": "j-1", "htm": "POST", "htu": "https://kapu.example/oidc/token", "iat": 1772442000, "nonce": "n", "ath": "h"}
}

// prove makes a proof; header is added to what a library would write.
func prove(t testing.TB, alg jose.SignatureAlgorithm, key any, claims map[string]any, header map[jose.HeaderKey]any) string {
	t.Helper()
	o := (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt")
	for name, value := range header {
		o.WithHeader(name, value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, o)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func p256(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestParseProof(t *testing.T) {
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for alg, key := range map[jose.SignatureAlgorithm]crypto.Signer{jose.ES256: p256(t), jose.EdDSA: edwards, jose.PS256: long} {
		p, err := wire.ParseProof([]string{prove(t, alg, key, proofClaims(), nil)})
		sum, _ := (&jose.JSONWebKey{Key: key.Public()}).Thumbprint(crypto.SHA256)
		want := wire.Proof{Thumbprint: base64.RawURLEncoding.EncodeToString(sum), ID: "j-1", Method: "POST", URI: "https://kapu.example/oidc/token",
			Issued: 1772442000, Nonce: "n", AccessToken: "h"}
		if err != nil || p != want {
			t.Errorf("%s: %+v, %v", alg, p, err)
		}
	}
}

// compactOf is a JWS of these parts, unsigned.
func compactOf(header, payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(payload)) + "."
}

func TestProofsThatProveNothing(t *testing.T) {
	key := p256(t)
	private, err := json.Marshal(jose.JSONWebKey{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	public, err := json.Marshal(jose.JSONWebKey{Key: &key.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := prove(t, jose.ES256, key, proofClaims(), nil)
	parts := strings.Split(good, ".")
	other := strings.Split(prove(t, jose.ES256, p256(t), proofClaims(), nil), ".")
	without := func(name string) map[string]any {
		c := proofClaims()
		delete(c, name)
		return c
	}
	with := func(name string, value any) map[string]any {
		c := proofClaims()
		c[name] = value
		return c
	}
	claims, err := json.Marshal(proofClaims())
	if err != nil {
		t.Fatal(err)
	}
	hs, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: public}, (&jose.SignerOptions{}).WithType("dpop+jwt").WithHeader("jwk", json.RawMessage(public)))
	if err != nil {
		t.Fatal(err)
	}
	symmetric, err := hs.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	hmac, err := symmetric.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	none := func(jwk string) string {
		return compactOf(`{"typ":"dpop+jwt","alg":"none","jwk":`+jwk+`}`, string(claims))
	}
	for name, proof := range map[string][]string{
		"nothing": {""}, "no header": nil, "two proofs": {good, good}, "two in one": {good + ", " + good}, "text": {"a.b.c"}, "five parts": {"a.b.c.d.e"},
		"none": {none(string(public))}, "none without key": {compactOf(`{"typ":"dpop+jwt","alg":"none"}`, string(claims))},
		"HS256 under the public key": {hmac},
		"a private key":              {compactOf(`{"typ":"dpop+jwt","alg":"ES256","jwk":`+string(private)+`}`, string(claims)) + parts[2]},
		"a symmetric key":            {compactOf(`{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"oct","k":"AAAA"}}`, string(claims)) + parts[2]},
		"no key":                     {prove(t, jose.ES256, key, proofClaims(), map[jose.HeaderKey]any{"jwk": nil})},
		"two keys":                   {compactOf(`{"typ":"dpop+jwt","alg":"ES256","jwk":`+string(public)+`,"jwk":`+string(public)+`}`, string(claims)) + parts[2]},
		"a short key":                {prove(t, jose.PS256, short, proofClaims(), nil)},
		"another type":               {prove(t, jose.ES256, key, proofClaims(), map[jose.HeaderKey]any{"typ": "JWT"})},
		"RS256":                      {prove(t, jose.RS256, mustRSA(t), proofClaims(), nil)},
		"an unknown critical header": {prove(t, jose.ES256, key, proofClaims(), map[jose.HeaderKey]any{"crit": []string{"exp"}, "exp": 1})},
		"another payload":            {parts[0] + "." + other[1][:len(other[1])-2] + "." + parts[2]},
		"another signature":          {parts[0] + "." + parts[1] + "." + other[2]},
		"no signature":               {parts[0] + "." + parts[1] + "."},
		"another key":                {other[0] + "." + parts[1] + "." + parts[2]},
		"oversized":                  {prove(t, jose.ES256, key, with("jti", strings.Repeat("x", 4096)), nil)},
		"a long jti":                 {prove(t, jose.ES256, key, with("jti", strings.Repeat("x", 257)), nil)},
		"deep":                       {prove(t, jose.ES256, key, with("x", []any{[]any{[]any{[]any{[]any{[]any{[]any{[]any{[]any{1}}}}}}}}}), nil)},
		"no jti":                     {prove(t, jose.ES256, key, without("jti"), nil)}, "no htm": {prove(t, jose.ES256, key, without("htm"), nil)},
		"no htu": {prove(t, jose.ES256, key, without("htu"), nil)}, "no iat": {prove(t, jose.ES256, key, without("iat"), nil)},
		"iat as text": {prove(t, jose.ES256, key, with("iat", "1"), nil)}, "jti as a number": {prove(t, jose.ES256, key, with("jti", 1), nil)},
		"names in capitals": {prove(t, jose.ES256, key, map[string]any{"JTI": "j", "HTM": "POST", "HTU": "https://kapu.example", "IAT": 1}, nil)},
	} {
		if p, err := wire.ParseProof(proof); codeOf(err) != wire.InvalidProof {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

func mustRSA(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestProofIsForOneRequest(t *testing.T) {
	const own = "https://kapu.example/oidc/token"
	for uri, want := range map[string]bool{
		own: true, "HTTPS://KAPU.example/oidc/token": true, "https://kapu.example:443/oidc/token": true, own + "?a=b#c": true,
		"https://kapu.example/oidc/./x/../token": true, "https://kapu.example/oidc/%74oken": true,
		"https://kapu.example/oidc%2Ftoken": false, "https://kapu.example/oidc/%2e%2e/token": false, "https://kapu.example/oidc/tokens": false,
		"http://kapu.example/oidc/token": false, "https://kapu.example:8443/oidc/token": false, "https://evil.example/oidc/token": false,
		"https://kapu.example@evil.example/oidc/token": false, "https://a@kapu.example/oidc/token": false, "/oidc/token": false, "": false,
		"https://kapu.example/OIDC/token": false, "https:kapu.example/oidc/token": false, "https://kapu.example/oidc/token%00": false,
	} {
		if got := (wire.Proof{Method: "POST", URI: uri}).For("POST", "https://elsewhere.example/", own); got != want {
			t.Errorf("%q: %t", uri, got)
		}
	}
	for _, method := range []string{"GET", "post", ""} {
		if (wire.Proof{Method: method, URI: own}).For("POST", own) {
			t.Errorf("a proof for %q is taken for POST", method)
		}
	}
}

func FuzzParseProof(f *testing.F) {
	f.Add(prove(f, jose.ES256, p256(f), proofClaims(), nil))
	f.Add(compactOf(`{"typ":"dpop+jwt","alg":"none"}`, "{}"))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := wire.ParseProof([]string{text})
		sayable(t, err)
		if err == nil && (p.Thumbprint == "" || p.ID == "" || p.Method == "" || p.URI == "") {
			t.Errorf("a proof of nothing: %+v", p)
		}
	})
}

// Equal targets stay equal when they are written out once more.
func FuzzProofTarget(f *testing.F) {
	f.Add("https://kapu.example:443/a/../%41?x", "https://kapu.example/A")
	f.Fuzz(func(t *testing.T, one, other string) {
		there := wire.Proof{Method: "GET", URI: one}.For("GET", other)
		back := wire.Proof{Method: "GET", URI: other}.For("GET", one)
		if there != back {
			t.Errorf("%q and %q: %t, %t", one, other, there, back)
		}
	})
}
