package ledger

import (
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// compare holds the tree as it stands now against the heads of its size.
func (v *verifier) compare(tx *store.Tx) error {
	size := v.proven.size
	for {
		c, err := v.peekHead(tx)
		if err != nil || c == nil || c.Size > size {
			v.compareWitness()
			return err
		}
		v.heads = v.heads[1:]
		if err := v.compareHead(*c); err != nil {
			return err
		}
	}
}

// peekHead returns the next head of the database, reading on when needed.
func (v *verifier) peekHead(tx *store.Tx) (*store.Checkpoint, error) {
	if len(v.heads) == 0 && v.next <= v.limit {
		var err error
		if v.heads, err = tx.CheckpointsFrom(v.next, batchSize); err != nil {
			return nil, err
		}
		if err := v.readCosigned(tx); err != nil {
			return nil, err
		}
		if n := len(v.heads); n < batchSize {
			v.next = v.limit + 1
		} else {
			v.next = v.heads[n-1].Size + 1
		}
	}
	if len(v.heads) == 0 {
		return nil, nil
	}
	return &v.heads[0], nil
}

func (v *verifier) compareHead(c store.Checkpoint) error {
	h, err := openHead(c.Note, v.known)
	if err != nil || h.size != c.Size || !h.at.Equal(c.At) {
		v.find(Forged, c.Size, "", "the head of size %d is not as the ledger signed it", c.Size)
		return nil
	}
	fits, err := v.fits(h.root)
	if err != nil {
		return err
	}
	if fits {
		v.report.Heads++
		v.compareCosigned(c)
	} else if !v.lost {
		v.lost = true
		v.find(Altered, c.Size, "", "the tree is not the one whose head of size %d was signed: entries before it were rewritten", c.Size)
	}
	return nil
}

// fits tells whether the entries, or else the stored hashes, give a signed
// root; whichever of the two does not is set right for what follows.
func (v *verifier) fits(signed tlog.Hash) (bool, error) {
	fromEntries, err1 := v.proven.root()
	fromHashes, err2 := v.kept.root()
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	switch {
	case fromEntries == signed:
		v.judge(Hashes, "the hash that was stored for it is wrong; the entry itself is sound")
		v.kept, v.lost = v.proven, false
	case fromHashes == signed:
		v.judge(Altered, "it is not what was hashed: it was altered, or moved from another place")
		v.proven, v.lost = v.kept, false
	default:
		return false, nil
	}
	return true, nil
}

// judge says what is wrong with the suspects.
func (v *verifier) judge(fault Fault, text string) {
	for _, s := range v.suspects {
		v.find(fault, s.position, s.id, "%s", text)
	}
	v.suspects = v.suspects[:0]
}

func (v *verifier) compareWitness() {
	for len(v.seen) > 0 && v.seen[0].size <= v.proven.size {
		s := v.seen[0]
		v.seen = v.seen[1:]
		fits, err := v.fits(s.root)
		if err == nil && fits && s.size == v.proven.size {
			v.report.Witnessed++
		} else if !v.lost {
			v.lost = true
			v.find(Altered, s.size, "", "the witness saw another tree of size %d: entries before it were rewritten", s.size)
		}
	}
}

// end looks at what is left over once the entries have been read.
func (v *verifier) end() error {
	size := v.proven.size
	v.demanded()
	v.judge(Altered, "it does not have the hash that was stored for it, and no signed head tells which is right")
	if v.cut {
		v.find(Truncated, size, "", "a signed head vouches for %d entries, only the first %d can be proven", v.limit, size)
	}
	if n := len(v.seen); n > 0 {
		v.find(Truncated, size, "", "the witness saw %d entries, only the first %d can be proven", v.seen[n-1].size, size)
	}
	if v.cut {
		return nil
	}
	return v.DB.View(v.ctx, func(tx *store.Tx) error {
		_, err := tx.LedgerHash(tlog.StoredHashCount(size))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		now, err2 := tx.LedgerSize()
		if err == nil && err2 == nil && now <= size {
			v.find(Truncated, size, "", "there are hashes of more entries than the %d that are there", size)
		}
		return errors.Join(err, err2)
	})
}
