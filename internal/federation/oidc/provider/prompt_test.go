package provider_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"kapu/internal/identity"
)

// expectError expects that the service is told an error.
func expectError(t *testing.T, p page, code string) {
	t.Helper()
	if p.out == nil || p.out.Query().Get("error") != code || p.out.Query().Get("code") != "" || p.out.Query().Get("state") == "" {
		t.Errorf("%d at %v, out %v, want %s", p.status, p.at, p.out, code)
	}
}

func expectCode(t *testing.T, p page) {
	t.Helper()
	if p.out == nil || p.out.Query().Get("code") == "" {
		t.Errorf("%d at %v, out %v, want a code", p.status, p.at, p.out)
	}
}

func expectRoom(t *testing.T, p page, path string) {
	t.Helper()
	if p.at.Path != path || p.out != nil {
		t.Errorf("%d at %v, out %v, want %s", p.status, p.at, p.out, path)
	}
}

func TestPromptNone(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	tax := g.tax()
	expectError(t, b.get(tax.url(param("prompt", "none"))), "login_required")
	tax.come(b)
	expectCode(t, b.get(tax.url(param("prompt", "none"))))
	g.clock.Advance(31 * time.Minute) // nothing was asked for longer than a session may idle
	expectError(t, b.get(tax.url(param("prompt", "none"))), "login_required")
}

func TestFreshness(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	tax := g.tax()
	tax.come(b)
	first := g.clock.Now()
	g.clock.Advance(2 * time.Minute)
	expectCode(t, b.get(tax.url(param("max_age", "120"))))
	expectRoom(t, b.get(tax.url(param("max_age", "119"))), "/signin/choose")
	expectRoom(t, b.get(tax.url(param("prompt", "login"))), "/signin/choose")
	expectRoom(t, b.get(tax.url(param("prompt", "select_account"))), "/signin/choose")
	expectError(t, b.get(tax.url(param("prompt", "none"), param("max_age", "0"))), "login_required")
	expectCode(t, b.get(tax.url(param("prompt", "consent")))) // data are released by law: there is nothing to consent to

	token, err := tax.exchange(tax.come(b, param("prompt", "login")))
	check(t, err)
	if _, c := tax.verify(token); c.AuthTime != first.Add(2*time.Minute).Unix() {
		t.Errorf("auth_time %d tells of the old proof", c.AuthTime)
	}
}

func TestLevels(t *testing.T) {
	const totp, passkey, card = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp", "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:passkey", "urn:eksz.gov.hu:1.0:azonositas:kau:3:eszig:pin"
	const low, substantial, high = "http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"
	essential := func(values string) oauth2.AuthCodeOption {
		return param("claims", `{"id_token":{"acr":{"essential":true,"values":[`+values+`]}}}`)
	}
	tests := []struct {
		name   string
		option oauth2.AuthCodeOption
		want   string // acr, or the error
	}{
		{"nothing asked", param("x", "y"), substantial},
		{"lower than the service needs", param("acr_values", low), substantial},
		{"the same", param("acr_values", substantial), substantial},
		{"higher than any method", param("acr_values", high), "unmet_authentication_requirements"},
		{"the first that can be reached", param("acr_values", high+" "+substantial), substantial},
		{"not ours", param("acr_values", "urn:other"), substantial},
		{"a method", param("acr_values", totp), totp},
		{"a method among others", param("acr_values", card+" "+passkey+" "+totp), totp},
		{"a method, and then its level", param("acr_values", totp+" "+substantial), totp},
		{"a level, and then the method", param("acr_values", substantial+" "+totp), totp},
		{"a method, by a level that it exceeds", param("acr_values", "urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:totp"), "urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:totp"},
		{"a method, by a level that it lacks", param("acr_values", "urn:eksz.gov.hu:1.0:azonositas:kau:3:uk:totp"), "unmet_authentication_requirements"},
		{"a method that is not on offer", param("acr_values", card), "unmet_authentication_requirements"},
		{"a method below what the service needs", param("acr_values", "urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd"), "unmet_authentication_requirements"},
		{"essential, a method", essential(`"` + card + `","` + totp + `"`), totp},
		{"essential, a method that is not on offer", essential(`"` + card + `"`), "unmet_authentication_requirements"},
		{"essential, by its one value", param("claims", `{"id_token":{"acr":{"essential":true,"value":"`+totp+`"}}}`), totp},
		{"essential, any", param("claims", `{"id_token":{"acr":{"essential":true}}}`), substantial},
		{"named, but not essential", param("claims", `{"id_token":{"acr":{"values":["urn:other"]}}}`), substantial},
		{"essential, not ours", essential(`"urn:other"`), "unmet_authentication_requirements"},
		{"essential, too high", essential(`"` + high + `"`), "unmet_authentication_requirements"},
		{"essential, reached", essential(`"` + high + `","` + substantial + `"`), substantial},
		{"essential, lower: it is fulfilled by more", essential(`"` + low + `"`), low},
	}
	g := newGateway(t)
	tax := g.tax()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := g.browser().signIn(tax.url(test.option))
			if strings.HasPrefix(test.want, "unmet") {
				expectError(t, p, test.want)
				return
			}
			expectCode(t, p)
			token, err := tax.exchange(p.out.Query().Get("code"))
			check(t, err)
			if _, c := tax.verify(token); c.ACR != test.want {
				t.Errorf("acr %s", c.ACR)
			}
		})
	}
}

func TestHintOfThePerson(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	anna := g.browser()
	token, err := tax.exchange(tax.come(anna))
	check(t, err)
	id, _ := tax.verify(token)
	hint := param("id_token_hint", token.Extra("id_token").(string))
	expectCode(t, anna.get(tax.url(hint)))
	expectCode(t, anna.get(tax.url(hint, param("prompt", "none"))))
	expectCode(t, anna.get(tax.url(param("claims", `{"id_token":{"sub":{"value":"`+id.Subject+`"}}}`))))
	desk := g.party("desk", taxSecret, "https://desk.example/return")
	expectError(t, anna.get(desk.url(hint)), "invalid_request") // made for another client

	g.now = g.citizen("nagybela", "Nagy", "Béla")
	bela := g.browser()
	expectError(t, bela.signIn(tax.url(hint)), "login_required") // Béla came, Anna was expected
	expectError(t, bela.get(tax.url(hint, param("prompt", "none"))), "login_required")
	g.clock.Advance(time.Second)
	expectRoom(t, bela.get(tax.url(hint)), "/signin/choose")
	g.now = identity.Account{ID: g.account, PersonID: g.person}
	expectCode(t, bela.signIn(tax.url(hint))) // and then Anna came
	g.clock.Advance(400 * time.Hour)
	check(t, g.keys.Tick(context.Background()))
	expectCode(t, g.browser().signIn(tax.url(hint))) // an old token is still a hint
}

func TestEndOfSession(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	ended := func(b *browser) bool {
		return b.get(tax.url(param("prompt", "none"))).out.Query().Get("error") == "login_required"
	}
	end := func(b *browser, pairs ...string) page {
		q := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return b.get(g.URL + "/oidc/end-session?" + q.Encode())
	}
	signedIn := func() (*browser, string) {
		b := g.browser()
		token, err := tax.exchange(tax.come(b))
		check(t, err)
		return b, token.Extra("id_token").(string)
	}

	b, hint := signedIn()
	p := end(b, "id_token_hint", hint, "post_logout_redirect_uri", taxHome, "state", "a b&c")
	if p.out == nil || p.out.String() != taxHome+"?state=a+b%26c" || !ended(b) {
		t.Errorf("with a hint: %d %v", p.status, p.out)
	}
	p = end(b, "id_token_hint", hint, "post_logout_redirect_uri", taxHome)
	if p.out == nil || p.out.String() != taxHome {
		t.Errorf("nobody signed in any more: %d %v", p.status, p.out)
	}

	b, _ = signedIn()
	other, _ := signedIn()
	for name, p := range map[string]page{
		"no hint":         end(b, "client_id", "tax:office", "post_logout_redirect_uri", taxHome),
		"another session": end(other, "id_token_hint", hint, "post_logout_redirect_uri", taxHome),
		"nothing":         end(b),
	} {
		if p.status != 200 || p.out != nil || p.hidden().Get("after") == "" || ended(b) || ended(other) {
			t.Errorf("%s: a mere link signed somebody out, or did not ask: %d %v", name, p.status, p.out)
		}
	}
	p = end(b, "client_id", "tax:office", "post_logout_redirect_uri", taxHome)
	p = b.post(g.URL+"/oidc/confirm-end", p.hidden())
	if p.out == nil || p.out.String() != taxHome || !ended(b) {
		t.Errorf("confirmed: %d %v %s", p.status, p.out, p.body)
	}

	b, hint = signedIn()
	for _, address := range []string{"https://evil.example/", taxHome + "/", taxHome + "?x", taxReturn, "//evil.example"} {
		p := end(b, "id_token_hint", hint, "post_logout_redirect_uri", address)
		if p.out != nil || p.status != 400 || ended(b) {
			t.Errorf("%s: %d %v", address, p.status, p.out)
		}
	}
	for name, p := range map[string]page{
		"hint of another client": end(b, "id_token_hint", hint, "client_id", "town"),
		"forged hint":            end(b, "id_token_hint", hint[:len(hint)-4]+"AAAA"),
		"address without client": end(b, "post_logout_redirect_uri", taxHome),
	} {
		if p.status != 400 || p.out != nil || ended(b) {
			t.Errorf("%s: %d %v", name, p.status, p.out)
		}
	}
	if p := b.post(g.URL+"/oidc/confirm-end", url.Values{"after": {"https://evil.example/"}}); p.out != nil || ended(b) {
		t.Errorf("an address of the visitor's own: %d %v", p.status, p.out)
	}
}
