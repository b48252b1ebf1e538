package notify

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"

	"github.com/emersion/go-msgauth/dkim"
)

// DKIM signs mails (RFC 6376; Ed25519 by RFC 8463), so that a receiver can tell ours from a forger's.
type DKIM struct {
	Domain   string // the part of From after the @, or a parent of it
	Selector string // names the key within the domain, so that keys can be rotated
	Key      crypto.Signer
}

// smallestRSA is what RFC 8301, section 3.2 asks of a signer.
const smallestRSA = 2048 // bits

// ErrDKIMKey: not an Ed25519 or RSA private key in PKCS #8 PEM, or an RSA key under 2048 bits.
var ErrDKIMKey = errors.New("notify: the DKIM key is no PKCS #8 PEM of an Ed25519 key or an RSA key of at least 2048 bits")

// ParseDKIMKey reads a private key from PEM, as `openssl genpkey` writes it.
func ParseDKIMKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, ErrDKIMKey
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, ErrDKIMKey
	}
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return k, nil
	case *rsa.PrivateKey:
		if k.N.BitLen() >= smallestRSA {
			return k, nil
		}
	}
	return nil, ErrDKIMKey
}

// Record is the TXT record that must stand in the DNS: its name and value (RFC 6376, section 3.6.1; RFC 8463,
// section 4: an Ed25519 key stands there bare).
func (d DKIM) Record() (name, value string, err error) {
	name = d.Selector + "._domainkey." + d.Domain
	switch public := d.Key.Public().(type) {
	case ed25519.PublicKey:
		return name, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(public)
		return name, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
	}
	return "", "", ErrDKIMKey
}

// signedHeaders are what a reader sees and a machine acts on (RFC 6376, section 5.4.1).
var signedHeaders = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
	"Content-Language", "Auto-Submitted", "List-Id"}

// sign puts the signature before the mail.
func (d DKIM) sign(mail []byte) ([]byte, error) {
	var signed bytes.Buffer
	err := dkim.Sign(&signed, bytes.NewReader(mail), &dkim.SignOptions{
		Domain: d.Domain, Selector: d.Selector, Signer: d.Key, HeaderKeys: signedHeaders,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	return signed.Bytes(), err
}
