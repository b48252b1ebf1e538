package ledger

import (
	"encoding/json"
	"errors"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// receipt proves to anybody, without the gateway, that an entry stands in the
// ledger: it is JSON, and all it needs besides is the ledger's verifier key.
type receipt struct {
	Version     int          `json:"version"`
	Leaf        string       `json:"leaf"` // exactly as it was hashed
	Position    int64        `json:"position"`
	Proof       []string     `json:"proof"`       // Merkle audit path (RFC 6962, 2.1.1), base64
	Checkpoint  string       `json:"checkpoint"`  // signed head of the tree, and what witnesses signed beneath it
	Disclosures []disclosure `json:"disclosures"` // what is behind the leaf's commitments (RFC 9901, 4.2)
}

// maxReceipt bounds a receipt that is read, in bytes.
const maxReceipt = 64 << 10

var (
	// ErrPending: the entry has no place in the tree yet; it will in a moment.
	ErrPending = errors.New("ledger: not sequenced yet")
	// ErrReceipt: what was presented proves nothing.
	ErrReceipt = errors.New("ledger: the receipt is not genuine")
)

// Receipt returns, as JSON, the proof that an entry of the person stands in the
// ledger, with what opens its commitments. Its head is one that witnesses have
// signed, where there is one. An entry of somebody else is [store.ErrNotFound],
// one without a place yet [ErrPending].
func (l *Ledger) Receipt(tx *store.Tx, person, id string) ([]byte, error) {
	row, err := tx.LedgerEntry(id)
	if err != nil {
		return nil, err
	}
	if row.Person != person {
		return nil, store.ErrNotFound
	}
	r, err := l.newReceipts(tx).of(row)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(r, "", "  ")
}

// receipts makes the receipts of many entries, which share what the tree is made of.
type receipts struct {
	*Ledger
	tx     *store.Tx
	hashes tlog.HashReader
	opener opener
	signed string // the last head that was chosen
	size   int64
}

func (l *Ledger) newReceipts(tx *store.Tx) *receipts {
	return &receipts{Ledger: l, tx: tx, hashes: remembered(stored(tx)), opener: opener{ring: l.Ring, tx: tx}}
}

func (r *receipts) of(row store.LedgerRow) (*receipt, error) {
	if row.Position < 0 {
		return nil, ErrPending
	}
	if err := r.choose(row.Position); err != nil {
		return nil, err
	}
	proof, err := tlog.ProveRecord(r.size, row.Position, r.hashes)
	if err != nil {
		return nil, err
	}
	opened, err := r.disclose(row)
	if err != nil {
		return nil, err
	}
	made := receipt{1, row.Body, row.Position, make([]string, len(proof)), r.signed, opened}
	for i, h := range proof {
		made.Proof[i] = h.String()
	}
	return &made, nil
}

// choose chooses the head for the entry at that place: the one for the entry
// before, if it covers this one and witnesses have signed it.
func (r *receipts) choose(position int64) (err error) {
	const signatures = 1 // the ledger's own
	if r.size > position && (len(r.WitnessKeys) == 0 || strings.Count(r.signed, "\n— ") > signatures) {
		return nil
	}
	r.signed, r.size, err = r.headFor(r.tx, position)
	if errors.Is(err, store.ErrNotFound) || err == nil && r.size <= position {
		return ErrPending
	}
	return err
}

// disclose returns all that is behind an entry's commitments.
func (r *receipts) disclose(row store.LedgerRow) ([]disclosure, error) {
	lf, err := r.check(row)
	if err != nil {
		return nil, err
	}
	opened, err := r.opener.open(row, lf)
	if err != nil {
		return nil, err
	}
	if row.Person == "" {
		return opened, nil
	}
	return append([]disclosure{r.personDisclosure(row.ID, row.Person)}, opened...), nil
}
