package rotation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// OnSettled has f told of every key that has waited and does so no more, in the
// transaction that records it. It is called while wiring, before the set is shared.
func (s *Set) OnSettled(f func(*store.Tx, Settled) error) { s.settled = f }

// Watch lets a key know by the sightings which services have it. Without them it
// waits for nobody. It is called while wiring.
func (s *Set) Watch(seen *Sightings) { s.seen = seen }

// RotateWhenReady publishes a successor to the active key now, to sign as soon
// as every active service was seen to fetch it, within the given patience. While
// one is waiting already, it does nothing.
func (s *Set) RotateWhenReady(ctx context.Context, p keys.Patience) error {
	if err := p.Check(); err != nil {
		return err
	}
	return s.turn(ctx, func(known []keys.SigningKey, now time.Time, schedule keys.Schedule) (keys.Change, bool) {
		return keys.PlanWhenReady(known, now, schedule, p)
	})
}

// settle lets a key sign that has waited for long enough.
func (s *Set) settle(ctx context.Context) error {
	known := *s.loaded.Load()
	if len(known) == 0 || !known[len(known)-1].Waits() {
		return nil
	}
	var due bool
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		_, _, _, due, err = s.settling(tx)
		return err
	})
	if err != nil || !due {
		return err
	}
	if err := s.db.Update(ctx, s.recordSettled); err != nil && !errors.Is(err, store.ErrStale) {
		return fmt.Errorf("rotation: %s: %w", s.use, err)
	}
	_, err = s.load(ctx)
	return err
}

// settling tells whether the newest key is to wait no more.
func (s *Set) settling(tx *store.Tx) (settled, old keys.SigningKey, r Readiness, due bool, err error) {
	known, err := s.read(tx)
	if err != nil || len(known) == 0 {
		return settled, old, r, false, err
	}
	if r, err = s.readiness(tx, known[len(known)-1]); err != nil {
		return settled, old, r, false, err
	}
	settled, old, due = keys.Settle(known, s.now(), s.schedule, len(r.Missing) > 0)
	return settled, old, r, due, nil
}

func (s *Set) readiness(tx *store.Tx, k keys.SigningKey) (r Readiness, err error) {
	if s.seen == nil {
		return r, nil
	}
	return s.seen.readiness(tx, k)
}

func (s *Set) recordSettled(tx *store.Tx) error {
	settled, old, r, due, err := s.settling(tx)
	if err != nil || !due {
		return err
	}
	if err := tx.SettleSigningKey(settled.Name, settled.Active); err != nil {
		return err
	}
	if err := tx.RetireSigningKey(old.Name, old.Retired, old.Gone); err != nil {
		return err
	}
	if err := tx.ForgetKeyFetches(settled.KID); err != nil {
		return err
	}
	return s.settled(tx, Settled{Use: s.use, KID: settled.KID, Active: settled.Active, Readiness: r})
}

// State is a key as an operator sees it.
type State struct {
	Use string
	keys.SigningKey
	Readiness // of one that waits
}

// States are the keys that are not gone, in the order of their making.
func (s *Set) States(ctx context.Context) (all []State, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		known, err := s.read(tx)
		if err != nil {
			return err
		}
		for _, k := range known {
			state := State{Use: s.use, SigningKey: k}
			if k.Waits() {
				if state.Readiness, err = s.readiness(tx, k); err != nil {
					return err
				}
			}
			all = append(all, state)
		}
		return nil
	})
	return all, err
}
