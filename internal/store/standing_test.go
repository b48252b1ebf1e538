package store_test

import (
	"context"
	"errors"
	"testing"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// Whoever writes into the database, but has not the key file, makes nobody's
// account an account of somebody else.
func TestAnAccountGivenToAnotherPersonOpensNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		anna := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
		thief := account(t, db, "ref-2", "NagyBela", "bela@example.hu")
		update(t, db, func(tx *store.Tx) error { return store.Alter(tx, "accounts", "person", anna.PersonID, thief.ID) })
		view(t, db, func(tx *store.Tx) error {
			if s, err := tx.Standing(thief.ID); !errors.Is(err, keys.ErrSealed) {
				t.Errorf("its standing is %+v, %v", s, err)
			}
			if _, err := tx.AccountByUsername("NagyBela"); !errors.Is(err, keys.ErrSealed) {
				t.Errorf("by its name: %v", err)
			}
			if s, err := tx.Standing(anna.ID); err != nil || s.Person != anna.PersonID {
				t.Errorf("her own account: %+v, %v", s, err)
			}
			return nil
		})
	})
}

// Nor a clerk: an appointment that we did not write closes the account instead.
func TestAPlantedAppointmentAppointsNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		clerk := account(t, db, "ref-1", "KisAnna", "anna@example.hu").ID
		thief := account(t, db, "ref-2", "NagyBela", "bela@example.hu").ID
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.PutOffice(identity.Office{ID: "kisfalud", Kind: "municipality", Name: "Kisfalud"}), tx.AppointClerk(clerk, "kisfalud"))
		})
		office := func(account string) (string, error) {
			var s authn.Standing
			err := db.View(context.Background(), func(tx *store.Tx) (err error) { s, err = tx.Standing(account); return err })
			return s.Office, err
		}
		if at, err := office(clerk); err != nil || at != "kisfalud" {
			t.Errorf("the clerk: %q, %v", at, err)
		}
		update(t, db, func(tx *store.Tx) error { return store.MoveAppointment(tx, clerk, thief) })
		if at, err := office(thief); !errors.Is(err, keys.ErrSealed) {
			t.Errorf("the thief: %q, %v", at, err)
		}
		view(t, db, func(tx *store.Tx) error {
			if c, err := tx.Clerk(thief); !errors.Is(err, keys.ErrSealed) {
				t.Errorf("looked up: %+v, %v", c, err)
			}
			return nil
		})
		update(t, db, func(tx *store.Tx) error { return tx.DismissClerk(thief) })
		if at, err := office(thief); err != nil || at != "" {
			t.Errorf("after the plant is gone: %q, %v", at, err)
		}
	})
}
