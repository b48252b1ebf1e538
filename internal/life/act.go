package life

import (
	"context"
	"errors"
	"fmt"

	"kapu/internal/identity"
	"kapu/internal/store"
)

// Act carries out what was announced and is due, or forgets it if it was not
// confirmed: the job "acts". It may run at any time and in several processes at once.
func (l *Life) Act(ctx context.Context) (done int, err error) {
	done, err = through(ctx, errands[store.PendingAct]{
		now: l.Now,
		look: func(limit int) (due []store.PendingAct, err error) {
			err = l.DB.View(ctx, func(tx *store.Tx) (err error) {
				due, err = tx.DueActs(limit)
				return err
			})
			return due, err
		},
		name:  func(a store.PendingAct) string { return a.ID },
		atOne: 1,
		do:    func(due []store.PendingAct) (int, error) { return l.carryOut(ctx, due[0]) },
	})
	return done, errors.Join(err, l.sweepLinks(ctx))
}

// carryOut carries out one act that is due, in a transaction of its own.
func (l *Life) carryOut(ctx context.Context, due store.PendingAct) (done int, err error) {
	err = l.DB.Update(ctx, func(tx *store.Tx) error {
		done = 0
		a, act, err := l.due(tx, due)
		if err != nil {
			return err
		}
		c, err := contentOf(act)
		if err != nil {
			return err
		}
		done = 1
		return l.endAct(tx, a, act, c)
	})
	if errors.Is(err, ErrGone) { // stopped, or carried out elsewhere, at this very moment
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("act %s: %w", due.ID, err)
	}
	return done, nil
}

// due reads an act again, once nobody else acts on its account.
func (l *Life) due(tx *store.Tx, due store.PendingAct) (a identity.Account, act store.PendingAct, err error) {
	if err := hold(tx, due.Account); err != nil {
		return a, act, err
	}
	act, err = tx.Act(due.Account, due.Kind)
	if errors.Is(err, store.ErrNotFound) || err == nil && (act.ID != due.ID || tx.Now.Before(act.Due)) {
		return a, act, ErrGone
	}
	if err != nil {
		return a, act, err
	}
	a, err = tx.Account(due.Account)
	return a, act, err
}

// endAct drops an act and does what was announced.
func (l *Life) endAct(tx *store.Tx, a identity.Account, act store.PendingAct, c content) error {
	if err := drop(tx, act); err != nil {
		return err
	}
	switch {
	case act.Kind == Delete:
		return l.End(tx, a, Deleted)
	case act.Kind == RemoveTOTP:
		return l.removeFactor(tx, a, c)
	case c.NeedsNew || c.NeedsOld:
		return l.forgetEmail(tx, a)
	}
	return l.changeEmail(tx, a, c)
}

// linksAtOnce is how many links that are over are forgotten at a time.
const linksAtOnce = 500

// sweepLinks forgets links to a deletion that nobody used in time.
func (l *Life) sweepLinks(ctx context.Context) error {
	for {
		var over []store.Code
		err := l.DB.View(ctx, func(tx *store.Tx) (err error) {
			over, err = tx.LapsedCodes(DeletionCode, linksAtOnce)
			return err
		})
		if err != nil || len(over) == 0 {
			return err
		}
		err = l.DB.Update(ctx, func(tx *store.Tx) error {
			for _, c := range over {
				if err := tx.SpendCode(c.ID); err != nil && !errors.Is(err, store.ErrStale) {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
