package ledger

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/law"
	"kapu/internal/store"
)

func TestManyWritersAndSequencersLoseNothing(t *testing.T) {
	const writers, each = 4, 25
	eachEngine(t, func(w *world) {
		ctx := context.Background()
		var writing, sequencing sync.WaitGroup
		done := make(chan struct{})
		faults := make(chan error, 100)
		for range 3 {
			sequencing.Go(func() {
				for {
					if _, err := w.Sequence(ctx); err != nil {
						faults <- err
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for n := range writers {
			writing.Go(func() {
				for i := range each {
					e := Released{Service: fmt.Sprintf("s-%d-%d", n, i), Method: law.TOTP, Level: law.Substantial}
					if err := w.DB.Update(ctx, func(tx *store.Tx) error { _, err := w.Append(tx, w.anna, e); return err }); err != nil {
						faults <- err
						return
					}
				}
			})
		}
		writing.Wait()
		close(done)
		sequencing.Wait()
		w.sequence()
		close(faults)
		for err := range faults {
			w.t.Error(err)
		}
		if report, found := w.verify(); !report.Sound() || report.Entries != writers*each {
			w.t.Errorf("%+v %v", report, found)
		}
	})
}

// An entry whose transaction commits after later ones were sequenced keeps its
// older id and stands in a later batch.
func TestALateEntryIsNotLost(t *testing.T) {
	eachEngine(t, func(w *world) {
		late := w.append(w.anna, signIn)
		w.append(w.bela, signIn)
		w.tamper("UPDATE ledger SET position = -1 WHERE id = $1", late) // as if not committed yet
		w.sequence()
		w.tamper("UPDATE ledger SET position = NULL WHERE id = $1", late)
		w.sequence()
		if report, found := w.verify(); !report.Sound() || report.Entries != 2 || w.row(late).Position != 1 {
			w.t.Errorf("%+v %v", report, found)
		}
	})
}

func TestAFailedTransactionLeavesNoEntry(t *testing.T) {
	eachEngine(t, func(w *world) {
		failed := fmt.Errorf("no")
		err := w.DB.Update(context.Background(), func(tx *store.Tx) error {
			if _, err := w.Append(tx, w.anna, signIn); err != nil {
				return err
			}
			return failed
		})
		if n, _ := w.Sequence(context.Background()); err != failed || n != 0 {
			w.t.Errorf("%v, %d placed", err, n)
		}
	})
}

func TestTheLedgerProvesThatItOnlyGrew(t *testing.T) {
	eachEngine(t, func(w *world) {
		w.fill()
		var heads []head
		w.view(func(tx *store.Tx) error {
			known, err := w.verifiers(tx.Now)
			w.must(err)
			signed, err := tx.CheckpointsFrom(0, 10)
			for _, c := range signed {
				h, err := openHead(c.Note, known)
				w.must(err)
				heads = append(heads, h)
			}
			return err
		})
		w.view(func(tx *store.Tx) error {
			proof, err := w.Consistency(tx, heads[0].size, heads[2].size)
			w.must(err)
			return tlog.CheckTree(proof, heads[2].size, heads[2].root, heads[0].size, heads[0].root)
		})
		w.view(func(tx *store.Tx) error {
			for _, sizes := range [][2]int64{{0, 4}, {5, 4}, {4, 13}, {-1, 4}} {
				if _, err := w.Consistency(tx, sizes[0], sizes[1]); err != ErrSize {
					w.t.Errorf("%v: %v", sizes, err)
				}
			}
			return nil
		})
	})
}
