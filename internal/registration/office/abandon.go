package office

import (
	"context"
	"errors"

	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// abandonBatch is how many cases are looked up at once; each is given up in a
// short transaction of its own.
const abandonBatch = 100

// Abandon gives up the cases that nobody has touched for the time that the law
// lets them lie, and forgets what was typed. It may run at any time and in
// several processes at once; what fails is tried again next time.
func (d *Desk) Abandon(ctx context.Context) error {
	states := make([]string, 0, len(registration.OpenStates()))
	for _, s := range registration.OpenStates() {
		states = append(states, string(s))
	}
	for {
		var left []store.Case
		err := d.DB.View(ctx, func(tx *store.Tx) (err error) {
			left, err = tx.AbandonedCases(states, tx.Now.Add(-d.Law.CaseLife(tx.Now)), abandonBatch)
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range left {
			err = errors.Join(err, d.abandon(ctx, c))
		}
		if len(left) < abandonBatch || err != nil {
			return err
		}
	}
}

func (d *Desk) abandon(ctx context.Context, stored store.Case) error {
	c, err := registration.OpenCase(stored)
	if err != nil {
		return err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		given := c
		if err := given.Step(registration.Withdrew); err != nil {
			return err
		}
		if _, err := given.Save(tx); err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, "", ledger.RegistrationWithdrawn{Case: c.ID, Channel: c.Channel, Office: c.Office})
		return err
	})
	if errors.Is(err, store.ErrStale) { // a desk went on with it at this very moment
		return nil
	}
	return err
}
