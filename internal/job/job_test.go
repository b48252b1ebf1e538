package job_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kapu/internal/job"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func runner(db *store.DB, clock *storetest.Clock) *job.Runner {
	return job.New(job.Config{DB: db, Now: clock.Now, Log: slog.New(slog.DiscardHandler)})
}

// once runs a job and says whether it ran.
func once(t *testing.T, r *job.Runner, j job.Job) bool {
	t.Helper()
	ran, err := r.Once(context.Background(), j)
	if err != nil {
		t.Fatal(err)
	}
	return ran
}

func book(t *testing.T, db *store.DB) (all []store.Job) {
	t.Helper()
	err := db.View(context.Background(), func(tx *store.Tx) (err error) {
		all, err = tx.Jobs()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// does is a job that does n things.
func does(n int) job.Job {
	return job.Job{Name: "sweep", Every: time.Minute, Run: func(context.Context) (int, error) { return n, nil }}
}

func TestOnlyWhenItsTimeHasComeWhicheverProcessAsks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		one, other := runner(db, clock), runner(db, clock)
		began := clock.Now()
		if !once(t, one, does(3)) || once(t, other, does(3)) {
			t.Fatal("the first does not run, or the second does")
		}
		clock.Advance(30 * time.Second)
		if once(t, one, does(3)) {
			t.Error("runs before its time")
		}
		clock.Advance(30 * time.Second)
		if !once(t, other, does(4)) {
			t.Error("does not run though it is time")
		}
		want := []store.Job{{Name: "sweep", Began: began.Add(time.Minute), Ended: began.Add(time.Minute), Done: 4, Total: 7}}
		if diff := cmp.Diff(want, book(t, db)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAJobIsRunByOneProcessAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		one, other := runner(db, clock), runner(db, clock)
		slow := does(0)
		slow.Run = func(context.Context) (int, error) {
			clock.Advance(90 * time.Second)
			if once(t, other, does(1)) {
				t.Error("a second process runs it meanwhile")
			}
			return 2, nil
		}
		once(t, one, slow)
		if all := book(t, db); all[0].Done != 2 || !all[0].Ended.Equal(clock.Now()) {
			t.Errorf("%+v", all)
		}
	})
}

func TestTheLeaseOfAProcessThatIsGoneEndsByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		one, other := runner(db, clock), runner(db, clock)
		hangs := does(0)
		hangs.Run = func(context.Context) (int, error) {
			clock.Advance(3 * time.Minute)
			if !once(t, other, does(5)) {
				t.Error("nobody takes it over")
			}
			return 9, nil // awakes after all: the other keeps the book
		}
		once(t, one, hangs)
		if all := book(t, db); all[0].Done != 5 || all[0].Total != 5 {
			t.Errorf("%+v", all)
		}
	})
}

func TestTheBookSaysTheKindOfAFaultAndNoMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		r := runner(db, clock)
		once(t, r, does(1))
		good := clock.Now()
		for _, c := range []struct {
			fails func() error
			kind  string
		}{
			{func() error { return errors.New("anna@posta.example cannot be reached") }, "other"},
			{func() error { return errors.Join(errors.New("KisAnna"), store.ErrNotFound) }, "not-found"},
			{func() error { panic("KisAnna") }, "panic"},
		} {
			clock.Advance(time.Minute)
			j := does(0)
			j.Run = func(context.Context) (int, error) { return 1, c.fails() }
			if _, err := r.Once(context.Background(), j); err == nil {
				t.Errorf("%s: no error", c.kind)
			} else if c.kind == "panic" && strings.Contains(err.Error(), "KisAnna") {
				t.Error("the text of a panic is passed on")
			}
			if got := book(t, db)[0]; got.Fault != c.kind || !got.Ended.Equal(good) || !got.Began.Equal(clock.Now()) {
				t.Errorf("%s: %+v", c.kind, got)
			}
		}
		clock.Advance(time.Minute)
		once(t, r, does(1))
		if got := book(t, db)[0]; got.Fault != "" || got.Total != 4 {
			t.Errorf("after a good run: %+v", got)
		}
	})
}

func TestAQuickJobIsBookedOnceAMinute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		r := runner(db, clock)
		var fails error
		quick := job.Job{Name: "ledger", Every: time.Second, Everywhere: true, Run: func(context.Context) (int, error) { return 2, fails }}
		run := func(fault error) {
			fails = fault
			_, err := r.Once(context.Background(), quick)
			if !errors.Is(err, fault) {
				t.Fatal(err)
			}
			clock.Advance(time.Second)
		}
		for range 60 {
			run(nil)
		}
		first := book(t, db)
		if first[0].Total != 2 {
			t.Errorf("booked more than the first run in a minute: %+v", first)
		}
		run(nil)
		if got := book(t, db)[0]; got.Total != 122 {
			t.Errorf("after a minute: %+v", got)
		}
		run(store.ErrStale)
		if got := book(t, db)[0]; got.Fault != "contended" {
			t.Errorf("a fault is not booked at once: %+v", got)
		}
		run(nil)
		want := store.Job{Name: "ledger", Done: 2, Total: 126}
		if diff := cmp.Diff(want, book(t, db)[0], cmpopts.IgnoreFields(store.Job{}, "Began", "Ended")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAStoppedRunGivesTheJobBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		r := runner(db, clock)
		ctx, stop := context.WithCancel(context.Background())
		j := does(0)
		j.Run = func(ctx context.Context) (int, error) { stop(); return 1, ctx.Err() }
		if _, err := r.Once(ctx, j); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := book(t, db)[0]; !got.Lease.IsZero() || got.Fault != "stopped" {
			t.Errorf("%+v", got)
		}
	})
}

func TestRunComesRoundUntilStopped(t *testing.T) {
	db, _ := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		r := job.New(job.Config{DB: db, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.Run(ctx, []job.Job{{Name: "quick", Every: time.Second, Everywhere: true, Run: func(context.Context) (int, error) {
				runs.Add(1)
				return 0, errors.New("fails, and comes round all the same")
			}}})
		}()
		time.Sleep(10*time.Second + time.Millisecond)
		stop()
		<-done
		if n := runs.Load(); n != 11 {
			t.Errorf("%d runs in ten seconds", n)
		}
	})
}
