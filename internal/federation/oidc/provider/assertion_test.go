package provider

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestClaimsOfAnAssertion(t *testing.T) {
	db, clock := storetest.SQLite(t)
	key := newPair(t, jose.ES256, "k1")
	plain := &catalogue.OIDC{ClientID: "tax", AuthMethod: "private_key_jwt", JWKS: key.jwks}
	strict := &catalogue.OIDC{ClientID: "bank", AuthMethod: "private_key_jwt", JWKS: key.jwks, Profile: catalogue.FAPISecurity, RequirePAR: true, DPoPBound: true}
	b := newBenchOn(t, db, clock, plain, strict)
	at := func(d time.Duration) int64 { return clock.Now().Add(d).Unix() }
	always, onlyPlain, never := 2, 1, 0
	for _, c := range []struct {
		name   string
		change map[string]any
		taken  int
	}{
		{"as it should be", nil, always},
		{"without iat", map[string]any{"iat": nil}, always},
		{"with nbf", map[string]any{"nbf": at(0)}, always},
		{"a clock that is ten seconds fast", map[string]any{"iat": at(10 * time.Second), "nbf": at(10 * time.Second)}, always},
		{"a clock that is slow", map[string]any{"exp": at(-10 * time.Second)}, always},
		{"for the token endpoint", map[string]any{"aud": issuer + "/oidc/token"}, onlyPlain},
		{"a list with the issuer", map[string]any{"aud": []string{issuer}}, onlyPlain},
		{"a list of ours", map[string]any{"aud": []string{issuer, issuer + "/oidc/token"}}, onlyPlain},
		{"another client's iss", map[string]any{"iss": "toll"}, never},
		{"no iss", map[string]any{"iss": nil}, never},
		{"no sub", map[string]any{"sub": nil}, never},
		{"for another server", map[string]any{"aud": "https://other.example"}, never},
		{"for another server, too", map[string]any{"aud": []string{issuer, "https://other.example"}}, never},
		{"for one that begins as ours", map[string]any{"aud": issuer + ".evil.example"}, never},
		{"with a slash", map[string]any{"aud": issuer + "/"}, never},
		{"for nobody", map[string]any{"aud": nil}, never},
		{"for an empty list", map[string]any{"aud": []string{}}, never},
		{"aud of numbers", map[string]any{"aud": []int{1}}, never},
		{"over", map[string]any{"exp": at(-time.Minute)}, never},
		{"without an end", map[string]any{"exp": nil}, never},
		{"for a day", map[string]any{"exp": at(24 * time.Hour)}, never},
		{"for ever", map[string]any{"exp": 1e300}, never},
		{"exp as text", map[string]any{"exp": "1"}, never},
		{"from tomorrow", map[string]any{"nbf": at(time.Hour / 2)}, never},
		{"made in the future", map[string]any{"iat": at(2 * time.Minute)}, never},
		{"made yesterday", map[string]any{"iat": at(-25 * time.Hour)}, never},
		{"without jti", map[string]any{"jti": nil}, never},
		{"an endless jti", map[string]any{"jti": strings.Repeat("j", 300)}, never},
	} {
		for least, id := range map[int]string{onlyPlain: "tax", always: "bank"} {
			_, err := b.ask(asserting(key.sign(t, b.claims(id, c.change))))
			if fault := b.fault(err); (fault == "") != (c.taken >= least) {
				t.Errorf("%s, %s: %q", id, c.name, fault)
			}
		}
	}
}

// An assertion counts once, on both engines and for many who send it at once.
func TestAnAssertionCountsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		key := newPair(t, jose.ES256, "k1")
		b := newBenchOn(t, db, clock, &catalogue.OIDC{ClientID: "tax", AuthMethod: "private_key_jwt", JWKS: key.jwks},
			&catalogue.OIDC{ClientID: "toll", AuthMethod: "private_key_jwt", JWKS: key.jwks})
		assertion := asserting(key.sign(t, b.claims("tax", map[string]any{"jti": "once"})))
		var taken atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := b.ask(assertion); err == nil {
					taken.Add(1)
				}
			})
		}
		all.Wait()
		if n := taken.Load(); n != 1 {
			t.Errorf("taken %d times", n)
		}
		if _, err := b.ask(asserting(key.sign(t, b.claims("tax", map[string]any{"jti": "once"})))); b.fault(err) == "" {
			t.Error("another with the same jti was taken")
		}
		if _, err := b.ask(asserting(key.sign(t, b.claims("toll", map[string]any{"jti": "once"})))); b.fault(err) != "" {
			t.Error("the jti of another client is in the way")
		}
	})
}

func TestAlgorithmsAreFixed(t *testing.T) {
	db, clock := storetest.SQLite(t)
	rsa, ec, ed := newPair(t, jose.RS256, "r"), newPair(t, jose.ES256, "e"), newPair(t, jose.EdDSA, "d")
	all := setOf(t, jose.JSONWebKey{Key: rsa.key.Public(), KeyID: "r"}, jose.JSONWebKey{Key: ec.key.Public(), KeyID: "e"}, jose.JSONWebKey{Key: ed.key.Public(), KeyID: "d"})
	b := newBenchOn(t, db, clock,
		&catalogue.OIDC{ClientID: "any", AuthMethod: "private_key_jwt", JWKS: all},
		&catalogue.OIDC{ClientID: "one", AuthMethod: "private_key_jwt", JWKS: all, AuthAlg: "ES256"},
		&catalogue.OIDC{ClientID: "bank", AuthMethod: "private_key_jwt", JWKS: all, Profile: catalogue.FAPISigning, RequestAlg: "PS256", ResponseAlg: "PS256", RequirePAR: true, DPoPBound: true})
	for _, c := range []struct {
		alg  jose.SignatureAlgorithm
		key  pair
		want map[string]bool
	}{
		{jose.RS256, rsa, map[string]bool{"any": true}},
		{jose.PS256, rsa, map[string]bool{"any": true, "bank": true}},
		{jose.ES256, ec, map[string]bool{"any": true, "one": true, "bank": true}},
		{jose.EdDSA, ed, map[string]bool{"any": true, "bank": true}},
		{jose.RS512, rsa, nil},
	} {
		for _, id := range []string{"any", "one", "bank"} {
			_, err := b.ask(asserting(signed(t, c.alg, c.key.key, map[string]any{"kid": c.key.kid}, b.claims(id, nil))))
			if fault := b.fault(err); (fault == "") != c.want[id] {
				t.Errorf("%s by %s: %q", id, c.alg, fault)
			}
		}
	}
}

// Nothing that an attacker can make up or has read anywhere passes for a
// client's signature.
func TestForgedAssertions(t *testing.T) {
	db, clock := storetest.SQLite(t)
	ours, theirs := newPair(t, jose.RS256, "k1"), newPair(t, jose.RS256, "k1")
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a header sent us somewhere") }))
	t.Cleanup(elsewhere.Close)
	b := newBenchOn(t, db, clock, &catalogue.OIDC{ClientID: "tax", AuthMethod: "private_key_jwt", JWKS: ours.jwks, PrivateNetwork: true},
		&catalogue.OIDC{ClientID: "toll", AuthMethod: "private_key_jwt", JWKS: theirs.jwks},
		&catalogue.OIDC{ClientID: "lost", AuthMethod: "private_key_jwt", JWKSURI: "https://lost.invalid/jwks"})
	der, err := x509.MarshalPKIXPublicKey(ours.key.Public())
	must(t, err)
	claims := b.claims("tax", nil)
	good := ours.sign(t, claims)
	parts := strings.Split(good, ".")
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	public, err := jose.JSONWebKey{Key: ours.key.Public()}.MarshalJSON()
	must(t, err)
	for name, assertion := range map[string]string{
		"none":                              encode(`{"alg":"none"}`) + "." + parts[1] + ".",
		"None":                              encode(`{"alg":"None"}`) + "." + parts[1] + ".",
		"none with a signature":             encode(`{"alg":"none","kid":"k1"}`) + "." + parts[1] + "." + parts[2],
		"no algorithm":                      encode(`{}`) + "." + parts[1] + "." + parts[2],
		"no signature":                      parts[0] + "." + parts[1] + ".",
		"HMAC under the public key":         signed(t, jose.HS256, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), map[string]any{"kid": "k1"}, claims),
		"HMAC under the key's DER":          signed(t, jose.HS256, der, nil, claims),
		"HMAC under the key's JWK":          signed(t, jose.HS256, public, nil, claims),
		"HMAC under the key set":            signed(t, jose.HS256, []byte(ours.jwks), nil, claims),
		"another's key under our kid":       theirs.sign(t, claims),
		"another's key, brought along":      signed(t, jose.RS256, theirs.key, map[string]any{"jwk": jose.JSONWebKey{Key: theirs.key.Public()}}, claims),
		"another's key, to be fetched":      signed(t, jose.RS256, theirs.key, map[string]any{"jku": elsewhere.URL, "kid": "k2"}, claims),
		"another's certificate, to fetch":   signed(t, jose.RS256, theirs.key, map[string]any{"x5u": elsewhere.URL, "kid": "k1"}, claims),
		"an unknown kid":                    signed(t, jose.RS256, ours.key, map[string]any{"kid": "../../k1"}, claims),
		"other claims":                      parts[0] + "." + encode(`{"sub":"tax","iss":"tax"}`) + "." + parts[2],
		"another client's, with our name":   theirs.sign(t, b.claims("tax", nil)),
		"a subject that is written twice":   twice(t, ours, claims),
		"a proof of a key":                  signed(t, jose.RS256, ours.key, map[string]any{"kid": "k1", "typ": "dpop+jwt"}, claims),
		"a request object":                  signed(t, jose.RS256, ours.key, map[string]any{"kid": "k1", "typ": "oauth-authz-req+jwt"}, claims),
		"a critical header nobody knows":    signed(t, jose.RS256, ours.key, map[string]any{"kid": "k1", "crit": []string{"exp"}, "exp": 1}, claims),
		"keys that cannot be had":           signed(t, jose.RS256, ours.key, nil, b.claims("lost", nil)),
		"five parts":                        good + ".a.b",
		"whitespace":                        good + " ",
		"a subject of another type":         parts[0] + "." + encode(`{"sub":["tax"]}`) + "." + parts[2],
		"nested beyond reason":              parts[0] + "." + encode(`{"sub":"tax","x":`+strings.Repeat("[", 2000)+strings.Repeat("]", 2000)+"}") + "." + parts[2],
		"a payload that is not JSON":        encodeSigned(t, ours, "tax"),
		"a known client, an unknown issuer": theirs.sign(t, b.claims("toll", map[string]any{"iss": "tax"})),
	} {
		if _, err := b.ask(asserting(assertion)); b.fault(err) == "" {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := b.ask(asserting(good)); err != nil {
		t.Errorf("the good one: %v", err)
	}
	for name, headers := range map[string]map[string]any{"without a kid": nil, "typed": {"typ": "JWT"}, "typed anew": {"typ": "client-authentication+jwt"}} {
		if _, err := b.ask(asserting(signed(t, jose.RS256, ours.key, headers, b.claims("tax", nil)))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// twice has two subjects, so that two readers could each take another.
func twice(t *testing.T, k pair, claims map[string]any) string {
	t.Helper()
	text, err := json.Marshal(claims)
	must(t, err)
	return encodeSigned(t, k, strings.Replace(string(text), "{", `{"sub":"toll",`, 1))
}

func encodeSigned(t *testing.T, k pair, payload string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: k.alg, Key: k.key}, nil)
	must(t, err)
	object, err := signer.Sign([]byte(payload))
	must(t, err)
	text, err := object.CompactSerialize()
	must(t, err)
	return text
}

func TestTheFormerSecretSignsForAWhile(t *testing.T) {
	db, clock := storetest.SQLite(t)
	b := newBenchOn(t, db, clock)
	seal := func(id, secret string) string {
		sealed, err := b.Broker.Ring.Seal(sealPurpose(id), []byte(secret))
		must(t, err)
		return sealed
	}
	before := "the secret before, also forty-three letters"
	b.register(&catalogue.OIDC{ClientID: "tax", AuthMethod: "client_secret_jwt", SealedSecret: seal("tax", goodSecret), FormerSealed: seal("tax", before), FormerUntil: clock.Now().Add(time.Hour)},
		&catalogue.OIDC{ClientID: "copied", AuthMethod: "client_secret_jwt", SealedSecret: seal("tax", goodSecret)})
	ask := func(id, secret string) string {
		_, err := b.ask(asserting(signed(t, jose.HS256, []byte(secret), nil, b.claims(id, nil))))
		return b.fault(err)
	}
	if ask("tax", goodSecret) != "" || ask("tax", before) != "" || ask("tax", goodSecret[1:]+"x") == "" {
		t.Error("the present secret and the former one count, and no other")
	}
	if ask("copied", goodSecret) == "" {
		t.Error("a secret that was sealed for another client counts")
	}
	clock.Advance(2 * time.Hour)
	if ask("tax", before) == "" || ask("tax", goodSecret) != "" {
		t.Error("the former secret counts for ever")
	}
}

// keyHost is where a client publishes its keys.
type keyHost struct {
	*httptest.Server
	asked atomic.Int32
	text  atomic.Value
}

func newKeyHost(t *testing.T, jwks string) *keyHost {
	t.Helper()
	h := &keyHost{}
	h.text.Store(jwks)
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h.asked.Add(1)
		if text := h.text.Load().(string); text != "" {
			_, _ = io.WriteString(w, text)
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(h.Close)
	return h
}

func TestKeysThatAreFetched(t *testing.T) {
	db, clock := storetest.SQLite(t)
	first, second := newPair(t, jose.ES256, "k1"), newPair(t, jose.ES256, "k2")
	host := newKeyHost(t, first.jwks)
	b := newBenchOn(t, db, clock, &catalogue.OIDC{ClientID: "tax", AuthMethod: "private_key_jwt", JWKSURI: host.URL, PrivateNetwork: true})
	step := func(name string, key pair, taken bool, asked int32) {
		t.Helper()
		_, err := b.ask(asserting(key.sign(t, b.claims("tax", nil))))
		if fault := b.fault(err); (fault == "") != taken || host.asked.Load() != asked {
			t.Errorf("%s: %q after %d fetches", name, fault, host.asked.Load())
		}
	}
	step("first", first, true, 1)
	step("kept", first, true, 1)
	step("an unknown kid, at once", second, false, 1)
	host.text.Store(second.jwks)
	clock.Advance(2 * time.Minute)
	step("an unknown kid, later", second, true, 2)
	step("a key that was withdrawn", first, false, 2)
	host.text.Store("")
	clock.Advance(time.Hour)
	step("a host that is down", second, true, 3)
	step("and is not asked again at once", second, true, 3)
	clock.Advance(6 * time.Hour)
	step("for too long", second, false, 4)
	clock.Advance(time.Minute)
	host.text.Store(second.jwks)
	step("and up again", second, true, 5)
}

func TestManyWaitForOneFetch(t *testing.T) {
	db, clock := storetest.SQLite(t)
	key := newPair(t, jose.ES256, "k1")
	host := newKeyHost(t, key.jwks)
	o := &catalogue.OIDC{ClientID: "tax", AuthMethod: "private_key_jwt", JWKSURI: host.URL, PrivateNetwork: true}
	b := newBenchOn(t, db, clock, o)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if set, err := b.clientKeys(t.Context(), o); err != nil || len(set.Keys) != 1 {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if n := host.asked.Load(); n != 1 {
		t.Errorf("%d fetches", n)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.clientKeysAgain(gone, o); err != nil {
		t.Errorf("who leaves spoils it for others: %v", err)
	}
}

func TestKeySetsInMemoryAreBounded(t *testing.T) {
	sets := newKeySets()
	for i := range 3 * keysKept {
		sets.of(fmt.Sprint(i))
	}
	if n := len(sets.sets); n > keysKept {
		t.Errorf("%d sets", n)
	}
}

// A key set is a stranger's: private networks are not looked at for it, unless
// the registration allows it.
func TestKeysAreNotFetchedFromOurNetwork(t *testing.T) {
	key := newPair(t, jose.ES256, "k1")
	host := newKeyHost(t, key.jwks)
	for _, address := range []string{host.URL, strings.Replace(host.URL, "http:", "https:", 1)} {
		b := newBench(t)
		if _, err := b.clientKeys(t.Context(), &catalogue.OIDC{JWKSURI: address}); err == nil {
			t.Errorf("%s was asked", address)
		}
	}
	if host.asked.Load() > 0 {
		t.Error("our network was asked")
	}
}
