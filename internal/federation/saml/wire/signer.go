package wire

import (
	"crypto"
	"crypto/x509"
	"errors"
)

var errNotYet = errors.New("not yet")

// Signer signs messages: RSA with SHA-256 or ECDSA P-256 with SHA-256, by the
// kind of its key. The key may live anywhere (crypto.Signer).
type Signer struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

// NewSigner refuses keys that are neither RSA of at least 2048 bits nor ECDSA on
// P-256, and a certificate that is not of this key.
func NewSigner(key crypto.Signer, certificate *x509.Certificate) (*Signer, error) {
	return nil, errNotYet
}

// Certificate is the certificate that messages name.
func (s *Signer) Certificate() *x509.Certificate { return s.certificate }
