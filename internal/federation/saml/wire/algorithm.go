package wire

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha256" // the digests below
	_ "crypto/sha512"
	"crypto/x509"
	"math/big"
)

// The algorithms that signatures may be of (RFC 9231, 2.3). SHA-1 is broken, and
// a symmetric one would take a public key for a secret.
const (
	rsaSHA256   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	rsaSHA384   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
	rsaSHA512   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
	ecdsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	ecdsaSHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"

	digestSHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
	digestSHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
	digestSHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"
)

// The shortest keys that count, in bits.
const (
	minRSA   = 2048
	minCurve = 256
)

// method is a signature algorithm.
type method struct {
	hash  crypto.Hash
	curve bool // ECDSA, else RSA
}

var methods = map[string]method{
	rsaSHA256:   {crypto.SHA256, false},
	rsaSHA384:   {crypto.SHA384, false},
	rsaSHA512:   {crypto.SHA512, false},
	ecdsaSHA256: {crypto.SHA256, true},
	ecdsaSHA384: {crypto.SHA384, true},
}

var digests = map[string]crypto.Hash{
	digestSHA256: crypto.SHA256,
	digestSHA384: crypto.SHA384,
	digestSHA512: crypto.SHA512,
}

func isMethod(s string) bool { return methods[s].hash != 0 }
func isDigest(s string) bool { return digests[s] != 0 }

// sum hashes text.
func hashOf(h crypto.Hash, text []byte) []byte {
	w := h.New()
	w.Write(text)
	return w.Sum(nil)
}

// by tells whether a signature over text was made with the key of one of the
// certificates. The key decides which algorithms it may be used with.
func (m method) by(certificates []*x509.Certificate, text, signature []byte) bool {
	digest := hashOf(m.hash, text)
	for _, c := range certificates {
		switch key := c.PublicKey.(type) {
		case *rsa.PublicKey:
			if !m.curve && key.N.BitLen() >= minRSA && rsa.VerifyPKCS1v15(key, m.hash, digest, signature) == nil {
				return true
			}
		case *ecdsa.PublicKey:
			if m.curve && verifyECDSA(key, digest, signature) {
				return true
			}
		}
	}
	return false
}

// verifyECDSA takes a signature as XML has it: r and s, each as long as the curve
// (RFC 9231, 2.3.6), not the DER of other standards.
func verifyECDSA(key *ecdsa.PublicKey, digest, signature []byte) bool {
	size := (key.Params().BitSize + 7) / 8
	if len(signature) != 2*size || key.Params().BitSize < minCurve {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:])
	return ecdsa.Verify(key, digest, r, s)
}
