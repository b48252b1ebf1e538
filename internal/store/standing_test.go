package store_test

import (
	"errors"
	"testing"

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
