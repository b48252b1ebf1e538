package ledger

import (
	"encoding/json"
	"errors"
	"time"

	"kapu/internal/store"
)

var own = topic{"One's own record", []Event{HistoryExported{}}}

// HistoryExported is recorded when a person has taken their history away as a file.
type HistoryExported struct {
	Format  string    `public:"format"`  // "json" or "pdf"
	Entries int       `public:"entries"` // how many entries it holds
	From    time.Time `public:"from"`    // of those from that moment on, where that was chosen
	Till    time.Time `public:"till"`    // and before that one
}

// Kind names the event.
func (HistoryExported) Kind() string { return "history.exported" }

// Exported is an entry as it is taken away.
type Exported struct {
	Record
	Fields  map[string]json.RawMessage // what it says, by the names of docs/ledger-events.md; nil for an entry that is damaged
	Receipt json.RawMessage            // nil: it has no place yet, or is damaged
}

// Export is [Ledger.Search] with everything that the entries say, and their receipts.
func (l *Ledger) Export(tx *store.Tx, person string, f Filter, before string, limit int) (all []Exported, next string, err error) {
	for len(all) < limit {
		found, err := l.Search(tx, person, f, before, limit-len(all))
		if err != nil {
			return nil, "", err
		}
		made := l.newReceipts(tx)
		for i, row := range found.rows {
			e, err := made.export(row, found.Records[i])
			if err != nil {
				return nil, "", err
			}
			all = append(all, e)
		}
		if next = found.Next; next == "" {
			break
		}
		before = next
	}
	return all, next, nil
}

func (r *receipts) export(row store.LedgerRow, record Record) (e Exported, err error) {
	e.Record = record
	if !record.Intact {
		return e, nil
	}
	lf, _, err := parseLeaf(row.Body)
	if err != nil {
		return e, err
	}
	opened, err := r.opener.open(row, lf)
	if err != nil {
		return e, err
	}
	e.Fields = values(opened)
	for name, value := range lf.Public {
		e.Fields[name] = value
	}
	proof, err := r.of(row)
	if errors.Is(err, ErrPending) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	e.Receipt, err = json.Marshal(proof)
	return e, err
}
