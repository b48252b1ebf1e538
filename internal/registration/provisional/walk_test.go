package provisional

import (
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS("."), "identity.reason."); err != nil {
		t.Error(err)
	}
}

func TestEverySampleIsShown(t *testing.T) {
	w := open(t)
	for _, s := range w.Shell.Samples() {
		if s.Room == "provisional" {
			w.Browser(t).Visit(s.Path() + "?lang=en").See(http.StatusOK)
		}
	}
}

func TestWithoutScriptFromTheFormToTheAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := on(t, db, clock)
		b := w.Browser(t).Visit("/register/provisional").See(http.StatusOK, "30 napig", "14. életévét")
		b.Follow("Megkezdem").See(http.StatusOK, "1. lépés", `<option value="HU" selected>Magyarország`, "Legalább 4 betű")
		clock.Advance(wait)
		submit(b, agnes("current-family", "Kovács", "current-given", "Ágnes")).At(CodePath).See(http.StatusOK, "agnes@posta.example", "8 számjegy")
		if accounts, persons := w.people(); accounts+persons != 0 {
			t.Errorf("before the address is proved there are %d accounts of %d persons", accounts, persons)
		}
		letter := w.Letter(t, "provisional-code")
		if letter.To != "agnes@posta.example" || letter.Path() != CodePath {
			t.Errorf("letter %+v", letter)
		}
		b.Visit(passwordPath).At(CodePath) // one step after the other
		b.Submit("code", letter.Code[:4]+" – "+letter.Code[4:]).At(passwordPath).See(http.StatusOK, "ŐsziEső", "Legalább 12 karakter", "30 napig")
		b.Visit(CodePath).At(passwordPath)
		b.Submit("password", "rövid").See(http.StatusUnprocessableEntity, "legalább 12 karakter")
		b.Submit("password", "Kovács Ágnes 1").See(http.StatusUnprocessableEntity)
		b.Submit("password", roomtest.Password).At("/signin/enrol/totp")
		checkAccount(w, t)
		a, _ := w.account("ŐsziEső")
		b, _ = w.Enrol(t, b, roomtest.Citizen{Account: a, Password: roomtest.Password})
		b.At("/account").See(http.StatusOK, a.ID)
		b.Visit(CodePath).See(http.StatusGone, "megkezdett regisztrációt")
	})
}

func checkAccount(w *world, t *testing.T) {
	t.Helper()
	a, found := w.account("ŐsziEső")
	want := identity.Account{ID: a.ID, PersonID: a.PersonID, State: identity.Active, Username: "ŐsziEső", Email: "agnes@posta.example", Lang: "hu",
		Channel: identity.ChannelProvisional, Provisional: true, Created: a.Created, Activated: a.Created, ValidUntil: a.Created.Add(30 * day)}
	if diff := cmp.Diff(want, a); !found || diff != "" {
		t.Errorf("account:\n%s", diff)
	}
	var p identity.Person
	err := w.DB.View(t.Context(), func(tx *store.Tx) (err error) {
		p, err = tx.Person(a.PersonID)
		return err
	})
	if err != nil || p.CurrentName.String() != "Kovács Ágnes" || p.BirthName.String() != "Próba Ágnes" || p.BirthDate.String() != "1968-03-14" {
		t.Errorf("person %+v, %v", p, err)
	}
	events := []string{"registration.finished", "account.activated", "password.set"}
	if diff := cmp.Diff(events, w.Events(t, a.PersonID)[:3]); diff != "" {
		t.Errorf("ledger:\n%s", diff)
	}
}

func TestTheFirstPageListsWhatItIsGoodFor(t *testing.T) {
	w := open(t)
	w.Browser(t).Visit(startPath).See(http.StatusOK, "egyetlen szolgáltatás sem fogadja el")
	w.serve(
		&catalogue.Service{ID: "library", Name: map[string]string{"hu": "Könyvtár"}, URL: "https://library.example/", Level: "low", Provisional: true},
		&catalogue.Service{ID: "tax", Name: map[string]string{"hu": "Adóhivatal"}, URL: "https://tax.example/", Level: "substantial"})
	b := w.Browser(t).Visit(startPath).See(http.StatusOK, "Könyvtár", `href="/services/library"`)
	if page := b.Body; regexpAdo.MatchString(page) {
		t.Error("it lists a service that does not take it")
	}
}

func TestEverythingWrongIsSaidAtOnceAndNothingTypedIsLost(t *testing.T) {
	w := open(t)
	b := w.Browser(t).Visit(dataPath)
	submit(b, map[string]string{"birth-given": "Ágnes", "lang": "de"}).See(http.StatusUnprocessableEntity,
		"Írja be születési családi nevét", "Írja be anyja születési családi nevét", "Írja be születési helyét", "Írja be születési idejét",
		"Válasszon országot", "Válasszon nyelvet", `value="Ágnes"`, `href="#username"`, `href="#email"`)
	for _, c := range []struct{ field, typed, said string }{
		{"birth-date", "2015. 01. 01.", "14. életévét"},
		{"birth-date", "2031. 01. 01.", "még nem volt"},
		{"birth-date", "1968. 02. 30.", "ilyen nap nincs"},
		{"birth-family", "Pr0ba", "névben nem szerepelhet"},
		{"current-given", "Ágnes", "viselt családi nevét is"},
		{"username", "Eső1", "magyar ábécé"},
		{"username", "Eső", "túl rövid"},
		{"email", "agnes", "nev@pelda.hu"},
	} {
		b := w.Browser(t).Visit(dataPath)
		w.Clock.Advance(wait)
		submit(b, agnes(c.field, c.typed)).See(http.StatusUnprocessableEntity, c.said, `value="`+c.typed[:2], `href="#`+errorField(c.field)+`"`, "Minta")
	}
	submit(w.Browser(t).Visit(dataPath), agnes("nationality", "XX")).See(http.StatusUnprocessableEntity, "országot a listából")
	if letters := w.Letters(t); len(letters) != 0 {
		t.Errorf("%d letters", len(letters))
	}
}

// errorField is where the failure of a field is said: of a name, at its first part.
func errorField(field string) string {
	if field == "current-given" {
		return "current-family"
	}
	return field
}

func TestCodes(t *testing.T) {
	w := open(t)
	b := w.Browser(t)
	w.begin(b, agnes()).At(CodePath)
	right := w.Letter(t, "provisional-code").Code
	b.Submit("code", "1234").See(http.StatusUnprocessableEntity, "8 számjegyből áll")
	wrong := "00000000"
	if right == wrong {
		wrong = "00000001"
	}
	for range 5 {
		b.Submit("code", wrong).See(http.StatusUnprocessableEntity, "nem a legutóbb küldött")
	}
	b.Submit("code", right).See(http.StatusTooManyRequests, "30 másodperc")
	if b.Header.Get("Retry-After") != "30" {
		t.Errorf("Retry-After %q", b.Header.Get("Retry-After"))
	}
	w.Clock.Advance(30 * time.Second)
	b.Submit("code", right).At(passwordPath)
}

func TestTheCodeIsGoodForADayInItsBrowserOnly(t *testing.T) {
	w := open(t)
	b := w.Browser(t)
	w.begin(b, agnes()).At(CodePath)
	code := w.Letter(t, "provisional-code").Code
	w.Browser(t).Visit(CodePath).See(http.StatusGone, "Másik böngészőben").Submit("code", code).See(http.StatusGone)
	w.Clock.Advance(24*time.Hour - time.Second)
	b.Visit(CodePath).See(http.StatusOK)
	w.Clock.Advance(time.Second)
	b.Submit("code", code).See(http.StatusGone, "Letelt az idő", "Újrakezdem")
}

func TestWhatWasTypedCanBeCorrectedForASittingAndForgotten(t *testing.T) {
	w := open(t)
	b := w.Browser(t)
	w.begin(b, agnes("email", "agens@posta.example")).At(CodePath).Follow("vissza az űrlaphoz").See(http.StatusOK, `value="agens@posta.example"`, `value="1968. 03. 14."`)
	w.Clock.Advance(wait)
	submit(b, agnes()).At(CodePath).See(http.StatusOK, "agnes@posta.example")
	w.Clock.Advance(w.Broker.Law.TransactionLife(w.Clock.Now()))
	if b.Visit(dataPath); regexpAgnes.MatchString(b.Body) {
		t.Error("the form still shows what was typed, long after")
	}
	b.Visit(CodePath).See(http.StatusOK)
	b.Post(cancelPath).At(startPath).Visit(CodePath).See(http.StatusGone)
}

var (
	regexpAdo   = regexp.MustCompile("Adóhivatal")
	regexpAgnes = regexp.MustCompile("Hódmezővásárhely|agnes@")
)
