package provider_test

import (
	"crypto"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
)

func TestPushedRequest(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(func(o *catalogue.OIDC) { o.RequirePAR = true })
	got := bank.post("/oidc/par", bank.asked("state", "pushed &é"))
	if got.status != http.StatusCreated || got.said["expires_in"] != 60.0 || got.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(got.text("request_uri"), "urn:ietf:params:oauth:request_uri:") {
		t.Fatalf("%d %s", got.status, got.body)
	}
	b := g.browser()
	// What stands in the address beside it changes nothing.
	p := b.signIn(bank.authorize(url.Values{"client_id": {"bank"}, "request_uri": {got.text("request_uri")}, "state": {"other"}, "prompt": {"none"}, "redirect_uri": {"https://evil.example/"}}))
	if p.out == nil || p.out.Host != "bank.example" || p.out.Query().Get("state") != "pushed &é" {
		t.Fatalf("%d at %v, out %v", p.status, p.at, p.out)
	}
	if got := bank.redeem(p.out.Query().Get("code")); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	expectError(t, b.get(bank.authorize(bank.asked())), "invalid_request") // it must push
}

// A pushed request leads to one answer, in time, for the client that pushed it.
func TestPushedRequestIsOneTime(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	b := g.browser()
	address := bank.push(bank.asked())
	expectRoom(t, b.get(address), "/signin/choose")
	expectRoom(t, b.get(address), "/signin/choose") // a page that is loaded twice is no answer yet
	expectRoom(t, g.browser().get(address), "/signin/choose")
	expectCode(t, b.signIn(address))
	expectError(t, b.get(address), "invalid_request_uri")
	expectError(t, g.browser().get(address), "invalid_request_uri")

	address = bank.push(bank.asked())
	g.clock.Advance(time.Minute)
	expectError(t, b.get(address), "invalid_request_uri")

	address = bank.push(bank.asked())
	for name, stolen := range map[string]string{
		"by another client": strings.Replace(address, "client_id=bank", "client_id=tax%3Aoffice", 1),
		"altered":           address[:len(address)-4] + "AAAA",
		"another's":         bank.authorize(url.Values{"client_id": {"bank"}, "request_uri": {"urn:ietf:params:oauth:request_uri:guess"}}),
	} {
		if p := b.get(stolen); p.out != nil || p.status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", name, p.status, p.out)
		}
	}
}

// A button that is pressed twice is answered twice, to the same person.
func TestPushedRequestDoubleClick(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	b := g.browser()
	room := b.get(bank.push(bank.asked()))
	for range 2 {
		expectCode(t, b.post(room.at.String(), url.Values{"method": {"totp"}}))
	}
}

// Of two people who were led by one pushed request, the second gets no code.
func TestPushedRequestForTwo(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	address := bank.push(bank.asked())
	first, second := g.browser(), g.browser()
	room := second.get(address)
	expectCode(t, first.signIn(address))
	g.now = g.citizen("nagybela", "Nagy", "Béla")
	expectError(t, second.post(room.at.String(), url.Values{"method": {"totp"}}), "invalid_request_uri")
	g.now = identity.Account{ID: g.account, PersonID: g.person}
}

// What the authorization endpoint would refuse is refused at once.
func TestPushedRequestsRefused(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	tests := map[string]struct {
		form   url.Values
		status int
		code   string
	}{
		"address":     {bank.asked("redirect_uri", "https://evil.example/"), 400, "invalid_request"},
		"no address":  {bank.asked("redirect_uri", ""), 400, "invalid_request"},
		"scope":       {bank.asked("scope", "profile"), 400, "invalid_scope"},
		"type":        {bank.asked("response_type", "token"), 400, "unsupported_response_type"},
		"plain":       {bank.asked("code_challenge_method", "plain"), 400, "invalid_request"},
		"level":       {bank.asked("acr_values", "http://eidas.europa.eu/LoA/high"), 400, "unmet_authentication_requirements"},
		"hint":        {bank.asked("id_token_hint", "a.b.c"), 400, "invalid_request"},
		"request_uri": {bank.asked("request_uri", "urn:ietf:params:oauth:request_uri:x"), 400, "invalid_request"},
		"object":      {bank.asked("request", "a.b.c"), 400, "invalid_request_object"},
		"large":       {bank.asked("claims", `{"id_token":{"`+strings.Repeat("a", 6000)+`":null}}`), 400, "invalid_request"},
		"thumbprint":  {bank.asked("dpop_jkt", "short"), 400, "invalid_request"},
		"other":       {bank.asked("client_id", "tax:office"), 400, "invalid_request"},
	}
	for name, test := range tests {
		if got := bank.post("/oidc/par", test.form); got.status != test.status || got.text("error") != test.code || got.text("request_uri") != "" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := g.ask("/oidc/par", bank.asked()); got.status != http.StatusUnauthorized || got.text("error") != "invalid_client" {
		t.Errorf("by a stranger: %d %s", got.status, got.body)
	}
	twice := bank.assertion().Encode() + "&" + bank.asked().Encode() + "&nonce=again"
	r, err := http.NewRequest(http.MethodPost, g.URL+"/oidc/par", strings.NewReader(twice))
	check(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := g.send(r); got.text("error") != "invalid_request" {
		t.Errorf("twice: %d %s", got.status, got.body)
	}
	if p := g.browser().get(g.URL + "/oidc/par?" + bank.asked().Encode()); p.status != http.StatusMethodNotAllowed {
		t.Errorf("by GET: %d", p.status)
	}
}

// A request object can be pushed, and counts alone.
func TestPushedRequestObject(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(func(o *catalogue.OIDC) { o.RequestAlg, o.RequirePAR = "ES256", true })
	address := bank.push(url.Values{"request": {bank.sign(bank.object())}, "state": {"other"}, "scope": {"profile"}})
	p := g.browser().signIn(address)
	expectCode(t, p)
	if p.out.Query().Get("state") != "s-1" {
		t.Errorf("%v", p.out)
	}
}

// A public client may push, without proof of who it is.
func TestPushedByPublicClient(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(func(o *catalogue.OIDC) { o.AuthMethod, o.JWKS = "none", "" })
	if got := g.ask("/oidc/par", bank.asked()); got.status != http.StatusCreated {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := g.ask("/oidc/par", bank.asked("code_challenge", "", "code_challenge_method", "")); got.text("error") != "invalid_request" {
		t.Errorf("without PKCE: %d %s", got.status, got.body)
	}
}

// A code is of use only with the key that was shown when the request was pushed.
func TestPushedRequestIsBoundToKey(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	own, thief := g.holder(), g.holder()
	push := func(form url.Values, h *holder) response {
		first := bank.post("/oidc/par", form, h.proof) // it tells the nonce
		if first.text("error") != "use_dpop_nonce" {
			return first
		}
		h.nonce = first.header.Get("DPoP-Nonce")
		return bank.post("/oidc/par", form, h.proof)
	}
	if got := push(bank.asked("dpop_jkt", thief.thumbprint()), own); got.text("error") != "invalid_request" {
		t.Errorf("two keys: %d %s", got.status, got.body)
	}
	for name, form := range map[string]url.Values{"by proof": bank.asked(), "by both": bank.asked("dpop_jkt", own.thumbprint())} {
		got := push(form, own)
		thief.nonce = own.nonce
		if got.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", name, got.status, got.body)
		}
		p := g.browser().signIn(bank.authorize(url.Values{"client_id": {"bank"}, "request_uri": {got.text("request_uri")}}))
		expectCode(t, p)
		code := p.out.Query().Get("code")
		if got := bank.redeem(code); got.text("error") != "invalid_grant" {
			t.Errorf("%s, redeemed without a key: %d %s", name, got.status, got.body)
		}
		if got := bank.redeem(code, thief.proof); got.text("error") != "invalid_grant" {
			t.Errorf("%s, redeemed by another key: %d %s", name, got.status, got.body)
		}
		if got := bank.redeem(code, own.proof); got.status != http.StatusOK || got.text("token_type") != "DPoP" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	// The same by dpop_jkt in a plain request.
	p := g.browser().signIn(bank.authorize(bank.asked("dpop_jkt", own.thumbprint())))
	if got := bank.redeem(p.out.Query().Get("code"), thief.proof); got.text("error") != "invalid_grant" {
		t.Errorf("dpop_jkt: %d %s", got.status, got.body)
	}
}

// thumbprint is that of the key (RFC 7638).
func (h *holder) thumbprint() string {
	sum, err := (&jose.JSONWebKey{Key: h.key.Public()}).Thumbprint(crypto.SHA256)
	check(h.g.t, err)
	return base64.RawURLEncoding.EncodeToString(sum)
}

// The tricks that fail in an address fail in what is pushed or signed as well.
func TestRedirectTricksOtherWays(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(func(o *catalogue.OIDC) { o.RedirectURIs = []string{taxReturn} })
	for _, address := range tricks {
		if got := bank.post("/oidc/par", bank.asked("redirect_uri", address)); got.status != http.StatusBadRequest || got.text("error") != "invalid_request" {
			t.Errorf("pushed %q: %d %s", address, got.status, got.body)
		}
		p := g.browser().get(bank.by(bank.sign(bank.object("redirect_uri", address)), "redirect_uri", taxReturn))
		if p.out != nil && p.out.Query().Get("error") == "" || p.out != nil && p.out.Host != "tax.example" {
			t.Errorf("signed %q: %d %v", address, p.status, p.out)
		}
	}
}
