package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// carrier is a sender that does as told and remembers.
type carrier struct {
	mu     sync.Mutex
	answer func(Outgoing) error
	tried  []Outgoing
}

func (c *carrier) Send(_ context.Context, m Outgoing) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried = append(c.tried, m)
	if c.answer == nil {
		return nil
	}
	return c.answer(m)
}

func (c *carrier) set(answer func(Outgoing) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = answer
}

func (c *carrier) tries() []Outgoing {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Outgoing(nil), c.tried...)
}

func always(f *Fault) func(Outgoing) error { return func(Outgoing) error { return f } }

func worker(db *store.DB, clock *storetest.Clock, c *carrier) *Worker {
	return &Worker{DB: db, Now: clock.Now, Senders: map[string]Sender{Mail: c}}
}

func once(t *testing.T, w *Worker) int {
	t.Helper()
	sent, err := w.Once(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func left(t *testing.T, db *store.DB) (waiting, failed int64) {
	t.Helper()
	err := db.View(context.Background(), func(tx *store.Tx) (err error) {
		waiting, failed, err = tx.CountMessages()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return waiting, failed
}

var anna = Recipient{Email: "anna@example.hu"}

func TestSentOnceAndForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		c := &carrier{}
		w := worker(db, clock, c)
		post(t, db, anna, every[0])
		if n := once(t, w); n != 1 {
			t.Errorf("sent %d, want 1", n)
		}
		clock.Advance(30 * 24 * time.Hour)
		if n := once(t, w); n != 0 || len(c.tries()) != 1 {
			t.Errorf("sent again: %d tries", len(c.tries()))
		}
		if waiting, failed := left(t, db); waiting+failed != 0 {
			t.Errorf("%d wait, %d failed", waiting, failed)
		}
	})
}

func TestRetriesGrowAndEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		c := &carrier{answer: always(&Fault{Kind: FaultLater})}
		w := worker(db, clock, c)
		post(t, db, anna, every[0])
		once(t, w)
		for i, d := range delays {
			clock.Advance(d - time.Millisecond)
			if once(t, w); len(c.tries()) != i+1 {
				t.Fatalf("tried again before %v were over", d)
			}
			clock.Advance(time.Millisecond)
			if once(t, w); len(c.tries()) != i+2 {
				t.Fatalf("not tried again after %v", d)
			}
		}
		if waiting, failed := left(t, db); waiting != 0 || failed != 1 {
			t.Errorf("after the last try %d wait and %d are given up", waiting, failed)
		}
		first := c.tries()[0]
		for _, m := range c.tries() {
			if diff := cmp.Diff(first, m); diff != "" {
				t.Errorf("a later try differs:\n%s", diff)
			}
		}
	})
}

func TestRecovers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		c := &carrier{answer: always(&Fault{Kind: FaultUnreachable})}
		w := worker(db, clock, c)
		post(t, db, anna, every[0])
		once(t, w)
		c.set(nil)
		clock.Advance(delays[0])
		if n := once(t, w); n != 1 {
			t.Errorf("sent %d after the server came back", n)
		}
	})
}

func TestGivesUpAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		c := &carrier{answer: always(&Fault{Kind: FaultRefused, Permanent: true})}
		w := worker(db, clock, c)
		post(t, db, anna, every[0])
		once(t, w)
		if waiting, failed := left(t, db); waiting != 0 || failed != 1 {
			t.Errorf("%d wait and %d are given up", waiting, failed)
		}
	})
}

// TestCrashBetweenSendingAndMarking: the mail went out, the process died before it could write that down.
func TestCrashBetweenSendingAndMarking(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		post(t, db, anna, every[0])
		c := &carrier{}
		w := worker(db, clock, c)
		var claimed []store.Message
		err := db.Update(context.Background(), func(tx *store.Tx) (err error) {
			claimed, err = tx.ClaimMessages(batch, hidden)
			return err
		})
		if err != nil || len(claimed) != 1 {
			t.Fatal(len(claimed), err)
		}
		if f := w.send(context.Background(), claimed[0]); f != nil {
			t.Fatal(f)
		}
		clock.Advance(hidden - time.Millisecond)
		if n := once(t, w); n != 0 {
			t.Error("another worker took a message that was still in hand")
		}
		clock.Advance(time.Millisecond)
		if n := once(t, w); n != 1 {
			t.Error("nobody took over the message of the worker that died")
		}
		if tries := c.tries(); len(tries) != 2 || tries[0].ID != tries[1].ID {
			t.Errorf("the copy cannot be told from a second message: %v", tries)
		}
	})
}

func TestStoppedWhileSendingIsStillMarked(t *testing.T) {
	db, clock := storetest.SQLite(t)
	ctx, stop := context.WithCancel(context.Background())
	c := &carrier{answer: func(Outgoing) error { stop(); return nil }}
	post(t, db, anna, every[0])
	if n, err := worker(db, clock, c).Once(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if waiting, _ := left(t, db); waiting != 0 {
		t.Error("a sent message would go out again")
	}
}

func TestUnknownTextOrMedium(t *testing.T) {
	db, clock := storetest.SQLite(t)
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		return errors.Join(
			tx.Post(store.Message{Medium: Mail, Recipient: "a@example.hu", Template: "no-such", Lang: "hu", Data: []byte("{}")}),
			tx.Post(store.Message{Medium: "pigeon", Recipient: "a", Template: "password-changed", Lang: "hu", Data: []byte("{}")}))
	})
	if err != nil {
		t.Fatal(err)
	}
	once(t, worker(db, clock, &carrier{}))
	if waiting, failed := left(t, db); waiting != 1 || failed != 1 {
		t.Errorf("%d wait (want the pigeon), %d given up (want the text nobody wrote)", waiting, failed)
	}
}

// TestLogNamesNobody: neither the address nor the words of a server or sender reach the log or the metrics.
func TestLogNamesNobody(t *testing.T) {
	db, clock := storetest.SQLite(t)
	var log bytes.Buffer
	counts := map[string]int{}
	w := worker(db, clock, &carrier{answer: func(m Outgoing) error { return fmt.Errorf("550 no such user %s", m.To) }})
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.Count = func(medium, outcome string) { counts[medium+" "+outcome]++ }
	post(t, db, anna, every[0])
	once(t, w)
	if text := log.String(); !strings.Contains(text, FaultOther) || strings.Contains(text, "anna") || strings.Contains(text, code) {
		t.Errorf("log: %s", text)
	}
	if diff := cmp.Diff(map[string]int{"mail other": 1}, counts); diff != "" {
		t.Error(diff)
	}
}

// TestRunIsWoken: without a tick, Wake alone gets everything out, more than one batch of it.
func TestRunIsWoken(t *testing.T) {
	db, clock := storetest.SQLite(t)
	const many = 2*batch + 1
	all := make(chan struct{}, many)
	w := worker(db, clock, &carrier{answer: func(Outgoing) error { all <- struct{}{}; return nil }})
	w.Tick = make(chan time.Time)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	for range many {
		post(t, db, anna, every[0])
	}
	w.Wake()
	for range many {
		<-all
	}
	stop()
	<-ended
}

func TestTickIsEnough(t *testing.T) {
	db, clock := storetest.SQLite(t)
	tick, sent := make(chan time.Time), make(chan struct{}, 1)
	w := worker(db, clock, &carrier{answer: func(Outgoing) error { sent <- struct{}{}; return nil }})
	w.Tick = tick
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go w.Run(ctx)
	tick <- clock.Now() // taken only after the first look found nothing
	post(t, db, anna, every[0])
	tick <- clock.Now()
	<-sent
}

// A code that comes when it is worth nothing any more only bewilders.
func TestALateCodeIsNotSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		c := &carrier{}
		w := &Worker{DB: db, Now: clock.Now, Senders: map[string]Sender{SMS: c}}
		post(t, db, Recipient{Phone: "+36301234567"}, PhoneProof{Code: "123456", Until: clock.Now().Add(time.Minute)})
		c.set(always(&Fault{Kind: FaultLater}))
		once(t, w)
		clock.Advance(time.Hour)
		c.set(nil)
		if sent := once(t, w); sent != 0 || len(c.tries()) != 1 {
			t.Errorf("%d sent, %d tried", sent, len(c.tries()))
		}
		if waiting, failed := left(t, db); waiting != 0 || failed != 1 {
			t.Errorf("%d wait, %d failed", waiting, failed)
		}
	})
}
