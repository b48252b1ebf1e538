package store

import "time"

// Cosignature is what an outside witness signed beneath a head of the tree.
type Cosignature struct {
	Size    int64 // of the tree
	Witness string
	At      time.Time // by the witness's clock
	Line    string    // as it stands in a note, without the end of the line
}

// PutCosignature keeps a witness's signature beneath the head of that size; a
// later one of the same witness takes its place.
func (tx *Tx) PutCosignature(c Cosignature) error {
	_, err := tx.exec("INSERT INTO ledger_cosignatures (size, witness, at, line) VALUES ($1, $2, $3, $4) "+
		"ON CONFLICT (size, witness) DO UPDATE SET at = excluded.at, line = excluded.line WHERE excluded.at > ledger_cosignatures.at",
		c.Size, c.Witness, millis(c.At), c.Line)
	return err
}

const cosignatureColumns = "SELECT size, witness, at, line FROM ledger_cosignatures "

func (tx *Tx) cosignatures(where string, args ...any) (found []Cosignature, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var c Cosignature
		var at int64
		err := scan(&c.Size, &c.Witness, &at, &c.Line)
		c.At = fromMillis(at)
		found = append(found, c)
		return err
	}, cosignatureColumns+where, args...)
	return found, err
}

// CosignaturesBetween returns the signatures beneath heads of those sizes, both
// included, smallest first.
func (tx *Tx) CosignaturesBetween(smallest, largest int64) ([]Cosignature, error) {
	return tx.cosignatures("WHERE size >= $1 AND size <= $2 ORDER BY size, witness", smallest, largest)
}

// CosignaturesBeyond returns signatures beneath heads of more than that size,
// largest first.
func (tx *Tx) CosignaturesBeyond(size int64, limit int) ([]Cosignature, error) {
	return tx.cosignatures("WHERE size > $1 ORDER BY size DESC, witness LIMIT $2", size, limit)
}

// LatestCosignature returns a witness's signature beneath the largest tree.
// ErrNotFound: it has signed none.
func (tx *Tx) LatestCosignature(witness string) (Cosignature, error) {
	found, err := tx.cosignatures("WHERE witness = $1 ORDER BY size DESC LIMIT 1", witness)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Cosignature{}, err
	}
	return found[0], nil
}
