package life_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// extend is what the portal does.
func (w *world) extend(id string, years int) (until time.Time, err error) {
	w.t.Helper()
	return until, w.DB.Update(context.Background(), func(tx *store.Tx) error {
		a, err := tx.Account(id)
		if err != nil {
			return err
		}
		until, err = w.Extend(tx, a, years, life.Actor{})
		return err
	})
}

// A whole life: born, activated, reminded thrice, extended, reminded again, expired, deleted.
func TestALife(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		witness := w.citizen("Tanú", 5) // somebody else, whom nothing of this may touch
		before := w.proof(witness)
		anna := w.citizen("KisAnna", 1)
		secrets := w.sealed(anna)
		for _, s := range secrets {
			if len(secrets) < 15 || !strings.Contains(storetest.Disk(t, w.dsn), s) {
				t.Fatalf("the test looks in the wrong place: %.20s… is not there while it should be", s)
			}
		}
		w.sweep()
		for _, wait := range []time.Duration{334 * day, day, 23 * day, 6 * day} { // to 31, 30, 7 and 1 days before
			w.passes(wait)
			w.sweep() // twice, and nothing more happens
		}
		want := []string{"account-reminder kisanna@posta.example", "account-reminder kisanna@posta.example", "account-reminder kisanna@posta.example"}
		if diff := cmp.Diff(want, kinds(w.letters())); diff != "" {
			t.Fatal(diff)
		}
		end, err := w.extend(anna.ID, 1)
		if err != nil || !end.Equal(until(w.clock.Now(), 1)) {
			t.Fatal(end, err)
		}
		w.passes(30 * day) // the former end is long over
		if !w.open(anna.ID) {
			t.Fatal("extended in vain")
		}
		w.passes(end.Sub(w.clock.Now()) - 7*day)
		want = []string{"account-extended kisanna@posta.example", "account-reminder kisanna@posta.example"}
		if diff := cmp.Diff(want, kinds(w.letters())); diff != "" {
			t.Error(diff)
		}
		w.clock.Advance(7*day - time.Millisecond)
		if !w.open(anna.ID) {
			t.Error("closed before its end")
		}
		w.clock.Advance(time.Millisecond)
		if w.open(anna.ID) {
			t.Error("lets in after its end, before the sweep came")
		}
		w.sweep()
		w.sweep()
		if diff := cmp.Diff([]string{"account-expired kisanna@posta.example"}, kinds(w.letters())); diff != "" {
			t.Error(diff)
		}
		events := []string{"account.reminded", "account.reminded", "account.reminded", "account.extended", "account.reminded", "account.ended"}
		if diff := cmp.Diff(events, w.events(anna.PersonID)); diff != "" {
			t.Error(diff)
		}
		if w.lives(anna.ID) || !w.lives(witness.ID) {
			t.Error("the wrong one is gone")
		}
		w.gone(append(secrets, words("KisAnna")...))
		w.verifies()
		after := w.proof(witness) // an entry among those of the erased, and a receipt from before
		for _, data := range [][]byte{before, after} {
			if _, err := ledger.VerifyReceipt(data, w.verifierKeys()...); err != nil {
				t.Errorf("somebody else's proof: %v", err)
			}
		}
	})
}

func TestUsernamesRest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 1)
		w.passes(366 * day)
		ended := w.clock.Now()
		w.update(func(tx *store.Tx) error {
			stone, err := tx.Tombstone(anna.ID)
			want := store.Tombstone{Account: anna.ID, Person: anna.PersonID, Office: "office-1", Channel: "office", Reason: life.Expired,
				Created: anna.Created, Activated: anna.Activated, Ended: ended, RestsUntil: until(ended, 5).UTC()}
			if diff := cmp.Diff(want, stone); diff != "" {
				t.Error(diff)
			}
			return err
		})
		free := func() bool {
			var taken bool
			w.update(func(tx *store.Tx) (err error) {
				taken, err = tx.UsernameTaken("kisanna")
				return err
			})
			return !taken
		}
		w.clock.Advance(until(ended, 5).Sub(ended) - time.Second)
		w.sweep()
		if free() {
			t.Error("free before its rest is over")
		}
		w.passes(time.Second)
		if !free() {
			t.Error("rests for ever")
		}
		if n := storetest.Column(t, w.dsn, "SELECT folded_index FROM tombstones"); n[0] != "" {
			t.Error("the index of the name is kept after its rest")
		}
		if again := w.citizen("KisAnna", 1); again.PersonID == anna.PersonID {
			t.Error("the new owner is taken for the old one")
		}
	})
}

func TestAPersonGoesWithTheirLastAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.citizen("KisAnna", 1)
		second := w.further(first, "MasikAnna")
		w.update(func(tx *store.Tx) error { return tx.ExtendAccount(second.ID, until(tx.Now, 2)) })
		w.passes(400 * day)
		if w.lives(first.ID) || !w.lives(second.ID) {
			t.Fatal("the wrong one is gone")
		}
		w.must(w.DB.View(context.Background(), func(tx *store.Tx) error { _, err := tx.Person(first.PersonID); return err }))
		w.passes(400 * day)
		err := w.DB.View(context.Background(), func(tx *store.Tx) error { _, err := tx.PersonalKey(first.PersonID); return err })
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the key is still there: %v", err)
		}
		w.gone(append(words("KisAnna"), "MasikAnna"))
		w.verifies()
	})
}

func TestProvisionalAccountsEndTheSameWay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.provisional("KisAnna")
		if _, err := w.extend(anna.ID, 1); !errors.Is(err, life.ErrProvisional) {
			t.Errorf("extended: %v", err)
		}
		w.sweep()
		for range 29 {
			w.passes(day)
		}
		if got := kinds(w.letters()); !slices.Equal(got, []string{"provisional-ending kisanna@posta.example", "provisional-ending kisanna@posta.example"}) {
			t.Errorf("reminders: %v", got)
		}
		w.passes(day)
		if w.lives(anna.ID) {
			t.Error("lives on")
		}
		w.update(func(tx *store.Tx) error {
			stone, err := tx.Tombstone(anna.ID)
			if stone.Reason != life.Provisional {
				t.Errorf("reason %q", stone.Reason)
			}
			return err
		})
		w.gone(words("KisAnna"))
	})
}

func TestExtendRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, closed := w.citizen("KisAnna", 2), w.citizen("ZárAnna", 2)
		w.update(func(tx *store.Tx) error { return tx.CloseAccount(closed.ID) })
		var invalid *identity.Invalid
		for _, years := range []int{-1, 0, 6, 1 << 40} {
			if _, err := w.extend(anna.ID, years); !errors.As(err, &invalid) || invalid.Field != "years" {
				t.Errorf("%d years: %v", years, err)
			}
		}
		for _, years := range []int{1, 2} {
			if _, err := w.extend(anna.ID, years); !errors.Is(err, life.ErrNotLonger) {
				t.Errorf("%d years: %v", years, err)
			}
		}
		if _, err := w.extend(closed.ID, 5); !errors.Is(err, life.ErrGone) {
			t.Errorf("closed: %v", err)
		}
		w.clock.Advance(731 * day)
		if _, err := w.extend(anna.ID, 5); !errors.Is(err, life.ErrGone) {
			t.Errorf("over, though not swept: %v", err)
		}
		if len(w.letters())+len(w.events(anna.PersonID)) > 0 {
			t.Error("told of what did not happen")
		}
	})
}

func TestALateSweepRemindsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.citizen("KisAnna", 1)
		w.sweep()
		w.passes(360 * day) // both the 30th and the 7th day went by
		if got := w.letters(); len(got) != 1 {
			t.Errorf("%v", kinds(got))
		}
		w.passes(5 * day)
		if got := w.letters(); len(got) != 1 {
			t.Errorf("%v", kinds(got))
		}
	})
}

func TestClosedAccountsAreNotRemindedButEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 1)
		w.update(func(tx *store.Tx) error { return tx.CloseAccount(anna.ID) })
		w.sweep()
		for range 30 {
			w.passes(12 * day)
		}
		if got := w.letters(); len(got) > 0 {
			t.Errorf("reminded of what nobody can extend: %v", kinds(got))
		}
		w.passes(6 * day)
		if w.lives(anna.ID) {
			t.Error("lives on")
		}
	})
}
