package provider_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/federation/oidc/provider"
	"kapu/internal/store/storetest"
)

func TestBoundToken(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(library(), batch())
		h, thief := g.holder(), g.holder()
		a := g.comeTo("library", as("library"), h.proof)
		token := a.text("access_token")
		if a.text("token_type") != "DPoP" || a.header.Get("DPoP-Nonce") == "" {
			t.Errorf("%s %v", a.body, a.header)
		}
		if info := g.info("DPoP", token, h.proof); info.text("name") != "Kis Anna" || info.header.Get("DPoP-Nonce") == "" {
			t.Errorf("the owner: %d %s", info.status, info.body)
		}
		for name, info := range map[string]response{
			"as a bearer's": g.info("Bearer", token), "as a bearer's with a proof": g.info("Bearer", token, h.proof),
			"without proof": g.info("DPoP", token), "with another key": g.info("DPoP", token, thief.proof),
			"in a form": g.ask("/oidc/userinfo", url.Values{"access_token": {token}}, h.proof),
		} {
			if info.status != 401 || strings.Contains(info.body, "Anna") {
				t.Errorf("%s: %d %s", name, info.status, info.body)
			}
			if name == "without proof" && info.header.Get("DPoP-Nonce") == "" {
				t.Error("nobody tells the nonce for the next one")
			}
		}
		plain := g.comeTo("library", as("library")).text("access_token")
		if info := g.info("DPoP", plain, h.proof); info.code() != "Unauthorized invalid_token" {
			t.Errorf("a bearer's token passes for bound: %s", info.body)
		}
	})
}

// Proofs that were made for something else, or long ago, or twice.
func TestProofsThatDoNotFit(t *testing.T) {
	g := newGateway(t)
	g.add(library(), batch())
	h := g.holder()
	token := g.comeTo("library", as("library"), h.proof).text("access_token")
	now := g.clock.Now().Unix()
	for name, change := range map[string]struct {
		claim string
		value any
		fits  bool
	}{
		"another method": {"htm", "POST", false}, "another address": {"htu", g.URL + "/oidc/token", false},
		"another host": {"htu", "https://evil.example/oidc/userinfo", false}, "its own query": {"htu", g.URL + "/oidc/userinfo?a=b", true},
		"another token": {"ath", digest("x"), false}, "no token": {"ath", "", false},
		"a minute old": {"iat", now - 60, false}, "a while old": {"iat", now - 59, true},
		"a clock that is fast": {"iat", now + 10, true}, "the future": {"iat", now + 60, false},
		"for ever": {"iat", 1e300, false}, "the beginning": {"iat", 0, false}, "before it": {"iat", -1e300, false},
	} {
		h.change = func(c map[string]any) { c[change.claim] = change.value }
		info := g.info("DPoP", token, h.proof)
		if fits := info.status == 200; fits != change.fits || !fits && info.code() != "Unauthorized invalid_dpop_proof" {
			t.Errorf("%s: %d %s", name, info.status, info.body)
		}
		if info.status == 401 && !strings.HasPrefix(info.header.Get("WWW-Authenticate"), `DPoP realm="`) {
			t.Errorf("%s: challenge %q", name, info.header.Get("WWW-Authenticate"))
		}
	}
	h.change = func(c map[string]any) { c["jti"] = "once" }
	if info := g.info("DPoP", token, h.proof); info.status != 200 {
		t.Fatal(info.body)
	}
	if info := g.info("DPoP", token, h.proof); info.code() != "Unauthorized invalid_dpop_proof" {
		t.Errorf("replayed: %s", info.body)
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	if a := g.ask("/oidc/token", form, as("batch"), h.proof); a.code() != "Bad Request invalid_dpop_proof" {
		t.Errorf("replayed at another endpoint: %s", a.body)
	}
	h.change = nil
	two := func(r *http.Request) {
		h.proof(r)
		first := r.Header.Get("DPoP")
		h.proof(r)
		r.Header.Add("DPoP", first)
	}
	if a := g.ask("/oidc/token", form, as("batch"), two); a.code() != "Bad Request invalid_dpop_proof" {
		t.Errorf("two proofs: %s", a.body)
	}
}

func TestNonces(t *testing.T) {
	g := newGateway(t)
	g.add(library(), batch())
	h := g.holder()
	form := url.Values{"grant_type": {"client_credentials"}}
	ask := func() response { return g.ask("/oidc/token", form, as("batch"), h.proof) }
	good := h.nonce
	if a := ask(); a.status != 200 || a.header.Get("DPoP-Nonce") != good {
		t.Errorf("%s, %q", a.body, a.header.Get("DPoP-Nonce"))
	}
	for name, nonce := range map[string]string{"none": "", "made up": digest("x"), "changed": good[:len(good)-1] + "_"} {
		h.nonce = nonce
		if a := ask(); a.code() != "Bad Request use_dpop_nonce" || a.header.Get("DPoP-Nonce") != good {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	h.nonce = good
	g.clock.Advance(time.Minute)
	next := ask()
	if next.status != 200 || next.header.Get("DPoP-Nonce") == good {
		t.Errorf("a nonce of the minute before: %s", next.body)
	}
	g.clock.Advance(time.Minute)
	if a := ask(); a.code() != "Bad Request use_dpop_nonce" {
		t.Errorf("a nonce of long ago: %s", a.body)
	}
	g.clock.Advance(-10 * time.Minute)
	if a := ask(); a.code() != "Bad Request use_dpop_nonce" {
		t.Errorf("a nonce of the future: %s", a.body)
	}
	elsewhere := newGateway(t)
	elsewhere.add(batch())
	h.nonce = elsewhere.holder().nonce
	if a := ask(); a.code() != "Bad Request use_dpop_nonce" {
		t.Errorf("another gateway's nonce: %s", a.body)
	}
	// At a resource it is a fault of the token (RFC 9449, 9).
	token := g.comeTo("library", as("library"), g.holder().proof).text("access_token")
	if info := g.info("DPoP", token, h.proof); info.code() != "Unauthorized use_dpop_nonce" || !strings.Contains(info.header.Get("WWW-Authenticate"), `error="use_dpop_nonce"`) {
		t.Errorf("userinfo: %s %v", info.body, info.header)
	}
}

// Whoever steals a code that is bound to a key cannot use it, and cannot spend it.
func TestCodeBoundToAKey(t *testing.T) {
	g := newGateway(t)
	g.add(library(), batch())
	h, thief := g.holder(), g.holder()
	form := g.codeOf(g.browser(), "library", url.Values{"dpop_jkt": {h.thumbprint()}})
	for name, a := range map[string]response{
		"without proof": g.ask("/oidc/token", form, as("library")), "another key": g.ask("/oidc/token", form, as("library"), thief.proof),
	} {
		if a.code() != "Bad Request invalid_grant" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if a := g.ask("/oidc/token", form, as("library"), h.proof); a.status != 200 || a.text("token_type") != "DPoP" {
		t.Errorf("the owner: %s", a.body)
	}
}

func TestClientsThatMustBind(t *testing.T) {
	g := newGateway(t)
	strict := batch()
	strict.ID, strict.OIDC.DPoPBound = "strict", true
	g.add(batch(), strict)
	form := url.Values{"grant_type": {"client_credentials"}}
	if a := g.ask("/oidc/token", form, as("strict")); a.code() != "Bad Request invalid_dpop_proof" {
		t.Errorf("%s", a.body)
	}
	if a := g.ask("/oidc/token", form, as("strict"), g.holder().proof); a.text("token_type") != "DPoP" {
		t.Errorf("%s", a.body)
	}
}

// The refresh token of a public client is bound to the key, that of another to
// the client, which may change its key but not go without.
func TestRefreshIsBound(t *testing.T) {
	g := newGateway(t)
	g.add(library(), phone(), batch())
	h, other := g.holder(), g.holder()
	token := g.comeTo("phone", h.proof).text("refresh_token")
	for name, a := range map[string]response{"without proof": g.renew("phone", token), "another key": g.renew("phone", token, other.proof)} {
		if a.code() != "Bad Request invalid_grant" {
			t.Errorf("public, %s: %s", name, a.body)
		}
	}
	next := g.renew("phone", token, h.proof)
	if next.text("token_type") != "DPoP" || g.info("DPoP", next.text("access_token"), h.proof).status != 200 {
		t.Errorf("public: %s", next.body)
	}
	token = g.comeTo("library", as("library"), h.proof).text("refresh_token")
	if a := g.renew("library", token, as("library")); a.code() != "Bad Request invalid_grant" {
		t.Errorf("confidential, without proof: %s", a.body)
	}
	next = g.renew("library", token, as("library"), other.proof)
	if g.info("DPoP", next.text("access_token"), other.proof).status != 200 || g.info("DPoP", next.text("access_token"), h.proof).status != 401 {
		t.Errorf("confidential, with a new key: %s", next.body)
	}
	// An unbound one does not become bound on the way: a thief could otherwise keep it for itself.
	token = g.comeTo("phone").text("refresh_token")
	if a := g.renew("phone", token, h.proof); a.code() != "Bad Request invalid_grant" {
		t.Errorf("public, bound later: %s", a.body)
	}
}

// Tokens bound to a certificate (RFC 8705), which a proxy of ours has seen.
func TestTokenBoundToACertificate(t *testing.T) {
	g := newGatewayOn(t, storetest.SQLiteDSN(t), func(c *provider.Config) { c.Mutual = provider.Mutual{Header: "Client-Cert"} })
	bound := library()
	bound.OIDC.TLSBound = true
	g.add(bound, batch())
	shows := func(c []byte) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(c)+":") }
	}
	mine, another := selfSigned(t), selfSigned(t)
	if a := g.ask("/oidc/token", g.codeOf(g.browser(), "library", nil), as("library")); a.code() != "Bad Request invalid_request" {
		t.Errorf("without certificate: %s", a.body)
	}
	a := g.comeTo("library", as("library"), shows(mine))
	token := a.text("access_token")
	if a.text("token_type") != "Bearer" || g.info("Bearer", token, shows(mine)).status != 200 {
		t.Errorf("the owner: %s", a.body)
	}
	for name, info := range map[string]response{"without": g.info("Bearer", token), "another": g.info("Bearer", token, shows(another))} {
		if info.code() != "Unauthorized invalid_token" {
			t.Errorf("%s: %s", name, info.body)
		}
	}
	sum := sha256.Sum256(mine)
	said := g.ask("/oidc/introspect", url.Values{"token": {token}}, as("library"))
	if cnf, _ := said.said["cnf"].(map[string]any); cnf["x5t#S256"] != base64.RawURLEncoding.EncodeToString(sum[:]) {
		t.Errorf("introspection: %s", said.body)
	}
	if r := g.renew("library", a.text("refresh_token"), as("library")); r.status != 400 {
		t.Errorf("refresh without certificate: %s", r.body)
	}
	if r := g.renew("library", a.text("refresh_token"), as("library"), shows(another)); r.status != 200 {
		t.Errorf("refresh with a new certificate: %s", r.body)
	}
}

// A page of a public client can read what it needs for its next proof.
func TestProofsFromOtherOrigins(t *testing.T) {
	g := newGateway(t)
	g.add(phone())
	r, err := http.NewRequest(http.MethodOptions, g.URL+"/oidc/token", nil)
	check(t, err)
	r.Header.Set("Origin", "https://phone.example")
	h := g.send(r).header
	if !strings.Contains(h.Get("Access-Control-Allow-Headers"), "DPoP") || !strings.Contains(h.Get("Access-Control-Expose-Headers"), "DPoP-Nonce") {
		t.Errorf("%v", h)
	}
}

// A stranger can make keys and proofs without end; none of them is written down.
func TestProofsOfStrangers(t *testing.T) {
	dsn := storetest.SQLiteDSN(t)
	g := newGatewayOn(t, dsn)
	g.add(phone(), library(), batch())
	h := g.holder()
	written := func() int {
		return len(storetest.Column(t, dsn, "SELECT key FROM volatile WHERE key LIKE 'oidc/proof/%'"))
	}
	for name, a := range map[string]response{
		"code":    g.ask("/oidc/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"phone"}, "code": {"x"}, "redirect_uri": {"x"}}, h.proof),
		"refresh": g.renew("phone", "x", h.proof), "client": g.renew("library", "x", h.proof), "info": g.info("DPoP", "x", h.proof),
	} {
		if a.status == 200 || written() != 0 {
			t.Errorf("%s: %d, %d written", name, a.status, written())
		}
	}
	if g.comeTo("phone", h.proof); written() != 1 {
		t.Errorf("a proof that counts is not written down: %d", written())
	}
}
