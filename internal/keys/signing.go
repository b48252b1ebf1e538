package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// The algorithms of signing keys.
const (
	ES256 = "ES256" // ECDSA on P-256 with SHA-256 (RFC 7518, 3.4)
	EdDSA = "EdDSA" // Ed25519 (RFC 8037, 3.1); the signed notes of the ledger
	RS256 = "RS256" // RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, 3.3)
	PS256 = "PS256" // RSASSA-PSS with SHA-256 (RFC 7518, 3.5)
)

// rsaBits is the size of RSA keys: good until 2030 (NIST SP 800-131A), and a key signs for months at most.
const rsaBits = 2048

// SigningKey is a private key ready for use, and the times of its life.
type SigningKey struct {
	Name   string // its use and number in line: "oidc-3"
	KID    string // JWK thumbprint of the public key (RFC 7638)
	Alg    string
	Signer crypto.Signer
	Held   bool // in a security module
	Life
}

// Life says when a key is published, signs, signs no longer and is no longer
// published. A zero Retired or Gone is not planned. A key with a Ready waits for
// services to have it: it signs at Active at the latest, and not before Ready.
type Life struct{ Published, Ready, Active, Retired, Gone time.Time }

// Waits tells whether it waits for services to have it.
func (l Life) Waits() bool { return !l.Ready.IsZero() }

func (l Life) activeAt(now time.Time) bool {
	return !now.Before(l.Active) && (l.Retired.IsZero() || now.Before(l.Retired))
}

func (l Life) publishedAt(now time.Time) bool {
	return !now.Before(l.Published) && (l.Gone.IsZero() || now.Before(l.Gone))
}

// GeneratePrivate makes a private key for the algorithm, as PKCS #8 DER (RFC 5958).
func GeneratePrivate(alg string) ([]byte, error) {
	var key any
	var err error
	switch alg {
	case ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case RS256, PS256:
		key, err = rsa.GenerateKey(rand.Reader, rsaBits)
	default:
		err = fmt.Errorf("keys: unknown algorithm %q", alg)
	}
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// ParsePrivate reads what [GeneratePrivate] made, and names it.
func ParsePrivate(der []byte) (kid string, signer crypto.Signer, err error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return "", nil, fmt.Errorf("keys: private key: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return "", nil, fmt.Errorf("keys: a %T does not sign", key)
	}
	kid, err = Thumbprint(signer.Public())
	return kid, signer, err
}

// Thumbprint is the SHA-256 thumbprint of a public key as a JWK (RFC 7638; RFC
// 8037, appendix A.3), in base64url.
func Thumbprint(public crypto.PublicKey) (string, error) {
	b64 := base64.RawURLEncoding.EncodeToString
	var jwk string
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		point, err := key.Bytes() // 0x04, x, y (SEC 1, 2.3.3)
		if err != nil || key.Curve != elliptic.P256() {
			return "", errors.New("keys: not a point on P-256")
		}
		jwk = fmt.Sprintf(`{"crv":"P-256","kty":"EC","x":%q,"y":%q}`, b64(point[1:33]), b64(point[33:]))
	case ed25519.PublicKey:
		jwk = fmt.Sprintf(`{"crv":"Ed25519","kty":"OKP","x":%q}`, b64(key))
	case *rsa.PublicKey:
		jwk = fmt.Sprintf(`{"e":%q,"kty":"RSA","n":%q}`, b64(big.NewInt(int64(key.E)).Bytes()), b64(key.N.Bytes()))
	default:
		return "", fmt.Errorf("keys: no thumbprint for a %T", public)
	}
	sum := sha256.Sum256([]byte(jwk))
	return b64(sum[:]), nil
}
