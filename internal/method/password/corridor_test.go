package password_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/internal/store"
)

func TestOldCookieIsDeadAfterAProof(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := g.Browser(t).SignIn(anna).At("/signin/totp")
	thief := b.Twin()
	b.Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	thief.Visit("/account").At("/signin/choose")
	b.Visit("/account").See(http.StatusOK, "level substantial")
}

func TestAnotherPersonEndsTheSession(t *testing.T) {
	g := open(t)
	anna, béla := g.Plus(t, g.Citizen(t, "KisAnna")), g.Plus(t, g.Citizen(t, "NagyBéla"))
	open := atPassword(t, g)
	page := open.URL.String()
	open.Submit("username", "KisAnna", "password", anna.Password).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, anna.ID)
	thief := open.Twin()
	open.Post(page, "username", "NagyBéla", "password", béla.Password).At("/signin/totp")
	thief.Visit("/account").At("/signin/choose")
	open.Submit("code", g.Code(béla.Secret)).See(http.StatusOK, béla.ID)
}

func TestSecondSubmitGoesOn(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atPassword(t, g)
	second := b.Twin()
	b.Submit("username", "KisAnna", "password", anna.Password).At("/signin/totp")
	second.Submit("username", "KisAnna", "password", anna.Password).At("/signin/totp")
}

func TestBackButtonGoesOn(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atPassword(t, g)
	page := b.URL.String()
	b.Submit("username", "KisAnna", "password", anna.Password).At("/signin/totp")
	b.Visit(page).At("/signin/totp").Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	b.Visit(page).See(http.StatusOK, "service")
}

func TestTransactionThatCannotGoOn(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	for name, spoil := range map[string]func(address string) string{
		"left open too long": func(address string) string { g.Clock.Advance(21 * time.Minute); return address },
		"tampered with":      func(address string) string { return address[:len(address)-8] + "AAAAAAAA" },
		"none":               func(string) string { return "/signin/password" },
		"of another room":    func(address string) string { return strings.Replace(address, "password", "totp", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			b := atPassword(t, g)
			address := spoil(b.URL.String())
			b.Visit(address).See(http.StatusGone, "nem folytatható")
			b.Post(address, "username", "KisAnna", "password", anna.Password).See(http.StatusGone)
			b.Visit("/account").At("/signin/choose")
		})
	}
	t.Run("in another browser", func(t *testing.T) {
		address := atPassword(t, g).URL.String()
		other := atPassword(t, g)
		other.Visit(address).See(http.StatusGone)
		other.Post(address, "username", "KisAnna", "password", anna.Password).See(http.StatusGone)
	})
}

func TestPasswordAloneOpensNothing(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := g.Browser(t).Visit("/service").Submit("method", "password").At("/signin/password")
	b.Submit("username", "KisAnna", "password", anna.Password).At("/signin/enrol/totp")
	b.Visit("/service").At("/signin/enrol/totp")
	b.Visit("/account").See(http.StatusOK, "level none")
}

func TestClosingAnAccountEndsItsSessions(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	update(t, g, func(tx *store.Tx) error { return tx.CloseAccount(anna.ID) })
	b.Visit("/account").At("/signin/choose")
}
