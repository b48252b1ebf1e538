package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// said is a decision in one line.
func said(d store.Decision) string {
	slices.Sort(d.Allows)
	slices.Sort(d.Refuses)
	return d.Service + " +" + strings.Join(d.Allows, ",") + " -" + strings.Join(d.Refuses, ",")
}

func TestADecisionStandsUntilItIsChangedOrTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna := account(t, db, "ref-1", "KisAnna", "anna@example.hu").PersonID
		bela := account(t, db, "ref-2", "NagyBela", "bela@example.hu").PersonID
		decide := func(person, service string, allows, refuses []string) {
			update(t, db, func(tx *store.Tx) error {
				d, err := tx.Decision(person, service)
				if err != nil {
					return err
				}
				return tx.Decide(person, service, d.With(allows, refuses))
			})
		}
		expect := func(person, service, want string) {
			t.Helper()
			view(t, db, func(tx *store.Tx) error {
				d, err := tx.Decision(person, service)
				if got := said(d); err != nil || got != want {
					t.Errorf("%q, %v, want %q", got, err, want)
				}
				return nil
			})
		}
		expect(anna, "town", " + -")
		decide(anna, "town", []string{"email", "address"}, []string{"birthdate"})
		expect(anna, "town", "town +address,email -birthdate")
		decide(anna, "town", []string{"birthdate"}, []string{"email"}) // address was not asked this time
		expect(anna, "town", "town +address,birthdate -email")
		decide(anna, "library", nil, []string{"email"})
		expect(bela, "town", " + -")

		clock.Advance(time.Hour)
		decide(bela, "town", nil, []string{"address"})
		view(t, db, func(tx *store.Tx) error {
			all, err := tx.Decisions(anna)
			if err != nil || len(all) != 2 || said(all[0]) != "library + -email" || all[0].At.Equal(tx.Now) {
				t.Errorf("%+v, %v", all, err)
			}
			d, err := tx.Decision(bela, "town")
			if !d.At.Equal(tx.Now) {
				t.Errorf("decided at %s", d.At)
			}
			return err
		})
		update(t, db, func(tx *store.Tx) error { return tx.Withdraw(anna, "town") })
		expect(anna, "town", " + -")
		expect(anna, "library", "library + -email")
		expect(bela, "town", "town + -address")
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.Withdraw(anna, "town") }); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestAnErasedPersonsDecisionsAreGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		var person string
		update(t, db, func(tx *store.Tx) (err error) {
			if person, err = tx.SavePerson("ref-1", anna); err != nil {
				return err
			}
			return tx.Decide(person, "town", store.Decision{Allows: []string{"email"}})
		})
		update(t, db, func(tx *store.Tx) error {
			erased, err := tx.ErasePerson(person)
			if !erased {
				t.Error("the person stays")
			}
			return err
		})
		view(t, db, func(tx *store.Tx) error {
			all, err := tx.Decisions(person)
			if len(all) != 0 {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}

func TestWhatAServiceMayHaveGoesWithIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		anna := account(t, db, "ref-1", "KisAnna", "anna@example.hu").PersonID
		update(t, db, func(tx *store.Tx) error {
			for _, service := range []string{"library", "town"} {
				if err := errors.Join(tx.AddService(service, "{}"), tx.Decide(anna, service, store.Decision{Allows: []string{"email"}})); err != nil {
					return err
				}
			}
			return tx.RemoveService("town")
		})
		update(t, db, func(tx *store.Tx) error { return tx.AddService("town", "somebody else") })
		view(t, db, func(tx *store.Tx) error {
			all, err := tx.Decisions(anna)
			if err != nil || len(all) != 1 || all[0].Service != "library" {
				t.Errorf("%+v, %v", all, err)
			}
			return nil
		})
	})
}
