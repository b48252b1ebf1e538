package broker

import (
	"context"
	"net/http"
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
	address, known := b.Address(r), b.KnownDevice(r, v.Session.Account())
	wait, err = s.Gate.Check(r.Context(), s.Name, address, known)
	if err != nil || wait > 0 {
		return false, wait, err
	}
	ctx := context.WithoutCancel(r.Context()) // the visitor may have gone; the count must be right all the same
	if compare() {
		return true, 0, s.Gate.Succeeded(ctx, s.Name, address, known)
	}
	if err := s.Gate.Failed(ctx, s.Name, address, known); err != nil {
		return false, 0, err
	}
	return false, 0, b.NoteDelay(ctx, v, s, known)
}

// NoteDelay lets people read in their history that wrong attempts at a secret of
// theirs are being delayed: whoever makes them knows what comes before it.
func (b *Broker) NoteDelay(ctx context.Context, v *Visit, s Secret, known bool) error {
	delay, err := s.Gate.Delay(ctx, s.Name, known)
	if err != nil || delay == 0 {
		return err
	}
	return b.DB.Update(ctx, func(tx *store.Tx) error { return b.Ledger.AppendAll(tx, v.Session.Person(), s.Note) })
}
