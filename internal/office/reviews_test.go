package office

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// reviewing sets the share of acts that is drawn.
func reviewing(t *testing.T, share string) func(*desk.Config) {
	t.Helper()
	table, err := law.Default().With(law.Row{Rule: "review.share", Value: share})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *desk.Config) { c.Law = table }
}

// draw gives the acts their place in the tree, and draws.
func (s *stand) draw() (drawn int) {
	s.t.Helper()
	if _, err := s.desk.Ledger.Sequence(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	drawn, err := s.desk.Draw(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return drawn
}

var listed = regexp.MustCompile(`href="(/office/reviews/[0-9a-f-]{36})"`)

// reviews are the addresses on the clerk's list.
func (s *stand) reviews() (paths []string) {
	s.t.Helper()
	for _, m := range listed.FindAllStringSubmatch(s.get("/office/reviews").Body.String(), -1) {
		paths = append(paths, m[1])
	}
	return paths
}

// mailed has letters for new passwords sent at the account's desk, each an act.
func (s *stand) mailed(base string, times int) {
	s.t.Helper()
	for range times {
		s.done(base, desk.SendReset, url.Values{"reason": {"lost"}, "words": {"KF/31 bejelentés"}})
	}
}

func TestASecondClerkReviewsWhatWasDrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock, reviewing(t, "100 %"))
		anna := s.people.In(population.Ordinary)[0]
		s.mailed(s.proved(s.account(anna, "KovacsAnna", officeID), anna), 1)
		if got := s.draw(); got != 1 {
			t.Fatalf("%d drawn", got)
		}
		if own := s.reviews(); len(own) != 0 {
			t.Errorf("her own act comes before her: %v", own)
		}
		s.clerk = s.andras
		paths := s.reviews()
		if len(paths) != 1 {
			t.Fatalf("reviews: %v", paths)
		}
		ask := s.get(paths[0])
		s.sees(ask, http.StatusOK, "Megnyitja a felülvizsgálathoz?", "Levél az új jelszóhoz")
		if body := ask.Body.String(); strings.Contains(body, "KovacsAnna") || strings.Contains(body, "KF/31") || strings.Contains(body, "Erika") {
			t.Error("data before the review is opened")
		}
		verdict := url.Values{"verdict": {"doubtful"}, "words": {"nincs irat"}}
		if to := s.follow(paths[0], verdict); to != paths[0] {
			t.Errorf("a verdict on what was not opened leads to %s", to)
		}
		s.follow(paths[0]+"/open", nil)
		s.sees(s.get(paths[0]), http.StatusOK, "Erika", "Kovács Anna", "Elvesztette vagy elfelejtette", "KF/31 bejelentés")
		s.sees(s.post(paths[0], url.Values{"verdict": {""}, "words": {"nincs irat"}}), http.StatusUnprocessableEntity, "Válassza ki, mit talált", "Kovács Anna")
		s.sees(s.post(paths[0], url.Values{"verdict": {"doubtful"}, "words": {""}}), http.StatusUnprocessableEntity, "mi kétséges")
		if to := s.follow(paths[0], verdict); to != "/office/reviews?done" {
			t.Errorf("led to %s", to)
		}
		s.sees(s.get("/office/reviews?done"), http.StatusOK, "A felülvizsgálatot rögzítettük", "nincs felülvizsgálatra váró")
		s.follow(paths[0], verdict) // another tab
		s.sees(s.get(paths[0]), http.StatusOK, "Ezt már felülvizsgálták")
		s.sees(s.post(paths[0]+"/open", nil), http.StatusSeeOther)
		s.checkReviewed(t)
	})
}

// checkReviewed looks at what the citizen reads of the review.
func (s *stand) checkReviewed(t *testing.T) {
	t.Helper()
	events := s.history("KovacsAnna")
	reviewed, ok := events[0].(ledger.Reviewed)
	if !ok || reviewed.Verdict != "doubtful" || reviewed.Words != "nincs irat" || reviewed.Clerk != s.andras.Account {
		t.Errorf("%+v", events[0])
	}
	looked, ok := events[1].(ledger.LookedUp)
	if !ok || looked.Reason != "review" || looked.Clerk != s.andras.Account {
		t.Errorf("%+v", events[1])
	}
}

func TestWhatWasDrawnCanBeDrawnAgainByAnybody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock, reviewing(t, "50 %"))
		anna := s.people.In(population.Ordinary)[0]
		base := s.proved(s.account(anna, "KovacsAnna", officeID), anna)
		drawn := 0
		for range 6 { // each round has a signed tree of its own
			s.mailed(base, 5)
			drawn += s.draw()
		}
		if again := s.draw(); again != 0 {
			t.Errorf("%d drawn a second time", again)
		}
		s.draw() // sequences what was recorded of the draws
		want := s.lots(t, 50)
		if got := s.told(t); drawn != len(want) || !slices.Equal(got, want) {
			t.Errorf("drawn %d, recorded %v, by the signed roots %v", drawn, got, want)
		}
		if len(want) == 0 || len(want) == 30 {
			t.Errorf("%d of 30 drawn", len(want))
		}
	})
}

// lots draws again, from the signed trees and the public leaves alone: the
// places of the acts on which the lot fell.
func (s *stand) lots(t *testing.T, share int) (places []int64) {
	t.Helper()
	s.update(func(tx *store.Tx) error {
		roots, err := s.desk.Ledger.RootsFrom(tx, 1, 1000)
		from := int64(0)
		for _, root := range roots {
			acts, err := tx.LedgerOfKind("clerk.acted", from, root.Size)
			if err != nil {
				return err
			}
			for _, act := range acts {
				if desk.VerifyLot(root.Hash, act.ID, share) {
					places = append(places, act.Position)
				}
			}
			from = root.Size
		}
		return err
	})
	return places
}

// told are the places that the ledger says were drawn.
func (s *stand) told(t *testing.T) (places []int64) {
	t.Helper()
	s.update(func(tx *store.Tx) error {
		size, err := tx.LedgerSize()
		if err != nil {
			return err
		}
		found, err := s.desk.Ledger.Placed(tx, ledger.ReviewDrawn{}, 0, size)
		for _, r := range found {
			places = append(places, r.Event.(ledger.ReviewDrawn).Entry)
		}
		return err
	})
	slices.Sort(places)
	return places
}

func TestTwoProcessesDrawOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock, reviewing(t, "100 %"))
		anna := s.people.In(population.Ordinary)[0]
		s.mailed(s.proved(s.account(anna, "KovacsAnna", officeID), anna), 8)
		if _, err := s.desk.Ledger.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		drawn := make(chan int)
		for range 3 {
			go func() {
				n, err := s.desk.Draw(t.Context())
				if err != nil {
					t.Error(err)
				}
				drawn <- n
			}()
		}
		if sum := <-drawn + <-drawn + <-drawn; sum != 8 {
			t.Errorf("%d drawn", sum)
		}
		s.update(func(tx *store.Tx) error {
			open, err := tx.CountReviews()
			if open != 8 {
				t.Errorf("%d open", open)
			}
			return err
		})
	})
}

func TestAnOfficeOfOneIsReviewedByAnotherOfItsKind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock, reviewing(t, "100 %"))
		lone := s.otherOffice(t, "nagyfalu")
		anna := s.people.In(population.Ordinary)[0]
		a := s.account(anna, "KovacsAnna", officeID)
		s.clerk = lone
		s.mailed(s.proved(a, anna), 1)
		s.draw()
		if own := s.reviews(); len(own) != 0 {
			t.Errorf("the lone clerk reviews themselves: %v", own)
		}
		s.clerk = s.erika
		paths := s.reviews()
		if len(paths) != 1 {
			t.Fatalf("the neighbours see %v", paths)
		}
		s.sees(s.get(paths[0]), http.StatusOK, "Kormányablak, nagyfalu")
		s.update(func(tx *store.Tx) error {
			return tx.PutOffice(identity.Office{ID: "nagyfalu", Kind: identity.TaxOffice, Name: "NAV", Address: "Fő tér 2."})
		})
		s.sees(s.get(paths[0]), http.StatusNotFound) // another kind
		s.sees(s.post(paths[0]+"/open", nil), http.StatusNotFound)

		s.update(func(tx *store.Tx) error {
			if err := tx.PutOffice(identity.Office{ID: "nagyfalu", Kind: identity.GovernmentWindow, Name: "Nagyfalu", Address: "Fő tér 2."}); err != nil {
				return err
			}
			return tx.AppointClerk(s.andras.Account, "nagyfalu") // a second clerk there
		})
		s.sees(s.get(paths[0]), http.StatusNotFound)
		s.clerk = s.andras
		s.clerk.Office = "nagyfalu"
		if got := s.reviews(); !slices.Equal(got, paths) {
			t.Errorf("the second clerk sees %v", got)
		}
	})
}

func TestNobodyReviewsThemselvesByAnyDoor(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock, reviewing(t, "100 %"))
	// Erika acts on an account of András, who is a clerk of the same office.
	s.mailed(s.proved(s.account(s.people.In(population.Clerk)[1], "AndrasOtthon", officeID), s.people.In(population.Clerk)[1]), 1)
	s.draw()
	var id string
	s.update(func(tx *store.Tx) error {
		found, err := tx.OpenReviews([]string{officeID}, "nobody", "", 10)
		id = found[0].ID
		return err
	})
	second := s.account(s.people.In(population.Clerk)[0], "ErikaMasodik", officeID) // the same human being
	for name, k := range map[string]desk.Clerk{
		"whoever acted": s.erika, "whoever acted, by another account": {Account: second.ID, Person: s.erika.Person, Office: officeID},
		"whom it concerned": s.andras, "a clerk of another office": {Account: "x", Person: "y", Office: "messze"},
	} {
		s.clerk = k
		if got := s.reviews(); len(got) != 0 {
			t.Errorf("%s sees %v", name, got)
		}
		for _, w := range []*httptest.ResponseRecorder{s.get("/office/reviews/" + id), s.post("/office/reviews/"+id+"/open", nil),
			s.post("/office/reviews/"+id, url.Values{"verdict": {"fine"}, "words": {""}})} {
			if w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", name, w.Code)
			}
		}
	}
	// Nor once the account under which Erika acted has ended.
	s.update(func(tx *store.Tx) error {
		acted, err := tx.Account(s.erika.Account)
		return errors.Join(err, tx.EndAccount(acted, "expired", tx.Now), tx.AppointClerk(second.ID, officeID))
	})
	s.clerk = desk.Clerk{Account: second.ID, Person: s.erika.Person, Office: officeID}
	if got := s.reviews(); len(got) != 0 {
		t.Errorf("whoever acted, by the account that is left, sees %v", got)
	}
	s.sees(s.post("/office/reviews/"+id+"/open", nil), http.StatusNotFound)
	s.sees(s.get("/office/reviews/mark"), http.StatusNotFound)
	s.sees(s.get("/office/reviews/01957f3e-0000-7000-8000-000000000001"), http.StatusNotFound)
}

func TestWhoOpensLastHasTheReview(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock, reviewing(t, "100 %"))
	third := s.appoint(s.people.In(population.Ordinary)[4], "Harmadik")
	anna := s.people.In(population.Ordinary)[0]
	s.mailed(s.proved(s.account(anna, "KovacsAnna", officeID), anna), 1)
	s.draw()
	s.clerk = s.andras
	path := s.reviews()[0]
	s.follow(path+"/open", nil)
	s.clerk = third
	s.sees(s.get(path), http.StatusOK, "Megnyitja a felülvizsgálathoz?")
	s.follow(path+"/open", nil)
	s.clerk = s.andras
	fine := url.Values{"verdict": {"fine"}, "words": {""}}
	s.follow(path, fine)
	s.sees(s.get(path), http.StatusOK, "Megnyitja a felülvizsgálathoz?")
	s.clerk = third
	if to := s.follow(path, fine); to != "/office/reviews?done" {
		t.Errorf("led to %s", to)
	}
}

func TestAReviewOfWhomWasErasedIsClosed(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock, reviewing(t, "100 %"))
	for i, name := range []string{"KovacsAnna", "TothGabor"} {
		e := s.people.In(population.Ordinary)[i]
		a := s.account(e, name, officeID)
		s.mailed(s.proved(a, e), 1)
		if i == 0 {
			s.draw()
		}
		s.update(func(tx *store.Tx) error { return tx.EndAccount(a, "deleted", tx.Now) })
	}
	s.draw() // the second was erased before it could be laid before anybody
	s.clerk = s.andras
	paths := s.reviews()
	if len(paths) != 1 {
		t.Fatalf("reviews: %v", paths)
	}
	s.sees(s.post(paths[0]+"/open", nil), http.StatusGone, "Az ügyfélkapu közben megszűnt")
	if left := s.reviews(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	s.draw()
	if told := s.told(t); len(told) != 2 {
		t.Errorf("recorded draws: %v", told)
	}
}

func TestTheListOfReviewsIsPaged(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.update(func(tx *store.Tx) error {
		for i := range desk.PageSize + 3 {
			err := tx.AddReview(store.Review{Entry: fmt.Sprint(i), Office: officeID, Clerk: s.erika.Account, Act: "finalise", At: tx.Now, State: store.ReviewOpen})
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.clerk = s.andras
	first := s.get("/office/reviews")
	s.sees(first, http.StatusOK, "Ideiglenes ügyfélkapu véglegesítése")
	m := next.FindStringSubmatch(first.Body.String())
	if m == nil || len(s.reviews()) != desk.PageSize || len(listed.FindAllString(s.get(m[1]).Body.String(), -1)) != 3 {
		t.Errorf("next: %v", m)
	}
}
