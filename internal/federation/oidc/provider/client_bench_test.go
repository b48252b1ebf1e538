package provider

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// BenchmarkAuthenticate is what it costs to find out who a client is, by method
// and algorithm. Assertions are made beforehand, as the clients' machines make
// them; what remains is verifying, and remembering the jti.
func BenchmarkAuthenticate(b *testing.B) {
	made := newBench(b)
	clients := []*catalogue.OIDC{{ClientID: "basic", SecretDigest: made.Broker.Ring.Digest(secretPurpose, goodSecret)}}
	pairs := map[string]pair{}
	for _, alg := range []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.EdDSA} {
		id := "key-" + strings.ToLower(string(alg))
		pairs[id] = newPair(b, alg, "k1")
		clients = append(clients, &catalogue.OIDC{ClientID: id, AuthMethod: "private_key_jwt", JWKS: pairs[id].jwks})
	}
	made.register(clients...)
	b.Run("client_secret_basic", func(b *testing.B) {
		r := httptest.NewRequest(http.MethodPost, issuer+wire.TokenPath, nil)
		r.SetBasicAuth("basic", "a+secret+of+forty-three+characters%2C+as+ours")
		for b.Loop() {
			if _, err := made.authenticate(r, wire.Parameters{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	for id, key := range pairs {
		b.Run("private_key_jwt "+string(key.alg), func(b *testing.B) {
			r := httptest.NewRequest(http.MethodPost, issuer+wire.TokenPath, nil)
			for b.Loop() {
				b.StopTimer()
				form, err := wire.ParseParameters(asserting(key.sign(b, made.claims(id, nil))).Encode())
				must(b, err)
				b.StartTimer()
				if _, err := made.authenticate(r, form); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
