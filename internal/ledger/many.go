package ledger

import (
	"encoding/json"
	"fmt"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// Entry is an event and whom it concerns.
type Entry struct {
	Person string // never "": the gateway's own events are few
	Event  Event
}

// AppendMany is [Ledger.Append] for many entries of persons, with few statements
// however many they are: for the work that goes over all accounts.
func (l *Ledger) AppendMany(tx *store.Tx, entries []Entry) error {
	persons := make([]string, len(entries))
	for i, e := range entries {
		persons[i] = e.Person
	}
	opened, err := tx.PersonalKeys(persons)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	rows := make([]store.LedgerRow, len(entries))
	for i, e := range entries {
		if rows[i], err = l.row(tx, e, opened[e.Person]); err != nil {
			return err
		}
	}
	return tx.AppendLedgerMany(rows)
}

func (l *Ledger) row(tx *store.Tx, e Entry, key *keys.Personal) (store.LedgerRow, error) {
	s, ok := shapes[e.Event.Kind()]
	if !ok {
		return store.LedgerRow{}, fmt.Errorf("ledger: %q is no kind of event", e.Event.Kind())
	}
	if key == nil {
		return store.LedgerRow{}, fmt.Errorf("ledger: %s: %w", s.kind, store.ErrNotFound)
	}
	id := store.NewID()
	w := l.write(s, id, tx.Now, e.Person, e.Event)
	row := store.LedgerRow{ID: id, At: tx.Now, Kind: s.kind, Person: e.Person, Body: w.leaf()}
	if len(w.disclosures) == 0 {
		return row, nil
	}
	plain, err := json.Marshal(w.disclosures)
	row.Opening = key.Encrypt(openingPlace(id), string(plain))
	return row, err
}
