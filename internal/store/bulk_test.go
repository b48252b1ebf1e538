package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func residents(n int) (all []store.Resident) {
	for i := range n {
		name := identity.Username("Lakos" + string(rune('a'+i)))
		all = append(all, store.Resident{
			Reference: fmt.Sprint("ref-", i),
			Person:    identity.Person{CurrentName: identity.Name{Family: "Lakos", Given: "Pál"}, Core: identity.Core{BirthPlace: "Pécs", BirthDate: identity.Date{Year: 1980, Month: 2, Day: 29}}},
			Accounts: []store.Settled{{Account: identity.Account{State: identity.Active, Username: name, Email: "lakos@example.hu", Lang: "hu"},
				Credentials: []store.Credential{{Kind: "password", Secret: "hash"}, {Kind: "totp", Secret: "JBSWY3DP", Counter: 7}}}},
		})
	}
	return all
}

// Whoever settled in bulk cannot be told from whoever registered one by one: not by those who look, nor by those who delete.
func TestTheSettledAreLikeAllOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		people := residents(3)
		if err := db.InBulk(context.Background(), func() error { return db.Settle(context.Background(), people) }); err != nil {
			t.Fatal(err)
		}
		settled := people[1].Accounts[0]
		view(t, db, func(tx *store.Tx) error {
			a, err := tx.AccountByUsername("Lakosb")
			if err != nil {
				return err
			}
			if diff := cmp.Diff(settled.Account, a); diff != "" || a.ID == "" || !a.Created.Equal(clock.Now()) {
				t.Error(diff)
			}
			if p, err := tx.Person(a.PersonID); err != nil || cmp.Diff(people[1].Person, p) != "" {
				t.Errorf("%v: %s", err, cmp.Diff(people[1].Person, p))
			}
			c, err := tx.Credential(a.ID, "totp")
			if c.Secret != "JBSWY3DP" || c.Counter != 7 {
				t.Errorf("%+v, %v", c, err)
			}
			return err
		})
		update(t, db, func(tx *store.Tx) error { return tx.EndAccount(settled.Account, "expired", tx.Now.AddDate(5, 0, 0)) })
		view(t, db, func(tx *store.Tx) error {
			if accounts, persons, err := tx.CountAccounts(); err != nil || accounts != 2 || persons != 2 {
				t.Errorf("%d accounts of %d persons are left, %v", accounts, persons, err)
			}
			return nil
		})
		if err := db.Settle(context.Background(), residents(1)); !errors.Is(err, store.ErrTaken) {
			t.Errorf("settled twice: %v", err)
		}
	})
}

// The indexes are there again afterwards, and nothing settles in bulk where people live.
func TestBulkLeavesTheTablesAsTheyWere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		settle := func() error {
			return db.InBulk(context.Background(), func() error { return db.Settle(context.Background(), residents(2)) })
		}
		if err := settle(); err != nil {
			t.Fatal(err)
		}
		if err := settle(); err == nil {
			t.Error("settled the same people twice")
		}
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			_, err := tx.AddAccount(identity.Account{PersonID: "nobody", Username: "KisAnna", Email: "anna@example.hu"})
			return err
		})
		if err == nil {
			t.Error("an account of nobody")
		}
	})
}
