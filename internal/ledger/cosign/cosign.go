// Package cosign owns cosignatures: what an outside witness signs beneath a
// ledger's head, so that nobody can show one tree to some people and another to
// others (C2SP tlog-cosignature, the timestamped Ed25519 kind, "cosignature/v1").
// Keys are written as in golang.org/x/mod/sumdb/note, with an algorithm of their
// own, so that a key of one use is never taken for one of the other.
//
// It refuses to know what is signed, and whether the tree only grew: that is the
// witness's business, and where heads are read, the ledger's.
package cosign

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
)

const (
	algorithm = 0x04 // of cosignatures, before the bytes of a key
	stampSize = 8    // the moment of signing: seconds since 1970, the highest byte first
	keySize   = ed25519.PublicKeySize
)

// message is what is signed: the moment and the whole text of the head, under a
// line that no other kind of signature begins with.
func message(stamp uint64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", stamp), text...)
}

// Verifier checks the cosignatures of one witness. It is a [note.Verifier].
type Verifier struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

var _ note.Verifier = (*Verifier)(nil)

var errKey = errors.New("cosign: not the key of a witness: write it as name+hash+key, as `kapu witness key` prints it")

// NewVerifier reads the public key of a witness.
func NewVerifier(encoded string) (*Verifier, error) {
	name, hash, key, err := parts(encoded)
	if err != nil {
		return nil, err
	}
	v := &Verifier{name: name, key: key, hash: keyHash(name, key)}
	if v.hash != hash {
		return nil, errKey
	}
	return v, nil
}

// parts takes a key apart, name+hash+base64 of the algorithm and 32 bytes.
func parts(encoded string) (name string, hash uint32, key []byte, err error) {
	name, rest, _ := strings.Cut(encoded, "+")
	hex, key64, _ := strings.Cut(rest, "+")
	number, err1 := strconv.ParseUint(hex, 16, 32)
	key, err2 := base64.StdEncoding.Strict().DecodeString(key64)
	if err1 != nil || err2 != nil || len(hex) != 8 || len(key) != 1+keySize || key[0] != algorithm || !isName(name) {
		return "", 0, nil, errKey
	}
	return name, uint32(number), key[1:], nil
}

// isName tells whether a witness may be called so: as an address without scheme,
// like witness.example/w1, without blanks and plus signs.
func isName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.ContainsFunc(name, unicode.IsSpace) && !strings.Contains(name, "+")
}

func keyHash(name string, key []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"+string(rune(algorithm))), key...))
	return binary.BigEndian.Uint32(sum[:])
}

// Name is the name of the witness.
func (v *Verifier) Name() string { return v.name }

// KeyHash tells the witness's keys apart.
func (v *Verifier) KeyHash() uint32 { return v.hash }

// ID is the name of the witness and the hash of its key: what it is known by
// where the whole key would be long.
func (v *Verifier) ID() string { return fmt.Sprintf("%s+%08x", v.name, v.hash) }

// Key is the public key as it is handed to others.
func (v *Verifier) Key() string {
	return v.ID() + "+" + base64.StdEncoding.EncodeToString(append([]byte{algorithm}, v.key...))
}

// Verify implements [note.Verifier].
func (v *Verifier) Verify(text, signature []byte) bool {
	if len(signature) != stampSize+ed25519.SignatureSize {
		return false
	}
	stamp := binary.BigEndian.Uint64(signature)
	return stamp <= 1<<63-1 && ed25519.Verify(v.key, message(stamp, text), signature[stampSize:])
}

// At is the moment of signing that a cosignature states, by the witness's clock.
// Only one that has been verified means anything.
func At(s note.Signature) time.Time {
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	const hash = 4
	if err != nil || len(raw) < hash+stampSize {
		return time.Time{}
	}
	return time.Unix(int64(binary.BigEndian.Uint64(raw[hash:])), 0).UTC()
}
