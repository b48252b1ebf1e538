package provider_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"kapu/internal/catalogue"
)

func security(o *catalogue.OIDC) {
	o.Profile, o.DPoPBound, o.RequirePAR = catalogue.FAPISecurity, true, true
}

func signing(o *catalogue.OIDC) {
	security(o)
	o.Profile, o.RequestAlg, o.ResponseAlg = catalogue.FAPISigning, "ES256", "ES256"
	o.IntrospectionAlg = "ES256"
}

// A whole flow as the FAPI 2.0 Security Profile wants it.
func TestFAPISecurity(t *testing.T) {
	g := newGateway(t)
	bank, h := g.bank(security), g.holder()
	p := g.browser().signIn(bank.push(bank.asked()))
	expectCode(t, p)
	if p.status != http.StatusSeeOther || p.out.Query().Get("iss") != g.URL {
		t.Errorf("%d %v", p.status, p.out)
	}
	code := p.out.Query().Get("code")
	if got := bank.redeem(code); got.text("access_token") != "" {
		t.Errorf("a token that is bound to nothing: %s", got.body)
	}
	h.nonce = bank.redeem(code, h.proof).header.Get("DPoP-Nonce")
	got := bank.redeem(code, h.proof)
	if got.status != http.StatusOK || got.text("token_type") != "DPoP" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if info := g.info("Bearer", got.text("access_token")); info.status != http.StatusUnauthorized {
		t.Errorf("a bound token as a bearer's: %d %s", info.status, info.body)
	}
	if got := bank.redeem(code, h.proof); got.text("error") != "invalid_grant" {
		t.Errorf("a second time: %d %s", got.status, got.body)
	}
	late := g.browser().signIn(bank.push(bank.asked()))
	g.clock.Advance(time.Minute)
	if got := bank.redeem(late.out.Query().Get("code"), h.proof); got.text("error") == "" {
		t.Errorf("a code that is a minute old: %s", got.body)
	}
}

// A whole flow as FAPI 2.0 Message Signing wants it.
func TestFAPISigning(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(signing)
	p := g.browser().signIn(bank.push(url.Values{"request": {bank.sign(bank.object("response_mode", "jwt"))}}))
	if p.out == nil || len(p.out.Query()) != 1 {
		t.Fatalf("%d %v", p.status, p.out)
	}
	claims := bank.responseOf(p.out.Query().Get("response"))
	if claims["code"] == nil || claims["state"] != "s-1" {
		t.Errorf("%v", claims)
	}
}

// Each demand of the profiles, by what a service is told that does not meet it.
func TestFAPIRefuses(t *testing.T) {
	g := newGateway(t)
	object := func(a *asker, change func(map[string]any), pairs ...string) url.Values {
		claims := a.object(append([]string{"response_mode", "jwt"}, pairs...)...)
		if change != nil {
			change(claims)
		}
		return url.Values{"request": {a.sign(claims)}}
	}
	without := func(name string) func(map[string]any) { return func(c map[string]any) { delete(c, name) } }
	at := func(name string, by time.Duration) func(map[string]any) {
		return func(c map[string]any) { c[name] = g.clock.Now().Add(by).Unix() }
	}
	tests := []struct {
		name    string
		profile func(*catalogue.OIDC)
		form    func(a *asker) url.Values
		code    string
	}{
		{"no PKCE", security, func(a *asker) url.Values { return a.asked("code_challenge", "", "code_challenge_method", "") }, "invalid_request"},
		{"plain PKCE", security, func(a *asker) url.Values { return a.asked("code_challenge_method", "plain") }, "invalid_request"},
		{"no address", security, func(a *asker) url.Values { return a.asked("redirect_uri", "") }, "invalid_request"},
		{"another address", security, func(a *asker) url.Values { return a.asked("redirect_uri", "https://evil.example/") }, "invalid_request"},
		{"hybrid", security, func(a *asker) url.Values { return a.asked("response_type", "code id_token") }, "unsupported_response_type"},
		{"nothing signed", signing, func(a *asker) url.Values { return a.asked("response_mode", "jwt") }, "invalid_request"},
		{"plain response", signing, func(a *asker) url.Values { return object(a, nil, "response_mode", "query") }, "invalid_request"},
		{"no aud", signing, func(a *asker) url.Values { return object(a, without("aud")) }, "invalid_request_object"},
		{"no nbf", signing, func(a *asker) url.Values { return object(a, without("nbf")) }, "invalid_request_object"},
		{"no exp", signing, func(a *asker) url.Values { return object(a, without("exp")) }, "invalid_request_object"},
		{"old", signing, func(a *asker) url.Values { return object(a, at("nbf", -61*time.Minute)) }, "invalid_request_object"},
		{"long", signing, func(a *asker) url.Values { return object(a, at("exp", 61*time.Minute)) }, "invalid_request_object"},
		{"no PKCE, signed", signing, func(a *asker) url.Values { return object(a, without("code_challenge")) }, "invalid_request"},
	}
	for _, test := range tests {
		bank := g.bank(test.profile)
		if got := bank.post("/oidc/par", test.form(bank)); got.status != http.StatusBadRequest || got.text("error") != test.code || got.text("request_uri") != "" {
			t.Errorf("%s: %d %s, want %s", test.name, got.status, got.body, test.code)
		}
	}
	bank := g.bank(security)
	expectError(t, g.browser().get(bank.authorize(bank.asked())), "invalid_request") // not pushed
	expectError(t, g.browser().get(bank.by(bank.sign(bank.object()), "redirect_uri", bankReturn, "state", "s")), "invalid_request")
	if got := g.ask("/oidc/par", bank.asked()); got.status != http.StatusUnauthorized {
		t.Errorf("pushed by a stranger: %d %s", got.status, got.body)
	}
}

// A client cannot fall back to what it was not registered for, and the profile
// holds for what it pushed before as well.
func TestFAPIHoldsAtOnce(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	address := bank.push(bank.asked("code_challenge", "", "code_challenge_method", ""))
	key := bank.key
	bank = g.bank(func(o *catalogue.OIDC) { security(o) })
	bank.key = key
	expectError(t, g.browser().get(address), "invalid_request")
}
