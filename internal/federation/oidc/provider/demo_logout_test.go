package provider_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

func TestSigningOutAtOneDemoServiceEndsTheOther(t *testing.T) {
	g := newGateway(t)
	tax, town := g.demoServices()
	b := g.everywhere()
	b.enter(tax.URL + "/signin")
	expectPage(t, b.enter(town.URL+"/signin"), town.URL+"/", "Ön be van lépve")
	again := g.everywhere() // another session of the same person
	again.enter(town.URL + "/signin")

	expectPage(t, b.post(tax.URL+"/signout", url.Values{"where": {"everywhere"}}), tax.URL+"/goodbye", "Kilépett")
	g.tell()
	expectPage(t, b.get(town.URL), town.URL, "Ön kilépett az ügyfélkapun, ezért itt is kiléptettük.", "Belépés ügyfélkapuval")
	expectPage(t, b.get(town.URL+"/?lang=en"), town.URL+"/?lang=en", "Sign in")
	expectPage(t, again.get(town.URL), town.URL, "Ön be van lépve")
	if told, failed := g.door.Logouts.Told.Load(), g.door.Logouts.Failed.Load(); told != 2 || failed != 0 {
		t.Errorf("told %d, failed %d", told, failed)
	}
}

// TestADemoServiceTakesNoOtherTokens sends it what is signed by the gateway, and
// is no logout token for it, or was one before.
func TestADemoServiceTakesNoOtherTokens(t *testing.T) {
	g := newGateway(t)
	tax, _ := g.demoServices()
	ours := g.hearing("ours", nil)
	list := g.broker.Catalogue.All()
	for _, s := range list {
		if s.ID == "demo-tax" {
			s.OIDC.BackchannelLogout = ours.URL + "/out" // so that we have its tokens
		}
	}
	check(t, g.broker.Catalogue.Replace(list))
	send := func(token string) int {
		t.Helper()
		answer, err := http.PostForm(tax.URL+"/backchannel-logout", url.Values{"logout_token": {token}})
		check(t, err)
		answer.Body.Close()
		return answer.StatusCode
	}
	in := func() *browser {
		b := g.everywhere()
		b.enter(tax.URL + "/signin")
		return b
	}
	out := func(b *browser) string {
		b.post(g.URL+"/signout", nil)
		g.tell()
		heard := ours.heard()
		if len(heard) != 1 {
			t.Fatalf("%d tokens", len(heard))
		}
		return heard[0]
	}
	first, second := in(), in()
	token := out(first)
	if send(token) != 200 || send(token) != 400 {
		t.Error("a token counts once")
	}
	expectPage(t, first.get(tax.URL), tax.URL, "ezért itt is kiléptettük")
	expectPage(t, second.get(tax.URL), tax.URL, "Ön be van lépve")

	_, idToken := g.come(g.browser(), "ours")
	other := g.browser()
	g.come(other, "ours")
	foreign := out(other)
	stale := out(second)
	for name, text := range map[string]string{"an ID token": idToken, "another's logout token": foreign, "none": "", "noise": "e30.e30.e30",
		"a broken one": stale[:len(stale)-4] + "AAAA", "without signature": "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.e30."} {
		if status := send(text); status != 400 {
			t.Errorf("%s: %d", name, status)
		}
	}
	g.clock.Advance(3 * time.Minute)
	if send(stale) != 400 {
		t.Error("a token that is over was taken")
	}
	expectPage(t, second.get(tax.URL), tax.URL, "Ön be van lépve")
}
