package wire

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
)

// Signer signs messages: RSA with SHA-256 or ECDSA P-256 with SHA-256, by the
// kind of its key. The key may live anywhere (crypto.Signer).
type Signer struct {
	key         crypto.Signer
	certificate *x509.Certificate
	algorithm   string
	keyInfo     []byte // canonical
}

var errKey = errors.New("saml: the key is not one to sign with")

// NewSigner refuses keys that are neither RSA of at least 2048 bits nor ECDSA on
// P-256, and a certificate that is not of this key.
func NewSigner(key crypto.Signer, certificate *x509.Certificate) (*Signer, error) {
	s := &Signer{key: key, certificate: certificate}
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		if s.algorithm = rsaSHA256; public.N.BitLen() < minRSA || !public.Equal(certificate.PublicKey) {
			return nil, errKey
		}
	case *ecdsa.PublicKey:
		if s.algorithm = ecdsaSHA256; public.Curve != elliptic.P256() || !public.Equal(certificate.PublicKey) {
			return nil, errKey
		}
	default:
		return nil, errKey
	}
	s.keyInfo = []byte("<ds:KeyInfo><ds:X509Data><ds:X509Certificate>" + base64.StdEncoding.EncodeToString(certificate.Raw) +
		"</ds:X509Certificate></ds:X509Data></ds:KeyInfo>")
	return s, nil
}

// Certificate is the certificate that messages name.
func (s *Signer) Certificate() *x509.Certificate { return s.certificate }

// sign signs octets and gives the signature as XML has it.
func (s *Signer) sign(text []byte) ([]byte, error) {
	signature, err := s.key.Sign(rand.Reader, hashOf(crypto.SHA256, text), crypto.SHA256)
	if err != nil || s.algorithm != ecdsaSHA256 {
		return signature, err
	}
	var der struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &der); err != nil || len(rest) > 0 {
		return nil, errKey
	}
	const size = 32 // octets of P-256
	raw := make([]byte, 2*size)
	der.R.FillBytes(raw[:size])
	der.S.FillBytes(raw[size:])
	return raw, nil
}

// finish gives what was written, signed by s unless that is nil. The signature
// goes into the hole and refers to the ID.
func (w *writer) finish(s *Signer, hole int, id string) ([]byte, error) {
	if w.fault != nil {
		return nil, w.fault
	}
	if !isID(id) {
		return nil, errUnwritable
	}
	return s.envelop(w, hole, id)
}

// envelop signs what was written and puts the signature into the hole. Without a
// signer it gives the text as it is.
func (s *Signer) envelop(w *writer, hole int, id string) ([]byte, error) {
	text := w.b
	if s == nil {
		return text, nil
	}
	// SignedInfo is digested by itself, so with the namespace that it inherits in place.
	info := s.signedInfo(hashOf(crypto.SHA256, text), id, strings.Join(w.inclusive, " "))
	signature, err := s.sign(info)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(text)+len(info)+len(s.keyInfo)+1024)
	out = append(out, text[:hole]...)
	out = append(out, `<ds:Signature xmlns:ds="`+nsSignature+`"><ds:SignedInfo>`...)
	out = append(out, info[len(infoStart):]...)
	out = append(out, "<ds:SignatureValue>"...)
	out = base64.StdEncoding.AppendEncode(out, signature)
	out = append(out, "</ds:SignatureValue>"...)
	out = append(out, s.keyInfo...)
	out = append(out, "</ds:Signature>"...)
	out = append(out, text[hole:]...)
	w.done()
	return out, nil
}

const infoStart = `<ds:SignedInfo xmlns:ds="` + nsSignature + `">`

// signedInfo writes SignedInfo in canonical form. inclusive is the list of prefixes
// that only values use (xsi:type), so that canonical form has to be told of them.
func (s *Signer) signedInfo(digest []byte, id, inclusive string) []byte {
	b := make([]byte, 0, 1536)
	b = append(b, infoStart+`<ds:CanonicalizationMethod Algorithm="`+exclusive+`"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="`...)
	b = append(b, s.algorithm...)
	b = append(b, `"></ds:SignatureMethod><ds:Reference URI="#`...)
	b = append(b, id...)
	b = append(b, `"><ds:Transforms><ds:Transform Algorithm="`+enveloped+`"></ds:Transform><ds:Transform Algorithm="`+exclusive+`">`...)
	if inclusive != "" {
		b = append(b, `<ec:InclusiveNamespaces xmlns:ec="`+nsExclusive+`" PrefixList="`+inclusive+`"></ec:InclusiveNamespaces>`...)
	}
	b = append(b, `</ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="`+digestSHA256+`"></ds:DigestMethod><ds:DigestValue>`...)
	b = base64.StdEncoding.AppendEncode(b, digest)
	return append(b, "</ds:DigestValue></ds:Reference></ds:SignedInfo>"...)
}
