package office

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// further opens a case of somebody who has an account already.
func (s *stand) further(e population.Entry) string {
	s.t.Helper()
	base := s.follow("/office/registrations", statement(e, 0))
	s.sees(s.get(base), http.StatusOK, "Az ügyfélnek már van ügyfélkapuja", "3 000 forint", "aktiválásra vár")
	return base
}

// keeps expects what was typed in the fields.
func (s *stand) keeps(w *httptest.ResponseRecorder, typed ...string) {
	s.t.Helper()
	for _, value := range typed {
		if !strings.Contains(w.Body.String(), `value="`+value+`"`) {
			s.t.Errorf("%q is lost", value)
		}
	}
}

func fee(version, forints, receipt string) url.Values {
	return url.Values{"version": {version}, "forints": {forints}, "receipt": {receipt}}
}

func TestAFurtherAccountNeedsTheFee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		anna := s.people.In(population.Ordinary)[0]
		s.finished(anna, "KovacsAnna", "a@example.hu")
		base := s.further(anna)
		if to := s.follow(base+"/account", choice(s.shown(s.get(base+"/account")), "AnnaMasik", "b@example.hu")); to != base+"/fee" {
			t.Errorf("without the fee it goes on to %s", to)
		}
		v := s.shown(s.get(base))
		w := s.post(base+"/fee", fee(v, "2 500", "a-17/2026"))
		s.sees(w, http.StatusUnprocessableEntity, "A díj 3 000 forint")
		s.keeps(w, "2 500", "a-17/2026")
		s.sees(s.post(base+"/fee", fee(v, "", "")), http.StatusUnprocessableEntity, "Írja be a befizetett összeget.", "Írja be a bizonylat számát")
		s.sees(s.post(base+"/fee", fee(v, "sok", "<b>")), http.StatusUnprocessableEntity, "csak betű, szám")
		s.follow(base+"/fee", fee(v, "3.000 Ft", " a-17/2026 "))
		s.sees(s.get(base), http.StatusOK, "Díj rögzítve", "3 000 forint", "A-17/2026", "Az ügyfél ügyfélkapui")
		s.follow(base+"/account", choice(s.shown(s.get(base+"/account")), "AnnaMasik", "b@example.hu"))
		sign := s.get(base)
		s.sees(sign, http.StatusOK, "3 000 forint, bizonylat: A-17/2026")
		s.follow(base+"/finish", url.Values{"version": {s.shown(sign)}, "signed": {"yes"}})
		if paper := s.paper(t, base+"/sheet.pdf"); !strings.Contains(paper, "A-17/2026") || !strings.Contains(paper, "000 forint") {
			t.Errorf("the sheet says nothing of the fee:\n%s", paper)
		}
		if kinds, _ := s.ledgerKinds(); kinds["fee.recorded"] != 1 {
			t.Errorf("the ledger: %v", kinds)
		}

		third := s.further(anna)
		w = s.post(third+"/fee", fee(s.shown(s.get(third)), "3000", "A-17/2026"))
		s.sees(w, http.StatusUnprocessableEntity, "már felhasználták")
		s.keeps(w, "A-17/2026")
	})
}

func TestOneReceiptBuysOneAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		people := s.people.In(population.Ordinary)
		var bases []string
		for i, names := range [][2]string{{"KovacsAnna", "AnnaMasik"}, {"TothGabor", "GaborMasik"}} {
			s.finished(people[i], names[0], "a@example.hu")
			base := s.further(people[i])
			s.follow(base+"/fee", fee(s.shown(s.get(base)), "3000", "B-1"))
			s.follow(base+"/account", choice(s.shown(s.get(base+"/account")), names[1], "a@example.hu"))
			bases = append(bases, base)
		}
		s.follow(bases[0]+"/finish", url.Values{"version": {s.shown(s.get(bases[0]))}, "signed": {"yes"}})
		w := s.post(bases[1]+"/finish", url.Values{"version": {s.shown(s.get(bases[1]))}, "signed": {"yes"}})
		s.sees(w, http.StatusConflict, "már felhasználták")
		s.follow(bases[1]+"/fee", fee(s.shown(w), "3000", "B-2"))
		s.follow(bases[1]+"/finish", url.Values{"version": {s.shown(s.get(bases[1]))}, "signed": {"yes"}})
	})
}

func TestTheSecondDeskIsSentToTheFee(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	racing := s.chosen(anna, "AnnaMasik", "b@example.hu") // opened before the first is finished
	s.finished(anna, "KovacsAnna", "a@example.hu")
	finish := url.Values{"version": {s.shown(s.get(racing))}, "signed": {"yes"}}
	if to := s.follow(racing+"/finish", finish); to != racing+"/fee" {
		t.Errorf("led to %s", to)
	}
	if n := len(s.letters()); n != 1 {
		t.Errorf("%d letters for one account", n)
	}
	s.follow(racing+"/fee", fee(s.shown(s.get(racing+"/fee")), "3000", "C-1"))
	s.follow(racing+"/finish", url.Values{"version": {s.shown(s.get(racing))}, "signed": {"yes"}})
	if n := len(s.letters()); n != 2 {
		t.Errorf("%d letters for the further account", n)
	}
}

// Somebody who registers a further account in another's name, with an address of
// their own, is told on by the addresses known before.
func TestTheOwnerIsToldOfAFurtherAccount(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	s.finished(anna, "KovacsAnna", "anna@example.hu")
	s.letters()
	base := s.further(anna)
	s.follow(base+"/fee", fee(s.shown(s.get(base)), "3000", "A-1"))
	s.follow(base+"/account", choice(s.shown(s.get(base+"/account")), "AnnaMasik", "thief@example.hu"))
	s.follow(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
	sent := map[string]string{}
	for _, l := range s.letters() {
		sent[l.Template] += l.To
	}
	if sent["account-added"] != "anna@example.hu" || sent["activation-code"] != "thief@example.hu" {
		t.Errorf("letters: %v", sent)
	}
}

// Before October 2009 the law set no fee of its own: the clerk states what the
// general duty was.
func TestBeforeTheLawSetAFeeTheClerkStatesIt(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	s.finished(anna, "KovacsAnna", "a@example.hu")
	base := s.further(anna)
	s.desk.Now = func() time.Time { return time.Date(2008, 5, 1, 9, 0, 0, 0, law.Budapest) }
	page := s.get(base + "/fee")
	s.sees(page, http.StatusOK, "általános tételű eljárási illetéket")
	for _, sum := range []string{"0", "-5", "2000000", "sok"} {
		s.sees(s.post(base+"/fee", fee(s.shown(page), sum, "D-1")), http.StatusUnprocessableEntity, "Írja be a befizetett összeget forintban")
	}
	s.follow(base+"/fee", fee(s.shown(page), "2200", "D-1"))
	s.sees(s.get(base+"/fee"), http.StatusOK, "általános tételű eljárási illetéket")
}

func TestSumsAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]int{"3000": 3000, "3 000": 3000, "3\u00a0000 Ft": 3000, "3.000,-": 3000, "HUF": 0, "": 0, "-3000": -3000, "3,5": 0, "9999999999999999999999": 0} {
		if got := forints(typed); got != want {
			t.Errorf("%q is %d", typed, got)
		}
	}
}

// FuzzForints: a sum is read as the number of its digits, or as none.
func FuzzForints(f *testing.F) {
	for _, seed := range []string{"3000", "3.000 Ft", "3 000,-", "-1", "٣٠٠٠", "", "ft", "1e3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if n := forints(typed); n > 0 && forints(thousands(n)) != n {
			t.Errorf("%q is %d, and shown as %q", typed, n, thousands(n))
		}
	})
}
