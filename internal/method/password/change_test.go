package password_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"kapu/internal/method/roomtest"
)

const next = "kilenc kerek kő koppan"

// atChange is a citizen at the page where the password is changed.
func atChange(t *testing.T, g *roomtest.Gateway, c roomtest.Citizen) *roomtest.Browser {
	t.Helper()
	b := g.Browser(t).SignIn(c).Submit("code", g.Code(c.Secret)).See(http.StatusOK, "service")
	return b.Visit("/account/password").At("/account/password")
}

func TestChange(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atChange(t, g, anna).See(http.StatusOK, "Legalább 12 karakter")
	g.Clock.Advance(time.Minute)
	elsewhere := g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	g.Clock.Advance(time.Minute)

	b.Submit("old", anna.Password, "new", next).At("/account/password/changed").See(http.StatusOK, "Megváltozott")
	b.Visit("/account").At("/signin/choose")
	elsewhere.Visit("/account").At("/signin/choose")
	if l := g.Letter(t, "password-changed"); l.To != string(anna.Email) {
		t.Errorf("told %s", l.To)
	}
	if events := g.Events(t, anna.PersonID); !slices.Contains(events, "password.set") || !slices.Contains(events, "session.ended") {
		t.Errorf("ledger: %v", events)
	}
	g.Clock.Advance(time.Minute)
	g.Browser(t).SignIn(anna).See(http.StatusUnprocessableEntity)
	anna.Password = next
	g.Browser(t).SignIn(anna).At("/signin/totp")
}

func TestChangeRefused(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atChange(t, g, anna)
	for _, c := range []struct{ why, old, new, says string }{
		{"old one wrong", "nem ez a jelszava", next, "Ez a jelszó nem megfelelő"},
		{"old one missing", "", next, "Írja be a jelszavát"},
		{"new one missing", anna.Password, "", "Írja be az új jelszót"},
		{"the same", anna.Password, anna.Password, "ugyanaz"},
		{"short", anna.Password, "Rövid1", "legalább 12 karakter"},
		{"holds the username", anna.Password, "KisAnna és a kapu", "felhasználóneve"},
		{"known", anna.Password, "jelszojelszo", "Válasszon"},
	} {
		t.Run(c.why, func(t *testing.T) {
			b.Submit("old", c.old, "new", c.new).See(http.StatusUnprocessableEntity, c.says)
		})
	}
	if letters := g.Letters(t); len(letters) > 0 {
		t.Errorf("%d letters though nothing changed", len(letters))
	}
	g.Clock.Advance(time.Minute)
	g.Browser(t).SignIn(anna).At("/signin/totp")
}

func TestChangeNeedsMoreThanThePassword(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := g.Browser(t).SignIn(anna).At("/signin/totp")
	b.Visit("/account/password").At("/signin/totp").Submit("code", g.Code(anna.Secret)).At("/account/password")
}
