package provider_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestFAPIModules runs those modules of the FAPI 2.0 plans that no other test of
// ours is about, under their names without what all begin with.
func TestFAPIModules(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 64)
	for _, test := range []struct {
		module string
		form   func(a *asker) url.Values
		state  string // that comes back
		nonce  any    // of the ID token
	}{
		{"ensure-authorization-request-without-state-success", func(a *asker) url.Values { return a.asked("state", "") }, "", "n-1"},
		{"ensure-authorization-request-without-nonce-success", func(a *asker) url.Values { return a.asked("nonce", "") }, "s-1", nil},
		{"ensure-authorization-request-with-64-char-nonce-success", func(a *asker) url.Values { return a.asked("nonce", long[:64]) }, "s-1", long[:64]},
		{"ensure-authorization-request-with-long-nonce", func(a *asker) url.Values { return a.asked("nonce", long) }, "s-1", long},
		{"ensure-authorization-request-with-long-state", func(a *asker) url.Values { return a.asked("state", long) }, long, "n-1"},
		{"ensure-other-scope-order-succeeds", func(a *asker) url.Values { return a.asked("scope", "profile openid") }, "s-1", "n-1"},
	} {
		t.Run(test.module, func(t *testing.T) {
			g := newGateway(t)
			bank, h := g.bank(security), g.holder()
			p := g.browser().signIn(bank.push(test.form(bank)))
			if p.out == nil || p.out.Query().Get("state") != test.state || p.out.Query().Has("state") != (test.state != "") {
				t.Fatalf("%d %v", p.status, p.out)
			}
			if got := bank.redeemBound(p.out.Query().Get("code"), h); payload(t, got.text("id_token"))["nonce"] != test.nonce {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

// redeemBound exchanges a code with a proof of the key, which learns its nonce first.
func (a *asker) redeemBound(code string, h *holder) response {
	h.nonce = a.redeem(code, h.proof).header.Get("DPoP-Nonce")
	return a.redeem(code, h.proof)
}

// TestSigningModules does the same for those that are about request objects.
func TestSigningModules(t *testing.T) {
	for _, test := range []struct {
		module string
		change func(g *gateway, claims map[string]any)
		beside url.Values // what is pushed beside the object
		state  any        // of the response
	}{
		{"ensure-request-object-with-multiple-aud-succeeds", func(g *gateway, c map[string]any) { c["aud"] = []string{"https://other.example", g.URL} }, nil, "s-1"},
		{"ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted", func(g *gateway, c map[string]any) { c["nbf"] = g.clock.Now().Add(8 * time.Second).Unix() }, nil, "s-1"},
		{"ensure-different-state-inside-and-outside-request-object", nil, url.Values{"state": {"outside"}}, "s-1"},
		{"ensure-different-nonce-inside-and-outside-request-object", nil, url.Values{"nonce": {"outside"}}, "s-1"},
		{"state-only-outside-request-object-not-used", func(_ *gateway, c map[string]any) { delete(c, "state") }, url.Values{"state": {"outside"}}, nil},
	} {
		t.Run(test.module, func(t *testing.T) {
			g := newGateway(t)
			bank, h := g.bank(signing), g.holder()
			claims := bank.object("response_mode", "jwt")
			if test.change != nil {
				test.change(g, claims)
			}
			form := url.Values{"request": {bank.sign(claims)}}
			for name, values := range test.beside {
				form[name] = values
			}
			p := g.browser().signIn(bank.push(form))
			if p.out == nil {
				t.Fatalf("%d at %v", p.status, p.at)
			}
			said := bank.responseOf(p.out.Query().Get("response"))
			code, _ := said["code"].(string)
			if got := bank.redeemBound(code, h); said["state"] != test.state || payload(t, got.text("id_token"))["nonce"] != "n-1" {
				t.Errorf("%v, then %d %s", said, got.status, got.body)
			}
		})
	}
}

// TestProofModules does the same for those that are about DPoP proofs.
func TestProofModules(t *testing.T) {
	g := newGateway(t)
	bank, h := g.bank(security), g.holder()
	p := g.browser().signIn(bank.push(bank.asked()))
	expectCode(t, p)
	h.change = func(c map[string]any) {
		c["nbf"], c["exp"] = g.clock.Now().Unix(), g.clock.Now().Add(time.Minute).Unix()
	}
	got := bank.redeemBound(p.out.Query().Get("code"), h)
	t.Run("check-dpop-proof-nbf-exp", func(t *testing.T) {
		if got.status != http.StatusOK || got.text("token_type") != "DPoP" {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if info := g.info("DPoP", got.text("access_token"), h.proof); info.status != http.StatusOK {
			t.Errorf("%d %s", info.status, info.body)
		}
	})
	t.Run("access-token-type-header-case-sensitivity", func(t *testing.T) {
		for _, scheme := range []string{"dpop", "dPoP", "DPOP"} {
			h.change = func(c map[string]any) { c["ath"] = digest(got.text("access_token")) }
			if info := g.info(scheme, got.text("access_token"), h.proof); info.status != http.StatusOK {
				t.Errorf("%s: %d %s", scheme, info.status, info.body)
			}
		}
	})
}
