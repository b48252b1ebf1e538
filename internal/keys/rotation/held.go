package rotation

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// Holder keeps private keys outside the database: a security module. It is safe
// for concurrent use.
type Holder interface {
	// Makes tells whether it can make keys for the algorithm.
	Makes(alg string) bool
	// Generate makes a key that never leaves it, and tells the id that it has there.
	Generate(alg string) (id string, public crypto.PublicKey, err error)
	// Sign signs as crypto.Signer does.
	Sign(id string, digest []byte, opts crypto.SignerOpts) ([]byte, error)
	// Destroy forgets a key.
	Destroy(id string) error
}

// held signs with a key that a security module holds. The public half is known
// here, so that keys are published while the module is away.
type held struct {
	holder Holder
	id     string
	public crypto.PublicKey
}

// Public implements crypto.Signer.
func (h held) Public() crypto.PublicKey { return h.public }

// Sign implements crypto.Signer. The module has random numbers of its own.
func (h held) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return h.holder.Sign(h.id, digest, opts)
}

// errModule is what a key says that is held where nobody looks.
var errModule = errors.New("the private key is in a security module, and the configuration names none: see pkcs11 in docs/operations.md")

// nowhere is the holder where there is none.
type nowhere struct{}

// Makes implements [Holder].
func (nowhere) Makes(string) bool { return false }

// Generate implements [Holder].
func (nowhere) Generate(string) (string, crypto.PublicKey, error) { return "", nil, errModule }

// Sign implements [Holder].
func (nowhere) Sign(string, []byte, crypto.SignerOpts) ([]byte, error) { return nil, errModule }

// Destroy implements [Holder].
func (nowhere) Destroy(string) error { return errModule }

// draft is a key that is made but not yet recorded.
type draft struct {
	row store.SigningKey
	kid string
}

// draft makes a key where the keys of the set are held.
func (s *Set) draft() (d draft, err error) {
	d.row = store.SigningKey{Use: s.use, Alg: s.alg}
	if _, none := s.holder.(nowhere); none {
		if d.row.Private, err = keys.GeneratePrivate(s.alg); err != nil {
			return d, err
		}
		d.kid, _, err = keys.ParsePrivate(d.row.Private)
		return d, err
	}
	id, public, err := s.holder.Generate(s.alg)
	if err != nil {
		return d, fmt.Errorf("rotation: %s: %w", s.use, err)
	}
	d.row.Held = id
	if d.row.Public, err = x509.MarshalPKIXPublicKey(public); err == nil {
		d.kid, err = keys.Thumbprint(public)
	}
	return d, err
}

// discard forgets a draft that was not recorded, such as when another process
// was first.
func (s *Set) discard(d draft) error {
	if d.row.Held == "" {
		return nil
	}
	return s.holder.Destroy(d.row.Held)
}

// open makes a recorded key ready for use.
func (s *Set) open(r store.SigningKey) (kid string, signer crypto.Signer, err error) {
	if r.Held == "" {
		return keys.ParsePrivate(r.Private)
	}
	public, err := x509.ParsePKIXPublicKey(r.Public)
	if err != nil {
		return "", nil, fmt.Errorf("rotation: %s: %w", r.ID, err)
	}
	kid, err = keys.Thumbprint(public)
	return kid, held{s.holder, r.Held, public}, err
}
