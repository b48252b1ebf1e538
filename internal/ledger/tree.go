package ledger

import (
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// edge is the right-hand edge of a tree: for every level the newest complete
// subtree. It is all that is needed to add leaves and to name the root, and its
// size does not depend on the tree's.
type edge struct {
	size  int64
	nodes [63]node // by level
}

type node struct {
	index int64 // among the subtrees of its level
	hash  tlog.Hash
}

// ReadHashes implements [tlog.HashReader] for the hashes on the edge.
func (e *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		if e.nodes[level].index != n {
			return nil, fmt.Errorf("ledger: hash %d is not on the edge of a tree of %d", index, e.size)
		}
		hashes[i] = e.nodes[level].hash
	}
	return hashes, nil
}

// grow adds a leaf and returns the hashes to be stored for it, from
// tlog.StoredHashIndex(0, size before) on: its own, and those of the subtrees
// it completes.
func (e *edge) grow(leaf tlog.Hash) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashesForRecordHash(e.size, leaf, e)
	if err != nil {
		return nil, err
	}
	for level, h := range hashes {
		e.nodes[level] = node{e.size >> level, h}
	}
	e.size++
	return hashes, nil
}

// root is the Merkle tree hash (RFC 6962, 2.1).
func (e *edge) root() (tlog.Hash, error) { return tlog.TreeHash(e.size, e) }

// loadEdge reads the edge of the tree of that size from the stored hashes.
func loadEdge(tx *store.Tx, size int64) (*edge, error) {
	e := &edge{size: size}
	for level := range e.nodes {
		if size>>level&1 == 0 {
			continue
		}
		index := size>>level - 1
		h, err := readHash(tx, tlog.StoredHashIndex(level, index))
		if err != nil {
			return nil, err
		}
		e.nodes[level] = node{index, h}
	}
	return e, nil
}

// stored reads the tree's hashes from the database.
func stored(tx *store.Tx) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found, err := tx.LedgerHashes(indexes)
		if err != nil {
			return nil, err
		}
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if hashes[i], err = tlog.ParseHash(found[index]); err != nil {
				return nil, fmt.Errorf("ledger: hash %d: %w", index, err)
			}
		}
		return hashes, nil
	})
}

// remembered asks for every hash once.
func remembered(r tlog.HashReader) tlog.HashReader {
	known := map[int64]tlog.Hash{}
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		wanted := slices.DeleteFunc(slices.Clone(indexes), func(i int64) bool { _, ok := known[i]; return ok })
		if len(wanted) > 0 {
			hashes, err := r.ReadHashes(wanted)
			if err != nil {
				return nil, err
			}
			for i, index := range wanted {
				known[index] = hashes[i]
			}
		}
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = known[index]
		}
		return hashes, nil
	})
}

func readHash(tx *store.Tx, index int64) (tlog.Hash, error) {
	text, err := tx.LedgerHash(index)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("ledger: hash %d: %w", index, err)
	}
	return tlog.ParseHash(text)
}
