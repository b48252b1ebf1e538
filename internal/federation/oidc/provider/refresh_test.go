package provider_test

import (
	"crypto/ecdsa"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/ledger"
	"kapu/internal/store/storetest"
)

// onBoth runs a test against a gateway on each engine at hand.
func onBoth(t *testing.T, f func(t *testing.T, g *gateway)) {
	t.Run("sqlite", func(t *testing.T) { f(t, newGateway(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, newGatewayOn(t, storetest.PostgresDSN(t))) })
}

func TestRefresh(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(library())
		first := g.comeTo("library", as("library"))
		if first.text("scope") != "openid profile tax_number offline_access" {
			t.Errorf("scope %q", first.text("scope"))
		}
		before := payload(t, first.text("id_token"))
		g.clock.Advance(2 * time.Hour)
		second := g.renew("library", first.text("refresh_token"), as("library"))
		if second.status != 200 || second.text("refresh_token") == "" || second.text("refresh_token") == first.text("refresh_token") {
			t.Fatalf("%d %s", second.status, second.body)
		}
		after := payload(t, second.text("id_token"))
		for _, name := range []string{"iss", "sub", "aud", "auth_time", "acr", "sid"} {
			if before[name] == nil || before[name] != after[name] {
				t.Errorf("%s: %v became %v", name, before[name], after[name])
			}
		}
		if after["nonce"] != nil || after["iat"] == before["iat"] || after["at_hash"] == before["at_hash"] {
			t.Errorf("ID token of a refresh: %v", after)
		}
		if info := g.info("Bearer", second.text("access_token")); info.text("name") != "Kis Anna" || info.text("sub") != after["sub"] {
			t.Errorf("userinfo: %d %s", info.status, info.body)
		}
		if info := g.info("Bearer", first.text("access_token")); info.status != 401 {
			t.Error("the old access token outlived its time")
		}
		g.expectReleased("library substantial [name birthdate tax_number]")
	})
}

// Who does not ask or is not registered gets none, and is not told that it has the scope.
func TestRefreshTokensAreForThoseRegistered(t *testing.T) {
	g := newGateway(t)
	plain := library()
	plain.ID, plain.OIDC.GrantTypes = "plain", nil
	g.add(library(), plain)
	unasked := g.ask("/oidc/token", g.codeOf(g.browser(), "library", url.Values{"scope": {"openid"}}), as("library"))
	unregistered := g.comeTo("plain", as("plain"))
	for name, a := range map[string]response{"not asked for": unasked, "not registered": unregistered} {
		if a.text("refresh_token") != "" || strings.Contains(a.text("scope"), "offline_access") {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	mine := g.comeTo("library", as("library")).text("refresh_token")
	if a := g.renew("plain", mine, as("plain")); a.code() != "Bad Request unauthorized_client" {
		t.Errorf("%s", a.body)
	}
}

// A token that comes again is in two hands: nobody keeps anything.
func TestReuseEndsTheFamily(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(library())
		first := g.comeTo("library", as("library"))
		second := g.renew("library", first.text("refresh_token"), as("library"))
		third := g.renew("library", second.text("refresh_token"), as("library"))
		if g.info("Bearer", third.text("access_token")).status != 200 {
			t.Fatal(third.body)
		}
		if a := g.renew("library", first.text("refresh_token"), as("library")); a.code() != "Bad Request invalid_grant" {
			t.Errorf("reuse: %s", a.body)
		}
		if a := g.renew("library", third.text("refresh_token"), as("library")); a.code() != "Bad Request invalid_grant" {
			t.Errorf("the newest token after reuse: %s", a.body)
		}
		for _, a := range []response{first, second, third} {
			if g.info("Bearer", a.text("access_token")).status != 401 {
				t.Error("an access token of the family outlived it")
			}
		}
		if told := g.recorded("access.revoked"); len(told) != 1 || told[0].Event != (ledger.AccessRevoked{Service: "library", What: "refresh-token"}) {
			t.Errorf("the citizen reads %v", told)
		}
	})
}

// A client whose answer was lost asks again; what it then has is one family still.
func TestALostAnswerLogsNobodyOut(t *testing.T) {
	g := newGateway(t)
	g.add(library())
	first := g.comeTo("library", as("library")).text("refresh_token")
	lost := g.renew("library", first, as("library"))
	g.clock.Advance(9 * time.Second)
	again := g.renew("library", first, as("library"))
	if again.status != 200 {
		t.Fatal(again.body)
	}
	next := g.renew("library", again.text("refresh_token"), as("library"))
	if next.status != 200 {
		t.Fatal(next.body)
	}
	g.clock.Advance(10 * time.Second)
	if a := g.renew("library", lost.text("refresh_token"), as("library")); a.code() != "Bad Request invalid_grant" {
		t.Errorf("the lost response was in somebody's hand: %s", a.body)
	}
	if a := g.renew("library", next.text("refresh_token"), as("library")); a.code() != "Bad Request invalid_grant" {
		t.Errorf("the family outlived it: %s", a.body)
	}
}

func TestTheGraceEnds(t *testing.T) {
	for name, wait := range map[string]func(*gateway, response){
		"with time":                     func(g *gateway, _ response) { g.clock.Advance(10 * time.Second) },
		"with the use of the successor": func(g *gateway, a response) { g.renew("library", a.text("refresh_token"), as("library")) },
	} {
		g := newGateway(t)
		g.add(library())
		first := g.comeTo("library", as("library")).text("refresh_token")
		second := g.renew("library", first, as("library"))
		wait(g, second)
		if a := g.renew("library", first, as("library")); a.code() != "Bad Request invalid_grant" {
			t.Errorf("%s: %s", name, a.body)
		}
		if g.info("Bearer", second.text("access_token")).status != 401 {
			t.Errorf("%s: the family lives on", name)
		}
	}
}

// Many at once with one token are one rotation: of what they get, one is used and
// the next is reuse.
func TestRefreshRace(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(library())
		first := g.comeTo("library", as("library")).text("refresh_token")
		const many = 8
		answers := make([]response, many)
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() { answers[i] = g.renew("library", first, as("library")) })
		}
		all.Wait()
		for _, a := range answers {
			if a.status != 200 {
				t.Fatalf("%s", a.body)
			}
		}
		if a := g.renew("library", answers[0].text("refresh_token"), as("library")); a.status != 200 {
			t.Fatal(a.body)
		}
		g.clock.Advance(10 * time.Second)
		if a := g.renew("library", answers[1].text("refresh_token"), as("library")); a.code() != "Bad Request invalid_grant" {
			t.Errorf("two families came of one token: %s", a.body)
		}
	})
}

// When a family ends while others refresh, nobody is left with anything.
func TestReuseRace(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(library())
		first := g.comeTo("library", as("library")).text("refresh_token")
		second := g.renew("library", first, as("library")).text("refresh_token")
		third := g.renew("library", second, as("library")).text("refresh_token")
		var mu sync.Mutex
		got := []string{third}
		var all sync.WaitGroup
		for _, token := range []string{first, third, second, third, first, third} {
			all.Go(func() {
				a := g.renew("library", token, as("library"))
				mu.Lock()
				defer mu.Unlock()
				if a.status == 200 {
					got = append(got, a.text("refresh_token"))
				}
			})
		}
		all.Wait()
		for _, token := range got {
			if a := g.renew("library", token, as("library")); a.code() != "Bad Request invalid_grant" {
				t.Errorf("%s", a.body)
			}
		}
	})
}

func TestStolenRefreshToken(t *testing.T) {
	g := newGateway(t)
	other := library()
	other.ID = "archive"
	g.add(library(), other, phone())
	form := g.codeOf(g.browser(), "library", nil)
	a := g.ask("/oidc/token", form, as("library"))
	token := a.text("refresh_token")
	for name, tried := range map[string]response{
		"by another client": g.renew("archive", token, as("archive")), "by a public client": g.renew("phone", token),
		"altered":                       g.renew("library", token[:len(token)-4]+"AAAA", as("library")),
		"an access token":               g.renew("library", a.text("access_token"), as("library")),
		"a code":                        g.renew("library", form.Get("code"), as("library")),
		"an ID token":                   g.renew("library", a.text("id_token"), as("library")),
		"as a code":                     g.ask("/oidc/token", with(form, "code", token), as("library")),
		"as a code of the wrong client": g.ask("/oidc/token", with(form, "client_id", "archive"), as("archive")),
	} {
		if tried.code() != "Bad Request invalid_grant" {
			t.Errorf("%s: %d %s", name, tried.status, tried.body)
		}
	}
	for name, tried := range map[string]response{
		"without secret": g.renew("library", token), "with a wrong secret": g.renew("library", token, basic("library", "guess")),
	} {
		if tried.code() != "Unauthorized invalid_client" {
			t.Errorf("%s: %d %s", name, tried.status, tried.body)
		}
	}
	if tried := g.renew("library", strings.Repeat("A", 8193), as("library")); tried.code() != "Bad Request invalid_request" {
		t.Errorf("oversized: %s", tried.body)
	}
	if g.info("Bearer", token).status != 401 {
		t.Error("a refresh token opens userinfo")
	}
	if tried := g.renew("library", token, as("library")); tried.status != 200 {
		t.Errorf("the owner is refused after others failed: %s", tried.body)
	}
}

// with is a form with one parameter changed.
func with(form url.Values, name, value string) url.Values {
	changed := url.Values{}
	for n, v := range form {
		changed[n] = slices.Clone(v)
	}
	changed.Set(name, value)
	return changed
}

func TestNarrowedScope(t *testing.T) {
	g := newGateway(t)
	g.add(library())
	first := g.comeTo("library", as("library")).text("refresh_token")
	ask := func(scope string) response {
		return g.ask("/oidc/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first}, "scope": {scope}}, as("library"))
	}
	for _, more := range []string{"openid address", "email", "openid match"} {
		if a := ask(more); a.code() != "Bad Request invalid_scope" {
			t.Errorf("%q: %s", more, a.body)
		}
	}
	less := ask("openid profile")
	info := g.info("Bearer", less.text("access_token"))
	if less.text("scope") != "openid profile" || info.text("name") == "" || info.text("tax_number") != "" {
		t.Errorf("%s: %s", less.body, info.body)
	}
	first = less.text("refresh_token")
	bare := ask("profile")
	if bare.text("id_token") != "" || g.info("Bearer", bare.text("access_token")).code() != "Forbidden insufficient_scope" {
		t.Errorf("without openid: %s", bare.body)
	}
	first = bare.text("refresh_token")
	all := g.renew("library", first, as("library"))
	if info := g.info("Bearer", all.text("access_token")); info.text("tax_number") == "" {
		t.Errorf("what was granted is lost: %s, %s", all.body, info.body)
	}
}

// FAPI clients keep their refresh token (FAPI 2.0 Security Profile, 5.3.2.1). It
// is theirs alone: it needs their assertion and a key.
func TestFAPIDoesNotRotate(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		bank := g.bank(func(o *catalogue.OIDC) {
			o.Profile, o.RequirePAR, o.DPoPBound = catalogue.FAPISecurity, true, true
			o.GrantTypes = []string{"authorization_code", "refresh_token", "client_credentials"}
		})
		h := &holder{g: g, key: bank.key.(*ecdsa.PrivateKey)}
		own := url.Values{"grant_type": {"client_credentials"}}
		h.nonce = bank.post("/oidc/token", own, h.proof).header.Get("DPoP-Nonce")
		p := g.browser().signIn(bank.push(bank.asked("scope", "openid offline_access"), h.proof))
		first := bank.redeem(p.out.Query().Get("code"), h.proof)
		token := first.text("refresh_token")
		renew := func(options ...func(*http.Request)) response {
			return bank.post("/oidc/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}, options...)
		}
		for range 3 {
			a := renew(h.proof)
			if a.status != 200 || a.said["refresh_token"] != nil || g.info("DPoP", a.text("access_token"), h.proof).status != 200 {
				t.Fatalf("%d %s", a.status, a.body)
			}
		}
		if a := renew(); a.code() != "Bad Request invalid_dpop_proof" {
			t.Errorf("without proof: %s", a.body)
		}
		if a := bank.post("/oidc/revoke", url.Values{"token": {token}}); a.status != 200 {
			t.Error(a.body)
		}
		if a := renew(h.proof); a.code() != "Bad Request invalid_grant" {
			t.Errorf("revoked: %s", a.body)
		}
	})
}
