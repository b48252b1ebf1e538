package office

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/ledger"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// identityCard is the place of a person's identity card among their documents; -1 for none.
func identityCard(e population.Entry) int {
	for i, d := range e.Documents {
		if d.Kind == "identity-card" {
			return i
		}
	}
	return -1
}

// holders are ordinary people with an identity card that shows which.
func (s *stand) holders(t *testing.T) (people []population.Entry) {
	t.Helper()
	for _, e := range s.people.In(population.Ordinary) {
		if i := identityCard(e); i >= 0 {
			e.Documents = e.Documents[i:]
			people = append(people, e)
		}
	}
	if len(people) < 2 {
		t.Fatal("too few people with a card")
	}
	return people
}

var cardCode = regexp.MustCompile(`[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{3}`)

func TestACardsCodeIsHandedOverOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		holder := s.holders(t)[0]
		s.sees(s.get("/office/cardcodes/new"), http.StatusOK, "Regisztrációs kód személyi igazolványhoz")
		base := s.follow("/office/cardcodes", statement(holder, 0))
		page := s.get(base)
		s.sees(page, http.StatusOK, "kiadható a kód")
		form := url.Values{"reason": {""}, "words": {"megjegyzés"}, "version": {s.shown(page)}}
		w := s.post(base+"/code", form)
		s.sees(w, http.StatusUnprocessableEntity, "Válassza ki, miért")
		if !strings.Contains(w.Body.String(), "megjegyzés") {
			t.Error("what was typed is gone")
		}
		form.Set("reason", "request")
		pdf := s.post(base+"/code", form)
		text := text(t, pdf.Body.Bytes())
		if !cardCode.MatchString(text) || !strings.Contains(text, holder.Person.CurrentName.String()) || strings.Contains(text, holder.Documents[0].Number) {
			t.Errorf("the envelope:\n%s", text)
		}
		s.sees(s.post(base+"/code", form), http.StatusConflict, "kétszer semmi sem történt")
		s.sees(s.get(base), http.StatusOK, "A kódot kiadta", "nem nyomtatható újra")
		if minutes := s.paper(t, base+"/minutes"); cardCode.MatchString(minutes) || !strings.Contains(minutes, "Jegyzőkönyv") {
			t.Errorf("the minutes:\n%s", minutes)
		}
		if kinds, leaves := s.ledgerKinds(); kinds["card-code.issued"] != 1 || kinds["clerk.acted"] != 1 || kinds["registration.checked"] != 1 ||
			strings.Contains(leaves, holder.Documents[0].Number) {
			t.Errorf("ledger: %v", kinds)
		}
	})
}

func TestACardsCodeIsForTheFirstAccountAndAnElectronicCard(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	holders := s.holders(t)
	s.account(holders[0], "VanMar", officeID)
	base := s.follow("/office/cardcodes", statement(holders[0], 0))
	page := s.get(base)
	s.sees(page, http.StatusOK, "Az ügyfélnek már van ügyfélkapuja")
	checked, ok := s.history("VanMar")[0].(ledger.RegisterChecked)
	if !ok || checked.Clerk != s.erika.Account {
		t.Errorf("the citizen does not read that a clerk saw their accounts: %+v", s.history("VanMar")[0])
	}
	code := url.Values{"reason": {"request"}, "words": {""}, "version": {"2"}}
	if to := s.follow(base+"/code", code); to != base {
		t.Errorf("led to %s", to)
	}
	passport := statement(holders[1], 0)
	passport.Set("document-kind", "passport")
	passport.Set("document-number", "BA1234567")
	s.sees(s.post("/office/cardcodes", passport), http.StatusUnprocessableEntity, "elektronikus személyazonosító igazolványhoz adható")
	old := statement(holders[1], 0)
	old.Set("document-issued", "2015-12-31")
	s.sees(s.post("/office/cardcodes", old), http.StatusUnprocessableEntity, "elektronikus személyazonosító igazolványhoz adható", "Valamit még javítani kell")
	s.sees(s.post("/office/cardcodes", statement(s.people.In(population.Clerk)[0], 0)), http.StatusForbidden, "Saját magát nem regisztrálhatja")
}

func TestADifferenceOrASilenceKeepsTheCode(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	typed := statement(s.holders(t)[0], 0)
	right := typed.Get("birth-place")
	typed.Set("birth-place", "Messzeháza")
	base := s.follow("/office/cardcodes", typed)
	page := s.get(base)
	s.sees(page, http.StatusOK, "Egy adat eltér a nyilvántartástól", "Így kód nem adható ki")
	form := url.Values{"reason": {"request"}, "words": {""}, "version": {"2"}}
	if to := s.follow(base+"/code", form); to != base {
		t.Errorf("led to %s", to)
	}
	s.people.SetDown(true)
	edit := s.get(base + "/data")
	typed.Set("birth-place", right)
	typed.Set("version", s.shown(edit))
	s.follow(base+"/data", typed)
	s.sees(s.get(base), http.StatusOK, "A nyilvántartás most nem válaszol")
	s.people.SetDown(false)
	s.sees(s.post(base+"/data", typed), http.StatusConflict) // another tab
	typed.Set("version", s.shown(s.get(base+"/data")))
	s.follow(base+"/data", typed)
	s.sees(s.get(base), http.StatusOK, "kiadható a kód")

	s.clerk = s.andras // the case is the clerk's own
	s.sees(s.get(base), http.StatusNotFound)
	s.sees(s.post(base+"/code", form), http.StatusNotFound)
	s.clerk = s.erika
	clock.Advance(day24)
	s.sees(s.get(base), http.StatusNotFound)
	s.sees(s.post(base+"/code", form), http.StatusNotFound)
	if n, err := s.desk.ForgetVisits(t.Context()); n != 1 || err != nil {
		t.Errorf("forgot %d: %v", n, err)
	}
	if kinds, _ := s.ledgerKinds(); kinds["card-code.issued"] != 0 {
		t.Error("a code was issued")
	}
}

func TestTwoTabsIssueOneCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		base := s.follow("/office/cardcodes", statement(s.holders(t)[0], 0))
		form := url.Values{"reason": {"request"}, "words": {""}, "version": {s.shown(s.get(base))}}
		codes := make(chan int)
		for range 2 {
			go func() { codes <- s.post(base+"/code", form).Code }()
		}
		if a, b := <-codes, <-codes; a+b != http.StatusOK+http.StatusConflict {
			t.Errorf("answers %d and %d", a, b)
		}
		if kinds, _ := s.ledgerKinds(); kinds["card-code.issued"] != 1 || kinds["clerk.acted"] != 1 {
			t.Errorf("ledger: %v", kinds)
		}
	})
}

func TestACardsCodeIsReviewedWithoutAnAccount(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock, reviewing(t, "100 %"))
	base := s.follow("/office/cardcodes", statement(s.holders(t)[0], 0))
	form := url.Values{"reason": {"lost"}, "words": {"elhagyta"}, "version": {s.shown(s.get(base))}}
	s.sees(s.post(base+"/code", form), http.StatusOK)
	s.draw()
	s.clerk = s.andras
	path := s.reviews()[0]
	s.follow(path+"/open", nil)
	s.sees(s.get(path), http.StatusOK, "Kód személyi igazolványhoz", "elhagyta")
	if to := s.follow(path, url.Values{"verdict": {desk.VerdictFine}, "words": {""}}); to != "/office/reviews?done" {
		t.Errorf("led to %s", to)
	}
}
