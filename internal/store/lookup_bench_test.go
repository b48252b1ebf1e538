package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// lettered spells a number in letters, since usernames have no digits.
func lettered(n int) string {
	name := []byte("Lakos")
	for _, d := range fmt.Sprintf("%07d", n) {
		name = append(name, byte('a'+d-'0'))
	}
	return string(name)
}

// crowded settles residents, one account each.
func crowded(from, to int) (all []store.Resident) {
	for n := from; n < to; n++ {
		account := identity.Account{State: identity.Active, Username: identity.Username(lettered(n)), Email: "lakos@example.hu", Lang: "hu", ValidUntil: time.Now().AddDate(5, 0, 0)}
		all = append(all, store.Resident{Reference: fmt.Sprint("ref-", n), Accounts: []store.Settled{{Account: account,
			Credentials: []store.Credential{{Kind: "password", Secret: "hash"}, {Kind: "totp", Secret: "JBSWY3DP"}}}}})
	}
	return all
}

// engines runs a benchmark on SQLite, and on PostgreSQL where there is one.
func engines(b *testing.B, f func(b *testing.B, db *store.DB)) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		b.Run(name, func(b *testing.B) {
			db, err := store.Open(context.Background(), dsn(b), store.Options{Ring: storetest.Ring(b), Now: time.Now})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { db.Close() })
			f(b, db)
		})
	}
}

const lookUpAmong = 10_000

func BenchmarkAccountLookUp(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB) {
		people := crowded(0, lookUpAmong)
		if err := db.InBulk(context.Background(), func() error { return db.Settle(context.Background(), people) }); err != nil {
			b.Fatal(err)
		}
		anybody := func() identity.Account { return people[rand.IntN(len(people))].Accounts[0].Account }
		b.Run("username", func(b *testing.B) {
			for b.Loop() {
				view(b, db, func(tx *store.Tx) error { _, err := tx.AccountByUsername(anybody().Username); return err })
			}
		})
		b.Run("id", func(b *testing.B) {
			for b.Loop() {
				view(b, db, func(tx *store.Tx) error { _, err := tx.Account(anybody().ID); return err })
			}
		})
	})
}

func BenchmarkSettle(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB) {
		n := 0
		err := db.InBulk(context.Background(), func() error {
			for ; b.Loop(); n += 1000 {
				if err := db.Settle(context.Background(), crowded(n, n+1000)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "accounts/s")
	})
}
