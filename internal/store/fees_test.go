package store_test

import (
	"errors"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestTheNumberOfAReceiptIsNotOnTheDisk(t *testing.T) {
	storetest.EachAt(t, func(t *testing.T, dsn string) {
		db := storetest.Open(t, dsn, storetest.Ring(t), storetest.NewClock())
		update(t, db, func(tx *store.Tx) error {
			return tx.AddFee(store.Fee{Office: "kisfalud", Receipt: "AB-2026/000117", Forints: 3000, Account: "a"})
		})
		if strings.Contains(storetest.Disk(t, dsn), "000117") {
			t.Error("the receipt leads to whoever paid")
		}
	})
}

func TestAReceiptIsTakenOnceByAnOffice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		fee := store.Fee{Office: "kisfalud", Receipt: "AB-1", Forints: 3000, Account: "a"}
		respelled := fee
		respelled.Receipt = "AB/ 1."
		other := fee
		other.Office = "nagyfalu"
		for _, c := range []struct {
			fee  store.Fee
			want error
		}{{fee, nil}, {fee, store.ErrTaken}, {respelled, store.ErrTaken}, {other, nil}} {
			err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.AddFee(c.fee) })
			if !errors.Is(err, c.want) {
				t.Errorf("%s at %s: %v", c.fee.Receipt, c.fee.Office, err)
			}
		}
		err := db.View(t.Context(), func(tx *store.Tx) error {
			got, err := tx.Fee("kisfalud", "AB-1")
			if got.Forints != 3000 || got.Account != "a" || !got.At.Equal(tx.Now) {
				t.Errorf("%+v", got)
			}
			if _, err := tx.Fee("kisfalud", "AB-2"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a receipt never seen: %v", err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnAccountWaitsForItsActivationAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			person, err := tx.AddProvisionalPerson(identity.Person{Core: identity.Core{BirthDate: identity.Date{Year: 1980, Month: 1, Day: 1}}})
			if err != nil {
				return err
			}
			a, err := tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: "KissAnna", Email: "a@example.hu", Provisional: true})
			if err != nil {
				return err
			}
			if err := errors.Join(tx.PutCredential(store.Credential{Account: a.ID, Kind: "password", Secret: "x"}),
				tx.PutCode(store.Code{Account: a.ID, Purpose: "reset", Expires: tx.Now}), tx.AwaitActivation(a.ID)); err != nil {
				return err
			}
			if _, err := tx.PutAct(store.PendingAct{Account: a.ID, Kind: "email", Due: tx.Now}); err != nil {
				return err
			}
			if err := tx.AwaitActivation(a.ID); err != nil {
				return err
			}
			s, err := tx.Standing(a.ID)
			acts, _ := tx.ActsOf(a.ID)
			if s.State != identity.Pending || len(s.Has) != 0 || len(acts) != 0 || !s.SessionsFrom.Equal(tx.Now) {
				t.Errorf("%+v with %d acts", s, len(acts))
			}
			if _, err := tx.Code(a.ID, "reset"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a code outlives it: %v", err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
