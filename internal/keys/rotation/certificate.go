package rotation

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"kapu/internal/keys"
)

// certificateLife is how long a certificate says that it is good: longer than any
// key is in use. It is a wrapping for protocols that publish keys so; the times
// that count are those of publishing.
const certificateLife = 5 * 365 * 24 * time.Hour

// Certificates are self-signed certificates of the keys that are published at the
// moment, in their order, each under the name. Every process makes the same ones:
// serial number and times follow from the key, and so does the signature, except
// where a security module draws it anew.
func (s *Set) Certificates(name string, now time.Time) (made []*x509.Certificate, err error) {
	for _, k := range keys.PublishedAt(*s.loaded.Load(), now) {
		serial := sha256.Sum256([]byte(k.KID))
		template := &x509.Certificate{
			SerialNumber: new(big.Int).SetBytes(serial[:16]), Subject: pkix.Name{CommonName: name},
			NotBefore: k.Published, NotAfter: k.Published.Add(certificateLife), KeyUsage: x509.KeyUsageDigitalSignature,
		}
		der, err := x509.CreateCertificate(nil, template, template, k.Signer.Public(), k.Signer) // without randomness: RFC 6979
		if err != nil {
			return nil, err
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		made = append(made, certificate)
	}
	return made, nil
}
