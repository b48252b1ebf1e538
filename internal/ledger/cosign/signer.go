package cosign

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Signer signs as a witness. It is a [note.Signer].
type Signer struct {
	Verifier
	private ed25519.PrivateKey
	now     func() time.Time
}

var _ note.Signer = (*Signer)(nil)

// privatePrefix begins a private key, so that it is not taken for a public one.
const privatePrefix = "PRIVATE+KEY+"

// NewKey makes a witness's keys. The private one is a secret.
func NewKey(name string) (private, public string, err error) {
	if !isName(name) {
		return "", "", fmt.Errorf("cosign: %q is no name for a witness: write an address without scheme, like witness.example/w1", name)
	}
	key, secret, err := ed25519.GenerateKey(nil)
	if err != nil {
		return "", "", err
	}
	v := Verifier{name: name, hash: keyHash(name, key), key: key}
	return privatePrefix + v.ID() + "+" + base64.StdEncoding.EncodeToString(append([]byte{algorithm}, secret.Seed()...)), v.Key(), nil
}

// NewSigner reads the private key of a witness, which will sign by that clock.
func NewSigner(private string, now func() time.Time) (*Signer, error) {
	encoded, ok := strings.CutPrefix(private, privatePrefix)
	if !ok {
		return nil, errKey
	}
	name, hash, seed, err := parts(encoded)
	if err != nil {
		return nil, err
	}
	key := ed25519.NewKeyFromSeed(seed)
	public := key.Public().(ed25519.PublicKey)
	s := &Signer{Verifier{name: name, hash: keyHash(name, public), key: public}, key, now}
	if s.hash != hash {
		return nil, errKey
	}
	return s, nil
}

// Sign implements [note.Signer]. Whoever calls it has made sure that the tree
// only grew, and has noted down durably what is about to be signed.
func (s *Signer) Sign(text []byte) ([]byte, error) {
	stamp := uint64(s.now().Unix())
	return append(binary.BigEndian.AppendUint64(nil, stamp), ed25519.Sign(s.private, message(stamp, text))...), nil
}
