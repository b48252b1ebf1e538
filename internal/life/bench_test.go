package life_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// BenchmarkExpire tells how many accounts a second the sweep ends, on an engine of
// its own; the whole of an end counts: letter, ledger, tombstone, erasure.
func BenchmarkExpire(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		b.Run(name, func(b *testing.B) { sweeping(b, dsn(b), 366*day) })
	}
}

// BenchmarkSchedule tells how many accounts a second the sweep schedules: the work
// of the first night after an older version.
func BenchmarkSchedule(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		b.Run(name, func(b *testing.B) { sweeping(b, dsn(b), 0) })
	}
}

func sweeping(b *testing.B, dsn string, later time.Duration) {
	w := open(b, dsn)
	const accounts = 10_000
	for b.Loop() {
		b.StopTimer()
		w.populate(accounts, store.NewID())
		if !strings.HasPrefix(dsn, "sqlite:") {
			storetest.Column(b, dsn, "ANALYZE") // what autovacuum does after a minute
		}
		w.clock.Advance(later)
		b.StartTimer()
		done, err := w.Sweep(context.Background())
		w.must(err)
		if done != accounts {
			b.Fatalf("%d done", done)
		}
	}
	b.ReportMetric(accounts*float64(b.N)/b.Elapsed().Seconds(), "accounts/s")
}

// populate adds people with an account and its credentials.
func (w *world) populate(n int, of string) {
	letters := strings.NewReplacer("0", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8", "i", "9", "j", "-", "k")
	var all []store.Resident
	for i := range n {
		name := letters.Replace(fmt.Sprintf("%s-%d", of, i))
		account := identity.Account{State: identity.Active, Username: identity.Username(name), Email: identity.Email(name + "@posta.example"), Lang: "hu",
			Office: "office-1", Channel: identity.ChannelOffice, ValidUntil: until(w.clock.Now(), 1), Activated: w.clock.Now()}
		all = append(all, store.Resident{Reference: name, Person: person(name), Accounts: []store.Settled{{Account: account,
			Credentials: []store.Credential{{Kind: "password", Secret: "secret"}, {Kind: "totp", Secret: "secret"}, {Kind: "removal", Secret: "secret"}}}}})
	}
	w.must(w.DB.Settle(context.Background(), all))
}
