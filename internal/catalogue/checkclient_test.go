package catalogue_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
)

// keySets are key sets of one key each, by kind.
func keySets(t testing.TB) map[string]string {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	check(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	check(t, err)
	short := &rsa.PublicKey{N: new(big.Int).Rsh(long.N, 1024), E: 65537}
	sets := map[string]string{"none": `{"keys":[]}`, "post-quantum": `{"keys":[{"kty":"new","x":"AA"}]}`}
	for name, key := range map[string]any{
		"ec": ec.Public(), "rsa": long.Public(), "ed": ed.Public(), "short": short, "private": ec, "symmetric": []byte("a secret that is long enough for HMAC"),
	} {
		text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key, KeyID: "k1"}}})
		check(t, err)
		sets[name] = string(text)
	}
	return sets
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMetadataOfAClient(t *testing.T) {
	sets := keySets(t)
	confidential := func(o *catalogue.OIDC) { o.SecretDigest = "d" }
	keyed := func(o *catalogue.OIDC) { o.AuthMethod, o.JWKS = "private_key_jwt", sets["ec"] }
	certified := func(o *catalogue.OIDC) { o.AuthMethod, o.TLSSubject = "tls_client_auth", "CN=client,O=Town" }
	fapi := func(o *catalogue.OIDC) {
		keyed(o)
		o.Profile, o.RequirePAR, o.DPoPBound = catalogue.FAPISecurity, true, true
	}
	type change = func(*catalogue.OIDC)
	for _, c := range []struct {
		name   string
		base   change
		change change
		want   string // "" for sound
	}{
		{"public", func(*catalogue.OIDC) {}, func(*catalogue.OIDC) {}, ""},
		{"confidential", confidential, func(*catalogue.OIDC) {}, ""},
		{"basic", confidential, func(o *catalogue.OIDC) { o.AuthMethod = "client_secret_basic" }, ""},
		{"keyed", keyed, func(*catalogue.OIDC) {}, ""},
		{"certified", certified, func(*catalogue.OIDC) {}, ""},
		{"fapi", fapi, func(*catalogue.OIDC) {}, ""},
		{"fapi with certificates", certified, func(o *catalogue.OIDC) { o.Profile, o.RequirePAR, o.TLSBound = catalogue.FAPISigning, true, true }, ""},
		{"for itself only", confidential, func(o *catalogue.OIDC) { o.RedirectURIs, o.GrantTypes = nil, []string{"client_credentials"} }, ""},
		{"all about answers", keyed, func(o *catalogue.OIDC) {
			o.IDTokenAlg, o.UserInfoAlg, o.ResponseAlg, o.IntrospectionAlg, o.IDTokenKeyAlg, o.IDTokenEncryption = "RS256", "PS256", "EdDSA", "ES256", "ECDH-ES", "A256GCM"
		}, ""},
		{"told of the end", confidential, func(o *catalogue.OIDC) {
			o.BackchannelLogout, o.BackchannelSession, o.FrontchannelLogout, o.FrontchannelSession = "https://back.example/out", true, "https://tax.example/out", true
		}, ""},
		{"request objects at an address with a digest", keyed, func(o *catalogue.OIDC) { o.RequestURIs = []string{"https://tax.example/r#abc"} }, ""},
		{"keys in a private network", keyed, func(o *catalogue.OIDC) { o.JWKS, o.JWKSURI, o.PrivateNetwork = "", "https://10.0.0.1/jwks", true }, ""},

		{"a blank in the name", confidential, func(o *catalogue.OIDC) { o.ClientID = "a b" }, "client_id must be"},
		{"unknown grant", confidential, func(o *catalogue.OIDC) { o.GrantTypes = []string{"implicit"} }, `"implicit" is not on offer`},
		{"refresh alone", confidential, func(o *catalogue.OIDC) { o.GrantTypes = []string{"refresh_token"} }, "needs authorization_code"},
		{"public for itself", func(*catalogue.OIDC) {}, func(o *catalogue.OIDC) { o.GrantTypes = []string{"client_credentials"} }, "client_credentials needs a client"},
		{"nowhere to go", confidential, func(o *catalogue.OIDC) { o.RedirectURIs = nil }, "redirect_uris is empty"},
		{"unknown method", confidential, func(o *catalogue.OIDC) { o.AuthMethod = "magic" }, `"magic" is not on offer`},
		{"method without secret", func(*catalogue.OIDC) {}, func(o *catalogue.OIDC) { o.AuthMethod = "client_secret_post" }, "secret_digest is missing"},
		{"method without sealed secret", confidential, func(o *catalogue.OIDC) { o.AuthMethod, o.SecretDigest = "client_secret_jwt", "" }, "client_secret_sealed is missing"},
		{"method without keys", keyed, func(o *catalogue.OIDC) { o.JWKS = "" }, "needs the client's public keys"},
		{"none with a secret", confidential, func(o *catalogue.OIDC) { o.AuthMethod = "none" }, "leave it out"},
		{"keys and a secret", keyed, func(o *catalogue.OIDC) { o.SecretDigest = "d" }, "leave it out"},
		{"sealed for nothing", confidential, func(o *catalogue.OIDC) { o.SealedSecret = "s" }, "client_secret_jwt alone"},
		{"assertions by none", keyed, func(o *catalogue.OIDC) { o.AuthAlg = "none" }, `"none" is not on offer`},
		{"assertions by HMAC under a public key", keyed, func(o *catalogue.OIDC) { o.AuthAlg = "HS256" }, `"HS256" is not on offer`},
		{"algorithm for nothing", confidential, func(o *catalogue.OIDC) { o.AuthAlg = "ES256" }, "means something for"},
		{"two names", certified, func(o *catalogue.OIDC) { o.TLSName = "a.example" }, "exactly one"},
		{"no name", certified, func(o *catalogue.OIDC) { o.TLSSubject = "" }, "exactly one"},
		{"a broken name", certified, func(o *catalogue.OIDC) { o.TLSSubject = "client" }, "RFC 4514"},
		{"a pattern for a name", certified, func(o *catalogue.OIDC) { o.TLSSubject, o.TLSName = "", "*.example" }, "not a host name"},
		{"a name for nothing", confidential, func(o *catalogue.OIDC) { o.TLSSubject = "CN=a" }, "are for tls_client_auth"},
		{"ID tokens by none", confidential, func(o *catalogue.OIDC) { o.IDTokenAlg = "none" }, `"none" is not on offer`},
		{"userinfo by HMAC", confidential, func(o *catalogue.OIDC) { o.UserInfoAlg = "HS256" }, `"HS256" is not on offer`},
		{"requests by none", keyed, func(o *catalogue.OIDC) { o.RequestAlg = "none" }, `"none" is not on offer`},
		{"encryption that leaks", keyed, func(o *catalogue.OIDC) { o.IDTokenKeyAlg = "RSA1_5" }, `"RSA1_5" is not on offer`},
		{"content without key encryption", keyed, func(o *catalogue.OIDC) { o.UserInfoEncryption = "A256GCM" }, "means nothing without"},
		{"encryption without keys", confidential, func(o *catalogue.OIDC) { o.IDTokenKeyAlg = "ECDH-ES" }, "no key to encrypt to"},
		{"encryption to another kind of key", keyed, func(o *catalogue.OIDC) { o.IDTokenKeyAlg = "RSA-OAEP-256" }, "no key to encrypt to by RSA-OAEP-256"},
		{"assertions by another kind of key", keyed, func(o *catalogue.OIDC) { o.AuthAlg = "PS256" }, "no key that signs client assertions"},
		{"requests by another kind of key", keyed, func(o *catalogue.OIDC) { o.RequestAlg = "EdDSA" }, "no key that signs request objects"},
		{"keys in two ways", keyed, func(o *catalogue.OIDC) { o.JWKSURI = "https://tax.example/jwks" }, "write one of them"},
		{"a private key", keyed, func(o *catalogue.OIDC) { o.JWKS = sets["private"] }, "this one is lost"},
		{"a symmetric key", keyed, func(o *catalogue.OIDC) { o.JWKS = sets["symmetric"] }, "this one is lost"},
		{"a short key", keyed, func(o *catalogue.OIDC) { o.JWKS = sets["short"] }, "2048"},
		{"no keys in the set", keyed, func(o *catalogue.OIDC) { o.JWKS = sets["none"] }, "no key that can be used"},
		{"keys of the future", keyed, func(o *catalogue.OIDC) { o.JWKS = sets["post-quantum"] }, "no key that can be used"},
		{"no set at all", keyed, func(o *catalogue.OIDC) { o.JWKS = "https://tax.example/jwks" }, "not a JWK set"},
		{"keys on this machine", keyed, func(o *catalogue.OIDC) { o.JWKS, o.JWKSURI = "", "http://localhost/jwks" }, "private_network: true"},
		{"keys in a private network that is not allowed", keyed, func(o *catalogue.OIDC) { o.JWKS, o.JWKSURI = "", "https://10.0.0.1/jwks" }, "private_network: true"},
		{"keys of the cloud", keyed, func(o *catalogue.OIDC) {
			o.JWKS, o.JWKSURI, o.PrivateNetwork = "", "https://169.254.169.254/jwks", true
		}, "not be called"},
		{"request objects by http", keyed, func(o *catalogue.OIDC) { o.RequestURIs = []string{"http://tax.example/r"} }, "request_uris"},
		{"back channel on this machine", confidential, func(o *catalogue.OIDC) { o.BackchannelLogout = "https://127.0.0.1/out" }, "backchannel_logout_uri"},
		{"front channel elsewhere", confidential, func(o *catalogue.OIDC) { o.FrontchannelLogout = "https://evil.example/out" }, "of one of redirect_uris"},
		{"session required of nothing", confidential, func(o *catalogue.OIDC) { o.BackchannelSession = true }, "is missing"},
		{"negative age", confidential, func(o *catalogue.OIDC) { o.MaxAge = -1 }, "default_max_age"},
		{"unknown profile", confidential, func(o *catalogue.OIDC) { o.Profile = "fapi" }, `"fapi" is not on offer`},
		{"fapi, public", fapi, func(o *catalogue.OIDC) { o.AuthMethod, o.JWKS = "", "" }, "FAPI 2.0 takes clients with"},
		{"fapi with a secret", fapi, func(o *catalogue.OIDC) { o.AuthMethod, o.SecretDigest = "client_secret_basic", "d" }, "FAPI 2.0 takes clients with"},
		{"fapi unpushed", fapi, func(o *catalogue.OIDC) { o.RequirePAR = false }, "pushed"},
		{"fapi unbound", fapi, func(o *catalogue.OIDC) { o.DPoPBound = false }, "binds tokens"},
		{"fapi by RS256", fapi, func(o *catalogue.OIDC) { o.IDTokenAlg = "RS256" }, `"RS256" is not on offer`},
		{"fapi assertions by RS256", fapi, func(o *catalogue.OIDC) { o.AuthAlg = "RS256" }, `"RS256" is not on offer`},
		{"fapi on this machine", fapi, func(o *catalogue.OIDC) { o.RedirectURIs = []string{"http://localhost/cb"} }, "https addresses only"},
	} {
		o := &catalogue.OIDC{ClientID: "tax", RedirectURIs: []string{"https://tax.example/cb"}}
		c.base(o)
		c.change(o)
		_, err := catalogue.New([]*catalogue.Service{{ID: "tax", Name: map[string]string{"hu": "Adó"}, URL: "https://tax.example/", Level: "low", OIDC: o}})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestNobodySharesPseudonymsUnasked(t *testing.T) {
	service := func(id, sector string) *catalogue.Service {
		return &catalogue.Service{ID: id, Sector: sector, Name: map[string]string{"hu": id}, URL: "https://" + id + ".example/", Level: "low"}
	}
	if _, err := catalogue.New([]*catalogue.Service{service("tax", ""), service("toll", "tax")}); err == nil || !strings.Contains(err.Error(), "alone") {
		t.Errorf("%v", err)
	}
	for _, sound := range [][]*catalogue.Service{
		{service("tax", "tax"), service("toll", "tax")}, {service("tax", "money"), service("toll", "money")}, {service("tax", "tax")}, {service("tax", "money"), service("toll", "tax")},
	} {
		if _, err := catalogue.New(sound); err != nil {
			t.Errorf("%v", err)
		}
	}
	if _, err := catalogue.New([]*catalogue.Service{service("tax", "A B")}); err == nil {
		t.Error("a sector of any shape was taken")
	}
}
