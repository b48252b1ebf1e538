package life_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// tamper runs a statement behind the gateway's back.
func (w *world) tamper(query string, args ...any) {
	w.t.Helper()
	driver, source := "pgx", w.dsn
	if file, ok := strings.CutPrefix(w.dsn, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+file+"?_pragma=busy_timeout(10000)"
	}
	raw, err := sql.Open(driver, source)
	w.must(err)
	defer raw.Close()
	_, err = raw.Exec(query, args...)
	w.must(err)
}

// crowd adds so many citizens whose accounts all end in a year.
func (w *world) crowd(n int) (all []identity.Account) {
	w.t.Helper()
	for i := range n {
		all = append(all, w.citizen("Tomeg"+string(rune('a'+i/26))+string(rune('a'+i%26)), 1))
	}
	return all
}

func TestSeveralProcessesEndAnAccountOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		crowd := w.crowd(130)
		w.asks(crowd[0].ID, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestDeletion(tx, a, clerk) })
		w.letters()
		w.clock.Advance(366 * day)
		var running sync.WaitGroup
		for range 3 {
			p := w.process()
			for _, run := range []func(context.Context) (int, error){p.Sweep, p.Act} {
				running.Go(func() {
					if _, err := run(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
		}
		running.Wait()
		w.sweep() // what one left to another that left it, too
		told := map[string]int{}
		for _, l := range w.letters() {
			told[l.To]++
		}
		for _, a := range crowd {
			if w.lives(a.ID) || told[string(a.Email)] != 1 {
				t.Errorf("%s: %d letters", a.Username, told[string(a.Email)])
			}
		}
		if n := storetest.Column(t, w.dsn, "SELECT CAST(COUNT(*) AS TEXT) FROM ledger WHERE kind = 'account.ended'"); n[0] != fmt.Sprint(len(crowd)) {
			t.Errorf("%s entries", n[0])
		}
		w.verifies()
	})
}

func TestSeveralProcessesRemindOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.crowd(60)
		w.sweep()
		w.clock.Advance(360 * day)
		var running sync.WaitGroup
		for range 3 {
			p := w.process()
			running.Go(func() {
				if _, err := p.Sweep(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		running.Wait()
		w.sweep()
		if got := len(w.letters()); got != 60 {
			t.Errorf("%d letters", got)
		}
	})
}

func TestOneThatFailsDoesNotStopTheRest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		crowd := w.crowd(60)
		broken := crowd[7]
		for _, a := range crowd[:10] {
			w.asks(a.ID, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestDeletion(tx, a, clerk) })
		}
		w.tamper("UPDATE persons SET key = 'broken' WHERE id = $1", broken.PersonID)
		w.clock.Advance(73 * time.Hour)
		done, err := w.Act(context.Background())
		if done != 9 || err == nil {
			t.Errorf("acts: %d done, %v", done, err)
		}
		w.clock.Advance(366 * day)
		for range 2 { // and again the next night
			_, err = w.Sweep(context.Background())
			if err == nil || strings.Contains(err.Error(), "Tomeg") || !strings.Contains(err.Error(), broken.ID) {
				t.Errorf("sweep: %v", err)
			}
		}
		if accounts := storetest.Column(t, w.dsn, "SELECT id FROM accounts"); len(accounts) != 1 || accounts[0] != broken.ID {
			t.Errorf("left: %v", accounts)
		}
		if w.open(broken.ID) {
			t.Error("open, though its time is over")
		}
	})
}

func TestASweepThatIsCutShortIsResumed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.crowd(120)
		w.clock.Advance(366 * day)
		ctx, cut := context.WithCancel(context.Background())
		cut()
		if done, err := w.Sweep(ctx); err == nil || done > 0 {
			t.Errorf("%d done, %v", done, err)
		}
		w.sweep()
		if accounts := storetest.Column(t, w.dsn, "SELECT id FROM accounts"); len(accounts) > 0 || len(w.letters()) != 120 {
			t.Errorf("left: %v", accounts)
		}
	})
}
