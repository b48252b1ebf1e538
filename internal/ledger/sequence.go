package ledger

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// batchSize bounds the entries that one transaction places or one look reads.
const batchSize = 512

// Sequence gives every waiting entry its place in the tree, stores the tree's
// hashes and signs a head, a batch a transaction; it returns how many entries it
// placed. Any number of processes may call it: two that meet cannot both take a
// place, and the later leaves the rest to the other. An entry whose transaction
// commits late simply stands in a later batch.
func (l *Ledger) Sequence(ctx context.Context) (placed int, err error) {
	if idle, err := l.idle(ctx); idle || err != nil {
		return 0, err
	}
	for {
		n, err := l.sequenceBatch(ctx)
		placed += n
		switch {
		case errors.Is(err, store.ErrStale), errors.Is(err, store.ErrTaken):
			return placed, nil
		case err != nil:
			return placed, fmt.Errorf("ledger: sequence: %w", err)
		case n < batchSize:
			return placed, nil
		}
	}
}

// idle looks before anything is locked for writing.
func (l *Ledger) idle(ctx context.Context) (idle bool, err error) {
	err = l.DB.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.UnsequencedLedger(1)
		idle = len(rows) == 0
		return err
	})
	return idle, err
}

func (l *Ledger) sequenceBatch(ctx context.Context) (n int, err error) {
	var signed store.Checkpoint
	err = l.DB.Update(ctx, func(tx *store.Tx) error {
		signed = store.Checkpoint{}
		rows, err := tx.UnsequencedLedger(batchSize)
		if n = len(rows); err != nil || n == 0 {
			return err
		}
		signed, err = l.place(tx, rows)
		return err
	})
	if err != nil || signed.Note == "" {
		return 0, err
	}
	return n, witness(l.Witness, signed.Note)
}

// place adds the rows to the tree and signs its new head.
func (l *Ledger) place(tx *store.Tx, rows []store.LedgerRow) (store.Checkpoint, error) {
	size, err := tx.LedgerSize()
	if err != nil {
		return store.Checkpoint{}, err
	}
	tree, err := loadEdge(tx, size)
	if err != nil {
		return store.Checkpoint{}, err
	}
	bodies, ids := make([]string, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		bodies[i], ids[i] = row.Body, row.ID
	}
	if err := tx.PlaceLedger(size, ids); err != nil {
		return store.Checkpoint{}, err
	}
	if err := storeHashes(tx, tree, bodies); err != nil {
		return store.Checkpoint{}, err
	}
	signed, err := l.sign(tx, tree)
	if err != nil {
		return store.Checkpoint{}, err
	}
	return signed, tx.PutCheckpoint(signed)
}

// storeHashes adds leaves to the tree and stores the hashes that come with them.
func storeHashes(tx *store.Tx, tree *edge, bodies []string) error {
	first := tlog.StoredHashIndex(0, tree.size)
	var texts []string
	for _, body := range bodies {
		hashes, err := tree.grow(tlog.RecordHash([]byte(body)))
		if err != nil {
			return err
		}
		for _, h := range hashes {
			texts = append(texts, h.String())
		}
	}
	return tx.PutLedgerHashes(first, texts)
}
