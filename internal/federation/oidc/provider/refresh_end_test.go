package provider_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"kapu/internal/store"
)

// What ends a session ends what was issued in it.
func TestRefreshEndsWithTheSession(t *testing.T) {
	change := func(f func(g *gateway, tx *store.Tx) error) func(*gateway) {
		return func(g *gateway) {
			check(g.t, g.db.Update(context.Background(), func(tx *store.Tx) error { return f(g, tx) }))
		}
	}
	for name, end := range map[string]func(*gateway){
		"its longest life":       func(g *gateway) { g.clock.Advance(8*time.Hour - time.Minute) },
		"a closed account":       change(func(g *gateway, tx *store.Tx) error { return tx.CloseAccount(g.account) }),
		"a new password":         change(func(g *gateway, tx *store.Tx) error { return tx.EndSessions(g.account) }),
		"a factor taken off":     change(func(g *gateway, tx *store.Tx) error { return tx.RemoveCredential(g.account, "totp") }),
		"a registration removed": func(g *gateway) { check(g.t, g.broker.Catalogue.Replace(registered(g.ring))) },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			g.add(library())
			first := g.comeTo("library", as("library"))
			g.clock.Advance(time.Minute)
			second := g.renew("library", first.text("refresh_token"), as("library"))
			if second.status != 200 {
				t.Fatal(second.body)
			}
			end(g)
			if a := g.renew("library", second.text("refresh_token"), as("library")); a.status == 200 || a.text("error") == "server_error" {
				t.Errorf("%s", a.body)
			}
			if g.info("Bearer", second.text("access_token")).status != 401 && name != "a factor taken off" {
				t.Error("userinfo is open")
			}
		})
	}
}

// The last access token of a session does not outlive it.
func TestTheLastTokenEndsWithTheSession(t *testing.T) {
	g := newGateway(t)
	g.add(library())
	first := g.comeTo("library", as("library"))
	g.clock.Advance(8*time.Hour - time.Minute)
	last := g.renew("library", first.text("refresh_token"), as("library"))
	if last.status != 200 || last.said["expires_in"] != 60.0 {
		t.Fatalf("%d %s", last.status, last.body)
	}
	g.clock.Advance(time.Minute)
	if g.info("Bearer", last.text("access_token")).status != 401 {
		t.Error("an access token outlived the session")
	}
}

// Who runs the clock back (or another process whose clock is late) gains nothing:
// a rotated token stays rotated.
func TestClockThatRunsBack(t *testing.T) {
	g := newGateway(t)
	g.add(library())
	first := g.comeTo("library", as("library")).text("refresh_token")
	second := g.renew("library", first, as("library")).text("refresh_token")
	third := g.renew("library", second, as("library")).text("refresh_token")
	g.clock.Advance(-time.Hour)
	if a := g.renew("library", first, as("library")); a.status == 200 {
		t.Error("an old token counts in the past")
	}
	if a := g.renew("library", third, as("library")); a.status == 200 {
		t.Error("its family too")
	}
}

func TestCodeUsedTwiceEndsRefresh(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(library())
		form := g.codeOf(g.browser(), "library", nil)
		a := g.ask("/oidc/token", form, as("library"))
		if again := g.ask("/oidc/token", form, as("library")); again.code() != "Bad Request invalid_grant" {
			t.Errorf("%s", again.body)
		}
		if tried := g.renew("library", a.text("refresh_token"), as("library")); tried.code() != "Bad Request invalid_grant" {
			t.Errorf("%s", tried.body)
		}
		if g.info("Bearer", a.text("access_token")).status != 401 {
			t.Error("userinfo is open")
		}
	})
}

// Once the visitor signs out, nothing of the session is worth anything: neither
// tokens nor a code that is on its way.
func TestSignOutEndsTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(library())
		b := g.browser()
		a := g.ask("/oidc/token", g.codeOf(b, "library", nil), as("library"))
		under := g.codeOf(b, "library", nil)
		other := g.comeTo("library", as("library"))
		b.post(g.URL+"/signout", url.Values{})
		for name, tried := range map[string]response{
			"refresh token": g.renew("library", a.text("refresh_token"), as("library")), "code": g.ask("/oidc/token", under, as("library")),
		} {
			if tried.code() != "Bad Request invalid_grant" {
				t.Errorf("%s: %d %s", name, tried.status, tried.body)
			}
		}
		if g.info("Bearer", a.text("access_token")).status != 401 || g.introspect("library", a.text("access_token")).body != inactive {
			t.Error("the access token counts")
		}
		if g.renew("library", other.text("refresh_token"), as("library")).status != 200 {
			t.Error("another session was ended")
		}
	})
}

func TestSweep(t *testing.T) {
	g := newGateway(t)
	g.add(library())
	a := g.comeTo("library", as("library"))
	b := g.comeTo("library", as("library"))
	g.ask("/oidc/revoke", url.Values{"token": {a.text("refresh_token")}}, as("library"))
	if n, err := g.door.Sweep(context.Background()); n != 0 || err != nil {
		t.Errorf("swept %d that count, %v", n, err)
	}
	if g.renew("library", a.text("refresh_token"), as("library")).status != 400 || g.renew("library", b.text("refresh_token"), as("library")).status != 200 {
		t.Error("wrong families")
	}
	g.clock.Advance(8*time.Hour + 11*time.Minute)
	if n, err := g.door.Sweep(context.Background()); n != 2 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
}
