package provider_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/store"
)

// response is what an endpoint for machines says.
type response struct {
	status int
	header http.Header
	body   string
	said   map[string]any // the body as JSON
}

// text is a member of the answer that is text, "" if it is not there.
func (a response) text(name string) string {
	t, _ := a.said[name].(string)
	return t
}

// code is the status and the error, if there is one: "200", "400 invalid_grant".
func (a response) code() string {
	return strings.TrimSpace(http.StatusText(a.status) + " " + a.text("error"))
}

// ask posts a form; the options change the request.
func (g *gateway) ask(path string, form url.Values, options ...func(*http.Request)) response {
	g.t.Helper()
	r, err := http.NewRequest(http.MethodPost, g.URL+path, strings.NewReader(form.Encode()))
	check(g.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return g.send(r, options...)
}

func (g *gateway) send(r *http.Request, options ...func(*http.Request)) (a response) {
	g.t.Helper()
	for _, f := range options {
		f(r)
	}
	got, err := http.DefaultClient.Do(r)
	check(g.t, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	check(g.t, err)
	a = response{status: got.StatusCode, header: got.Header, body: string(body)}
	_ = json.Unmarshal(body, &a.said) // some bodies are no JSON
	return a
}

// info asks the userinfo endpoint.
func (g *gateway) info(scheme, token string, options ...func(*http.Request)) response {
	g.t.Helper()
	r, err := http.NewRequest(http.MethodGet, g.URL+"/oidc/userinfo", nil)
	check(g.t, err)
	r.Header.Set("Authorization", scheme+" "+token)
	return g.send(r, options...)
}

// add registers more services; each has the secret of the tax office, unless it
// has another way to prove who it is or is public by AuthMethod none.
func (g *gateway) add(all ...*catalogue.Service) {
	g.t.Helper()
	for _, s := range all {
		o := s.OIDC
		s.Name, s.URL = map[string]string{"hu": s.ID}, "https://"+s.ID+".example/"
		if s.Level == "" {
			s.Level = "substantial"
		}
		if len(s.Claims) > 0 {
			s.Ground = "2003. évi C. törvény"
		}
		o.ClientID = s.ID
		if o.AuthMethod == "" {
			o.SecretDigest = g.ring.Digest("client-secret", taxSecret)
		}
		o.RedirectURIs = []string{s.URL + "return"}
	}
	check(g.t, g.broker.Catalogue.Replace(append(g.broker.Catalogue.All(), all...)))
}

// library is a service with refresh tokens.
func library() *catalogue.Service {
	return &catalogue.Service{ID: "library", Claims: []catalogue.Claim{catalogue.Name, catalogue.BirthDate, catalogue.TaxNumber},
		OIDC: &catalogue.OIDC{GrantTypes: []string{"authorization_code", "refresh_token"}}}
}

// phone is a public client with refresh tokens.
func phone() *catalogue.Service {
	return &catalogue.Service{ID: "phone", Claims: []catalogue.Claim{catalogue.Name},
		OIDC: &catalogue.OIDC{AuthMethod: "none", GrantTypes: []string{"authorization_code", "refresh_token"}}}
}

// as is how a client of [gateway.add] proves who it is.
func as(id string) func(*http.Request) { return basic(id, taxSecret) }

// codeOf lets the citizen come to a service and returns the form that its code asks for.
func (g *gateway) codeOf(b *browser, id string, options url.Values) url.Values {
	g.t.Helper()
	q := url.Values{"client_id": {id}, "redirect_uri": {"https://" + id + ".example/return"}, "response_type": {"code"},
		"scope": {"openid profile tax_number offline_access"}, "nonce": {"n-1"}, "code_challenge_method": {"S256"}, "code_challenge": {digest(verifier)}}
	for name, v := range options {
		q[name] = v
	}
	p := b.signIn(g.URL + "/oidc/authorize?" + q.Encode())
	if p.out == nil || p.out.Query().Get("code") == "" {
		g.t.Fatalf("no code: %d %v %v", p.status, p.at, p.out)
	}
	return url.Values{"grant_type": {"authorization_code"}, "client_id": {id}, "code": {p.out.Query().Get("code")},
		"redirect_uri": q["redirect_uri"], "code_verifier": {verifier}}
}

// comeTo is a whole sign-in up to the tokens.
func (g *gateway) comeTo(id string, options ...func(*http.Request)) response {
	g.t.Helper()
	a := g.ask("/oidc/token", g.codeOf(g.browser(), id, nil), options...)
	if a.status != 200 || a.text("access_token") == "" {
		g.t.Fatalf("no tokens: %d %s", a.status, a.body)
	}
	return a
}

// renew asks for new tokens.
func (g *gateway) renew(id, token string, options ...func(*http.Request)) response {
	g.t.Helper()
	return g.ask("/oidc/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {id}, "refresh_token": {token}}, options...)
}

// payload is the payload of a JWT, whose signature somebody else looks at.
func payload(t testing.TB, token string) (claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no JWT: %q", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	check(t, err)
	check(t, json.Unmarshal(raw, &claims))
	return claims
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// holder has a key for DPoP proofs, and remembers the nonce as a library would.
type holder struct {
	g      *gateway
	key    *ecdsa.PrivateKey
	nonce  string
	change func(claims map[string]any) // of the next proofs; nil for none
}

func (g *gateway) holder() *holder {
	g.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(g.t, err)
	h := &holder{g: g, key: key}
	h.nonce = g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {"batch"}}, h.proof, as("batch")).header.Get("DPoP-Nonce")
	return h
}

// proof adds a proof for the request, and for its access token if it has one.
func (h *holder) proof(r *http.Request) {
	u := *r.URL
	u.RawQuery = ""
	claims := map[string]any{"jti": store.NewID(), "htm": r.Method, "htu": u.String(), "iat": h.g.clock.Now().Unix(), "nonce": h.nonce}
	if _, token, ok := strings.Cut(r.Header.Get("Authorization"), "DPoP "); ok {
		claims["ath"] = digest(token)
	}
	if h.change != nil {
		h.change(claims)
	}
	r.Header.Set("DPoP", h.sign(claims))
}

func (h *holder) sign(claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: h.key}, (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
	check(h.g.t, err)
	raw, err := json.Marshal(claims)
	check(h.g.t, err)
	signed, err := signer.Sign(raw)
	check(h.g.t, err)
	text, err := signed.CompactSerialize()
	check(h.g.t, err)
	return text
}

// batch is a service that speaks for itself.
func batch() *catalogue.Service {
	return &catalogue.Service{ID: "batch", OIDC: &catalogue.OIDC{GrantTypes: []string{"client_credentials"}}}
}
