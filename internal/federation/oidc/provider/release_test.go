package provider_test

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kapu/internal/catalogue"
	"kapu/internal/store"
)

// shop asks for more than the law gives it.
func shop() *catalogue.Service {
	return &catalogue.Service{ID: "shop", Claims: []catalogue.Claim{catalogue.Name}, ConsentClaims: []catalogue.Claim{catalogue.Email, catalogue.Address, catalogue.BirthDate},
		OIDC: &catalogue.OIDC{GrantTypes: []string{"authorization_code", "refresh_token"}}}
}

// shopping is what it asks.
func shopping(more ...string) string {
	q := url.Values{"client_id": {"shop"}, "redirect_uri": {"https://shop.example/return"}, "response_type": {"code"}, "state": {"s"},
		"scope": {"openid profile email address offline_access"}, "claims": {`{"id_token":{"email":null,"birthdate":null},"userinfo":{"birthdate":{"essential":true}}}`},
		"code_challenge_method": {"S256"}, "code_challenge": {digest(verifier)}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/oidc/authorize?" + q.Encode()
}

// decides sends the form of the page with those data ticked.
func (b *browser) decides(p page, ticked ...string) page {
	b.g.t.Helper()
	if p.at.Path != "/signin/consent" {
		b.g.t.Fatalf("%d at %v, out %v, want the page of consent", p.status, p.at, p.out)
	}
	form := p.hidden()
	form.Set("decide", "ticked")
	if len(ticked) == 0 {
		form.Set("decide", "none")
	}
	for _, name := range ticked {
		form.Set("allow_"+name, "yes")
	}
	return b.post(p.at.String(), form)
}

// redeem is the tokens of the shop for where a browser was sent.
func (g *gateway) redeem(p page) response {
	g.t.Helper()
	if p.out == nil {
		g.t.Fatalf("%d at %v, want a code", p.status, p.at)
	}
	return g.ask("/oidc/token", url.Values{"grant_type": {"authorization_code"}, "code": {p.out.Query().Get("code")},
		"redirect_uri": {"https://shop.example/return"}, "code_verifier": {verifier}}, as("shop"))
}

// holds ends the test unless of the data exactly those are said.
func holds(t *testing.T, what string, said map[string]any, names ...string) {
	t.Helper()
	for _, c := range catalogue.Claims() {
		_, there := said[string(c)]
		if there != slices.Contains(names, string(c)) {
			t.Errorf("%s: %s is %v, want %v", what, c, said[string(c)], names)
		}
	}
}

// leaves are the public parts of a person's entries of a kind, oldest first.
func (g *gateway) leaves(person, kind string) (found []map[string]any) {
	g.t.Helper()
	check(g.t, g.db.View(context.Background(), func(tx *store.Tx) error {
		entries, err := tx.LedgerOf(person, "", 100)
		for _, e := range entries {
			var leaf struct{ Public map[string]any }
			if e.Kind == kind {
				check(g.t, json.Unmarshal([]byte(e.Body), &leaf))
				found = append([]map[string]any{leaf.Public}, found...)
			}
		}
		return err
	}))
	return found
}

func words(list any) string {
	var all []string
	if items, ok := list.([]any); ok {
		for _, v := range items {
			all = append(all, v.(string))
		}
	}
	return strings.Join(all, " ")
}

func TestOnlyWhatThePersonAllowsLeaves(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(shop())
		b := g.browser()
		a := g.redeem(b.decides(b.signIn(g.URL+shopping()), "email"))
		if a.text("scope") != "openid profile email offline_access" {
			t.Errorf("scope %q: the refused one must be missing, and no other", a.text("scope"))
		}
		holds(t, "ID token", payload(t, a.text("id_token")), "email")
		holds(t, "userinfo", g.info("Bearer", a.text("access_token")).said, "name", "email")
		next := g.renew("shop", a.text("refresh_token"), as("shop"))
		holds(t, "refreshed ID token", payload(t, next.text("id_token")), "email")
		holds(t, "userinfo afterwards", g.info("Bearer", next.text("access_token")).said, "name", "email")
		if next := g.ask("/oidc/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {next.text("refresh_token")}, "scope": {"openid address"}}, as("shop")); next.text("error") != "invalid_scope" {
			t.Errorf("a refused scope by refreshing: %s", next.body)
		}

		decided, released := g.leaves(g.person, "consent.decided"), g.leaves(g.person, "service.reached")
		if len(decided) != 1 || words(decided[0]["allowed"]) != "email" || words(decided[0]["refused"]) != "birthdate address" {
			t.Errorf("decided: %v", decided)
		}
		if len(released) != 1 || words(released[0]["data"]) != "name email" || words(released[0]["consented"]) != "email" || released[0]["ground"] != "2003. évi C. törvény" {
			t.Errorf("released: %v", released)
		}
	})
}

func TestTakingBackCountsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(shop())
		b := g.browser()
		a := g.redeem(b.decides(b.signIn(g.URL+shopping()), "email", "address", "birthdate"))
		holds(t, "ID token", payload(t, a.text("id_token")), "email", "birthdate")
		pending := b.get(g.URL + shopping()) // a code that nobody has redeemed yet
		b.post(g.URL+"/account/consents", url.Values{"service": {"shop"}})

		holds(t, "userinfo", g.info("Bearer", a.text("access_token")).said, "name")
		next := g.renew("shop", a.text("refresh_token"), as("shop"))
		holds(t, "refreshed ID token", payload(t, next.text("id_token")))
		holds(t, "userinfo afterwards", g.info("Bearer", next.text("access_token")).said, "name")
		late := g.redeem(pending)
		holds(t, "ID token of a code from before", payload(t, late.text("id_token")))
		holds(t, "its userinfo", g.info("Bearer", late.text("access_token")).said, "name")
		if released := g.leaves(g.person, "service.reached"); words(released[1]["data"]) != "name" || words(released[1]["consented"]) != "" {
			t.Errorf("the ledger says that more was released: %v", released)
		}
		if len(g.leaves(g.person, "consent.withdrawn")) != 1 {
			t.Error("the ledger does not say so")
		}
		expectRoom(t, b.get(g.URL+shopping()), "/signin/consent")
	})
}

func TestPromptsAndConsent(t *testing.T) {
	g := newGateway(t)
	g.add(shop())
	b := g.browser()
	expectError(t, b.get(g.URL+shopping("prompt", "none")), "login_required")
	p := b.signIn(g.URL + shopping())
	expectError(t, b.get(g.URL+shopping("prompt", "none")), "consent_required")
	expectCode(t, b.get(g.URL+shopping("prompt", "none", "scope", "openid", "claims", "{}"))) // where nothing is the person's to give
	expectCode(t, b.decides(p, "email"))
	expectCode(t, b.get(g.URL+shopping("prompt", "none")))
	p = b.get(g.URL + shopping("prompt", "consent"))
	if !strings.Contains(p.body, `name="allow_email" value="yes" checked`) || strings.Contains(p.body, `name="allow_address" value="yes" checked`) {
		t.Error("the earlier decision does not show")
	}
	a := g.redeem(b.decides(p))
	holds(t, "userinfo", g.info("Bearer", a.text("access_token")).said, "name")
	a = g.redeem(b.get(g.URL + shopping("prompt", "none"))) // refused is decided
	holds(t, "userinfo", g.info("Bearer", a.text("access_token")).said, "name")
	if a.text("scope") != "openid profile offline_access" {
		t.Errorf("scope %q", a.text("scope"))
	}
}

func TestConsentIsOnePersonsOnly(t *testing.T) {
	g := newGateway(t)
	g.add(shop())
	b := g.browser()
	expectCode(t, b.decides(b.signIn(g.URL+shopping()), "email", "address", "birthdate"))
	g.now = g.citizen("nagybela", "Nagy", "Béla")
	b.post(g.URL+"/signout", nil)
	p := b.signIn(g.URL + shopping())
	if strings.Contains(p.body, " checked") || !strings.Contains(p.body, "nagybela@posta.example") {
		t.Error("the page of Béla shows what Anna decided")
	}
	a := g.redeem(b.decides(p))
	holds(t, "userinfo of Béla", g.info("Bearer", a.text("access_token")).said, "name")
}

func TestARegistrationThatLosesAClaim(t *testing.T) {
	g := newGateway(t)
	g.add(shop())
	b := g.browser()
	a := g.redeem(b.decides(b.signIn(g.URL+shopping()), "email", "address"))
	pending := b.get(g.URL + shopping())
	changed := *g.broker.Catalogue.Service("shop")
	changed.ConsentClaims = []catalogue.Claim{catalogue.Address}
	others := slices.DeleteFunc(slices.Clone(g.broker.Catalogue.All()), func(s *catalogue.Service) bool { return s.ID == "shop" })
	check(t, g.broker.Catalogue.Replace(append(others, &changed)))
	holds(t, "userinfo", g.info("Bearer", a.text("access_token")).said, "name", "address")
	holds(t, "refreshed ID token", payload(t, g.renew("shop", a.text("refresh_token"), as("shop")).text("id_token")))
	holds(t, "ID token of a code from before", payload(t, g.redeem(pending).text("id_token")))
}

func TestADemandedIdentifier(t *testing.T) {
	g := newGateway(t)
	s := library()
	s.Demands = []catalogue.Claim{catalogue.TaxNumber}
	g.add(s)
	q := "/oidc/authorize?" + url.Values{"client_id": {"library"}, "redirect_uri": {"https://library.example/return"}, "response_type": {"code"}, "state": {"s"},
		"scope": {"openid tax_number"}, "code_challenge_method": {"S256"}, "code_challenge": {digest(verifier)}}.Encode()
	b := g.browser()
	p := b.signIn(g.URL + q)
	expectRoom(t, p, "/signin/identify")
	expectError(t, b.get(g.URL+q+"&prompt=none"), "interaction_required")
	tax := g.taxNumber()
	p = b.post(p.at.String(), url.Values{"what": {"tax_number"}, "number": {tax}})
	expectCode(t, p)
	a := g.ask("/oidc/token", url.Values{"grant_type": {"authorization_code"}, "code": {p.out.Query().Get("code")},
		"redirect_uri": {"https://library.example/return"}, "code_verifier": {verifier}}, as("library"))
	if got := g.info("Bearer", a.text("access_token")); got.text("tax_number") != tax {
		t.Errorf("userinfo: %s", got.body)
	}
	expectCode(t, b.get(g.URL+q+"&prompt=none")) // once a session
}
