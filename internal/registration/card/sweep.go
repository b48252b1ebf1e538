package card

import (
	"context"
	"errors"

	"kapu/internal/store"
)

// sweepBatch is how many codes are looked up, and forgotten, at once.
const sweepBatch = 100

// Sweep ends the codes whose time is over, so that they forget their holders,
// and drops those that have been over for as long as they could be used. It says
// how many it dealt with. It may run at any time and in several processes at
// once; what fails is tried again next time.
func (s *Service) Sweep(ctx context.Context) (done int, err error) {
	for {
		n, err := s.expire(ctx)
		if done += n; err != nil || n < sweepBatch {
			dropped, gone := s.drop(ctx)
			return done + dropped, errors.Join(err, gone)
		}
	}
}

func (s *Service) expire(ctx context.Context) (n int, err error) {
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		lapsed, err := tx.LapsedCardCodes(openStates(), sweepBatch)
		if err != nil {
			return err
		}
		for _, was := range lapsed {
			// ErrStale: somebody was using it at this very moment, and is told.
			if err := tx.SwapCardCode(was, current(was, tx.Now)); err != nil && !errors.Is(err, store.ErrStale) {
				return err
			}
		}
		n = len(lapsed)
		return nil
	})
	return n, err
}

func (s *Service) drop(ctx context.Context) (done int, err error) {
	for {
		var n int64
		err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.DropCardCodes(tx.Now.Add(-s.Law.CardCodeLife(tx.Now)), sweepBatch)
			return err
		})
		if done += int(n); err != nil || n < sweepBatch {
			return done, err
		}
	}
}
