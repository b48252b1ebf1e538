package ledger

import (
	"crypto/sha256"
	"fmt"
	"time"

	"kapu/internal/store"
)

// Root is what a signed head vouches for. Lots are drawn by it: whoever acts
// cannot foresee it, since it hangs on the salts of every entry of that moment.
type Root struct {
	Size int64             // of the tree
	Hash [sha256.Size]byte // Merkle tree hash (RFC 6962, 2.1)
	At   time.Time         // when the head was signed
}

// RootsFrom returns the roots of the signed heads of that size and larger, smallest first. A
// head that the ledger's keys did not sign is an error: nothing may hang on it.
func (l *Ledger) RootsFrom(tx *store.Tx, size int64, limit int) (roots []Root, err error) {
	signed, err := tx.CheckpointsFrom(size, limit)
	if err != nil || len(signed) == 0 {
		return nil, err
	}
	known, err := l.verifiers(tx.Now)
	if err != nil {
		return nil, err
	}
	for _, c := range signed {
		h, err := openHead(c.Note, known)
		if err != nil || h.size != c.Size {
			return nil, fmt.Errorf("the head of size %d: %w", c.Size, errHead)
		}
		roots = append(roots, Root{h.size, h.root, h.at})
	}
	return roots, nil
}

// Placed returns the entries of an event's kind whose place is from or beyond
// and below to, in the order of the tree.
func (l *Ledger) Placed(tx *store.Tx, e Event, from, to int64) ([]Record, error) {
	rows, err := tx.LedgerOfKind(e.Kind(), from, to)
	if err != nil {
		return nil, err
	}
	return l.records(tx, rows)
}

// Entry returns one entry, whomever it concerns. The caller decides who may read it.
func (l *Ledger) Entry(tx *store.Tx, id string) (Record, error) {
	row, err := tx.LedgerEntry(id)
	if err != nil {
		return Record{}, err
	}
	found, err := l.records(tx, []store.LedgerRow{row})
	if err != nil {
		return Record{}, err
	}
	return found[0], nil
}
