package ledger

import (
	"encoding/json"
	"errors"
	"time"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// Record is an entry as a citizen reads it.
type Record struct {
	ID       string
	At       time.Time
	Kind     string
	Event    Event // nil for a kind that this version of the program does not know
	Intact   bool  // the entry agrees with itself and with what opens it
	Position int64 // place in the tree; -1: not sequenced yet
}

// History returns a person's entries, newest first, with their personal fields
// opened; before is the id of the last entry of the page before, or "".
func (l *Ledger) History(tx *store.Tx, person, before string, limit int) ([]Record, error) {
	rows, err := tx.LedgerOf(person, before, limit)
	if err != nil {
		return nil, err
	}
	return l.records(tx, rows)
}

// records opens entries as far as they open.
func (l *Ledger) records(tx *store.Tx, rows []store.LedgerRow) (found []Record, err error) {
	o := opener{ring: l.Ring, tx: tx}
	for _, row := range rows {
		lf, err := l.check(row)
		personal, opened := o.open(row, lf)
		if opened != nil && !errors.Is(opened, errErased) && !isFault(opened) {
			return nil, opened
		}
		found = append(found, Record{ID: row.ID, At: row.At, Kind: row.Kind, Event: lf.event(values(personal)),
			Intact: err == nil && opened == nil, Position: row.Position})
	}
	return found, nil
}

// Faults of a single entry.
var (
	errColumns = errors.New("its columns disagree with its leaf")
	errPerson  = errors.New("it has been laid to another person's account, or taken from one")
	errSealed  = errors.New("what opens its commitments cannot be read, although the key exists")
	errOpening = errors.New("what opens its commitments does not fit them")
	errErased  = errors.New("the person has been erased")
)

func isFault(err error) bool {
	return errors.Is(err, errLeaf) || errors.Is(err, errColumns) || errors.Is(err, errPerson) ||
		errors.Is(err, errSealed) || errors.Is(err, errOpening)
}

// check compares an entry's columns with its leaf.
func (l *Ledger) check(row store.LedgerRow) (leaf, error) {
	lf, at, err := parseLeaf(row.Body)
	switch {
	case err != nil:
		return lf, err
	case lf.ID != row.ID || lf.Kind != row.Kind || !at.Equal(row.At.Truncate(time.Millisecond)):
		return lf, errColumns
	case lf.Person != l.commitment(row.ID, row.Person):
		return lf, errPerson
	}
	return lf, nil
}

// opener opens what is sealed beside the entries; it remembers the key of the
// last person, since a page of history has one.
type opener struct {
	ring   *keys.Ring
	tx     *store.Tx
	person string
	key    *keys.Personal // nil: erased
}

// open returns the disclosures of the entry's personal fields, checked against
// its leaf. Its errors are errErased, a fault of the entry, or the engine's.
func (o *opener) open(row store.LedgerRow, lf leaf) ([]disclosure, error) {
	if len(lf.Personal) == 0 && row.Opening == "" {
		return nil, nil
	}
	plain, err := o.unseal(row)
	if err != nil {
		return nil, err
	}
	var found []disclosure
	if json.Unmarshal([]byte(plain), &found) != nil || len(found) != len(lf.Personal) {
		return nil, errOpening
	}
	for _, d := range found {
		name, _, err := d.open()
		if err != nil || !lf.commits(d, name) {
			return nil, errOpening
		}
	}
	return found, nil
}

func (o *opener) unseal(row store.LedgerRow) (plain string, err error) {
	if row.Person == "" {
		plain, err = o.ring.Decrypt(openingPlace(row.ID), row.Opening)
	} else {
		if err := o.load(row.Person); err != nil {
			return "", err
		}
		plain, err = o.key.Decrypt(openingPlace(row.ID), row.Opening)
	}
	if err != nil {
		return "", errSealed
	}
	return plain, nil
}

func (o *opener) load(person string) error {
	if o.person != person {
		key, err := o.tx.PersonalKey(person)
		if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, keys.ErrSealed) {
			return err
		}
		o.person, o.key = person, key
	}
	if o.key == nil {
		return errErased
	}
	return nil
}

func values(found []disclosure) map[string]json.RawMessage {
	m := make(map[string]json.RawMessage, len(found))
	for _, d := range found {
		if name, value, err := d.open(); err == nil {
			m[name] = value
		}
	}
	return m
}
