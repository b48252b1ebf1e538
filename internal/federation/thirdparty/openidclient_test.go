package thirdparty

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
)

// Where answers to the services of these tests go. Nobody is there: a browser
// that is sent there has left the gateway.
const (
	comeBack = "https://service.example/oidc/callback"
	goodbye  = "https://service.example/goodbye"
)

var unfit = regexp.MustCompile(`[^a-z0-9]+`)

// service is the registration of a service that may know the name. Its id is made
// of the words of what it is for.
func service(purpose string, change func(*catalogue.OIDC)) *catalogue.Service {
	id := unfit.ReplaceAllString(strings.ToLower(purpose), "-")
	s := &catalogue.Service{
		ID: id, Name: map[string]string{"hu": "Próba", "en": "Trial"}, URL: "https://service.example/", Level: "substantial",
		Claims: []catalogue.Claim{catalogue.Name, catalogue.BirthDate}, Ground: "2023. évi CIII. törvény",
		OIDC: &catalogue.OIDC{ClientID: id, RedirectURIs: []string{comeBack}, PostLogout: []string{goodbye}},
	}
	if change != nil {
		change(s.OIDC)
	}
	return s
}

// A pair is a key of a service: for itself, and for the gateway.
type pair struct {
	private jose.JSONWebKey
	public  string // as a JWK set
}

func newPair(t testing.TB, alg, use string) pair {
	t.Helper()
	var key crypto.Signer
	var err error
	if strings.HasPrefix(alg, "RS") || strings.HasPrefix(alg, "PS") {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	check(t, err)
	own := jose.JSONWebKey{Key: key, KeyID: "own-" + use, Algorithm: alg, Use: use}
	public := own
	public.Key = key.Public()
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public}})
	check(t, err)
	return pair{own, string(set)}
}

// A trial is one registration with openid-client in it, and a browser in which
// somebody is signed in.
type trial struct {
	*node
	b      *browser
	secret string
}

// try registers a service and connects the driver with what it has been given.
func try(t testing.TB, n *node, b *browser, s *catalogue.Service, connect with) trial {
	t.Helper()
	return connected(t, n, b, s, register(t, s), connect)
}

func connected(t testing.TB, n *node, b *browser, s *catalogue.Service, secret string, connect with) trial {
	t.Helper()
	what := with{"issuer": open(t).Issuer, "client_id": s.OIDC.ClientID, "auth": with{"method": proves(s.OIDC), "secret": secret}}
	maps.Copy(what, connect)
	own := b.on(t)
	n = n.on(t)
	n.does("connect", what)
	return trial{n, own, secret}
}

// proves is the method by which the registration has the client prove itself.
func proves(o *catalogue.OIDC) string {
	switch {
	case o.AuthMethod != "":
		return o.AuthMethod
	case o.Public():
		return "none"
	}
	return "client_secret_basic"
}

// ask is the address to which the service sends the browser.
func (t trial) ask(params, manner with) string {
	t.t.Helper()
	all := with{"redirect_uri": comeBack}
	maps.Copy(all, params)
	what := with{"params": all}
	maps.Copy(what, manner)
	return text(t.does("ask", what), "url")
}

// signsIn walks a whole sign-in: single sign-on, for the browser has a session.
func (t trial) signsIn(params, manner with) map[string]any {
	t.t.Helper()
	return t.redeem(t.b.goes(t.ask(params, manner)))
}

func (t trial) redeem(back string) map[string]any {
	t.t.Helper()
	tokens := t.does("redeem", with{"back": back})
	claims, _ := tokens["claims"].(map[string]any)
	if claims["acr"] != "http://eidas.europa.eu/LoA/substantial" || claims["iss"] != open(t.t).Issuer || text(claims, "sub") == "" {
		t.t.Fatalf("the ID token says %v", claims)
	}
	return tokens
}

// knows expects that the userinfo endpoint tells the citizen's name.
func (t trial) knows(c *citizen) {
	t.t.Helper()
	if info := t.does("userinfo", nil); info["name"] != c.Name {
		t.t.Errorf("userinfo tells %v, want %s", info, c.Name)
	}
}

// in is a citizen's browser with a session, for the whole test.
func in(t testing.TB) (*browser, *citizen) {
	t.Helper()
	b, c := newBrowser(t), newcomer(t)
	if p := b.signIn(open(t).Issuer+"/enter", c); p.status != 200 {
		t.Fatalf("%d at %v:\n%s", p.status, p.at, words(p.body))
	}
	return b, c
}

// Every way in which openid-client can ask, prove itself, and be answered.
func TestOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, c := in(t)
	own, inbox := newPair(t, "ES256", "sig"), newPair(t, "ECDH-ES+A256KW", "enc")
	rsaInbox := newPair(t, "RSA-OAEP-256", "enc")
	keyed := func(o *catalogue.OIDC) { o.AuthMethod, o.JWKS = "private_key_jwt", own.public }
	withKey := with{"auth": with{"method": "private_key_jwt", "jwk": own.private}, "jwk": own.private}
	method := func(name string) func(*catalogue.OIDC) { return func(o *catalogue.OIDC) { o.AuthMethod = name } }
	signed := func(alg string) func(*catalogue.OIDC) { return func(o *catalogue.OIDC) { o.IDTokenAlg = alg } }
	sealed := func(p pair, alg string) func(*catalogue.OIDC) {
		return func(o *catalogue.OIDC) {
			o.JWKS, o.IDTokenKeyAlg, o.IDTokenEncryption = p.public, alg, "A256GCM"
			o.UserInfoAlg, o.UserInfoKeyAlg, o.UserInfoEncryption = "ES256", alg, "A256GCM"
		}
	}
	for _, test := range []struct {
		name    string
		change  func(*catalogue.OIDC)
		connect with
		params  with
		manner  with
	}{
		{"code with PKCE", nil, nil, nil, nil},
		{"secret in the header", method("client_secret_basic"), nil, nil, nil},
		{"secret in the form", method("client_secret_post"), nil, nil, nil},
		{"secret signs", method("client_secret_jwt"), nil, nil, nil},
		{"key signs", keyed, withKey, nil, nil},
		{"pushed request", nil, nil, nil, with{"par": true}},
		{"signed request", keyed, withKey, nil, with{"jar": true}},
		{"signed request, pushed", keyed, withKey, nil, with{"jar": true, "par": true}},
		{"signed response", nil, with{"jarm": true}, nil, nil},
		{"signed request and response, pushed", keyed, join(withKey, with{"jarm": true}), nil, with{"jar": true, "par": true}},
		{"DPoP", func(o *catalogue.OIDC) { o.DPoPBound = true }, with{"dpop": true}, nil, nil},
		{"DPoP, pushed", nil, with{"dpop": true}, nil, with{"par": true}},
		{"ID token by RS256", signed("RS256"), with{"metadata": with{"id_token_signed_response_alg": "RS256"}}, nil, nil},
		{"ID token by PS256", signed("PS256"), with{"metadata": with{"id_token_signed_response_alg": "PS256"}}, nil, nil},
		{"ID token by EdDSA", signed("EdDSA"), with{"metadata": with{"id_token_signed_response_alg": "EdDSA"}}, nil, nil},
		{"userinfo signed by RS256", func(o *catalogue.OIDC) { o.UserInfoAlg = "RS256" }, with{"metadata": with{"userinfo_signed_response_alg": "RS256"}}, nil, nil},
		{"userinfo signed by PS256", func(o *catalogue.OIDC) { o.UserInfoAlg = "PS256" }, with{"metadata": with{"userinfo_signed_response_alg": "PS256"}}, nil, nil},
		{"ID token and userinfo encrypted to a curve", sealed(inbox, "ECDH-ES+A256KW"), with{"decrypt": inbox.private, "metadata": with{"userinfo_signed_response_alg": "ES256"}}, nil, nil},
		{"ID token and userinfo encrypted to RSA", sealed(rsaInbox, "RSA-OAEP-256"), with{"decrypt": rsaInbox.private, "metadata": with{"userinfo_signed_response_alg": "ES256"}}, nil, nil},
		{"level and freshness", nil, nil, with{"acr_values": "http://eidas.europa.eu/LoA/substantial", "max_age": "3600"}, nil},
		{"nobody is asked", nil, nil, with{"prompt": "none"}, nil},
		{"FAPI 2 security profile", join2(keyed, security), join(withKey, with{"dpop": true}), nil, with{"par": true}},
		{"FAPI 2 message signing", join2(keyed, signing), join(withKey, with{"dpop": true, "jarm": true}), nil, with{"jar": true, "par": true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := service("node "+test.name, test.change)
			trial := try(t, n, b, s, test.connect)
			tokens := trial.signsIn(join(with{"scope": "openid profile"}, test.params), test.manner)
			if bound := test.connect["dpop"] == true; bound != (strings.EqualFold(text(tokens, "type"), "dpop")) {
				t.Errorf("the token is of type %s", text(tokens, "type"))
			}
			trial.knows(c)
		})
	}
}

func security(o *catalogue.OIDC) {
	o.Profile, o.DPoPBound, o.RequirePAR = catalogue.FAPISecurity, true, true
}

func signing(o *catalogue.OIDC) {
	security(o)
	o.Profile, o.RequestAlg, o.ResponseAlg, o.IntrospectionAlg = catalogue.FAPISigning, "ES256", "ES256", "ES256"
}

func join(a, b with) with {
	all := maps.Clone(a)
	if all == nil {
		all = with{}
	}
	maps.Copy(all, b)
	return all
}

func join2(a, b func(*catalogue.OIDC)) func(*catalogue.OIDC) {
	return func(o *catalogue.OIDC) { a(o); b(o) }
}
