package office

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// history is the citizen's ledger, newest first.
func (s *stand) history(username identity.Username) (events []ledger.Event) {
	s.t.Helper()
	s.update(func(tx *store.Tx) error {
		a, err := tx.AccountByUsername(username)
		if err != nil {
			return err
		}
		records, err := s.desk.Ledger.History(tx, a.PersonID, "", 100)
		events = nil
		for _, r := range records {
			events = append(events, r.Event)
		}
		return err
	})
	return events
}

func TestNoClerkSeesACitizenUnseen(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	base := s.finished(anna, "KovacsAnna", "anna@example.hu")
	s.sees(s.get(base), http.StatusOK, "anna@example.hu")
	if got := s.history("KovacsAnna"); len(got) != 1 {
		t.Fatalf("the registration itself: %+v", got)
	}
	path := s.link(s.post("/office/accounts", url.Values{"username": {"KovacsAnna"}}))
	s.sees(s.post(path+"/code", nil), http.StatusOK, "anna@example.hu")
	s.seen(1)
	s.update(func(tx *store.Tx) error {
		a, err := tx.AccountByUsername("KovacsAnna")
		if err != nil {
			return err
		}
		return tx.Activate(a.ID, a.ValidUntil)
	})
	s.sees(s.get(base), http.StatusOK, "anna@example.hu")
	s.seen(2)
	s.sees(s.get(base+"/sheet.pdf"), http.StatusOK)
	s.seen(3)
	s.sees(s.get(s.follow("/office/registrations", statement(anna, 0))), http.StatusOK, "már van ügyfélkapuja")
	checked, ok := s.history("KovacsAnna")[0].(ledger.RegisterChecked)
	if !ok || checked.Office != officeID || checked.Clerk != s.erika.Account {
		t.Errorf("a second registration tells the clerk of the first, and Anna reads %+v", s.history("KovacsAnna")[0])
	}
}

// seen expects so many look-ups of the account in the citizen's ledger.
func (s *stand) seen(want int) {
	s.t.Helper()
	got := slices.DeleteFunc(s.history("KovacsAnna"), func(e ledger.Event) bool {
		l, ok := e.(ledger.LookedUp)
		return !ok || l.Clerk != s.erika.Account || l.Office != officeID
	})
	if len(got) != want {
		s.t.Errorf("the citizen reads of %d look-ups, not %d", len(got), want)
	}
}
