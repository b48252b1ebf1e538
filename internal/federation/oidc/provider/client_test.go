package provider

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/outbound"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/volatile"
)

const (
	issuer     = "https://kapu.example"
	goodSecret = "a secret of forty-three characters, as ours" // the length that ours have
)

// bench is a provider that does no more than to find out who its clients are.
type bench struct {
	*Provider
	t     testing.TB
	clock *storetest.Clock
}

func newBench(t testing.TB, clients ...*catalogue.OIDC) *bench {
	t.Helper()
	db, clock := storetest.SQLite(t)
	return newBenchOn(t, db, clock, clients...)
}

func newBenchOn(t testing.TB, db *store.DB, clock *storetest.Clock, clients ...*catalogue.OIDC) *bench {
	t.Helper()
	list, err := catalogue.New(nil)
	must(t, err)
	b := &broker.Broker{Config: broker.Config{DB: db, Volatile: volatile.NewSQL(db), Ring: storetest.Ring(t), Catalogue: list, Now: clock.Now}}
	p := &Provider{Config: Config{Issuer: issuer, Broker: b, Log: slog.New(slog.DiscardHandler)}, clientSets: newKeySets(),
		public: outbound.New(outbound.Config{}), private: outbound.New(outbound.Config{Private: true})}
	made := &bench{p, t, clock}
	made.register(clients...)
	return made
}

func (b *bench) register(clients ...*catalogue.OIDC) {
	b.t.Helper()
	var services []*catalogue.Service
	for _, o := range clients {
		if len(o.RedirectURIs) == 0 {
			o.RedirectURIs = []string{"https://" + o.ClientID + ".example/return"}
		}
		services = append(services, &catalogue.Service{ID: o.ClientID, Name: map[string]string{"hu": o.ClientID}, URL: "https://" + o.ClientID + ".example/", Level: "low", OIDC: o})
	}
	must(b.t, b.Broker.Catalogue.Replace(services))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask is a request to the token endpoint.
func (b *bench) ask(form url.Values, prepare ...func(*http.Request)) (client, error) {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, issuer+wire.TokenPath, nil)
	for _, p := range prepare {
		p(r)
	}
	parameters, err := wire.ParseParameters(form.Encode())
	must(b.t, err)
	return b.authenticate(r, parameters)
}

// fault is the error's description; "" for none. An error that is none of the
// protocol's ends the test.
func (b *bench) fault(err error) string {
	b.t.Helper()
	var known *wire.Error
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &known) || known.Code != wire.InvalidClient && known.Code != wire.InvalidRequest:
		b.t.Fatalf("a fault of ours: %v", err)
	}
	return known.Description
}

// pair is a key of a client's, and what others see of it.
type pair struct {
	alg  jose.SignatureAlgorithm
	key  crypto.Signer
	kid  string
	jwks string
}

func newPair(t testing.TB, alg jose.SignatureAlgorithm, kid string) pair {
	t.Helper()
	var key crypto.Signer
	var err error
	switch alg {
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	must(t, err)
	return pair{alg, key, kid, setOf(t, jose.JSONWebKey{Key: key.Public(), KeyID: kid})}
}

func setOf(t testing.TB, keys ...jose.JSONWebKey) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	must(t, err)
	return string(text)
}

// signed makes a JWT under any key, with any headers.
func signed(t testing.TB, alg jose.SignatureAlgorithm, key any, headers map[string]any, claims map[string]any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	for name, value := range headers {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	must(t, err)
	payload, err := json.Marshal(claims)
	must(t, err)
	object, err := signer.Sign(payload)
	must(t, err)
	text, err := object.CompactSerialize()
	must(t, err)
	return text
}

func (k pair) sign(t testing.TB, claims map[string]any) string {
	return signed(t, k.alg, k.key, map[string]any{"kid": k.kid}, claims)
}

// claims are those of a good assertion, changed.
func (b *bench) claims(id string, change map[string]any) map[string]any {
	now := b.clock.Now()
	c := map[string]any{"iss": id, "sub": id, "aud": issuer, "jti": store.NewID(), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
	for name, value := range change {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	}
	return c
}

func asserting(assertion string) url.Values {
	return url.Values{"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion}}
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
}

func showing(chain ...*x509.Certificate) func(*http.Request) {
	return func(r *http.Request) { r.TLS = &tls.ConnectionState{PeerCertificates: chain} }
}

// Every client proves itself by its own method, and by no other.
func TestAClientUsesItsOwnMethodOnly(t *testing.T) {
	db, clock := storetest.SQLite(t)
	key, town := newPair(t, jose.ES256, "k1"), newAuthority(t, clock.Now())
	certificate := town.issue(t, "client", key.key)
	b := newBenchOn(t, db, clock)
	b.Mutual.Authorities = town.pool()
	digest := b.Broker.Ring.Digest(secretPurpose, goodSecret)
	methods := map[wire.AuthMethod]*catalogue.OIDC{}
	for _, m := range append(wire.AuthMethods(), "") {
		id := strings.ReplaceAll("c_"+string(m), "_", "-")
		sealed, err := b.Broker.Ring.Seal(sealPurpose(id), []byte(goodSecret))
		must(t, err)
		o := &catalogue.OIDC{ClientID: id, AuthMethod: string(m)}
		switch m {
		case wire.SecretBasic, wire.SecretPost, "":
			o.SecretDigest = digest
		case wire.SecretJWT:
			o.SealedSecret = sealed
		case wire.PrivateKeyJWT, wire.SelfSignedTLS:
			o.JWKS = key.jwks
		case wire.TLS:
			o.TLSSubject = "CN=client,O=Town"
		}
		methods[m] = o
	}
	b.register(slicesOf(methods)...)
	attempts := map[wire.AuthMethod]func(id string) (client, error){
		wire.SecretBasic: func(id string) (client, error) { return b.ask(nil, basic(id, goodSecret)) },
		wire.SecretPost: func(id string) (client, error) {
			return b.ask(url.Values{"client_id": {id}, "client_secret": {goodSecret}})
		},
		wire.SecretJWT: func(id string) (client, error) {
			return b.ask(asserting(signed(t, jose.HS256, []byte(goodSecret), nil, b.claims(id, nil))))
		},
		wire.PrivateKeyJWT: func(id string) (client, error) { return b.ask(asserting(key.sign(t, b.claims(id, nil)))) },
		wire.TLS: func(id string) (client, error) {
			return b.ask(url.Values{"client_id": {id}}, showing(certificate))
		},
		wire.NoSecret: func(id string) (client, error) { return b.ask(url.Values{"client_id": {id}}) },
	}
	attempts[wire.SelfSignedTLS] = attempts[wire.TLS]
	for registered, o := range methods {
		for used, attempt := range attempts {
			may := registered == used || registered == "" && (used == wire.SecretBasic || used == wire.SecretPost)
			certificates := used == wire.TLS || used == wire.SelfSignedTLS
			may = may || certificates && (registered == wire.TLS || registered == wire.SelfSignedTLS || registered == wire.NoSecret)
			c, err := attempt(o.ClientID)
			if fault := b.fault(err); (fault == "") != may {
				t.Errorf("registered for %q, uses %s: %q", registered, used, fault)
			}
			if err == nil && (c.service.ID != o.ClientID || (c.thumbprint != "") != certificates) {
				t.Errorf("registered for %q, uses %s: %+v", registered, used, c)
			}
		}
	}
}

func slicesOf(clients map[wire.AuthMethod]*catalogue.OIDC) (list []*catalogue.OIDC) {
	for o := range maps.Values(clients) {
		list = append(list, o)
	}
	return list
}

func TestWrongSecretsAreRefusedAlike(t *testing.T) {
	db, clock := storetest.SQLite(t)
	b := newBenchOn(t, db, clock)
	b.register(&catalogue.OIDC{ClientID: "tax", SecretDigest: b.Broker.Ring.Digest(secretPurpose, goodSecret)})
	var told []string
	for name, attempt := range map[string]func() (client, error){
		"wrong":  func() (client, error) { return b.ask(nil, basic("tax", "wrong")) },
		"a part": func() (client, error) { return b.ask(nil, basic("tax", goodSecret[:42])) },
		"longer": func() (client, error) { return b.ask(nil, basic("tax", goodSecret+"x")) },
		"the digest": func() (client, error) {
			return b.ask(nil, basic("tax", b.Broker.Ring.Digest(secretPurpose, goodSecret)))
		},
		"of an unknown name": func() (client, error) { return b.ask(nil, basic("toll", goodSecret)) },
		"none":               func() (client, error) { return b.ask(url.Values{"client_id": {"tax"}}) },
	} {
		_, err := attempt()
		fault := b.fault(err)
		if fault == "" {
			t.Errorf("%s: taken", name)
		}
		told = append(told, fault)
	}
	for _, text := range told {
		if text != told[0] {
			t.Errorf("a stranger can tell one from the other: %q", told)
		}
	}
}
