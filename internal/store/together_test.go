package store_test

import (
	"context"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// Two processes each end one of a person's last two accounts: neither sees that
// the other's is gone, and still nothing of the person may remain.
func TestThePersonGoesWhenTheirLastAccountsEndTogether(t *testing.T) {
	endings := map[string]func(*store.Tx, identity.Account) error{
		"ended": func(tx *store.Tx, a identity.Account) error { return tx.EndAccount(a, "expired", tx.Now) },
		"lapsed": func(tx *store.Tx, a identity.Account) error {
			if err := tx.DeleteAccount(a.ID); err != nil {
				return err
			}
			_, err := tx.ErasePerson(a.PersonID)
			return err
		},
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			storetest.EachAt(t, func(t *testing.T, dsn string) {
				ring, clock := storetest.Ring(t), storetest.NewClock()
				db, other := storetest.Open(t, dsn, ring, clock), storetest.Open(t, dsn, ring, clock)
				first, second := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-1", "MásikAnna", "anna@example.hu")
				begun, done := make(chan struct{}), make(chan error, 1)
				go func() {
					<-begun
					done <- other.Update(context.Background(), func(tx *store.Tx) error { return end(tx, second) })
				}()
				update(t, db, func(tx *store.Tx) error {
					if err := end(tx, first); err != nil {
						return err
					}
					if db.Engine() == "sqlite" { // has one writer
						defer close(begun)
						return nil
					}
					close(begun)
					return meets(done)
				})
				if err := <-done; err != nil {
					t.Fatal(err)
				}
				if left := storetest.Column(t, dsn, "SELECT id FROM persons"); len(left) > 0 {
					t.Error("the person remains, with their key and all their data")
				}
			})
		})
	}
}

// meets gives the other process the time to come as far as it can beside us.
func meets(done chan error) error {
	select {
	case err := <-done: // it did not wait for us
		done <- err
	case <-time.After(200 * time.Millisecond):
	}
	return nil
}
