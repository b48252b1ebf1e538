package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// Watch receives what verification has to say while it runs, and says what else
// it is to be held against. Everything may be left out.
type Watch struct {
	Found    func(Finding)
	Progress func(entries, of int64)
	Seen     []string // files with heads that were kept elsewhere, as notes: a witness's state
	Need     int      // how many witnesses must have signed one head
}

// Verify computes the whole ledger anew from its leaves and compares it with the
// columns, the openings, the stored hashes, the signed heads and the witness. It
// may run while the gateway works, and needs little memory (40 bytes for every
// head in the witness). Entries that wait for their place are not covered yet.
// The error is the engine's; what is wrong with the ledger is in the report.
func (l *Ledger) Verify(ctx context.Context, w Watch) (Report, error) {
	v := &verifier{Ledger: l, ctx: ctx, watch: w}
	err := v.begin()
	for err == nil && v.proven.size < v.limit && !v.cut {
		err = v.batch()
	}
	if err == nil {
		err = v.end()
	}
	if err != nil {
		return v.report, fmt.Errorf("ledger: verify: %w", err)
	}
	return v.report, nil
}

// verifier walks over the tree with two edges: one grown from the entries, one
// from the stored hashes. Each signed head tells which of the two is right.
type verifier struct {
	*Ledger
	ctx       context.Context
	watch     Watch
	report    Report
	known     note.Verifiers
	witnesses note.Verifiers

	limit int64      // size of the newest head: entries there should be
	seen  []sighting // heads in the witness not compared yet
	heads []store.Checkpoint
	lines map[int64][]string // what witnesses signed beneath them, by size
	next  int64              // size from which heads are still to be read

	proven   edge      // from the entries
	kept     edge      // from the stored hashes
	suspects []suspect // entries since the last head on which the two differ
	cut      bool      // nothing beyond can be proven: the tail is missing
	lost     bool      // entries were rewritten: later heads cannot fit, and one finding is enough
}

// suspect is an entry that does not have the hash that was stored for it.
type suspect struct {
	position int64
	id       string
}

func (v *verifier) find(fault Fault, position int64, id, text string, args ...any) {
	v.report.Findings++
	if v.watch.Found != nil {
		v.watch.Found(Finding{fault, position, id, fmt.Sprintf(text, args...)})
	}
}

// begin learns how large the ledger should be. The order matters while others
// write: a head is stored together with its entries, so the newest head read
// after counting them covers all that were counted.
func (v *verifier) begin() error {
	return v.DB.View(v.ctx, func(tx *store.Tx) (err error) {
		if v.known, err = v.verifiers(tx.Now); err != nil {
			return err
		}
		if v.witnesses, err = witnessList(v.WitnessKeys); err != nil {
			return err
		}
		seen, strange, witnessed := readWitness(v.Witness, v.known)
		if seen, err = v.elsewhere(seen); err != nil {
			return err
		}
		size, err := tx.LedgerSize()
		if err != nil {
			return err
		}
		newest, err := tx.LatestCheckpoint()
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if v.limit, v.seen = newest.Size, seen; v.limit < size {
			v.find(Unsigned, v.limit, "", "no signed head covers the entries from place %d to %d", v.limit, size-1)
		}
		return v.witness(strange, witnessed)
	})
}

// elsewhere adds the heads that were kept elsewhere.
func (v *verifier) elsewhere(seen []sighting) ([]sighting, error) {
	for _, path := range v.watch.Seen {
		more, strange, err := readWitness(path, v.known)
		if err != nil {
			return nil, err
		}
		if strange > 0 {
			v.find(Forged, -1, "", "%d notes in %s are damaged or not signed by this ledger", strange, path)
		}
		seen = append(seen, more...)
	}
	slices.SortStableFunc(seen, func(a, b sighting) int { return cmp.Compare(a.size, b.size) })
	return seen, nil
}

// witness says what is wrong with the witness itself. It may be missing as long
// as there is nothing to be witnessed.
func (v *verifier) witness(strange int, err error) error {
	if strange > 0 {
		v.find(Forged, -1, "", "%d notes in the witness are damaged or not signed by this ledger", strange)
	}
	if !errors.Is(err, errNoWitness) {
		return err
	}
	if v.limit > 0 {
		v.find(Forged, -1, "", "the witness is not there")
	}
	return nil
}

// batch goes over the next entries, and over the heads among them.
func (v *verifier) batch() error {
	return v.DB.View(v.ctx, func(tx *store.Tx) error {
		rows, err := tx.LedgerFrom(v.proven.size, batchSize)
		if err != nil {
			return err
		}
		o := opener{ring: v.Ring, tx: tx}
		for _, row := range rows {
			if row.Position >= v.limit {
				break
			}
			if err := v.missing(tx, row.Position); err != nil || v.cut {
				return err
			}
			if err := v.entry(tx, &o, row); err != nil {
				return err
			}
		}
		v.cut = len(rows) == 0 || rows[0].Position >= v.limit
		if v.watch.Progress != nil {
			v.watch.Progress(v.proven.size, v.limit)
		}
		return nil
	})
}

// missing passes over places without an entry, up to the given one. Their leaf
// hashes stand in for them, so that what follows can still be proven; where the
// hash is gone as well, it cannot.
func (v *verifier) missing(tx *store.Tx, until int64) error {
	if from := v.proven.size; from < until {
		v.find(Removed, from, "", "%d entries are missing, from place %d to %d", until-from, from, until-1)
	}
	for v.proven.size < until && !v.cut {
		if err := v.grow(tx, nil, ""); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) entry(tx *store.Tx, o *opener, row store.LedgerRow) error {
	v.report.Entries++
	lf, err := v.check(row)
	if err != nil {
		v.find(Altered, row.Position, row.ID, "%v", err)
	}
	_, err = o.open(row, lf)
	switch {
	case errors.Is(err, errErased):
		v.report.Erased++
	case isFault(err):
		v.find(Unopened, row.Position, row.ID, "%v", err)
	case err != nil:
		return err
	}
	hash := tlog.RecordHash([]byte(row.Body))
	return v.grow(tx, &hash, row.ID)
}

// grow adds the next leaf to both edges: the entry's own (nil where it is
// missing), and the hashes that were stored for it.
func (v *verifier) grow(tx *store.Tx, own *tlog.Hash, id string) error {
	position := v.proven.size
	kept, err := v.stored(tx, tlog.StoredHashIndex(0, position))
	if err != nil {
		return err
	}
	switch {
	case own == nil && kept == nil:
		v.cut = true
		return nil
	case own == nil:
		own = kept
	case kept == nil:
		kept = own
	case *own != *kept:
		v.suspects = append(v.suspects, suspect{position, id})
	}
	if _, err := v.proven.grow(*own); err != nil {
		return err
	}
	return v.growKept(tx, *kept)
}

// growKept adds to the edge of stored hashes, and checks that those above the
// leaf follow from it.
func (v *verifier) growKept(tx *store.Tx, leaf tlog.Hash) error {
	first := tlog.StoredHashIndex(0, v.kept.size)
	hashes, err := v.kept.grow(leaf)
	if err != nil {
		return err
	}
	for i := 1; i < len(hashes); i++ {
		above, err := v.stored(tx, first+int64(i))
		if err != nil {
			return err
		}
		if above != nil && *above != hashes[i] {
			v.find(Hashes, v.kept.size-1, "", "hash %d of the tree does not follow from those below it", first+int64(i))
		}
	}
	return v.compare(tx)
}

// stored returns a stored hash; nil, with a finding, when it is missing or none.
func (v *verifier) stored(tx *store.Tx, index int64) (*tlog.Hash, error) {
	text, err := tx.LedgerHash(index)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	h, bad := tlog.ParseHash(text)
	if err != nil || bad != nil {
		v.find(Hashes, v.proven.size, "", "hash %d of the tree is missing or unreadable", index)
		return nil, nil
	}
	return &h, nil
}
