package totp_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestEnrolOnTheWayToAService(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Citizen(t, "KisAnna")
		b, anna := g.Enrol(t, g.Browser(t).SignIn(anna).See(http.StatusOK, "otpauth://totp/", "<svg", "1. lépés"), anna)
		b.See(http.StatusOK, `service: error "", method "totp"`, anna.ID)
		b.Visit("/service").See(http.StatusOK, "service")
		want := []string{"factor.requested", "factor.added", "notice.sent", "signin.succeeded"}
		if diff := cmp.Diff(want, g.Events(t, anna.PersonID)); diff != "" {
			t.Errorf("ledger:\n%s", diff)
		}
		if l := g.Letter(t, "plus-requested"); l.To != string(anna.Email) || l.Path()[:10] != "/revoke?c=" {
			t.Errorf("letter %+v", l)
		}
		g.Clock.Advance(step)
		g.Browser(t).SignIn(anna).At("/signin/totp").Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	})
}

func TestEnrolFromTheMenu(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := g.Browser(t).Visit("/account/plus").At("/signin/choose").Submit("method", "password").
		Submit("username", "KisAnna", "password", anna.Password)
	b, _ = g.Enrol(t, b, anna)
	b.At("/account").See(http.StatusOK, "level substantial")
}

func TestTheCodeOfEnrolmentIsSpent(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	_, anna = g.Enrol(t, g.Browser(t).SignIn(anna), anna)
	g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusUnprocessableEntity, "már felhasználta")
}

func TestEnrolRefused(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := g.Browser(t).SignIn(anna).At("/signin/enrol/totp")
	secret := b.Secret()
	b.Submit("code", "12", "password", anna.Password).See(http.StatusUnprocessableEntity, "Ez a kód nem megfelelő")
	b.Submit("code", g.Code(secret), "password", "nem ez a jelszava").See(http.StatusUnprocessableEntity, "Ez a jelszó nem megfelelő")
	b.Submit("code", g.Code(secret), "password", "").See(http.StatusUnprocessableEntity, "Írja be a jelszavát")
	if b.Secret() != secret {
		t.Error("another secret is shown after a mistake")
	}
	g.SetUp(t, b, anna).See(http.StatusOK, "törlőkód")
	b.Submit().See(http.StatusUnprocessableEntity, "Jelölje be")
	if letters := g.Letters(t); len(letters) > 0 {
		t.Errorf("%d letters though nothing was added", len(letters))
	}
}

func TestReloadAndBackWhileEnrolling(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := g.Browser(t).SignIn(anna)
	first, secret := b.URL.String(), b.Secret()
	if b.Visit(first).Secret() != secret {
		t.Error("a reload shows another secret")
	}
	g.SetUp(t, b, anna)
	second, removal := b.URL.String(), b.Removal()
	if b.Visit(second).Removal() != removal {
		t.Error("a reload shows another removal code")
	}
	if b.Visit(first).Secret() != secret {
		t.Error("the back button shows another secret")
	}
	b.Visit(second).Submit("kept", "yes").See(http.StatusOK, "service")
	for _, page := range []string{first, second} {
		b.Visit(page).See(http.StatusOK, "service")
		b.Post(page, "kept", "yes").See(http.StatusOK, "service")
	}
}

func TestBackAfterEnrollingFromTheMenu(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := g.Browser(t).Visit("/account/plus").Submit("method", "password").Submit("username", "KisAnna", "password", anna.Password)
	first := b.URL.String()
	b, _ = g.Enrol(t, b, anna)
	b.At("/account").Visit(first).At("/account")
}

func TestSecondSubmitOfEnrolment(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := g.SetUp(t, g.Browser(t).SignIn(anna), anna)
	second := b.Twin()
	b.Submit("kept", "yes").See(http.StatusOK, "service")
	second.Submit("kept", "yes").See(http.StatusOK, "service", anna.ID)
	if n := len(g.Letters(t)); n != 1 {
		t.Errorf("%d letters, not 1", n)
	}
}

func TestEnrolmentIsNotAnothers(t *testing.T) {
	g := open(t)
	anna, béla := g.Citizen(t, "KisAnna"), g.Citizen(t, "NagyBéla")
	b := g.Browser(t).Visit("/service").Submit("method", "totp")
	password := b.URL.String()
	g.SetUp(t, b.Submit("username", "KisAnna", "password", anna.Password), anna)
	annas, secret := b.URL.String(), b.Removal()
	b.Post(password, "username", "NagyBéla", "password", béla.Password).At("/signin/enrol/totp")
	b.Visit(annas).At("/signin/enrol/totp").See(http.StatusOK, "1. lépés")
	b.Post(annas, "kept", "yes").At("/signin/enrol/totp").See(http.StatusOK, "1. lépés")
	if g.SetUp(t, b, béla).Removal() == secret {
		t.Error("the other's removal code is shown")
	}
}

func TestPasswordAloneReplacesNothing(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := g.Browser(t).Visit("/account/plus").Submit("method", "password").Submit("username", "KisAnna", "password", anna.Password)
	b.At("/signin/totp")
	b.Post("/account/plus").At("/signin/totp")
	b.Submit("code", g.Code(anna.Secret)).At("/signin/enrol/totp") // asked for outright
}

func TestNewDevice(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := g.Browser(t).Visit("/account/plus").Submit("method", "totp").Submit("username", "KisAnna", "password", anna.Password)
	b.Submit("code", g.Code(anna.Secret)).At("/account/plus").See(http.StatusOK, "Be van kapcsolva", "Legutóbb használva")
	g.Clock.Advance(step)
	stolen := g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	b.Submit().See(http.StatusOK, "új eszközön")
	b, renewed := g.Enrol(t, b, anna)
	b.At("/account").See(http.StatusOK)
	b.Visit("/account").At("/account")
	stolen.Visit("/account").At("/signin/choose") // the old app opened it
	if events := g.Events(t, anna.PersonID); !slices.Contains(events, "factor.removed") || !slices.Contains(events, "factor.added") {
		t.Errorf("ledger: %v", events)
	}
	g.Letter(t, "plus-requested")
	g.Clock.Advance(step)
	old := g.Browser(t).SignIn(anna)
	old.Submit("code", g.Code(anna.Secret)).See(http.StatusUnprocessableEntity)
	old.Follow("Nincs meg").Submit("code", anna.Removal.Text()).See(http.StatusUnprocessableEntity, "nem ehhez")
	old.Follow("Vissza a kódhoz").Submit("code", g.Code(renewed.Secret)).See(http.StatusOK, "service")
}
