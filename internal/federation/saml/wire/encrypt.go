package wire

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" // of OAEP, which does not rest on collisions
	"crypto/x509"
	"encoding/base64"
)

// Encryption is AES-256-GCM only (XMLEnc 1.1, 5.2.4): what is encrypted with CBC
// can be read by asking often enough.
const (
	aes256GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
	rsaOAEP   = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
)

// OAEPDigest is the digest of the key transport (XMLEnc 1.1, 5.5.2). The mask
// generation function is MGF1 with SHA-1 either way, as rsa-oaep-mgf1p has it.
type OAEPDigest string

// The digests. Nothing rests on collisions of SHA-1 here, and many libraries know no other.
const (
	OAEPSHA1   OAEPDigest = "http://www.w3.org/2000/09/xmldsig#sha1"
	OAEPSHA256 OAEPDigest = "http://www.w3.org/2001/04/xmlenc#sha256"
)

// Recipient is whom an assertion is encrypted for.
type Recipient struct {
	key    *rsa.PublicKey
	digest OAEPDigest
}

// NewRecipient refuses certificates whose key is not RSA of at least 2048 bits.
func NewRecipient(c *x509.Certificate, d OAEPDigest) (*Recipient, error) {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < minRSA || d != OAEPSHA1 && d != OAEPSHA256 {
		return nil, errKey
	}
	return &Recipient{key, d}, nil
}

// wrap encrypts a key.
func (r *Recipient) wrap(key []byte) ([]byte, error) {
	o := &rsa.OAEPOptions{Hash: crypto.SHA1, MGFHash: crypto.SHA1}
	if r.digest == OAEPSHA256 {
		o.Hash = crypto.SHA256
	}
	return rsa.EncryptOAEPWithOptions(rand.Reader, r.key, key, o)
}

// seal encrypts text with a fresh key: nonce, text and tag in one, and the key wrapped.
func (r *Recipient) seal(text []byte) (sealed, wrapped []byte, err error) {
	const size = 32
	key := make([]byte, size)
	if _, err := rand.Read(key); err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, nil, err
	}
	wrapped, err = r.wrap(key)
	return gcm.Seal(nil, nil, text, nil), wrapped, err
}

// sealed writes an element that holds another one encrypted (SAML Core, 2.3.4).
func (w *writer) sealed(name string, text []byte, to *Recipient) error {
	data, key, err := to.seal(text)
	if err != nil {
		return err
	}
	w.open(name)
	w.open("xenc:EncryptedData", "Type", nsXMLEnc+"Element")
	w.leaf("xenc:EncryptionMethod", "", "Algorithm", aes256GCM)
	w.open("ds:KeyInfo")
	w.open("xenc:EncryptedKey")
	w.open("xenc:EncryptionMethod", "Algorithm", rsaOAEP)
	w.leaf("ds:DigestMethod", "", "Algorithm", string(to.digest))
	w.close()
	w.cipher(key)
	w.close()
	w.close()
	w.cipher(data)
	w.close()
	w.close()
	return nil
}

func (w *writer) cipher(data []byte) {
	w.open("xenc:CipherData")
	w.leaf("xenc:CipherValue", base64.StdEncoding.EncodeToString(data))
	w.close()
}
