package broker

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/throttle"
)

// Secret is what somebody who has begun to sign in is asked, as attempts at it are
// counted.
type Secret struct {
	Gate *throttle.Gate
	Name string           // under which attempts are counted
	Note ledger.Throttled // what its owner reads once they are delayed
}

// Try compares a secret, unless wrong attempts bring a delay first; then wait is
// above zero and nothing was looked at.
func (b *Broker) Try(r *http.Request, v *Visit, s Secret, compare func() bool) (ok bool, wait time.Duration, err error) {
	a := b.Attempt(r, s.Gate, s.Name, v.Session.Account())
	if wait, err = a.Begin(r.Context()); err != nil || wait > 0 {
		return false, wait, err
	}
	if ok = compare(); ok {
		return true, 0, a.Succeeded(r.Context())
	}
	return false, 0, b.Wrong(r.Context(), a, v.Session.Person(), s.Note)
}

// Attempt is an attempt of a visitor at a secret that is counted under a name; from a
// known device, where theirs has signed in to the account before.
func (b *Broker) Attempt(r *http.Request, g *throttle.Gate, name, account string) throttle.Attempt {
	return g.Attempt(name, b.Address(r), b.KnownDevice(r, account))
}

// Wrong ends an attempt that was wrong. Its person can read in their history that
// further ones are delayed: whoever makes them knows what comes before this secret.
func (b *Broker) Wrong(ctx context.Context, a throttle.Attempt, person string, note ledger.Throttled) error {
	ctx = context.WithoutCancel(ctx) // the visitor may have gone
	if err := a.Failed(ctx); err != nil {
		return err
	}
	delay, err := a.Delay(ctx)
	if err != nil || delay == 0 {
		return err
	}
	return b.DB.Update(ctx, func(tx *store.Tx) error { return b.Ledger.AppendAll(tx, person, note) })
}

// Notes are written apart from the answers, whose time would otherwise tell whether
// anybody has a name that was typed.
type Notes struct {
	Broker  *Broker
	Log     *slog.Logger
	running sync.WaitGroup
}

// noteTimeout is how long the ledger may take to record that attempts are delayed.
const noteTimeout = 10 * time.Second

// Delayed lets a person, "" for nobody, read in their history that wrong attempts in
// their name are being delayed, where they are.
func (n *Notes) Delayed(ctx context.Context, a throttle.Attempt, person string, note ledger.Throttled) error {
	delay, err := a.Delay(ctx)
	if err != nil || delay == 0 || person == "" {
		return err
	}
	n.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
		defer cancel()
		err := n.Broker.DB.Update(ctx, func(tx *store.Tx) error { return n.Broker.Ledger.AppendAll(tx, person, note) })
		if err != nil {
			n.Log.Error("delayed attempts not recorded", "cause", err)
		}
	})
	return nil
}

// Rest waits until all are written.
func (n *Notes) Rest() { n.running.Wait() }
