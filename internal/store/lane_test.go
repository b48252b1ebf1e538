package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// together has all writes wait for one turn, and returns what each hears.
func together(t *testing.T, db *store.DB, writes ...func(*store.Tx) error) []error {
	t.Helper()
	waiting, release := store.HoldWrites(db)
	heard := make([]error, len(writes))
	var all sync.WaitGroup
	for i, f := range writes {
		all.Go(func() { heard[i] = db.Apply(context.Background(), f) })
	}
	for waiting() < len(writes) {
		runtime.Gosched()
	}
	release()
	all.Wait()
	return heard
}

func entry(id string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		return tx.AppendLedger(store.LedgerRow{ID: id, At: tx.Now, Kind: "test", Body: "{}"})
	}
}

func put(key string) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.PutVolatile(key, []byte(key), tx.Now.Add(time.Hour)) }
}

func rotation(generation int64) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.RotateFamily("family", generation) }
}

func TestAWriteThatFailsDoesNotDisturbThoseThatGoWithIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		update(t, db, func(tx *store.Tx) error { return tx.AddFamily("family", tx.Now.Add(time.Hour)) })
		heard := together(t, db, entry("a"), entry("b"), entry("a"), put("k"), rotation(0), rotation(0), rotation(7), entry("c"))
		count := func(want error) (n int) {
			for _, err := range heard {
				if want == nil && err == nil || want != nil && errors.Is(err, want) {
					n++
				}
			}
			return n
		}
		if count(nil) != 5 || count(store.ErrTaken) != 1 || count(store.ErrStale) != 2 {
			t.Errorf("the callers heard %v", heard)
		}
		view(t, db, func(tx *store.Tx) error {
			f, err := tx.Family("family")
			if err != nil || f.Generation != 1 {
				t.Errorf("the family is at generation %d (%v)", f.Generation, err)
			}
			if _, err := tx.GetVolatile("k"); err != nil {
				t.Errorf("a write that went with others is lost: %v", err)
			}
			rows, err := tx.UnsequencedLedger(10)
			if ids := idsOf(rows); !slices.Equal(ids, []string{"a", "b", "c"}) {
				t.Errorf("the ledger holds %v", ids)
			}
			return err
		})
	})
}

func idsOf(rows []store.LedgerRow) (ids []string) {
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// A fault that is none of those that callers tell apart may cost the whole
// transaction: the others must hear of success none the less, and truly.
func TestAWriteThatTheEngineRefusesFailsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		broken := func(tx *store.Tx) error { return tx.InsertVolatile("none", nil, tx.Now) } // NOT NULL
		heard := together(t, db, entry("a"), broken, entry("b"), put("k"))
		for i, err := range heard {
			if (err != nil) != (i == 1) {
				t.Errorf("caller %d heard %v", i, err)
			}
		}
		view(t, db, func(tx *store.Tx) error {
			rows, err := tx.UnsequencedLedger(10)
			if ids := idsOf(rows); !slices.Equal(ids, []string{"a", "b"}) {
				t.Errorf("the ledger holds %v", ids)
			}
			return err
		})
	})
}

func TestOfManyWhoTakeTogetherOneGetsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		update(t, db, put("code"))
		taken := make([][]byte, 9)
		var writes []func(*store.Tx) error
		for i := range taken {
			writes = append(writes, func(tx *store.Tx) (err error) { taken[i], err = tx.TakeVolatile("code"); return err })
		}
		got := 0
		for i, err := range together(t, db, writes...) {
			switch {
			case err == nil && string(taken[i]) == "code":
				got++
			case !errors.Is(err, store.ErrNotFound) || taken[i] != nil:
				t.Errorf("caller %d got %q, %v", i, taken[i], err)
			}
		}
		if got != 1 {
			t.Errorf("%d callers got the value", got)
		}
	})
}

func TestWhoLeavesBeforeTheirTurnHasNoEffect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		waiting, release := store.HoldWrites(db)
		ctx, leave := context.WithCancel(context.Background())
		gone, stayed := make(chan error), make(chan error)
		go func() { gone <- db.Apply(ctx, entry("gone")) }()
		go func() { stayed <- db.Apply(context.Background(), entry("stayed")) }()
		for waiting() < 2 {
			runtime.Gosched()
		}
		leave()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who left heard %v", err)
		}
		release()
		if err := <-stayed; err != nil {
			t.Errorf("who stayed heard %v", err)
		}
		view(t, db, func(tx *store.Tx) error {
			rows, err := tx.UnsequencedLedger(10)
			if ids := idsOf(rows); !slices.Equal(ids, []string{"stayed"}) {
				t.Errorf("the ledger holds %v", ids)
			}
			return err
		})
	})
}

// More wait than fit into one group, and nobody comes after: whoever leads a group
// in which they have no place must not be left behind by it.
func TestNobodyIsLeftBehindAFullGroup(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		store.FillWrites(db, "SELECT 1")
		heard := make(chan error, 1)
		go func() { heard <- db.Apply(context.Background(), entry("last")) }()
		select {
		case err := <-heard:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("the last still waits")
		}
	})
}

// Where the connection breaks, nobody knows what of the group was committed: those
// whose answers had come already must not hear of success.
func TestNobodyHearsOfSuccessBeforeTheCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		if db.Engine() != "postgres" {
			t.Skip("a matter of flights over a network")
		}
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		heard := store.Fly(ctx, db, "INSERT INTO ledger (id, at, kind, person, body, opening) VALUES ('first', 1, 'test', '', '{}', '')",
			"SELECT repeat('x', 100000)", "SELECT pg_sleep(5)")
		kept := false
		view(t, db, func(tx *store.Tx) error {
			rows, err := tx.UnsequencedLedger(10)
			kept = slices.Contains(idsOf(rows), "first")
			return err
		})
		if slices.Contains(heard, nil) {
			t.Errorf("the callers heard %v; of the first, it was kept: %v", heard, kept)
		}
	})
}

// writerDSN has the test binary be the process that dies below.
const writerDSN = "KAPU_TEST_WRITER"

func TestWhatAWriterHeardOfOutlivesItsProcess(t *testing.T) {
	if dsn := os.Getenv(writerDSN); dsn != "" {
		writeUntilKilled(t, dsn)
	}
	storetest.EachAt(t, func(t *testing.T, dsn string) {
		storetest.Open(t, dsn, storetest.Ring(t), storetest.NewClock()) // makes the tables
		writer := exec.Command(os.Args[0], "-test.run=^TestWhatAWriterHeardOfOutlivesItsProcess$")
		writer.Env = append(os.Environ(), writerDSN+"="+dsn)
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		var heard []string
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if id, ok := strings.CutPrefix(lines.Text(), "heard "); ok {
				heard = append(heard, id)
			}
			if len(heard) == 500 { // what follows was on its way when it died
				if err := writer.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = writer.Wait() // killed
		kept := storetest.Column(t, dsn, "SELECT id FROM ledger WHERE body = '{}' AND kind = 'test'")
		if len(heard) < 500 || len(kept) < len(heard) {
			t.Errorf("%d were heard of, %d are kept", len(heard), len(kept))
		}
		for _, id := range heard {
			if !slices.Contains(kept, id) {
				t.Fatalf("%s was heard of and is lost", id)
			}
		}
	})
}

func writeUntilKilled(t *testing.T, dsn string) {
	db := storetest.Open(t, dsn, storetest.Ring(t), storetest.NewClock())
	var out sync.Mutex
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for {
				id := store.NewID()
				if err := db.Apply(context.Background(), entry(id)); err != nil {
					t.Error(err)
					return
				}
				out.Lock()
				fmt.Println("heard", id)
				out.Unlock()
			}
		})
	}
	all.Wait()
}
