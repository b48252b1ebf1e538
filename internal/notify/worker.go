package notify

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/store"
)

const (
	// Poll is how often the outbox is looked at when nobody wakes the worker. Other processes post too.
	Poll = time.Second

	batch       = 20               // messages claimed at once
	hands       = 4                // of them sent at the same time
	sendTimeout = 45 * time.Second // for one message
	markTimeout = 10 * time.Second // to write down how it went, also while shutting down
	// hidden is how long a claimed message is kept from other workers: longer than the slowest batch takes, so that
	// only a worker that died leaves its messages to another.
	hidden = 2 * batch / hands * sendTimeout
)

// delays are the waits after each failed try; after the last the message is given up. Together two days and a half:
// longer than a mail server is down over a weekend, shorter than the activation period.
var delays = []time.Duration{15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour,
	6 * time.Hour, 12 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// OutcomeSent is what Worker.Count is told of a success; otherwise it is told the kind of fault.
const OutcomeSent = "sent"

// Worker sends what is in the outbox, at least once: a message is marked after it was handed over, and if the process
// dies in between it goes out again under the same Message-ID. Any number of workers may share a database.
type Worker struct {
	DB      *store.DB
	Senders map[string]Sender            // by medium
	Now     func() time.Time             // the outbox's clock, for retries
	Log     *slog.Logger                 // nil is silent
	Count   func(medium, outcome string) // for metrics; may be nil; called by several goroutines
	Tick    <-chan time.Time             // nil is a ticker of Poll

	once sync.Once
	wake chan struct{}
}

// Wake makes a running worker look at the outbox at once. Call it after the transaction that posted was committed; it
// never blocks, and a call too many costs one look.
func (w *Worker) Wake() {
	select {
	case w.woken() <- struct{}{}:
	default:
	}
}

func (w *Worker) woken() chan struct{} {
	w.once.Do(func() { w.wake = make(chan struct{}, 1) })
	return w.wake
}

// Run sends until ctx ends. Messages in hand at that moment go back to the outbox.
func (w *Worker) Run(ctx context.Context) {
	tick := w.Tick
	if tick == nil {
		ticker := time.NewTicker(Poll)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		w.drain(ctx)
		select {
		case <-ctx.Done():
			return
		case <-w.woken():
		case <-tick:
		}
	}
}

// drain sends until nothing is due.
func (w *Worker) drain(ctx context.Context) {
	for ctx.Err() == nil {
		claimed, _, err := w.pass(ctx)
		if err != nil && ctx.Err() == nil {
			w.log().Error("outbox", "error", err)
		}
		if err != nil || claimed < batch {
			return
		}
	}
}

// Once claims one batch of what is due and sends it. The error is the database's; faults of sending are kept with the
// messages.
func (w *Worker) Once(ctx context.Context) (sent int, err error) {
	_, sent, err = w.pass(ctx)
	return sent, err
}

func (w *Worker) pass(ctx context.Context) (claimed, sent int, err error) {
	var messages []store.Message
	err = w.DB.Update(ctx, func(tx *store.Tx) (err error) {
		messages, err = tx.ClaimMessages(batch, hidden)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	var done atomic.Int64
	err = inParallel(hands, messages, func(m store.Message) error {
		fault := w.send(ctx, m)
		if fault == nil {
			done.Add(1)
		}
		return w.settle(ctx, m, fault)
	})
	return len(messages), int(done.Load()), err
}

// send hands one message over; nil is success.
func (w *Worker) send(ctx context.Context, m store.Message) *Fault {
	sender, ok := w.Senders[m.Medium]
	if !ok {
		return &Fault{Kind: FaultMedium}
	}
	out, err := render(m)
	if err != nil {
		return &Fault{Kind: FaultText, Permanent: true}
	}
	if !out.Expires.IsZero() && !w.Now().Before(out.Expires) {
		return &Fault{Kind: FaultExpired, Permanent: true}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := sender.Send(ctx, out); err != nil {
		return faultOf(err)
	}
	return nil
}

// settle writes down how it went, even if we are told to stop meanwhile: a sent message must not go out again.
func (w *Worker) settle(ctx context.Context, m store.Message, fault *Fault) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markTimeout)
	defer cancel()
	w.note(m, fault)
	return w.DB.Update(ctx, func(tx *store.Tx) error {
		switch {
		case fault == nil:
			return tx.MessageSent(m.ID)
		case fault.Permanent || m.Attempts > len(delays):
			return tx.MessageFailed(m.ID, fault.Kind)
		}
		return tx.PostponeMessage(m.ID, w.Now().Add(delays[m.Attempts-1]), fault.Kind)
	})
}

func (w *Worker) note(m store.Message, fault *Fault) {
	outcome := OutcomeSent
	if fault != nil {
		outcome = fault.Kind
		w.log().Warn("message not sent", "message", m.ID, "medium", m.Medium, "template", m.Template,
			"fault", fault.Kind, "attempt", m.Attempts, "givenUp", fault.Permanent || m.Attempts > len(delays))
	}
	if w.Count != nil {
		w.Count(m.Medium, outcome)
	}
}

func (w *Worker) log() *slog.Logger {
	if w.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return w.Log
}

// inParallel calls f for every message, a few at a time, and returns the first error.
func inParallel(n int, all []store.Message, f func(store.Message) error) error {
	var wait sync.WaitGroup
	var first error
	var once sync.Once
	slots := make(chan struct{}, n)
	for _, m := range all {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			if err := f(m); err != nil {
				once.Do(func() { first = err })
			}
		})
	}
	wait.Wait()
	return first
}
