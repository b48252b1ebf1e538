package password

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPoolRefusesBeyondItsQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(Config{Slots: 2, Queue: 3})
		results := make(chan error, 10)
		for range 10 {
			go func() { results <- p.enter(context.Background()) }()
		}
		synctest.Wait()
		if len(results) != 2+5 {
			t.Fatalf("%d answered at once; want 2 admitted and 5 refused", len(results))
		}
		busy := 0
		for range 7 {
			if errors.Is(<-results, ErrBusy) {
				busy++
			}
		}
		if busy != 5 {
			t.Errorf("%d refused, want 5", busy)
		}
		for range 3 {
			p.leave()
			synctest.Wait()
			if err := <-results; err != nil {
				t.Errorf("the next in line: %v", err)
			}
		}
	})
}

// A line full of guesses neither keeps an owner on a remembered device out nor
// makes them wait for all of it.
func TestKnownDevicesGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(Config{Slots: 1, Queue: 3})
		if err := p.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		order := make(chan string, 4)
		for range 4 {
			go func() {
				if p.enter(t.Context()) == nil {
					order <- "stranger"
				}
			}()
		}
		synctest.Wait()
		go func() {
			if err := p.enter(First(t.Context())); err != nil {
				t.Errorf("the owner is refused: %v", err)
			}
			order <- "owner"
		}()
		synctest.Wait()
		for i := range 4 {
			p.leave()
			synctest.Wait()
			if who := <-order; (who == "owner") != (i == 0) {
				t.Errorf("number %d is the %s", i+1, who)
			}
		}
	})
}

func TestPoolLetsGoOfThoseWhoGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(Config{Slots: 1, Queue: 1})
		if err := p.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.enter(impatient); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting past its deadline: %v", err)
		}
		if p.waiting() != 0 {
			t.Error("the place in the queue was not given back")
		}
		p.leave()
		if err := p.enter(impatient); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a slot was spent on someone who has left: %v", err)
		}
	})
}

func TestMemoryIsReleasedOnceAfterABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var released atomic.Int32
		p := newPool(Config{Slots: 2, Quiet: 5 * time.Second, Release: func() { released.Add(1) }})
		for range 20 {
			_ = p.enter(t.Context())
			time.Sleep(time.Second) // synctest's clock
			p.leave()
		}
		if n := released.Load(); n != 0 {
			t.Errorf("released %d times during the burst", n)
		}
		time.Sleep(time.Minute)
		if n := released.Load(); n != 1 {
			t.Errorf("released %d times after the burst, want once", n)
		}
	})
}
