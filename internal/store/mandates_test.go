package store_test

import (
	"errors"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// given is a mandate of one account's owner to another person, in force for a day.
func given(t *testing.T, db *store.DB, by identity.Account, to string) (m store.Mandate) {
	t.Helper()
	update(t, db, func(tx *store.Tx) (err error) {
		until := tx.Now.Add(24 * time.Hour)
		m, err = tx.AddMandate(store.Mandate{Principal: by.PersonID, Account: by.ID, Representative: to, Services: []string{"tax", "town"},
			Reveal: "full", State: store.MandateInForce, Due: until, Until: until})
		return err
	})
	return m
}

func holds(t *testing.T, db *store.DB, m store.Mandate, service string) (is bool) {
	t.Helper()
	view(t, db, func(tx *store.Tx) error {
		_, err := tx.MandateHolds(m.ID, service)
		list, fault := tx.MandatesFor(m.Representative, service)
		if is = err == nil; is != (len(list) == 1) || fault != nil {
			t.Errorf("%v, but a list of %d, %v", err, len(list), fault)
		}
		if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return err
	})
	return is
}

func TestAMandateHoldsAsLongAsItAndTheAccountDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna, bela := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBela", "bela@example.hu")
		m := given(t, db, anna, bela.PersonID)
		if !holds(t, db, m, "tax") || holds(t, db, m, "library") {
			t.Error("it is for the tax office and the town")
		}
		update(t, db, func(tx *store.Tx) error {
			over := m
			over.State, over.EndedBy = store.MandateEnded, "principal"
			if _, err := tx.ChangeMandate(m, over); err != nil {
				return err
			}
			_, err := tx.ChangeMandate(m, over)
			if !errors.Is(err, store.ErrStale) {
				t.Errorf("of two ends at a time the second finds: %v", err)
			}
			return nil
		})
		if holds(t, db, m, "tax") {
			t.Error("it is over")
		}
		m = given(t, db, anna, bela.PersonID)
		clock.Advance(24 * time.Hour)
		if holds(t, db, m, "tax") {
			t.Error("its day is over")
		}
		m = given(t, db, anna, bela.PersonID)
		update(t, db, func(tx *store.Tx) error { return tx.EndAccount(anna, "deleted", tx.Now) })
		if holds(t, db, m, "tax") {
			t.Error("the account from which it was given is gone")
		}
	})
}

func TestMandatesGoWithEitherOfTheTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		anna, bela := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBela", "bela@example.hu")
		eva := account(t, db, "ref-3", "SzabEva", "eva@example.hu")
		given(t, db, anna, bela.PersonID)
		given(t, db, bela, eva.PersonID)
		update(t, db, func(tx *store.Tx) error {
			ending, err := tx.MandatesEnding([]string{bela.ID}, []string{bela.PersonID})
			if len(ending) != 2 || err != nil {
				t.Errorf("%d end, %v", len(ending), err)
			}
			return tx.EndAccount(bela, "deleted", tx.Now)
		})
		view(t, db, func(tx *store.Tx) error {
			for _, person := range []string{anna.PersonID, bela.PersonID, eva.PersonID} {
				if all, err := tx.MandatesOf(person); len(all) != 0 || err != nil {
					t.Errorf("%+v, %v", all, err)
				}
			}
			return nil
		})
	})
}

func TestAServiceThatGoesLeavesAllMandates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		anna, bela := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBela", "bela@example.hu")
		m := given(t, db, anna, bela.PersonID)
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.AddService("town", "{}"), tx.RemoveService("town"), tx.AddService("town", "somebody else"))
		})
		if holds(t, db, m, "town") || !holds(t, db, m, "tax") {
			t.Error("who comes under its id is somebody else")
		}
	})
}

func TestWhatWaitsAndWhatIsOverIsFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna, bela := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBela", "bela@example.hu")
		m := given(t, db, anna, bela.PersonID)
		update(t, db, func(tx *store.Tx) error {
			offer, err := tx.AddMandate(store.Mandate{Principal: anna.PersonID, Account: anna.ID, Services: []string{"tax"}, State: store.MandateOffered,
				Code: "digest", Due: tx.Now.Add(48 * time.Hour), Until: tx.Now.Add(72 * time.Hour)})
			if err != nil {
				return err
			}
			found, err := tx.MandateByCode("digest")
			if found.ID != offer.ID || found.Representative != "" {
				t.Errorf("%+v", found)
			}
			return err
		})
		clock.Advance(24 * time.Hour)
		update(t, db, func(tx *store.Tx) error {
			due, err := tx.MandatesDue(10)
			if err != nil || len(due) != 1 || due[0].ID != m.ID {
				t.Errorf("%+v, %v", due, err)
			}
			over := m
			over.State = store.MandateExpired
			_, err = tx.ChangeMandate(m, over)
			return err
		})
		clock.Advance(time.Hour)
		update(t, db, func(tx *store.Tx) error {
			n, err := tx.SweepMandates(tx.Now.Add(-time.Hour), 10)
			if n != 1 {
				t.Errorf("%d forgotten", n)
			}
			return err
		})
	})
}

// Whoever writes to the database makes nobody a representative.
func TestAMandateThatWasWrittenFromOutsideCountsForNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		anna, bela := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBela", "bela@example.hu")
		eva := account(t, db, "ref-3", "SzabEva", "eva@example.hu")
		for column, value := range map[string]any{"representative": eva.PersonID, "services": " tax town bank ", "until": int64(99999999999999), "account": eva.ID} {
			m := given(t, db, anna, bela.PersonID)
			update(t, db, func(tx *store.Tx) error { return store.Alter(tx, "mandates", column, value, m.ID) })
			if m.Representative = bela.PersonID; holds(t, db, m, "tax") {
				t.Errorf("%s was changed", column)
			}
		}
	})
}
