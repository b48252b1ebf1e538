package office

import (
	"context"
	"errors"

	"kapu/internal/ledger"
	"kapu/internal/store"
)

// rootsAtOnce is for how many signed trees the lots are drawn in one transaction.
const rootsAtOnce = 64

// Draw draws the lots of all acts that have got their place in a signed tree
// since the last time, and says how many fell on an act. It remembers how far it
// came, may be interrupted anywhere and run in several processes at once.
func (d *Desk) Draw(ctx context.Context) (drawn int, err error) {
	for {
		idle, err := d.nothingToDraw(ctx)
		if idle || err != nil {
			return drawn, err
		}
		n, err := d.drawBatch(ctx)
		if errors.Is(err, store.ErrStale) { // another process draws these
			return drawn, nil
		}
		if err != nil {
			return drawn, err
		}
		drawn += n
	}
}

// nothingToDraw looks before anything is locked for writing.
func (d *Desk) nothingToDraw(ctx context.Context) (idle bool, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		mark, err := tx.ReviewMark()
		if err != nil {
			return err
		}
		roots, err := tx.CheckpointsFrom(mark+1, 1)
		idle = len(roots) == 0
		return err
	})
	return idle, err
}

func (d *Desk) drawBatch(ctx context.Context) (drawn int, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		drawn = 0
		mark, err := tx.ReviewMark()
		if err != nil {
			return err
		}
		roots, err := d.Ledger.RootsFrom(tx, mark+1, rootsAtOnce)
		if err != nil || len(roots) == 0 {
			return err
		}
		from := mark
		for _, root := range roots {
			n, err := d.drawTree(tx, from, root)
			if err != nil {
				return err
			}
			drawn, from = drawn+n, root.Size
		}
		return tx.MoveReviewMark(mark, from)
	})
	return drawn, err
}

// drawTree draws among the acts for which the tree is the first that has them.
func (d *Desk) drawTree(tx *store.Tx, from int64, root ledger.Root) (drawn int, err error) {
	acts, err := d.Ledger.Placed(tx, ledger.DeskActed{}, from, root.Size)
	if err != nil {
		return 0, err
	}
	for _, act := range acts {
		if !VerifyLot(root.Hash, act.ID, d.Law.ReviewShare(act.At)) {
			continue
		}
		if err := d.assign(tx, act, root.Size); err != nil {
			return drawn, err
		}
		drawn++
	}
	return drawn, nil
}

// assign lays an act that was drawn before the clerks of its office. What was
// erased with its person meanwhile cannot be looked at; that it was drawn is
// recorded all the same.
func (d *Desk) assign(tx *store.Tx, act ledger.Record, size int64) error {
	acted, _ := act.Event.(ledger.DeskActed)
	review := store.Review{Entry: act.ID, Office: acted.Office, Clerk: acted.Clerk, Account: acted.Account, Act: acted.Act,
		At: act.At, Size: size, State: store.ReviewOpen}
	if acted.Account == "" && acted.Clerk == "" {
		review.State, review.Verdict, review.Reviewed = store.ReviewDone, VerdictErased, tx.Now
	}
	if err := tx.AddReview(review); err != nil {
		return err
	}
	_, err := d.Ledger.Append(tx, "", ledger.ReviewDrawn{Entry: act.Position, Size: size, Office: acted.Office})
	return err
}
