package volatile_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/volatile"
)

func each(t *testing.T, f func(t *testing.T, s *volatile.SQL, clock *storetest.Clock)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(t, volatile.NewSQL(db), clock) })
}

func TestAValueLivesForItsTime(t *testing.T) {
	each(t, func(t *testing.T, s *volatile.SQL, clock *storetest.Clock) {
		ctx := context.Background()
		if err := s.Put(ctx, "k", []byte("v"), time.Minute); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute - time.Millisecond)
		if v, ok, err := s.Get(ctx, "k"); err != nil || !ok || string(v) != "v" {
			t.Fatalf("Get = %q, %v, %v", v, ok, err)
		}
		clock.Advance(time.Millisecond)
		if _, ok, err := s.Get(ctx, "k"); err != nil || ok {
			t.Fatalf("an expired value was found (%v)", err)
		}
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOfManyTakersOneGetsIt(t *testing.T) {
	each(t, func(t *testing.T, s *volatile.SQL, _ *storetest.Clock) {
		ctx := context.Background()
		if err := s.Put(ctx, "code", []byte("x"), time.Minute); err != nil {
			t.Fatal(err)
		}
		var got atomic.Int32
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if _, ok, err := s.Take(ctx, "code"); err != nil {
					t.Error(err)
				} else if ok {
					got.Add(1)
				}
			})
		}
		wg.Wait()
		if got.Load() != 1 {
			t.Errorf("%d takers got the code", got.Load())
		}
	})
}

func TestNoIncrementIsLost(t *testing.T) {
	each(t, func(t *testing.T, s *volatile.SQL, _ *storetest.Clock) {
		ctx := context.Background()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					if _, err := s.Increment(ctx, "n", time.Minute); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n, err := s.Increment(ctx, "n", time.Minute); err != nil || n != 41 {
			t.Errorf("Increment = %d, %v; want 41", n, err)
		}
	})
}

func TestCompareAndSwap(t *testing.T) {
	each(t, func(t *testing.T, s *volatile.SQL, clock *storetest.Clock) {
		ctx := context.Background()
		swap := func(old, value string, want bool) {
			t.Helper()
			var o []byte
			if old != "" {
				o = []byte(old)
			}
			if ok, err := s.CompareAndSwap(ctx, "k", o, []byte(value), time.Minute); err != nil || ok != want {
				t.Errorf("CompareAndSwap(%q, %q) = %v, %v", old, value, ok, err)
			}
		}
		swap("a", "b", false)
		swap("", "a", true)
		swap("", "b", false)
		swap("a", "b", true)
		clock.Advance(time.Hour)
		swap("b", "c", false)
		swap("", "d", true)
	})
}
