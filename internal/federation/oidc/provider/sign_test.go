package provider

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"testing"
)

// Readers stricter than ours take a PS256 signature with a salt of 32 bytes only
// (RFC 7518, 3.5), whatever the signer is asked for.
func TestSaltOfSignatures(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("payload"))
	asked := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: crypto.SHA256}
	signature, err := salted{key}.Sign(rand.Reader, digest[:], asked)
	if err != nil {
		t.Fatal(err)
	}
	strict := &rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256}
	if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest[:], signature, strict); err != nil {
		t.Error(err)
	}
}
