package ledger

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"kapu/internal/ledger/cosign"
)

// Trust is whose signatures count for somebody who checks.
type Trust struct {
	Keys      []string // of the ledger; see [Ledger.VerifierKeys]
	Witnesses []string // public keys of witnesses
	Need      int      // how many different witnesses must have signed
}

// Witnessed says that a witness has signed a head.
type Witnessed struct {
	Name string    // of the witness
	At   time.Time // when, by the witness's clock
}

// trust is a Trust whose keys have been read.
type trust struct {
	keys, witnesses note.Verifiers
	vouched         bool // there is a key to hold the head against
	need            int
}

func (t Trust) read() (trust, error) {
	keys, err := verifierList(t.Keys)
	if err != nil {
		return trust{}, err
	}
	witnesses, err := witnessList(t.Witnesses)
	return trust{keys, witnesses, len(t.Keys) > 0, t.Need}, err
}

func witnessList(encoded []string) (note.Verifiers, error) {
	var list []note.Verifier
	for _, key := range encoded {
		v, err := cosign.NewVerifier(key)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return note.VerifierList(list...), nil
}

// open reads a head with the signatures beneath it. What has been read is
// returned with [Unvouched] too.
func (t trust) open(signed string) (h head, seen []Witnessed, err error) {
	if !isPlainNote(signed) {
		return h, nil, WrongHead
	}
	n, err := note.Open([]byte(signed), t.keys)
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unverified):
		n = unverified.Note
	case err != nil:
		return h, nil, doubtOf(err, WrongSigner)
	}
	if h, err = parseHead(n.Text); err != nil {
		return h, nil, WrongHead
	}
	if len(n.Sigs) > 0 && n.Sigs[0].Name != h.origin || t.vouched && len(n.Sigs) == 0 {
		return h, nil, WrongSigner
	}
	if seen, err = t.seen(signed); err != nil {
		return h, nil, err
	}
	if !t.vouched {
		return h, seen, Unvouched
	}
	return h, seen, nil
}

// doubtOf tells a signature that is false from a note that is none.
func doubtOf(err error, forged Doubt) Doubt {
	var invalid *note.InvalidSignatureError
	if errors.As(err, &invalid) {
		return forged
	}
	return WrongHead
}

// seen lists the known witnesses that have signed.
func (t trust) seen(signed string) (list []Witnessed, err error) {
	n, err := note.Open([]byte(signed), t.witnesses)
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unverified):
		return nil, nil
	case err != nil:
		return nil, doubtOf(err, WrongWitness)
	}
	for _, s := range n.Sigs {
		list = append(list, Witnessed{s.Name, cosign.At(s)})
	}
	return list, nil
}

// isPlainNote tells whether each signature is written in the one way in which it
// is written here: base64 leaves room for others that say the same.
func isPlainNote(signed string) bool {
	_, lines, ok := cutLast(signed, "\n\n")
	for line := range strings.Lines(lines) {
		_, text, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "— "), "\n"), " ")
		raw, err := base64.StdEncoding.Strict().DecodeString(text)
		ok = ok && err == nil && base64.StdEncoding.EncodeToString(raw) == text
	}
	return ok
}

func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// ReadHead returns the root in a signed head, if a key of the ledger vouches for
// it: for those who watch a ledger from outside.
func ReadHead(signed string, verifierKeys ...string) (Root, error) {
	t, err := Trust{Keys: verifierKeys}.read()
	if err != nil {
		return Root{}, err
	}
	h, _, err := t.open(signed)
	if err != nil {
		return Root{}, err
	}
	return Root{h.size, h.root, h.at}, nil
}
