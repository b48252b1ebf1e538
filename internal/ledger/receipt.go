package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// receipt proves to anybody, without the gateway, that an entry stands in the
// ledger: it is JSON, and all it needs besides is the ledger's verifier key.
type receipt struct {
	Version     int              `json:"version"`
	Leaf        string           `json:"leaf"` // exactly as it was hashed
	Position    int64            `json:"position"`
	Proof       tlog.RecordProof `json:"proof"`       // Merkle audit path (RFC 6962, 2.1.1), base64
	Checkpoint  string           `json:"checkpoint"`  // signed head of the tree
	Disclosures []disclosure     `json:"disclosures"` // what is behind the leaf's commitments (RFC 9901, 4.2)
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
// ledger, with what opens its commitments. An entry of somebody else is
// [store.ErrNotFound], one without a place yet [ErrPending].
func (l *Ledger) Receipt(tx *store.Tx, person, id string) ([]byte, error) {
	row, err := tx.LedgerEntry(id)
	if err != nil {
		return nil, err
	}
	if row.Person != person {
		return nil, store.ErrNotFound
	}
	newest, err := tx.LatestCheckpoint()
	if errors.Is(err, store.ErrNotFound) || err == nil && (row.Position < 0 || newest.Size <= row.Position) {
		return nil, ErrPending
	}
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ProveRecord(newest.Size, row.Position, stored(tx))
	if err != nil {
		return nil, err
	}
	opened, err := l.disclose(tx, row)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(receipt{1, row.Body, row.Position, proof, newest.Note, opened}, "", "  ")
}

// disclose returns all that is behind an entry's commitments.
func (l *Ledger) disclose(tx *store.Tx, row store.LedgerRow) ([]disclosure, error) {
	lf, err := l.check(row)
	if err != nil {
		return nil, err
	}
	o := opener{ring: l.Ring, tx: tx}
	opened, err := o.open(row, lf)
	if err != nil {
		return nil, err
	}
	if row.Person == "" {
		return opened, nil
	}
	return append([]disclosure{l.personDisclosure(row.ID, row.Person)}, opened...), nil
}

// Proven is what a genuine receipt proves.
type Proven struct {
	ID       string
	At       time.Time
	Kind     string
	Person   string // the gateway's id for the person; "" when not disclosed
	Event    Event  // nil for an unknown kind; personal fields as far as disclosed
	Position int64
	Size     int64     // of the tree whose head was signed
	Signed   time.Time // when
}

// VerifyReceipt reads a receipt and checks it against the ledger's verifier
// keys (see [Ledger.VerifierKeys]). It needs no database and no secret. Whatever
// is wrong, the error is [ErrReceipt], or tells that a verifier key is none.
func VerifyReceipt(data []byte, verifierKeys ...string) (Proven, error) {
	known, err := verifierList(verifierKeys)
	if err != nil {
		return Proven{}, err
	}
	r, err := readReceipt(data)
	if err != nil {
		return Proven{}, ErrReceipt
	}
	p, err := r.prove(known)
	if err != nil {
		return Proven{}, ErrReceipt
	}
	return p, nil
}

func readReceipt(data []byte) (r receipt, err error) {
	if len(data) > maxReceipt {
		return r, ErrReceipt
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil || r.Version != 1 {
		return r, ErrReceipt
	}
	if _, err := d.Token(); err != io.EOF {
		return r, ErrReceipt
	}
	return r, nil
}

func (r receipt) prove(known note.Verifiers) (Proven, error) {
	h, err := openHead(r.Checkpoint, known)
	if err != nil {
		return Proven{}, err
	}
	if err := tlog.CheckRecord(r.Proof, h.size, h.root, r.Position, tlog.RecordHash([]byte(r.Leaf))); err != nil {
		return Proven{}, err
	}
	lf, at, err := parseLeaf(r.Leaf)
	if err != nil {
		return Proven{}, err
	}
	p := Proven{ID: lf.ID, At: at, Kind: lf.Kind, Position: r.Position, Size: h.size, Signed: h.at}
	personal := map[string]json.RawMessage{}
	for _, d := range r.Disclosures {
		name, value, err := d.open()
		switch {
		case err != nil:
			return Proven{}, err
		case name == personField && d.digest() == lf.Person:
			err = json.Unmarshal(value, &p.Person)
		case lf.commits(d, name):
			personal[name] = value
		default:
			err = ErrReceipt
		}
		if err != nil {
			return Proven{}, err
		}
	}
	p.Event = lf.event(personal)
	return p, nil
}
