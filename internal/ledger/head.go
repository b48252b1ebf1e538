package ledger

import (
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
)

// head is the signed head of a tree, as it stands in a checkpoint (C2SP
// tlog-checkpoint: origin, size, root), with the moment of signing as its one
// extension line.
type head struct {
	origin string
	size   int64
	root   tlog.Hash
	at     time.Time
}

func (h head) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", h.origin, h.size, h.root, formatTime(h.at))
}

var errHead = errors.New("ledger: not a head of this ledger")

func parseHead(text string) (head, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return head{}, errHead
	}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := tlog.ParseHash(lines[2])
	at, err3 := time.Parse(timeForm, lines[3])
	h := head{lines[0], size, root, at}
	if errors.Join(err1, err2, err3) != nil || size < 0 || h.text() != text {
		return head{}, errHead
	}
	return h, nil
}

// openHead returns the head in a note that one of the verifiers vouches for.
func openHead(signed string, known note.Verifiers) (head, error) {
	n, err := note.Open([]byte(signed), known)
	if err != nil {
		return head{}, errHead
	}
	h, err := parseHead(n.Text)
	if err != nil || h.origin != n.Sigs[0].Name {
		return head{}, errHead
	}
	return h, nil
}

// signer signs notes with a key of the gateway.
type signer struct {
	note.Verifier
	key crypto.Signer
}

func (s signer) Sign(msg []byte) ([]byte, error) { return s.key.Sign(nil, msg, crypto.Hash(0)) }

// sign makes the checkpoint of a tree with the key that is active.
func (l *Ledger) sign(tx *store.Tx, e *edge) (store.Checkpoint, error) {
	root, err := e.root()
	if err != nil {
		return store.Checkpoint{}, err
	}
	_, key := l.Keys.Active(tx.Now)
	name, err := verifierKey(l.Origin, key.Public())
	if err != nil {
		return store.Checkpoint{}, err
	}
	v, err := note.NewVerifier(name)
	if err != nil {
		return store.Checkpoint{}, err
	}
	h := head{l.Origin, e.size, root, tx.Now}
	signed, err := note.Sign(&note.Note{Text: h.text()}, signer{v, key})
	return store.Checkpoint{Size: e.size, At: tx.Now, Note: string(signed)}, err
}

func verifierKey(origin string, public crypto.PublicKey) (string, error) {
	key, ok := public.(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("ledger: heads are signed with Ed25519, not with a %T", public)
	}
	return note.NewEd25519VerifierKey(origin, key)
}

// VerifierKeys are the public keys of all heads ever signed, oldest first, in
// the form of golang.org/x/mod/sumdb/note: "origin+hash+key".
func (l *Ledger) VerifierKeys(now time.Time) (list []string, err error) {
	for _, k := range l.Keys.Published(now) {
		key, err := verifierKey(l.Origin, k.Key)
		if err != nil {
			return nil, err
		}
		list = append(list, key)
	}
	return list, nil
}

func (l *Ledger) verifiers(now time.Time) (note.Verifiers, error) {
	list, err := l.VerifierKeys(now)
	if err != nil {
		return nil, err
	}
	return verifierList(list)
}

func verifierList(encoded []string) (note.Verifiers, error) {
	var list []note.Verifier
	for _, key := range encoded {
		v, err := note.NewVerifier(key)
		if err != nil {
			return nil, fmt.Errorf("ledger: verifier key: %w", err)
		}
		list = append(list, v)
	}
	return note.VerifierList(list...), nil
}
