package ledger

import (
	"errors"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// Head is what the gateway publishes about its ledger. Whoever keeps one can
// later ask for proof that the ledger only grew.
type Head struct {
	Size         int64
	At           time.Time
	Note         string   // the signed checkpoint
	VerifierKeys []string // by which it can be checked, oldest first
}

// Head returns the newest signed head. [store.ErrNotFound]: there is none yet.
func (l *Ledger) Head(tx *store.Tx) (Head, error) {
	c, err := tx.LatestCheckpoint()
	if err != nil {
		return Head{}, err
	}
	list, err := l.VerifierKeys(tx.Now)
	return Head{c.Size, c.At, c.Note, list}, err
}

// ErrSize: there is no consistency proof between trees of such sizes.
var ErrSize = errors.New("ledger: no such sizes")

// Consistency returns the proof that the tree of the older size is the beginning
// of the tree of the newer (RFC 6962, 2.1.2); both at least 1, and the newer not
// beyond the newest signed head.
func (l *Ledger) Consistency(tx *store.Tx, older, newer int64) (tlog.TreeProof, error) {
	newest, err := tx.LatestCheckpoint()
	if err != nil {
		return nil, err
	}
	if older < 1 || older > newer || newer > newest.Size {
		return nil, ErrSize
	}
	return tlog.ProveTree(newer, older, stored(tx))
}
