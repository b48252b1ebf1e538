package office

import (
	"errors"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
)

// A consulate is about to end a provisional account as a desk makes it final.
func TestAnAccountThatBecameFinalIsNotClosedOut(t *testing.T) {
	w := newTown(t, &count{})
	anna := w.people.In(population.Ordinary)[0]
	var a identity.Account
	w.update(t, func(tx *store.Tx) error {
		person, err := tx.AddProvisionalPerson(anna.Person)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: "KisAnna", Email: "kis@posta.example",
			Lang: "hu", Provisional: true, ValidUntil: tx.Now.AddDate(0, 0, 30)})
		if err != nil {
			return err
		}
		final, err := tx.SavePerson(string(anna.Reference), anna.Person)
		return errors.Join(err, tx.FinaliseAccount(a.ID, final, "kisfalud", tx.Now.AddDate(5, 0, 0)))
	})
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error { return w.closeOut(tx, a, ledger.DeskActed{Act: actCloseOut}) })
	if !errors.Is(err, store.ErrStale) {
		t.Errorf("closed out: %v", err)
	}
}
