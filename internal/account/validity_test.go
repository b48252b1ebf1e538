package account_test

import (
	"net/http"
	"testing"
	"time"

	"kapu/internal/store"
)

func TestExtending(t *testing.T) {
	each(t, func(w *world) {
		anna := w.citizen("KisAnna", 2)
		b := w.signIn(anna)
		b.Visit("/account/validity").See(http.StatusOK, "Ügyfélkapuja <strong>2028. március 2-ig</strong> érvényes", "legfeljebb <strong>2031. március 2-ig</strong>",
			"<strong>3 évre</strong> – 2029. március 2-ig", "<strong>5 évre</strong> – 2031. március 2-ig", "lejárat előtt 30 nappal")
		lacks(w.t, b, `value="1"`, `value="2"`) // as long as it is, or shorter
		b.Submit("years", "3").At("/account/validity/extended").See(http.StatusOK, "Ügyfélkapuja most már <strong>2029. március 2-ig</strong> érvényes")
		if a, _ := w.account(anna.ID); a.ValidUntil.Format(time.DateOnly) != "2029-03-01" { // the first moment of the 2nd in Budapest
			w.t.Errorf("valid until %s", a.ValidUntil)
		}
		w.has(anna.PersonID, "account.extended")
		if l := w.letters()["account-extended"]; len(l) != 1 || l[0].To != string(anna.Email) {
			w.t.Errorf("letters: %v", l)
		}
	})
}

func TestExtendingTwiceHappensOnce(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 1)
	b := w.signIn(anna).Visit("/account/validity")
	second := b.Twin()
	b.Submit("years", "5").At("/account/validity/extended")
	second.Submit("years", "5").At("/account/validity/extended").See(http.StatusOK, "2031. március 2-ig")
	if n := len(w.letters()["account-extended"]); n != 1 {
		t.Errorf("%d letters", n)
	}
	second.Post("/account/validity", "years", "2").At("/account/validity").See(http.StatusUnprocessableEntity, "már ennél tovább érvényes")
	b.Visit("/account/validity").See(http.StatusOK, "Ennél tovább most nem hosszabbítható", "legfeljebb 5 évre")
	lacks(t, b, "<form method=\"post\" novalidate>", "Meghosszabbítom")
}

func TestExtendingWantsAChoice(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 1)
	b := w.signIn(anna).Visit("/account/validity")
	for _, years := range []string{"", "0", "-1", "6", "99999999999999999999", "öt", "1.5"} {
		b.Visit("/account/validity").Submit("years", years).See(http.StatusUnprocessableEntity, "Válassza ki, mennyi időre", `href="#years"`, `id="years-error"`)
	}
	b.Visit("/account/validity?lang=en").Submit().See(http.StatusUnprocessableEntity, "Choose for how long")
	if a, _ := w.account(anna.ID); !a.ValidUntil.Equal(w.Clock.Now().Truncate(time.Minute).AddDate(1, 0, 0)) {
		t.Errorf("valid until %s", a.ValidUntil)
	}
	if l := w.letters(); len(l) > 0 {
		t.Errorf("letters: %v", l)
	}
}

func TestAProvisionalRegistrationIsToldWhatToDo(t *testing.T) {
	w := open(t)
	anna := w.provisional("KisAnna")
	b := w.signIn(anna)
	b.Visit("/account/validity").See(http.StatusOK, "Ideiglenes regisztrációja <strong>2026. április 1-jéig</strong> érvényes", "bármelyik kormányablakba", "személyazonosító igazolványát", "5 évig")
	lacks(t, b, `name="years"`)
	b.Post("/account/validity", "years", "5").At("/account/validity").See(http.StatusOK, "Így véglegesítheti")
	if a, _ := w.account(anna.ID); !a.ValidUntil.Equal(anna.ValidUntil) {
		t.Errorf("valid until %s", a.ValidUntil)
	}
	b.Visit("/account/more").See(http.StatusOK, "ideiglenes", "Előbb ideiglenes regisztrációját kell véglegesítenie")
	b.Visit("/account/delete").See(http.StatusOK, "Kérem a levelet")
}

func TestNothingIsShownToStrangers(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 1)
	half := w.Browser(t).SignIn(anna).At("/signin/totp") // a password alone
	for _, path := range []string{"/account/validity", "/account/validity/extended", "/account/email", "/account/delete", "/account/delete/sent", "/account/more", "/account/stop/delete"} {
		w.Browser(t).Visit(path).At("/signin/choose")
		half.Visit(path).At("/signin/totp")
		half.Post(path, "years", "5", "email", "dieb@posta.example", "password", anna.Password)
	}
	a, _ := w.account(anna.ID)
	if len(w.waiting(anna.ID)) > 0 || len(w.letters()) > 0 || !a.ValidUntil.Equal(w.Clock.Now().AddDate(1, 0, 0)) {
		t.Error("somebody who proved too little changed something")
	}
}

func TestAnAccountThatEndsWhileItsPageIsOpen(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 1)
	b := w.signIn(anna).Visit("/account/validity")
	w.update(func(tx *store.Tx) error {
		a, err := tx.Account(anna.ID)
		if err != nil {
			return err
		}
		return w.life.End(tx, a, "deleted")
	})
	b.Submit("years", "5").At("/signin/choose")
	if _, found := w.account(anna.ID); found {
		t.Error("it is there again")
	}
}
