package activation_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

const day = 24 * time.Hour

func open(t *testing.T) *roomtest.Gateway {
	db, clock := storetest.SQLite(t)
	return roomtest.New(t, db, clock)
}

func account(t *testing.T, g *roomtest.Gateway, id string) (a identity.Account) {
	t.Helper()
	err := g.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		a, err = tx.Account(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func update(t *testing.T, g *roomtest.Gateway, f func(*store.Tx) error) {
	t.Helper()
	if err := g.DB.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestFromTheLetterToTheAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Pending(t, "KisAnna")
		letter := g.Letter(t, "activation-code")
		g.Clock.Advance(5*day - time.Minute)
		code := letter.Code[:4] + " - " + letter.Code[4:]
		b := g.Browser(t).Visit(letter.Path()).See(http.StatusOK, "1. lépés", "8 számjegy").Submit("username", "KisAnna", "code", code)
		b.At("/activate/password").See(http.StatusOK, "KisAnna", "Legalább 12 karakter", `autocomplete="new-password"`)
		b.Submit("password", "rövid").See(http.StatusUnprocessableEntity, "legalább 12 karakter")
		b.Submit("password", "KisAnna jelszava").See(http.StatusUnprocessableEntity, "felhasználóneve")
		b.Submit("password", anna.Password).At("/signin/enrol/totp")
		b, anna = g.Enrol(t, b, anna)
		b.At("/account").See(http.StatusOK, anna.ID, "substantial")
		if a := account(t, g, anna.ID); a.State != identity.Active || !a.ValidUntil.Equal(anna.ValidUntil) || a.Activated.IsZero() {
			t.Errorf("account is %+v", a)
		}
		want := []string{"account.activated", "password.set", "factor.requested", "factor.added", "notice.sent", "signin.succeeded"}
		if diff := cmp.Diff(want, g.Events(t, anna.PersonID)); diff != "" {
			t.Errorf("ledger:\n%s", diff)
		}
		g.Clock.Advance(30 * time.Second)
		g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	})
}

// What differs between two answers though nothing is told by it.
var incidental = regexp.MustCompile(`value="[^"]*"|[0-9A-Z]{4}-[0-9A-Z]{4}`)

func TestNobodyLearnsWhoWaits(t *testing.T) {
	g := open(t)
	g.Pending(t, "LejártAnna")
	late := g.Letter(t, "activation-code").Code
	g.Clock.Advance(5 * day) // no job has come round yet
	g.Pending(t, "KisAnna")
	right := g.Letter(t, "activation-code").Code
	g.Citizen(t, "NyitottAnna")
	var first string
	for _, c := range []struct{ who, name, code string }{
		{"wrong code", "KisAnna", "00000000"},
		{"unknown", "NincsIlyen", right},
		{"differs in case", "kisanna", right},
		{"active already", "NyitottAnna", right},
		{"too late", "LejártAnna", late},
		{"malformed name", "x1!", right},
	} {
		b := g.Browser(t).Visit("/activate").Submit("username", c.name, "code", c.code)
		b.See(http.StatusUnprocessableEntity, "nem megfelelő, vagy a kód már nem érvényes", "5 nap")
		answer := incidental.ReplaceAllString(b.Body, "")
		if first == "" {
			first = answer
		}
		if diff := cmp.Diff(first, answer); diff != "" {
			t.Errorf("%s: the answer differs:\n%s", c.who, diff)
		}
	}
}

func TestEveryEmptyFieldIsNamedAtOnce(t *testing.T) {
	open(t).Browser(t).Visit("/activate").Submit("username", "", "code", "").
		See(http.StatusUnprocessableEntity, "Írja be a felhasználónevét", "8 számjegyből")
}

func TestGuessingIsDelayed(t *testing.T) {
	g := open(t)
	g.Pending(t, "KisAnna")
	right := g.Letter(t, "activation-code").Code
	b := g.Browser(t).Visit("/activate")
	for range 9 { // not a code at all: costs nothing
		b.Submit("username", "KisAnna", "code", "1234567").See(http.StatusUnprocessableEntity, "8 számjegyből")
	}
	for range 5 {
		b.Submit("username", "KisAnna", "code", "00000000").See(http.StatusUnprocessableEntity)
	}
	b.Submit("username", "KisAnna", "code", right).See(http.StatusTooManyRequests, "30 másodperc")
	g.Clock.Advance(31 * time.Second)
	b.Submit("username", "KisAnna", "code", right).At("/activate/password")
}

func TestOnlyTheBrowserThatHasTheCodeGoesOn(t *testing.T) {
	g := open(t)
	anna := g.Pending(t, "KisAnna")
	code := g.Letter(t, "activation-code").Code
	b := g.Browser(t).Visit("/activate").Submit("username", "KisAnna", "code", code).At("/activate/password")
	g.Browser(t).Visit("/activate/password").At("/activate")
	g.Browser(t).Post("/activate/password", "password", anna.Password).At("/activate")
	g.Clock.Advance(21 * time.Minute)
	b.Submit("password", anna.Password).At("/activate")
	if a := account(t, g, anna.ID); a.State != identity.Pending {
		t.Error("activated")
	}
}

func TestSecondSubmitIsToldThatItIsDone(t *testing.T) {
	g := open(t)
	anna := g.Pending(t, "KisAnna")
	code := g.Letter(t, "activation-code").Code
	b := g.Browser(t).Visit("/activate").Submit("username", "KisAnna", "code", code)
	second := b.Twin()
	b.Submit("password", anna.Password).At("/signin/enrol/totp")
	second.Submit("password", "egészen más jelszó ez").See(http.StatusGone, "már aktiválta")
	b.Visit("/activate/password").See(http.StatusGone).Follow("Tovább").At("/signin/enrol/totp")
	g.Browser(t).Visit("/activate").Submit("username", "KisAnna", "code", code).See(http.StatusUnprocessableEntity)
	g.Clock.Advance(time.Minute)
	g.Browser(t).SignIn(anna).At("/signin/enrol/totp")
}

func TestNewerCodeTakesThePlaceOfTheOlder(t *testing.T) {
	g := open(t)
	anna := g.Pending(t, "KisAnna")
	old := g.Letter(t, "activation-code").Code
	b := g.Browser(t).Visit("/activate").Submit("username", "KisAnna", "code", old).At("/activate/password")
	update(t, g, func(tx *store.Tx) error {
		_, err := g.Codes.Issue(tx, anna.Account, true)
		return err
	})
	b.Submit("password", anna.Password).See(http.StatusGone)
	b.Visit("/activate").Submit("username", "KisAnna", "code", old).See(http.StatusUnprocessableEntity)
	b.Submit("username", "KisAnna", "code", g.Letter(t, "code-resent").Code).At("/activate/password")
}
