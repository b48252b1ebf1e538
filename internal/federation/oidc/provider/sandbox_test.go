package provider_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"kapu/internal/federation/oidc/provider"
	"kapu/internal/sandbox"
	"kapu/internal/store/storetest"
)

// watchedGateway is a gateway with a sandbox for the tax office alone.
func watchedGateway(t *testing.T, dsn string) (*gateway, *sandbox.Keeper) {
	t.Helper()
	var keeper *sandbox.Keeper
	g := newGatewayOn(t, dsn, func(c *provider.Config) {
		keeper = sandbox.NewKeeper(c.Broker.Volatile, c.Broker.Ring, c.Broker.Now)
		keeper.Allow([]string{"tax"})
		c.Sandbox = keeper
	})
	return g, keeper
}

// told are the exchanges of a service, the oldest first.
func told(t *testing.T, k *sandbox.Keeper, service string) []sandbox.Exchange {
	t.Helper()
	last, err := k.Last(context.Background(), service)
	check(t, err)
	slices.Reverse(last)
	return last
}

func line(lines []sandbox.Line, name string) sandbox.Line {
	i := slices.IndexFunc(lines, func(l sandbox.Line) bool { return l.Name == name })
	if i < 0 {
		return sandbox.Line{Text: "there is no " + name}
	}
	return lines[i]
}

// A whole sign-in with everything that could slip into what is kept, and then
// the bytes of the database: all that a thief of it would find.
func TestNothingSecretOrPersonalIsKeptForTheSandbox(t *testing.T) {
	storetest.EachAt(t, func(t *testing.T, dsn string) {
		g, keeper := watchedGateway(t, dsn)
		tax, b := g.tax(), g.browser()
		const state, nonce, hint = "the-state-of-this-visit", "a-nonce-of-its-own", "KisAnnaHint"
		address := tax.config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier), param("nonce", nonce), param("login_hint", hint),
			param("claims", `{"userinfo":{"birthdate":{"value":"1980-02-29"},"KisAnnaClaim":null}}`), param("KisAnnaName", "KisAnnaValue"))
		p := b.signIn(address)
		code := p.out.Query().Get("code")
		token, err := tax.exchange(code)
		check(t, err)
		info, err := tax.userInfo(token)
		check(t, err)
		idToken := token.Extra("id_token").(string)
		_, err = tax.exchange(code) // a second time: an error
		if err == nil {
			t.Fatal("a code counts twice")
		}
		for path, form := range map[string]url.Values{
			"/oidc/introspect": {"token": {token.AccessToken}}, "/oidc/revoke": {"token": {token.AccessToken}}, "/oidc/par": {"login_hint": {hint}, "kisannaname": {"1", "2"}},
		} {
			g.postAs(path, form, "tax:office", taxSecret)
		}
		g.postAs("/oidc/token", url.Values{"grant_type": {"KisAnnaGrant"}}, "tax:office", "a-wrong-secret")
		b.get(g.URL + "/oidc/end-session?id_token_hint=" + idToken + "&logout_hint=" + hint)
		b.get(g.URL + "/oidc/authorize?client_id=tax%3Aoffice&redirect_uri=https%3A%2F%2Ftax.example%2FKisAnnaPath")

		kept := told(t, keeper, "tax")
		var kinds []string
		for _, e := range kept {
			kinds = append(kinds, e.What)
		}
		slices.Sort(kinds)
		want := "answer authorization authorization end introspection pushed revocation token token token userinfo"
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("kept are %s, not %s", got, want)
		}
		found, err := json.Marshal(kept)
		check(t, err)
		secrets := []string{taxSecret, "a-wrong-secret", code, token.AccessToken, idToken, state, nonce, hint, verifier, "KisAnna", "kisanna", "1980-02-29",
			info["tax_number"].(string), info["sub"].(string), "Anna", g.person, g.account}
		for _, text := range []string{string(found), exchangesOnDisk(t, dsn)} {
			for _, secret := range secrets {
				for _, form := range []string{secret, url.QueryEscape(secret)} {
					if strings.Contains(text, form) {
						t.Errorf("%q is kept", form)
					}
				}
			}
		}
	})
}

// exchangesOnDisk is what the database holds of exchanges, seen from outside.
func exchangesOnDisk(t *testing.T, dsn string) string {
	t.Helper()
	column := "CAST(value AS TEXT)"
	if !strings.HasPrefix(dsn, "sqlite:") {
		column = "convert_from(value, 'UTF8')"
	}
	rows := storetest.Column(t, dsn, "SELECT "+column+" FROM volatile WHERE key LIKE 'sandbox/%'")
	if len(rows) < 5 {
		t.Fatalf("%d rows", len(rows))
	}
	return strings.Join(rows, "\n")
}

func (g *gateway) postAs(path string, form url.Values, client, secret string) {
	g.t.Helper()
	r, err := http.NewRequest(http.MethodPost, g.URL+path, strings.NewReader(form.Encode()))
	check(g.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(client), url.QueryEscape(secret))
	answer, err := http.DefaultClient.Do(r)
	check(g.t, err)
	answer.Body.Close()
}

func TestADeveloperSeesWhatWasWrong(t *testing.T) {
	g, keeper := watchedGateway(t, storetest.SQLiteDSN(t))
	g.browser().get(g.URL + "/oidc/authorize?client_id=tax%3Aoffice&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Ftax.example%2Fwrong")
	g.postAs("/oidc/token", url.Values{"grant_type": {"authorization_code"}, "code": {"x"}, "redirect_uri": {taxReturn}, "client_assertion": {"x"}}, "tax:office", "wrong")
	kept := told(t, keeper, "tax")
	if len(kept) != 2 {
		t.Fatalf("%+v", kept)
	}
	asked, redeemed := kept[0], kept[1]
	if asked.Fault == nil || asked.Fault.Code != "invalid_request" || asked.Fault.Section != "RFC 9700, 4.1.3" || asked.Status != http.StatusBadRequest {
		t.Errorf("the request: %d %+v", asked.Status, asked.Fault)
	}
	if l := line(asked.Sent, "redirect_uri"); l.Text != "https://tax.example" || l.Hidden != len("/wrong") {
		t.Errorf("the address: %+v", l)
	}
	if l := line(asked.Sent, "scope"); l.Text != "openid" {
		t.Errorf("the scope: %+v", l)
	}
	if redeemed.Fault == nil || line(redeemed.Sent, "code").Hidden != 1 || line(redeemed.Sent, "redirect_uri").Text != taxReturn {
		t.Errorf("the token request: %+v", redeemed)
	}
}

func TestADeveloperSeesHowTheServiceShouldProveItself(t *testing.T) {
	g, keeper := watchedGateway(t, storetest.SQLiteDSN(t))
	answer, err := http.PostForm(g.URL+"/oidc/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"tax:office"}})
	check(t, err)
	answer.Body.Close()
	kept := told(t, keeper, "tax")
	if len(kept) != 1 || kept[0].Proof != "none" || kept[0].Wanted != "client_secret_basic" || kept[0].Fault.Code != "invalid_client" {
		t.Errorf("%+v", kept)
	}
}

func TestOtherServicesAreNotLookedAt(t *testing.T) {
	g, keeper := watchedGateway(t, storetest.SQLiteDSN(t))
	town, b := g.party("town", taxSecret, townReturn), g.browser()
	_, err := town.exchange(town.come(b))
	check(t, err)
	for _, service := range []string{"town", "tax"} {
		if n := len(told(t, keeper, service)); n != 0 {
			t.Errorf("%d exchanges of %s are kept", n, service)
		}
	}
	keeper.Allow(nil)
	tax := g.tax()
	_, err = tax.exchange(tax.come(b))
	check(t, err)
	if n := len(told(t, keeper, "tax")); n != 0 {
		t.Errorf("%d are kept after the sandbox was taken away", n)
	}
}

func TestADeveloperSeesWhetherTheServiceHeardOfTheEnd(t *testing.T) {
	g, keeper := watchedGateway(t, storetest.SQLiteDSN(t))
	e := g.hearing("town-hall", nil)
	keeper.Allow([]string{"town-hall"})
	b := g.browser()
	who, _ := g.come(b, "town-hall")
	e.answers(http.StatusBadRequest)
	b.post(g.URL+"/signout", nil)
	g.tell()
	kept := told(t, keeper, "town-hall")
	last := kept[len(kept)-1]
	token := line(last.Answer, "logout_token")
	if last.What != "told" || last.Status != http.StatusBadRequest || !last.Bad() || !token.Token || !slices.Contains(token.Names, "sid") {
		t.Errorf("%+v", last)
	}
	if text, err := json.Marshal(kept); err != nil || strings.Contains(string(text), who.Subject) || strings.Contains(string(text), who.SID) {
		t.Errorf("it tells who it was, %v", err)
	}
}
