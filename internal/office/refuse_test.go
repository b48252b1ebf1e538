package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/register"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

const day24 = 24 * time.Hour

func TestTheAddressOfAnAnswerLeadsBackToTheWork(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	for address, to := range map[string]string{
		"/office/registrations":          "/office",
		"/office/registrations/x/check":  "/office/registrations/x",
		"/office/registrations/x/finish": "/office/registrations/x",
		"/office/accounts/x/code":        "/office/accounts/x",
	} {
		if w := s.get(address); w.Code != http.StatusSeeOther || w.Header().Get("Location") != to {
			t.Errorf("%s: %d, to %q", address, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestTheLawRefusesBeforeTheRegisterIsAsked(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.people.SetDown(true) // asking would show another page
	ordinary := statement(s.people.In(population.Ordinary)[0], 0)
	change := func(name, value string) url.Values {
		v := url.Values{}
		for k := range ordinary {
			v.Set(k, ordinary.Get(k))
		}
		v.Set(name, value)
		return v
	}
	for name, c := range map[string]struct {
		typed url.Values
		says  string
	}{
		"licence of 2000":       {statement(s.people.In(population.OldLicence)[0], 0), "kártyaformátum bevezetése előtti"},
		"expired card":          {statement(s.people.In(population.ExpiredDocument)[0], 0), "Az okmány lejárt"},
		"minor":                 {statement(s.people.In(population.Minor)[0], 0), "nem elég idős"},
		"a student card":        {change("document-kind", "student-card"), "válasszon okmányt"},
		"issued tomorrow":       {change("document-issued", "2026-03-03"), "nem lehet a mai nap után"},
		"a number of no shape":  {change("document-number", "12AB"), "Az okmány száma nem ilyen alakú"},
		"no such day":           {change("birth-date", "1985. 02. 30."), "ilyen nap nincs"},
		"born tomorrow":         {change("birth-date", "2026-03-03"), "még nem volt"},
		"no mother":             {change("mother-family", ""), "Írja be az anya születési családi nevét"},
		"a postal code of 3":    {change("postal-code", "672"), "négy számjegy"},
		"a nationality of 3":    {change("nationality", "HUN"), "kétbetűs kódját"},
		"markup in a name":      {change("birth-given", "<b>Anna</b>"), "amely névben nem szerepelhet"},
		"a control character":   {change("birth-place", "Sze\x01ged"), "amelyet nem fogadhatunk el"},
		"a name without an end": {change("birth-given", strings.Repeat("a", 500)), "túl hosszú"},
	} {
		t.Run(name, func(t *testing.T) {
			s := *s
			s.t = t
			w := s.post("/office/registrations", c.typed)
			s.sees(w, http.StatusUnprocessableEntity, "Valamit még javítani kell", c.says)
			if !strings.Contains(w.Body.String(), "Szeged") && strings.Contains(c.typed.Get("settlement"), "Szeged") {
				t.Error("what was typed is lost")
			}
		})
	}
	s.sees(s.get("/office"), http.StatusOK, "Most nincs megnyitott ügy")
}

func TestADifferenceStopsTheRegistration(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	of := func(situation population.Situation, i int) url.Values { return statement(s.people.In(situation)[i], 0) }
	wrongDay := of(population.Ordinary, 0)
	wrongDay.Set("birth-date", "1985-03-13")
	wrongMore := of(population.Ordinary, 1)
	wrongMore.Set("mother-given", "Márta")
	wrongMore.Set("postal-code", "1133")
	moved := of(population.Moved, 0)
	former := s.people.In(population.Moved)[0].FormerAddress
	moved.Set("postal-code", former.PostalCode)
	moved.Set("settlement", former.Settlement)
	moved.Set("street", former.Street)
	nobody := of(population.Ordinary, 0)
	nobody.Set("birth-family", "Senki")
	nobody.Set("mother-family", "Senki")
	nobody.Set("birth-place", "Sehol")
	foreigner := of(population.Foreigner, 0)
	foreigner.Set("nationality", "AT")
	for name, c := range map[string]struct {
		typed url.Values
		says  []string
	}{
		"a day":          {wrongDay, []string{"Egy adat eltér a nyilvántartástól", "a nap eltér"}},
		"two data":       {wrongMore, []string{"2 adat eltér a nyilvántartástól", "az utónév eltér", "az irányítószám eltér"}},
		"an old address": {moved, []string{"Egy adat eltér a nyilvántartástól", "a település eltér", "a közterület vagy a házszám eltér"}},
		"a lost card":    {of(population.LostDocument, 0), []string{"elveszettként vagy ellopottként", "elveszett vagy ellopott"}},
		"a dead person":  {of(population.Dead, 0), []string{"a személy elhunyt"}},
		"nobody":         {nobody, []string{"nem talál ilyen személyt", "nem ellenőrizhető"}},
		"a nationality":  {foreigner, []string{"Egy adat eltér a nyilvántartástól", "Állampolgárság AT eltér"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := *s
			s.t = t
			base := s.follow("/office/registrations", c.typed)
			page := s.get(base)
			s.sees(page, http.StatusOK, append(c.says, "Adat javítása", "Adategyeztetés")...)
			if w := s.get(base + "/account"); w.Code != http.StatusSeeOther {
				t.Errorf("the next step is open: %d", w.Code)
			}
			w := s.post(base+"/account", choice(s.shown(page), "KovacsAnna", "a@example.hu"))
			s.sees(w, http.StatusConflict)
			w = s.post(base+"/finish", url.Values{"version": {s.shown(page)}, "signed": {"yes"}})
			s.sees(w, http.StatusConflict)
		})
	}
	if len(s.letters()) != 0 {
		t.Error("letters were sent")
	}
}

func TestACorrectedDifferenceGoesOn(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	typed := statement(s.people.In(population.Ordinary)[2], 0) // has another current name
	right := typed.Get("birth-date")
	typed.Set("birth-date", "1951. 12. 02.")
	base := s.follow("/office/registrations", typed)
	form := s.get(base + "/data")
	if body := form.Body.String(); !strings.Contains(body, "1951. 12. 02.") || !strings.Contains(body, "Szabóné Varga") {
		t.Error("what was typed is not in the form")
	}
	typed.Set("birth-date", right)
	typed.Set("version", s.shown(form))
	s.follow(base+"/data", typed)
	s.sees(s.get(base), http.StatusOK, "Minden adat egyezik a nyilvántartással", "Szabóné Varga Katalin")
}

func TestARegisterThatIsDownKeepsTheCase(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.people.SetDown(true)
	base := s.follow("/office/registrations", statement(s.people.In(population.Ordinary)[0], 0))
	page := s.get(base)
	s.sees(page, http.StatusOK, "A nyilvántartás most nem válaszol", "megmarad", "Kovács Anna")
	s.sees(s.get("/office"), http.StatusOK, "Kovács Anna", "a nyilvántartás nem válaszolt")
	s.follow(base+"/check", url.Values{"version": {s.shown(page)}})
	s.sees(s.get(base), http.StatusOK, "A nyilvántartás most nem válaszol")

	clock.Advance(3 * day24)
	s.people.SetDown(false)
	s.clerk = s.andras // a colleague of the same office goes on
	s.follow(base+"/check", url.Values{"version": {s.shown(s.get(base))}})
	s.sees(s.get(base), http.StatusOK, "Minden adat egyezik a nyilvántartással")
	if kinds, leaves := s.ledgerKinds(); kinds["registration.checked"] != 3 || strings.Count(leaves, `"down"`) != 2 {
		t.Errorf("ledger: %v", kinds)
	}
}

// broken is a register that answers with something else than agreed.
type broken struct{ register.Population }

func (broken) Check(context.Context, register.Query) (register.Verdict, error) {
	return register.Verdict{Person: register.Alive, Document: register.DocumentValid}, register.ErrProtocol
}

func TestARegisterThatIsNotUnderstoodConfirmsNothing(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock, func(c *desk.Config) { c.Population = broken{} })
	base := s.follow("/office/registrations", statement(s.people.In(population.Ordinary)[0], 0))
	s.sees(s.get(base), http.StatusOK, "A nyilvántartás most nem válaszol")
}

func TestAClerkCannotRegisterThemselves(t *testing.T) {
	db, clock := storetest.SQLite(t)
	two, err := law.Default().With(law.Row{Rule: "account.free", Value: "2"})
	if err != nil {
		t.Fatal(err)
	}
	s := newStand(t, db, clock, func(c *desk.Config) { c.Law = two })
	erika := s.people.In(population.Clerk)[0]
	s.sees(s.post("/office/registrations", statement(erika, 0)), http.StatusForbidden, "Saját magát nem regisztrálhatja")
	s.sees(s.get("/office"), http.StatusOK, "Most nincs megnyitott ügy")

	// A colleague opens the case, and leaves the last step to her.
	s.clerk = s.andras
	base := s.chosen(erika, "SzantoErika", "erika@example.hu")
	s.clerk = s.erika
	form := url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}}
	s.sees(s.post(base+"/finish", form), http.StatusForbidden, "Saját magát nem regisztrálhatja")
	s.sees(s.get(base), http.StatusOK, "Ez az ügy lezárult")
	if len(s.letters()) != 0 {
		t.Error("a letter was sent")
	}
	s.update(func(tx *store.Tx) error {
		history, err := s.desk.Ledger.History(tx, s.erika.Person, "", 10)
		if len(history) != 3 || history[0].Kind != "registration.checked" {
			t.Errorf("her ledger: %+v", history)
		}
		return err
	})
}

func TestOnlyClerksComeInAndOnlyToTheirOwnOffice(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.checked(s.people.In(population.Ordinary)[0])
	elsewhere := s.andras
	elsewhere.Office = "nagyfalu"
	s.clerk = elsewhere
	for _, path := range []string{base, base + "/data", base + "/answer", base + "/account", base + "/withdraw", base + "/sheet.pdf", base + "/declaration.pdf"} {
		s.sees(s.get(path), http.StatusNotFound)
	}
	s.sees(s.post(base+"/check", url.Values{"version": {"2"}}), http.StatusNotFound)
	s.sees(s.post(base+"/withdraw", url.Values{"version": {"2"}}), http.StatusNotFound)
	s.clerk = desk.Clerk{Account: s.erika.Account, Person: s.erika.Person} // signed in, but no clerk
	for _, path := range []string{"/office", "/office/registrations/new", base, "/office/accounts", "/office/accounts/x", base + "/sheet.pdf"} {
		s.sees(s.get(path), http.StatusForbidden, "Ez a felület ügyintézőknek szól")
	}
	s.sees(s.post("/office/accounts", url.Values{"username": {"Erika"}}), http.StatusForbidden)
}
