package office

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestACitizenIsRegistered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		odon := s.people.In(population.Ordinary)[3] // Űrhegyi Ödön
		s.sees(s.get("/office/registrations/new"), http.StatusOK, "Okmány és személyes adatok")

		base := s.checked(odon)
		s.sees(s.get("/office"), http.StatusOK, "Űrhegyi Ödön", "felhasználónév következik")
		form := s.get(base + "/account")
		s.follow(base+"/account", choice(s.shown(form), "ŰrhegyiÖdön", "Odon@Example.hu"))
		sign := s.get(base)
		s.sees(sign, http.StatusOK, "Nyilatkozat aláírása", "ŰrhegyiÖdön")
		s.sees(s.post(base+"/finish", url.Values{"version": {s.shown(sign)}}), http.StatusUnprocessableEntity, "Aláírás nélkül nem fejezhető be")
		finish := url.Values{"version": {s.shown(sign)}, "signed": {"yes"}}
		s.follow(base+"/finish", finish)
		s.sees(s.get(base), http.StatusOK, "A regisztráció kész", "Odon@example.hu", "2026. március 7. 10.00")
		if to := s.follow(base+"/finish", finish); to != base {
			t.Errorf("a second submit leads to %s", to)
		}

		s.checkAccount(t, base)
		s.checkLetter(t)
		kinds, leaves := s.ledgerKinds()
		for _, kind := range []string{"registration.opened", "registration.checked", "registration.finished"} {
			if kinds[kind] != 1 {
				t.Errorf("%s: %d entries", kind, kinds[kind])
			}
		}
		if strings.Contains(leaves, "dön") || strings.Contains(strings.ToLower(leaves), "odon@") {
			t.Error("the ledger's leaves hold personal data")
		}
	})
}

// checkAccount looks at what the case led to.
func (s *stand) checkAccount(t *testing.T, base string) {
	t.Helper()
	s.update(func(tx *store.Tx) error {
		a, err := tx.AccountByUsername("ŰrhegyiÖdön")
		if err != nil {
			return err
		}
		want := desk.ValidUntil(tx.Now, s.desk.Law.LongestLife(tx.Now))
		if a.State != identity.Pending || !a.ValidUntil.Equal(want) || a.Office != officeID || a.Email != "Odon@example.hu" {
			t.Errorf("account: %+v", a)
		}
		stored, err := tx.Case(strings.TrimPrefix(base, "/office/registrations/"))
		if err != nil {
			return err
		}
		c, err := registration.OpenCase(stored)
		if c.Account != a.ID || strings.Contains(string(stored.Data), "dön") || c.Paper == nil || c.Paper.Document.Number == "" {
			t.Errorf("the finished case holds %s", stored.Data)
		}
		return err
	})
}

// checkLetter compares the letter with what is stored of the code.
func (s *stand) checkLetter(t *testing.T) {
	t.Helper()
	letters := s.letters()
	if len(letters) != 1 {
		t.Fatalf("letters: %+v", letters)
	}
	l := letters[0]
	if l.Template != "activation-code" || l.To != "Odon@example.hu" || l.Link != "https://kapu.example/activate" ||
		len(l.Code) != s.desk.Law.ActivationCodeDigits(s.clock.Now()) || !l.Until.Equal(s.clock.Now().Add(s.desk.Law.ActivationPeriod(s.clock.Now()))) {
		t.Errorf("letter: %+v", l)
	}
	s.update(func(tx *store.Tx) error {
		a, err := tx.AccountByUsername("ŰrhegyiÖdön")
		if err != nil {
			return err
		}
		code, err := tx.Code(a.ID, registration.ActivationPurpose)
		if code.Digest != registration.ActivationDigest(s.desk.Activation.Ring, l.Code) || !code.Expires.Equal(l.Until) {
			t.Errorf("code: %+v", code)
		}
		return err
	})
}

func TestAUsernameIsTakenAlsoInAnotherCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		people := s.people.In(population.Ordinary)
		late := s.chosen(people[1], "kovacsanna", "gabor@example.hu") // chosen while it was still free
		s.finished(people[0], "KovacsAnna", "anna@example.hu")
		base := s.checked(people[2])
		form := s.get(base + "/account")
		s.sees(s.post(base+"/account", choice(s.shown(form), "KOVACSANNA", "kati@example.hu")),
			http.StatusUnprocessableEntity, "Ez a felhasználónév már foglalt")
		w := s.post(late+"/finish", url.Values{"version": {s.shown(s.get(late))}, "signed": {"yes"}})
		s.sees(w, http.StatusConflict, "Ez a felhasználónév már foglalt")
		s.follow(late+"/account", choice(s.shown(w), "TothGabor", "gabor@example.hu"))
		s.follow(late+"/finish", url.Values{"version": {s.shown(s.get(late))}, "signed": {"yes"}})
	})
}

func TestTheSecondTabIsToldKindly(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.checked(s.people.In(population.Ordinary)[0])
	first := s.shown(s.get(base + "/account"))
	s.follow(base+"/account", choice(first, "KovacsAnna", "anna@example.hu"))
	for path, form := range map[string]url.Values{
		"/account": choice(first, "AnnaKovacs", "anna@example.hu"), "/finish": {"version": {first}, "signed": {"yes"}},
		"/check": {"version": {first}}, "/withdraw": {"version": {first}},
	} {
		s.sees(s.post(base+path, form), http.StatusConflict, "Az ügy időközben megváltozott")
	}
	typed := statement(s.people.In(population.Ordinary)[0], 0)
	typed.Set("version", first)
	s.sees(s.post(base+"/data", typed), http.StatusConflict, "Az ügy időközben megváltozott")
	s.sees(s.get(base), http.StatusOK, "KovacsAnna")
}

func TestAnAnswerOfYesterdayIsAskedForAgain(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.chosen(s.people.In(population.Ordinary)[0], "KovacsAnna", "anna@example.hu")
	clock.Advance(day24)
	page := s.get(base)
	s.sees(page, http.StatusOK, "Ez a válasz nem mai")
	form := url.Values{"version": {s.shown(page)}, "signed": {"yes"}}
	if to := s.follow(base+"/finish", form); to != base+"/answer" {
		t.Errorf("led to %s", to)
	}
	s.follow(base+"/check", form)
	form.Set("version", s.shown(s.get(base)))
	s.follow(base+"/finish", form)
	s.sees(s.get(base), http.StatusOK, "A regisztráció kész")
}

func TestAWithdrawnCaseForgetsWhatWasTyped(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.checked(s.people.In(population.Ordinary)[0])
	s.follow(base+"/withdraw", url.Values{"version": {s.shown(s.get(base + "/withdraw"))}})
	page := s.get(base)
	s.sees(page, http.StatusOK, "Ez az ügy lezárult")
	if strings.Contains(page.Body.String(), "Kovács") || s.get(base+"/sheet.pdf").Code != http.StatusNotFound {
		t.Error("personal data of a withdrawn case")
	}
	s.sees(s.get(base+"/data"), http.StatusConflict, "Az ügy időközben megváltozott")
	s.sees(s.get("/office"), http.StatusOK, "Most nincs megnyitott ügy")
}

func TestAnActivatedCaseHoldsNothingAndStillPrints(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.finished(s.people.In(population.Ordinary)[0], "KovacsAnna", "anna@example.hu")
	s.update(func(tx *store.Tx) error {
		a, err := tx.AccountByUsername("KovacsAnna")
		if err != nil {
			return err
		}
		if err := tx.Activate(a.ID, a.ValidUntil); err != nil {
			return err
		}
		return tx.CloseCasesOf(a.ID, string(registration.Activated))
	})
	s.sees(s.get(base), http.StatusOK, "Az ügyfél már aktiválta", "Kovács Anna")
	if paper := s.paper(t, base+"/sheet.pdf"); !strings.Contains(paper, "Kovács Anna") || strings.Contains(paper, "Okmány száma") {
		t.Errorf("the sheet of an activated account:\n%s", paper)
	}
	s.update(func(tx *store.Tx) error {
		a, err := tx.AccountByUsername("KovacsAnna")
		if err != nil {
			return err
		}
		return tx.DeleteAccount(a.ID)
	})
	s.sees(s.get(base), http.StatusOK, "Ez az ügy lezárult")
	s.sees(s.get(base+"/sheet.pdf"), http.StatusNotFound)
}

func TestTwoDesksMakeOneAccountOfAPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		anna := s.people.In(population.Ordinary)[0]
		bases := []string{s.chosen(anna, "AnnaEgy", "a@example.hu"), s.chosen(anna, "AnnaKett", "b@example.hu")}
		var desks sync.WaitGroup
		for _, base := range bases {
			form := url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}}
			desks.Go(func() {
				if w := s.post(base+"/finish", form); w.Code >= http.StatusInternalServerError {
					t.Errorf("status %d", w.Code)
				}
			})
		}
		desks.Wait()
		s.update(func(tx *store.Tx) error {
			person, err := tx.PersonByReference(string(anna.Reference))
			if err != nil {
				return err
			}
			found, err := tx.AccountsOf(person)
			if len(found) != 1 {
				t.Errorf("%d accounts", len(found))
			}
			return err
		})
		if n := len(s.letters()); n != 1 {
			t.Errorf("%d letters", n)
		}
	})
}
