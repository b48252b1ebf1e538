package store

import (
	"database/sql"
	"math"
	"time"
)

// LedgerRow is one entry of the ledger as it is kept. Body is the leaf of the
// tree and never changes; Opening is sealed by the ledger, not here.
type LedgerRow struct {
	ID       string
	At       time.Time
	Kind     string
	Person   string // whom it concerns; "" for the gateway itself
	Body     string
	Opening  string
	Position int64 // -1 until sequenced
}

// Checkpoint is a signed head of the tree.
type Checkpoint struct {
	Size int64
	At   time.Time
	Note string // signed note, golang.org/x/mod/sumdb/note
}

// AppendLedger adds an entry, unsequenced. The row brings its own id.
func (tx *Tx) AppendLedger(r LedgerRow) error { return tx.AppendLedgerMany([]LedgerRow{r}) }

// AppendLedgerMany is [Tx.AppendLedger] for many.
func (tx *Tx) AppendLedgerMany(all []LedgerRow) error {
	rows := make([][]any, len(all))
	for i, r := range all {
		rows[i] = []any{r.ID, millis(r.At), r.Kind, r.Person, r.Body, r.Opening}
	}
	return tx.insert("ledger (id, at, kind, person, body, opening)", rows)
}

const ledgerColumns = "SELECT id, at, kind, person, body, opening, position FROM ledger "

func (tx *Tx) ledgerRows(where string, args ...any) (rows []LedgerRow, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var r LedgerRow
		var at int64
		var position sql.NullInt64
		err := scan(&r.ID, &at, &r.Kind, &r.Person, &r.Body, &r.Opening, &position)
		r.At, r.Position = fromMillis(at), -1
		if position.Valid {
			r.Position = position.Int64
		}
		rows = append(rows, r)
		return err
	}, ledgerColumns+where, args...)
	return rows, err
}

// UnsequencedLedger returns entries that have no place yet, oldest id first.
func (tx *Tx) UnsequencedLedger(limit int) ([]LedgerRow, error) {
	return tx.ledgerRows("WHERE position IS NULL ORDER BY id LIMIT $1", limit)
}

// LedgerFrom returns sequenced entries in the order of the tree.
func (tx *Tx) LedgerFrom(position int64, limit int) ([]LedgerRow, error) {
	return tx.ledgerRows("WHERE position >= $1 ORDER BY position LIMIT $2", position, limit)
}

// LedgerOf returns a person's entries, newest first; before is the id of the
// last entry of the page before, or "".
func (tx *Tx) LedgerOf(person, before string, limit int) ([]LedgerRow, error) {
	if before == "" {
		return tx.ledgerRows("WHERE person = $1 ORDER BY id DESC LIMIT $2", person, limit)
	}
	return tx.ledgerRows("WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3", person, before, limit)
}

// LedgerWhere narrows what is read of a person's entries.
type LedgerWhere struct {
	Kinds      []string  // of these kinds only; nil: of all
	From, Till time.Time // from that moment on, and before that one; zero: without bound
}

// LedgerOfWhere is [Tx.LedgerOf] for some of the entries only.
func (tx *Tx) LedgerOfWhere(person, before string, w LedgerWhere, limit int) ([]LedgerRow, error) {
	if before == "" {
		before = lastID
	}
	if w.Till.IsZero() {
		w.Till = time.UnixMilli(math.MaxInt64)
	}
	args := []any{person, before, millis(w.From), w.Till.UnixMilli(), limit}
	where := "WHERE person = $1 AND id < $2 AND at >= $3 AND at < $4"
	if w.Kinds != nil {
		where += " AND kind IN " + marks(len(args), len(w.Kinds))
		args = anys(args, w.Kinds)
	}
	return tx.ledgerRows(where+" ORDER BY id DESC LIMIT $5", args...)
}

// lastID comes after every id there is.
const lastID = "g" // ids are hexadecimal

// LedgerEntry returns one entry.
func (tx *Tx) LedgerEntry(id string) (LedgerRow, error) {
	rows, err := tx.ledgerRows("WHERE id = $1", id)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return LedgerRow{}, err
	}
	return rows[0], nil
}

// PlaceLedger gives entries their places in the tree, one after the other.
// ErrStale: one has a place already.
func (tx *Tx) PlaceLedger(first int64, ids []string) error {
	placed := int64(0)
	err := inPortions(ids, func(ids []string) error {
		args := make([]any, 0, 2*len(ids))
		for _, id := range ids {
			args = append(args, id, first+placed+int64(len(args)/2))
		}
		n, err := tx.exec("UPDATE ledger SET position = v.column2 FROM (VALUES "+pairs(len(ids))+") AS v WHERE ledger.id = v.column1 AND ledger.position IS NULL", args...)
		if err == nil && n != int64(len(ids)) {
			err = ErrStale
		}
		placed += n
		return err
	})
	return err
}

// LedgerSize tells how many places are taken: the highest and one more.
func (tx *Tx) LedgerSize() (size int64, err error) {
	err = tx.row([]any{&size}, "SELECT COALESCE(MAX(position) + 1, 0) FROM ledger WHERE position IS NOT NULL")
	return size, err
}

// PutLedgerHashes stores hashes of the tree, one after the other.
func (tx *Tx) PutLedgerHashes(first int64, hashes []string) error {
	rows := make([][]any, len(hashes))
	for i, h := range hashes {
		rows[i] = []any{first + int64(i), h}
	}
	return tx.insert("ledger_hashes (position, hash)", rows)
}

// LedgerHash returns one stored hash of the tree.
func (tx *Tx) LedgerHash(position int64) (hash string, err error) {
	err = tx.row([]any{&hash}, "SELECT hash FROM ledger_hashes WHERE position = $1", position)
	return hash, err
}

// LedgerHashes returns stored hashes of the tree, by their positions; those that
// are not there are left out.
func (tx *Tx) LedgerHashes(positions []int64) (map[int64]string, error) {
	found := make(map[int64]string, len(positions))
	err := inPortions(positions, func(some []int64) error {
		return tx.each(func(scan func(...any) error) error {
			var position int64
			var hash string
			err := scan(&position, &hash)
			found[position] = hash
			return err
		}, "SELECT position, hash FROM ledger_hashes WHERE position IN "+marks(0, len(some)), anys(nil, some)...)
	})
	return found, err
}

// PutCheckpoint stores a signed head. ErrTaken: that size has one.
func (tx *Tx) PutCheckpoint(c Checkpoint) error {
	_, err := tx.exec("INSERT INTO ledger_checkpoints (size, at, note) VALUES ($1, $2, $3)", c.Size, millis(c.At), c.Note)
	return err
}

// LatestCheckpoint returns the signed head of the largest tree. ErrNotFound: there is none.
func (tx *Tx) LatestCheckpoint() (Checkpoint, error) {
	return tx.checkpoint("ORDER BY size DESC LIMIT 1")
}

// CheckpointBefore returns the signed head of the largest tree that was signed
// by that moment. ErrNotFound: there is none.
func (tx *Tx) CheckpointBefore(at time.Time) (Checkpoint, error) {
	return tx.checkpoint("WHERE at <= $1 ORDER BY size DESC LIMIT 1", millis(at))
}

// CheckpointOf returns the signed head of the tree of that size. ErrNotFound: there is none.
func (tx *Tx) CheckpointOf(size int64) (Checkpoint, error) {
	return tx.checkpoint("WHERE size = $1", size)
}

func (tx *Tx) checkpoint(where string, args ...any) (c Checkpoint, err error) {
	var at int64
	err = tx.row([]any{&c.Size, &at, &c.Note}, "SELECT size, at, note FROM ledger_checkpoints "+where, args...)
	c.At = fromMillis(at)
	return c, err
}

// CheckpointsFrom returns signed heads of that size and larger, smallest first.
func (tx *Tx) CheckpointsFrom(size int64, limit int) (found []Checkpoint, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var c Checkpoint
		var at int64
		err := scan(&c.Size, &at, &c.Note)
		c.At = fromMillis(at)
		found = append(found, c)
		return err
	}, "SELECT size, at, note FROM ledger_checkpoints WHERE size >= $1 ORDER BY size LIMIT $2", size, limit)
	return found, err
}
