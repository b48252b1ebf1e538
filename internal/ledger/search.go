package ledger

import (
	"encoding/json"
	"time"

	"kapu/internal/store"
)

// Filter narrows a person's history. A zero Filter lets everything through.
type Filter struct {
	Kinds      []string  // of these kinds only; nil: of all
	Service    string    // about that service only
	Method     string    // about that means of identification only
	From, Till time.Time // from that moment on, and before that one
}

// mostRead is how many entries one search looks through; one that finds little
// among them goes on from there the next time.
const mostRead = 1000

// Found is what a search has found, newest first.
type Found struct {
	Records []Record
	Next    string // where to go on: what the next search is to be given as before; "": there is no more
	rows    []store.LedgerRow
}

// Search returns up to limit of a person's entries that the filter lets through,
// from the one before an id on ("": from the newest). Every entry is found in
// exactly one of the searches that follow one another, whatever is appended meanwhile.
func (l *Ledger) Search(tx *store.Tx, person string, f Filter, before string, limit int) (Found, error) {
	found, err := l.rows(tx, person, f, before, limit)
	if err == nil {
		found.Records, err = l.records(tx, found.rows)
	}
	return found, err
}

func (l *Ledger) rows(tx *store.Tx, person string, f Filter, before string, limit int) (found Found, err error) {
	where := store.LedgerWhere{Kinds: f.Kinds, From: f.From, Till: f.Till}
	if f.Kinds != nil && len(f.Kinds) == 0 {
		return found, nil
	}
	batch := limit + 1
	if f.Service != "" || f.Method != "" {
		batch = max(batch, batchSize)
	}
	for seen := 0; ; seen += batch {
		if seen >= mostRead {
			found.Next = before
			return found, nil
		}
		rows, err := tx.LedgerOfWhere(person, before, where, batch)
		if err != nil {
			return found, err
		}
		for _, row := range rows {
			if f.wants(row) {
				if len(found.rows) == limit {
					found.Next = before
					return found, nil
				}
				found.rows = append(found.rows, row)
			}
			before = row.ID
		}
		if len(rows) < batch {
			return found, nil
		}
	}
}

// wants looks at what stands in the entry in clear.
func (f Filter) wants(row store.LedgerRow) bool {
	if f.Service == "" && f.Method == "" {
		return true
	}
	lf, _, err := parseLeaf(row.Body)
	return err == nil && (f.Service == "" || lf.says("service", f.Service)) && (f.Method == "" || lf.says("method", f.Method))
}

// says tells whether a public field of the leaf has that value.
func (l leaf) says(name, value string) bool {
	var text string
	return json.Unmarshal(l.Public[name], &text) == nil && text == value
}
