package mandate_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/mandate"
	"kapu/internal/papercode"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// world is a register of mandates with two citizens.
type world struct {
	*testing.T
	mandate.Register
	db         *store.DB
	clock      *storetest.Clock
	anna, bela identity.Account
}

func each(t *testing.T, f func(w *world)) {
	storetest.EachAt(t, func(t *testing.T, dsn string) {
		clock, ring := storetest.NewClock(), storetest.Ring(t)
		w := &world{T: t, db: storetest.Open(t, dsn, ring, clock), clock: clock}
		set, err := rotation.Open(context.Background(), w.db, "ledger", keys.EdDSA, keys.LedgerSchedule(), clock.Now)
		w.must(err)
		book := ledger.New(ledger.Config{DB: w.db, Ring: ring, Origin: "kapu.example/ledger", Keys: set, Witness: filepath.Join(t.TempDir(), "witness")})
		w.Register = mandate.Register{Ledger: book, Law: law.Default(), Ring: ring, Takes: func(s string) bool { return s == "tax" }, Home: "https://kapu.example/account/mandates"}
		w.anna, w.bela = w.citizen("Anna", "Kiss"), w.citizen("Bela", "Nagy")
		f(w)
	})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) update(f func(tx *store.Tx) error) {
	w.Helper()
	w.must(w.db.Update(context.Background(), f))
}

func (w *world) citizen(given, family string) (a identity.Account) {
	w.Helper()
	w.update(func(tx *store.Tx) error {
		person, err := tx.SavePerson("ref-"+given, identity.Person{CurrentName: identity.Name{Family: family, Given: given}})
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(family + given),
			Email: identity.Email(strings.ToLower(given) + "@posta.example"), Lang: "hu", ValidUntil: tx.Now.AddDate(5, 0, 0)})
		return err
	})
	return a
}

// offer is an offer of Anna's for a month.
func (w *world) offer() (m store.Mandate, code papercode.Code) {
	w.Helper()
	w.update(func(tx *store.Tx) (err error) {
		m, code, err = w.Offer(tx, w.anna, mandate.Wish{Services: []string{"tax"}, Until: tx.Now.AddDate(0, 1, 0), Reveal: mandate.ShortName}, mandate.Clerk{})
		return err
	})
	return m, code
}

func (w *world) act(id string, act mandate.Act, by mandate.Actor) (m store.Mandate, err error) {
	err = w.db.Update(context.Background(), func(tx *store.Tx) (err error) {
		m, err = w.Act(tx, id, act, by, mandate.Clerk{})
		return err
	})
	return m, err
}

func (w *world) principal() mandate.Actor {
	return mandate.Actor{Role: mandate.Principal, Person: w.anna.PersonID}
}
func (w *world) representative() mandate.Actor {
	return mandate.Actor{Role: mandate.Representative, Person: w.bela.PersonID}
}

func (w *world) holds(id string) (is bool) {
	w.Helper()
	w.must(w.db.View(context.Background(), func(tx *store.Tx) error {
		_, err := tx.MandateHolds(id, "tax")
		if is = err == nil; errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return err
	}))
	return is
}

// told is what a person's history says of mandates, oldest first, in short.
func (w *world) told(person string) string {
	w.Helper()
	var said []string
	w.must(w.db.View(context.Background(), func(tx *store.Tx) error {
		found, err := w.Ledger.History(tx, person, "", 50)
		for _, r := range found {
			switch e := r.Event.(type) {
			case ledger.MandateOffered:
				said = append([]string{"offered"}, said...)
			case ledger.MandateAnswered:
				said = append([]string{e.Answer + " " + e.With}, said...)
			case ledger.MandateGiven:
				said = append([]string{"given " + e.With}, said...)
			case ledger.MandateEnded:
				said = append([]string{"ended by " + e.By + " " + e.With}, said...)
			case ledger.MandateUsed:
				said = append([]string{"used at " + e.Service + " " + e.With}, said...)
			}
		}
		return err
	}))
	return strings.Join(said, ", ")
}

// letters are those that wait for an address.
func (w *world) letters() map[string]int {
	w.Helper()
	found := map[string]int{}
	w.update(func(tx *store.Tx) error {
		all, err := tx.ClaimMessages(50, time.Hour)
		for _, m := range all {
			found[m.Template+" "+m.Recipient]++
		}
		return err
	})
	return found
}

func TestAMandateIsGivenUsedAndEnded(t *testing.T) {
	each(t, func(w *world) {
		m, code := w.offer()
		if w.holds(m.ID) {
			t.Error("an offer gives nothing")
		}
		w.update(func(tx *store.Tx) error {
			if _, err := w.Find(tx, w.anna.PersonID, code); !errors.Is(err, mandate.ErrOwn) {
				t.Errorf("one's own code: %v", err)
			}
			found, err := w.Find(tx, w.bela.PersonID, code)
			if name, _ := mandate.PrincipalName(tx, found); name != "K. Anna" {
				t.Errorf("the representative sees %q", name)
			}
			return err
		})
		_, err := w.act(m.ID, mandate.Accept, w.representative())
		w.must(err)
		if w.holds(m.ID) {
			t.Error("a found code gives nothing")
		}
		w.update(func(tx *store.Tx) error {
			if _, err := w.Find(tx, w.bela.PersonID, code); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a code is good once: %v", err)
			}
			return nil
		})
		m, err = w.act(m.ID, mandate.Confirm, w.principal())
		w.must(err)
		if !w.holds(m.ID) {
			t.Error("both want it")
		}
		w.update(func(tx *store.Tx) error {
			return mandate.Used(tx, w.Ledger, store.NewID(), m, ledger.Released{Service: "tax", Data: []string{"name"}})
		})
		_, err = w.act(m.ID, mandate.End, w.representative())
		w.must(err)
		if w.holds(m.ID) {
			t.Error("it is over")
		}
		if got := w.told(w.anna.PersonID); got != "offered, accepted Nagy Bela, given Nagy Bela, used at tax Nagy Bela, ended by representative Nagy Bela" {
			t.Errorf("the principal reads: %s", got)
		}
		if got := w.told(w.bela.PersonID); got != "accepted K. Anna, given K. Anna, used at tax K. Anna, ended by representative K. Anna" {
			t.Errorf("the representative reads: %s", got)
		}
		posted := w.letters()
		for _, want := range []string{"mandate-accepted anna", "mandate-given anna", "mandate-given bela", "mandate-ended anna", "mandate-ended bela"} {
			if posted[want+"@posta.example"] != 1 {
				t.Errorf("%s: %d letters", want, posted[want+"@posta.example"])
			}
		}
	})
}

func TestWhatNobodyAnswersLapses(t *testing.T) {
	each(t, func(w *world) {
		m, _ := w.offer()
		w.clock.Advance(law.Default().MandateAnswer(w.clock.Now()))
		if _, err := w.act(m.ID, mandate.Accept, w.representative()); !errors.Is(err, mandate.ErrLate) {
			t.Errorf("too late: %v", err)
		}
		for want := 1; want >= 0; want-- {
			n, err := w.Sweep(context.Background(), w.db)
			if w.must(err); n != want {
				t.Errorf("%d swept", n)
			}
		}
		if got := w.told(w.anna.PersonID); got != "offered, lapsed " {
			t.Error(got)
		}
		w.clock.Advance(law.Default().MandateKept(w.clock.Now()))
		if n, err := w.Sweep(context.Background(), w.db); n != 1 || err != nil {
			t.Errorf("%d forgotten, %v", n, err)
		}
	})
}

func TestAMandateEndsWithEitherAccount(t *testing.T) {
	each(t, func(w *world) {
		for _, goes := range []identity.Account{w.anna, w.bela} {
			var m store.Mandate
			w.update(func(tx *store.Tx) (err error) {
				m, err = w.Record(tx, w.anna, w.bela.PersonID, mandate.Wish{Services: []string{"tax"}, Until: tx.Now.AddDate(0, 1, 0)}, mandate.Clerk{Account: "clerk", Office: "kisfalud"})
				return err
			})
			if !w.holds(m.ID) {
				t.Fatal("both stood at the desk")
			}
			w.update(func(tx *store.Tx) error { return w.AccountsEnd(tx, []identity.Account{goes}) })
			if w.holds(m.ID) {
				t.Errorf("%s is gone", goes.Username)
			}
		}
		if got := w.told(w.bela.PersonID); strings.Count(got, "ended by account Kiss Anna") != 2 {
			t.Error(got)
		}
	})
}
