package wire_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"kapu/internal/federation/saml/wire"
)

func keyFile(t testing.TB, key crypto.Signer) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

func TestKeysNotToSignWith(t *testing.T) {
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	large, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	for name, key := range map[string]crypto.Signer{"Ed25519": edwards, "P-384": large} {
		if _, err := wire.NewSigner(key, certify(key)); err == nil {
			t.Error(name)
		}
	}
	if _, err := wire.NewSigner(makeECDSA(), ecdsaSigner().Certificate()); err == nil {
		t.Error("the certificate of another key")
	}
	if _, err := wire.NewRecipient(ecdsaSigner().Certificate(), wire.OAEPSHA1); err == nil {
		t.Error("encrypts for ECDSA")
	}
	if _, err := wire.NewRecipient(certify(rsaKey()), "http://www.w3.org/2001/04/xmldsig-more#md5"); err == nil {
		t.Error("OAEP with an unknown digest")
	}
}
