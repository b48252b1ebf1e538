package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestOfTwoWhoChangeADispositionOneDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		var person string
		apply(t, db, func(tx *store.Tx) (err error) { person, err = tx.SavePerson("ref", anna); return err })
		first := authn.Disposition{Forbidden: []law.Method{law.Phone}, Kinds: map[law.Method][]string{law.TOTP: {"tax"}, law.Card: {"tax", "health"}}, Least: law.Substantial, Locked: true}
		apply(t, db, func(tx *store.Tx) error { return tx.SetDisposition(person, authn.Disposition{}, first) })
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			return tx.SetDisposition(person, authn.Disposition{}, authn.Disposition{Locked: true})
		})
		if !errors.Is(err, store.ErrStale) {
			t.Errorf("the second, who had not read the first: %v", err)
		}
		apply(t, db, func(tx *store.Tx) error {
			is, err := tx.Disposition(person)
			if diff := cmp.Diff(first, is); diff != "" {
				t.Error(diff)
			}
			return errors.Join(err, tx.SetDisposition(person, is, authn.Disposition{}))
		})
		apply(t, db, func(tx *store.Tx) error {
			is, err := tx.Disposition(person)
			if !is.Free() {
				t.Errorf("%+v is left", is)
			}
			return err
		})
	})
}
