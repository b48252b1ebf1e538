package office

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestAnOwnerIsProvedAndActedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		anna := s.people.In(population.Ordinary)[0]
		a := s.account(anna, "KovacsAnna", officeID)
		base := s.received(a)
		s.sees(s.get(base), http.StatusOK, "Kovács Anna", "okmány alapján ellenőrizte")
		s.sees(s.get(base+"/acts/extend"), http.StatusConflict, "Előbb ellenőrizze, ki áll Ön előtt")
		form := s.get(base + "/presence")
		if body := form.Body.String(); !strings.Contains(body, "Nagy") || strings.Contains(body, anna.Documents[0].Number) {
			t.Error("the form does not come with what the gateway knows, or with what only the document says")
		}
		if to := s.prove(base, anna); to != base {
			t.Fatalf("led to %s", to)
		}
		s.sees(s.get(base), http.StatusOK, "A tulajdonos személyazonosságát ellenőrizte", "Mit kér az ügyfél?")

		s.done(base, desk.Extend, url.Values{"years": {"5"}})
		s.done(base, desk.ChangeEmail, url.Values{"email": {"uj@example.hu"}, "reason": {"change"}})
		s.done(base, desk.SendReset, url.Values{"reason": {"lost"}})
		s.done(base, desk.RemoveFactor, url.Values{"reason": {"other"}, "words": {"ellopták, KF/12"}})
		s.done(base, desk.Delete, nil)
		s.done(base, desk.Stop, url.Values{"kind": {"delete"}})
		s.sees(s.get(base), http.StatusOK, "Ma elintézve", "2031. március 2-ig", "uj@example.hu", "Új e-mail-cím Megerősítésre vár")
		s.checkActs(t, a)
	})
}

// checkActs looks at what the acts left: letters, ledger, account.
func (s *stand) checkActs(t *testing.T, a identity.Account) {
	t.Helper()
	var sent []string
	for _, l := range s.letters() {
		sent = append(sent, l.Template+" "+l.To)
	}
	for _, want := range []string{"account-extended KovacsAnna@example.hu", "email-confirm-new uj@example.hu", "email-change-announced KovacsAnna@example.hu",
		"password-reset KovacsAnna@example.hu", "removal-announced KovacsAnna@example.hu", "deletion-announced KovacsAnna@example.hu", "deletion-stopped KovacsAnna@example.hu"} {
		if !slices.Contains(sent, want) {
			t.Errorf("no letter %s among %v", want, sent)
		}
	}
	var acts []string
	for _, e := range s.history("KovacsAnna") {
		if acted, ok := e.(ledger.DeskActed); ok {
			acts = append(acts, acted.Act+" "+acted.Reason+" "+acted.Words)
			if acted.Clerk != s.erika.Account || acted.Account != a.ID || acted.Office != officeID {
				t.Errorf("%+v", acted)
			}
		}
		if stopped, ok := e.(ledger.DeletionStopped); ok && stopped.By != "office" {
			t.Errorf("%+v", stopped)
		}
	}
	want := []string{"stop request ", "delete request ", "remove-totp other ellopták, KF/12", "reset lost ", "email change ", "extend request "}
	if diff := cmp.Diff(want, acts); diff != "" {
		t.Error(diff)
	}
	s.update(func(tx *store.Tx) error {
		now, err := tx.Account(a.ID)
		if !now.ValidUntil.Equal(desk.ValidUntil(tx.Now, 5)) || now.Email != a.Email {
			t.Errorf("the account: %+v", now)
		}
		return err
	})
}

func TestANewNameComesInFromTheRegister(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	kati := s.people.In(population.Ordinary)[2] // bears another name than at birth
	before := kati
	before.Person.CurrentName, before.Person.Address.Street = kati.Person.BirthName, "Régi utca 1."
	a := s.account(before, "VargaKatalin", officeID)
	base := s.proved(a, kati)
	s.sees(s.get(base), http.StatusOK, kati.Person.CurrentName.String(), kati.Person.Address.Street)
	i := slices.IndexFunc(s.history("VargaKatalin"), func(e ledger.Event) bool { _, ok := e.(ledger.PersonUpdated); return ok })
	if i < 0 {
		t.Fatal("no entry of the update")
	}
	updated := s.history("VargaKatalin")[i].(ledger.PersonUpdated)
	if diff := cmp.Diff([]string{"current-name", "address"}, updated.Fields); diff != "" || updated.Clerk != s.erika.Account || updated.Trace == "" {
		t.Errorf("%+v\n%s", updated, diff)
	}
	s.prove(base, kati) // again: nothing is new
	if n := len(slices.DeleteFunc(s.history("VargaKatalin"), func(e ledger.Event) bool { _, ok := e.(ledger.PersonUpdated); return !ok })); n != 1 {
		t.Errorf("%d entries of updates", n)
	}
}

func TestWhoIsNotTheOwnerIsToldApart(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	ordinary := s.people.In(population.Ordinary)
	typo := ordinary[0]
	typo.Person.BirthDate = typo.Person.BirthDate.AddYears(1)
	for name, c := range map[string]struct {
		owner, shows population.Entry
		says         string
		verdict      ledger.RegisterChecked
	}{
		"somebody else":     {ordinary[0], ordinary[1], "Ez nem az ügyfélkapu tulajdonosa", ledger.RegisterChecked{Verdict: "differs", Differs: []string{"person"}}},
		"a wrong date":      {ordinary[0], typo, "Egy adat eltér a nyilvántartástól", ledger.RegisterChecked{Verdict: "differs", Differs: []string{"birth-date"}}},
		"a lost document":   {ordinary[3], s.people.In(population.LostDocument)[0], "elveszettként vagy ellopottként", ledger.RegisterChecked{Verdict: "differs"}},
		"the owner is dead": {s.people.In(population.Dead)[0], s.people.In(population.Dead)[0], "a személy elhunyt", ledger.RegisterChecked{Verdict: "differs"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := *s
			s.t = t
			username := "Tulaj" + letters26(len(name))
			a := s.account(c.owner, username, officeID)
			base := s.received(a)
			if to := s.prove(base, c.shows); to != base+"/answer" {
				t.Fatalf("led to %s", to)
			}
			page := s.get(base + "/answer")
			s.sees(page, http.StatusOK, c.says)
			if name == "somebody else" && strings.Contains(page.Body.String(), string(c.shows.Person.PersonalID)) {
				t.Error("the page tells more of the other than they said")
			}
			s.sees(s.get(base+"/acts/delete"), http.StatusConflict, "Előbb ellenőrizze")
			got, ok := s.history(identity.Username(username))[0].(ledger.RegisterChecked)
			if !ok || got.Verdict != c.verdict.Verdict || c.verdict.Differs != nil && !slices.Equal(got.Differs, c.verdict.Differs) {
				t.Errorf("the owner reads %+v", s.history(identity.Username(username))[0])
			}
			s.prove(base, c.owner) // who corrects it goes on, unless the register says no
		})
	}
}

func TestARegisterThatIsDownKeepsWhatTheOwnerShowed(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	base := s.received(s.account(anna, "KovacsAnna", officeID))
	s.people.SetDown(true)
	if to := s.prove(base, anna); to != base+"/answer" {
		t.Fatalf("led to %s", to)
	}
	s.sees(s.get(base+"/answer"), http.StatusOK, "A nyilvántartás most nem válaszol", "megmarad")
	if !strings.Contains(s.get(base+"/presence").Body.String(), anna.Documents[0].Number) {
		t.Error("what was typed is gone")
	}
	s.people.SetDown(false)
	if to := s.prove(base, anna); to != base {
		t.Errorf("led to %s", to)
	}
	expired := statement(anna, 0)
	expired.Set("document-expires", "2026-03-01")
	expired.Set("version", s.shown(s.get(base+"/presence")))
	w := s.post(base+"/presence", expired)
	s.sees(w, http.StatusUnprocessableEntity, "Az okmány lejárt")
	if !strings.Contains(w.Body.String(), "2026-03-01") {
		t.Error("what was typed is gone")
	}
}

func TestAPresenceIsOfOneClerkOneAccountAndOneDay(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	people := s.people.In(population.Ordinary)
	a, b := s.account(people[0], "KovacsAnna", officeID), s.account(people[1], "TothGabor", officeID)
	base := s.proved(a, people[0])
	extend := url.Values{"reason": {"request"}, "words": {""}, "years": {"5"}, "version": {s.shown(s.get(base + "/acts/extend"))}}
	refused := func(who, address string) {
		t.Helper()
		s.sees(s.post(address+"/acts/extend", extend), http.StatusConflict, "Előbb ellenőrizze, ki áll Ön előtt")
		if w := s.get(address); !strings.Contains(words(w), "Miért nyitja meg az ügyfélkaput?") {
			t.Errorf("%s sees the account:\n%s", who, words(w))
		}
	}
	refused("the presence of another account", "/office/accounts/"+b.ID)
	refused("an account that there is none of", "/office/accounts/01957f3e-0000-7000-8000-000000000001")
	s.clerk = s.andras
	refused("a colleague", base)
	s.clerk = s.erika
	s.clerk.Office = "nagyfalu"
	refused("the clerk at another office", base)
	s.clerk = s.erika
	clock.Advance(time.Date(2026, 3, 2, 22, 59, 59, 0, time.UTC).Sub(clock.Now())) // a second before midnight in Budapest
	s.sees(s.get(base), http.StatusOK, "Mit kér az ügyfél?")
	clock.Advance(time.Second)
	refused("yesterday's clerk", base)
	if n, err := s.desk.ForgetVisits(t.Context()); n != 1 || err != nil {
		t.Errorf("forgot %d visits: %v", n, err)
	}
	s.stillUntil(t, a)
}

// stillUntil expects that nobody extended the account.
func (s *stand) stillUntil(t *testing.T, a identity.Account) {
	t.Helper()
	s.update(func(tx *store.Tx) error {
		now, err := tx.Account(a.ID)
		if !now.ValidUntil.Equal(a.ValidUntil) {
			t.Error("it was extended")
		}
		return err
	})
}

func TestASecondClickDoesNothingTwice(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	base := s.proved(s.account(anna, "KovacsAnna", officeID), anna)
	form := url.Values{"reason": {"lost"}, "words": {""}, "version": {s.shown(s.get(base + "/acts/reset"))}}
	s.follow(base+"/acts/reset", form)
	s.sees(s.post(base+"/acts/reset", form), http.StatusConflict, "kétszer semmi sem történt")
	if n := len(s.letters()); n != 1 {
		t.Errorf("%d letters", n)
	}
	proof := statement(anna, 0)
	proof.Set("version", form.Get("version"))
	s.sees(s.post(base+"/presence", proof), http.StatusConflict, "kétszer semmi sem történt")

	s.follow(base+"/leave", nil)
	s.follow(base+"/leave", nil)
	s.sees(s.get(base), http.StatusOK, "Miért nyitja meg az ügyfélkaput?")
	s.sees(s.get(base+"/presence"), http.StatusConflict, "Előbb ellenőrizze")
}

func TestAnActNeedsAReasonAndLosesNothingTyped(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	base := s.proved(s.account(anna, "KovacsAnna", officeID), anna)
	for name, c := range map[string]struct {
		act  desk.Act
		form url.Values
		says string
	}{
		"no reason":           {desk.ChangeEmail, url.Values{"email": {"uj@example.hu"}, "reason": {""}}, "Válassza ki, miért"},
		"a reason of no list": {desk.Delete, url.Values{"reason": {"presence"}}, "Válassza ki, miért"},
		"other, unsaid":       {desk.ChangeEmail, url.Values{"email": {"uj@example.hu"}, "reason": {"other"}}, "Írja le röviden az indokot"},
		"no address":          {desk.ChangeEmail, url.Values{"email": {"anna@"}}, "anna@"},
		"the same address":    {desk.ChangeEmail, url.Values{"email": {"KOVACSANNA@example.hu"}}, "Most is ez a címe"},
		"no years":            {desk.Extend, url.Values{"years": {"sok"}}, "Válasszon a felsorolt időtartamok közül"},
		"too many years":      {desk.Extend, url.Values{"years": {"6"}}, "Válasszon a felsorolt időtartamok közül"},
		"not longer":          {desk.Extend, url.Values{"years": {"1"}}, "Ennél már most is tovább érvényes"},
	} {
		w := s.act(base, c.act, c.form)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(words(w)+w.Body.String(), c.says) {
			t.Errorf("%s: %d\n%s", name, w.Code, words(w))
		}
		if email := c.form.Get("email"); !strings.Contains(w.Body.String(), email) {
			t.Errorf("%s: what was typed is gone", name)
		}
	}
	s.sees(s.act(base, desk.Stop, nil), http.StatusOK, "Ez most nem lehetséges")
	s.sees(s.get(base+"/acts/dance"), http.StatusNotFound)
	if n := len(s.letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

func TestDeletionAndAddressBelongToTheRegisteringOffice(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.otherOffice(t, "nagyfalu")
	people := s.people.In(population.Ordinary)
	foreign := s.proved(s.account(people[0], "KovacsAnna", "nagyfalu"), people[0])
	for _, act := range []desk.Act{desk.Delete, desk.ChangeEmail} {
		s.sees(s.get(foreign+"/acts/"+string(act)), http.StatusOK, "Ez most nem lehetséges", "Kormányablak, nagyfalu", "Fő tér 2.")
		form := url.Values{"reason": {"request"}, "words": {""}, "email": {"uj@example.hu"}, "version": {s.shown(s.get(foreign + "/acts/extend"))}}
		s.sees(s.post(foreign+"/acts/"+string(act), form), http.StatusConflict, "Kormányablak, nagyfalu")
	}
	for _, act := range []desk.Act{desk.RemoveFactor, desk.SendReset} {
		s.done(foreign, act, nil)
	}
	s.done(foreign, desk.Extend, url.Values{"years": {"5"}})
	card := s.proved(s.account(people[1], "TothGabor", ""), people[1]) // no office registered it
	s.done(card, desk.Delete, nil)
	s.sees(s.get(card+"/acts/delete"), http.StatusOK, "már be van jelentve")
}

func TestAClerkDoesNotActForThemselves(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.sees(s.post("/office/accounts/"+s.erika.Account, url.Values{"reason": {"presence"}}), http.StatusForbidden, "A saját ügyfélkapuján nem járhat el")
	second := s.account(s.people.In(population.Clerk)[0], "ErikaMasodik", officeID)
	s.sees(s.post("/office/accounts/"+second.ID, url.Values{"reason": {"presence"}}), http.StatusForbidden, "A saját ügyfélkapuján nem járhat el")
}

func TestAProvisionalAccountIsNotActedOn(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	var a identity.Account
	s.update(func(tx *store.Tx) error {
		person, err := tx.AddProvisionalPerson(anna.Person)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Channel: "provisional", Provisional: true, Lang: "hu",
			ValidUntil: tx.Now.Add(s.desk.Law.ProvisionalLife(tx.Now)), Username: "KovacsAnna", Email: "anna@example.hu"})
		return err
	})
	base := s.received(a)
	s.sees(s.get(base), http.StatusOK, "Ez az ügyfélkapu ideiglenes", "Új regisztráció")
	form := statement(anna, 0)
	form.Set("version", "1")
	s.sees(s.post(base+"/presence", form), http.StatusConflict, "Ez az ügyfélkapu ideiglenes")
}

func TestAllAccountsOfAPersonAreListed(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	s.account(anna, "KovacsAnna", officeID)
	second := s.account(anna, "AnnaMasodik", officeID)
	s.sees(s.post("/office/accounts/"+second.ID, url.Values{"reason": {"phone"}, "words": {""}}), http.StatusOK, "További ügyfélkapui", "KovacsAnna")
}

func TestWhatIsStoppedInTimeDoesNotHappen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		people := s.people.In(population.Ordinary)
		cooling := s.desk.Law.DeletionCoolingOff(clock.Now())
		var accounts []identity.Account
		for i, name := range []string{"KovacsAnna", "TothGabor"} {
			a := s.account(people[i], name, officeID)
			s.done(s.proved(a, people[i]), desk.Delete, nil)
			accounts = append(accounts, a)
		}
		clock.Advance(cooling - time.Second)
		base := s.proved(accounts[0], people[0])
		s.done(base, desk.Stop, url.Values{"kind": {"delete"}})
		clock.Advance(time.Second)
		late := s.proved(accounts[1], people[1])
		s.sees(s.act(late, desk.Stop, url.Values{"kind": {"delete"}}), http.StatusOK, "nincs mit")
		if n, err := s.desk.Life.Act(t.Context()); n != 1 || err != nil {
			t.Errorf("%d carried out: %v", n, err)
		}
		s.sees(s.get(late), http.StatusOK, "Miért nyitja meg az ügyfélkaput?") // as for an account that never was
		s.update(func(tx *store.Tx) error {
			if _, err := tx.Account(accounts[0].ID); err != nil {
				t.Errorf("the stopped one: %v", err)
			}
			if _, err := tx.Account(accounts[1].ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the other: %v", err)
			}
			return nil
		})
	})
}

func TestTheMinutesSayWhatWasDone(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	base := s.proved(s.account(anna, "KovacsAnna", officeID), anna)
	s.done(base, desk.RemoveFactor, url.Values{"reason": {"lost"}, "words": {"KF/31"}})
	page := s.get(base).Body.String()
	i := strings.Index(page, base+"/minutes/")
	if i < 0 {
		t.Fatal("no minutes on the page")
	}
	path, _, _ := strings.Cut(page[i:], `"`)
	paper := s.paper(t, path)
	for _, want := range []string{"Jegyzőkönyv", "Kovács Anna", anna.Documents[0].Number, "Elvesztette vagy elfelejtette", "KF/31", "2026. 03. 03. 10.00", "Szántó Erika"} {
		if !strings.Contains(strings.Join(strings.Fields(paper), " "), want) {
			t.Errorf("no %q in\n%s", want, paper)
		}
	}
	s.sees(s.get(base+"/minutes/nothing"), http.StatusNotFound)
	s.clerk = s.andras
	s.sees(s.get(path), http.StatusConflict)
}

func TestOnlyClerksComeToAccountsReviewsAndCodes(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	base := s.proved(s.account(anna, "KovacsAnna", officeID), anna)
	s.clerk = desk.Clerk{Account: s.erika.Account, Person: s.erika.Person} // dismissed this minute
	for _, path := range []string{base, base + "/presence", base + "/answer", base + "/acts/delete", base + "/minutes/x",
		"/office/reviews", "/office/reviews/x", "/office/cardcodes/new", "/office/cardcodes/x"} {
		s.sees(s.get(path), http.StatusForbidden, "Ez a felület ügyintézőknek szól")
	}
	for _, path := range []string{base, base + "/presence", base + "/acts/delete", base + "/leave", "/office/reviews/x", "/office/reviews/x/open",
		"/office/cardcodes", "/office/cardcodes/x/code"} {
		s.sees(s.post(path, url.Values{"reason": {"presence"}}), http.StatusForbidden)
	}
	if n := len(s.letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

// Whoever locked themselves out comes back at any office (R23).
func TestADispositionIsLiftedAtTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		anna := s.people.In(population.Ordinary)[0]
		a := s.account(anna, "KovacsAnna", officeID)
		base := s.received(a)
		s.prove(base, anna)
		s.sees(s.get(base+"/acts/disposition"), http.StatusOK, "nincs mit")
		closed := authn.Disposition{Forbidden: []law.Method{law.TOTP}, Least: law.High, Locked: true}
		s.update(func(tx *store.Tx) error { return tx.SetDisposition(a.PersonID, authn.Disposition{}, closed) })
		s.sees(s.get(base+"/acts/disposition"), http.StatusOK, "Azonosítási Rendelkezés feloldása")
		s.done(base, desk.FreeWays, url.Values{"reason": {"request"}})
		s.sees(s.get(base), http.StatusOK, "minden tiltása feloldva")
		s.update(func(tx *store.Tx) error {
			d, err := tx.Disposition(a.PersonID)
			if !d.Free() {
				t.Errorf("%+v is left", d)
			}
			return err
		})
		if !slices.ContainsFunc(s.letters(), func(l letter) bool { return l.Template == "disposition-changed" }) {
			t.Error("nobody was told")
		}
	})
}
