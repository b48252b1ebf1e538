package account_test

import (
	"net/http"
	"testing"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/store"
)

// disposed is what the person has laid down.
func (w *world) disposed(person string) (d authn.Disposition) {
	w.update(func(tx *store.Tx) (err error) { d, err = tx.Disposition(person); return err })
	return d
}

func TestForbiddingTheLastWayIsAskedTwice(t *testing.T) {
	each(t, func(w *world) {
		anna := w.citizen("KisAnna", 2)
		b := w.signIn(anna)
		b.Visit("/account/methods").See(http.StatusOK, "Azonosítási Rendelkezés", "Ügyfélkapu+", "engedélyezve")
		b.Visit("/account/methods/totp").Submit("where", "nowhere").See(http.StatusUnprocessableEntity, "Visszaút csak személyesen", `name="sure"`)
		if !w.disposed(anna.PersonID).Free() {
			t.Fatal("it counted before it was understood")
		}
		b.Submit("where", "nowhere", "sure", "yes").At("/confirm/done").See(http.StatusOK, "Minden eszközén kiléptettük")
		w.has(anna.PersonID, "disposition.changed")
		if l := w.letters()["disposition-changed"]; len(l) != 1 || l[0].To != string(anna.Email) {
			t.Errorf("letters: %v", l)
		}
		b.Visit("/account").At("/signin/choose") // the session is over
		w.Clock.Advance(day)
		w.Browser(t).SignIn(anna).At("/signin/refuse").See(http.StatusForbidden, "Ön letiltotta", "kormányablak")
		w.has(anna.PersonID, "signin.forbidden")
	})
}

func TestALimitToSomeServices(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	b.Visit("/account/methods/totp").Submit("where", "some").See(http.StatusUnprocessableEntity, "Jelöljön be legalább egy területet")
	b.Submit("where", "some", "kind-tax", "yes").At("/confirm/done")
	if d := w.disposed(anna.PersonID); len(d.Kinds[law.TOTP]) != 1 || d.Kinds[law.TOTP][0] != "tax" {
		t.Fatalf("%+v", d)
	}
	w.Clock.Advance(day)
	b = w.signIn(anna)
	b.Visit("/account/methods").See(http.StatusOK, "korlátozva", "Csak itt: adó- és pénzügyek")
	b.Visit("/account/methods/totp").Submit("where", "everywhere").See(http.StatusUnprocessableEntity, "nem engedélyezheti újra saját magát")
	b.Visit("/account/methods/magic").See(http.StatusNotFound)
	b.Visit("/account/methods/password").See(http.StatusNotFound) // opens nothing, so there is nothing to forbid
}

func TestTheLeastLevel(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	b.Visit("/account/methods").Post("/account/methods-level", "level", "3").See(http.StatusUnprocessableEntity, "egyetlen módja sem maradna")
	b.Post("/account/methods-level", "level", "x").See(http.StatusUnprocessableEntity, "Válasszon a felsoroltak közül")
	b.Post("/account/methods-level", "level", "9").See(http.StatusUnprocessableEntity)
	b.Visit("/account/methods").Post("/account/methods-level", "level", "2").At("/confirm/done").See(http.StatusOK, "rögzítettük")
	if d := w.disposed(anna.PersonID); d.Least != law.Substantial {
		t.Errorf("%+v", d)
	}
}

func TestLockingIsForADeskToUndo(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	b.Visit("/account/methods-lock").See(http.StatusOK, "csak személyesen").Submit().At("/confirm/done")
	second := b.Visit("/account/methods-lock").At("/account/methods").See(http.StatusOK, "Zárolta")
	second.Post("/account/methods-lock").At("/account/methods") // a second click
	if d := w.disposed(anna.PersonID); !d.Locked {
		t.Errorf("%+v", d)
	}
	b.Visit("/account/plus").See(http.StatusOK) // what there is, is used as before
}
