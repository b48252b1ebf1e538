package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Proven is what a genuine receipt proves.
type Proven struct {
	ID        string
	At        time.Time
	Kind      string
	Person    string // the gateway's id for the person; "" when not disclosed
	Event     Event  // nil for an unknown kind; personal fields as far as disclosed
	Position  int64
	Size      int64     // of the tree whose head was signed
	Signed    time.Time // when
	Origin    string    // names the ledger
	Witnesses []Witnessed
	Head      string // as it was signed
}

// VerifyReceipt is [Trust.Verify] for somebody who knows no witnesses.
func VerifyReceipt(data []byte, verifierKeys ...string) (Proven, error) {
	return Trust{Keys: verifierKeys}.Verify(data)
}

// Verify reads a receipt and checks it against the keys that count. It needs no
// database and no secret. Whatever is wrong with the receipt, the error is a
// [Doubt]; another error tells that a key is none. With [Unvouched] and
// [Unwitnessed] the receipt is told nevertheless.
func (t Trust) Verify(data []byte) (Proven, error) {
	known, err := t.read()
	if err != nil {
		return Proven{}, err
	}
	r, err := readReceipt(data)
	if err != nil {
		return Proven{}, err
	}
	p, err := r.prove(known)
	if err != nil && !errors.Is(err, Unvouched) && !errors.Is(err, Unwitnessed) {
		return Proven{}, err
	}
	return p, err
}

// fieldsOfReceipt are its names, letter by letter.
var fieldsOfReceipt = []string{"version", "leaf", "position", "proof", "checkpoint", "disclosures"}

func readReceipt(data []byte) (r receipt, err error) {
	if len(data) > maxReceipt {
		return r, NotReceipt
	}
	var fields map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&fields); err != nil || len(fields) != len(fieldsOfReceipt) {
		return r, NotReceipt
	}
	if _, err := d.Token(); err != io.EOF {
		return r, NotReceipt
	}
	for i, into := range []any{&r.Version, &r.Leaf, &r.Position, &r.Proof, &r.Checkpoint, &r.Disclosures} {
		if json.Unmarshal(fields[fieldsOfReceipt[i]], into) != nil {
			return r, NotReceipt
		}
	}
	if r.Version != 1 {
		return r, NotReceipt
	}
	return r, nil
}

func (r receipt) prove(known trust) (p Proven, err error) {
	h, seen, err := known.open(r.Checkpoint)
	if err != nil && !errors.Is(err, Unvouched) {
		return p, err
	}
	if !r.stands(h) {
		return p, WrongPlace
	}
	lf, at, bad := parseLeaf(r.Leaf)
	if bad != nil {
		return p, WrongEntry
	}
	p = Proven{ID: lf.ID, At: at, Kind: lf.Kind, Position: r.Position, Size: h.size, Signed: h.at, Origin: h.origin, Witnesses: seen, Head: r.Checkpoint}
	if p.Person, p.Event, bad = r.told(lf); bad != nil {
		return p, bad
	}
	if err == nil && len(seen) < known.need {
		err = Unwitnessed
	}
	return p, err
}

// stands tells whether the leaf stands at its place in the tree of the head.
func (r receipt) stands(h head) bool {
	path := make(tlog.RecordProof, len(r.Proof))
	for i, text := range r.Proof {
		hash, err := tlog.ParseHash(text)
		if err != nil || hash.String() != text {
			return false
		}
		path[i] = hash
	}
	return tlog.CheckRecord(path, h.size, h.root, r.Position, tlog.RecordHash([]byte(r.Leaf))) == nil
}

// told is what the disclosures say, each of which the leaf must commit to.
func (r receipt) told(lf leaf) (person string, event Event, err error) {
	personal := map[string]json.RawMessage{}
	for _, d := range r.Disclosures {
		name, value, err := d.open()
		switch {
		case err != nil:
			return "", nil, WrongValue
		case name == personField && d.digest() == lf.Person:
			err = json.Unmarshal(value, &person)
		case lf.commits(d, name):
			personal[name] = value
		default:
			err = WrongValue
		}
		if err != nil {
			return "", nil, WrongValue
		}
	}
	return person, lf.event(personal), nil
}
