//go:build pkcs11 && cgo

package pkcs11

import (
	"crypto"
	"crypto/elliptic"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ThalesGroup/crypto11"

	"kapu/internal/keys"
)

const (
	idBytes = 16
	rsaBits = 2048 // as of the keys that are made here
	// label is that of all our keys, for whoever looks into the module.
	label = "kapu"
	// maxSessions and wait bound how many sign at once, and how long others stand in line.
	maxSessions = 64
	wait        = 2 * time.Second
)

// module signs through crypto11, which keeps a pool of sessions.
type module struct {
	context *crypto11.Context
	found   sync.Map // id → crypto11.Signer
}

// Open opens the module and logs in. A wrong PIN counts with the module: it is
// tried once.
func Open(c Config) (Module, error) {
	context, err := crypto11.Configure(&crypto11.Config{Path: c.Module, TokenLabel: c.Token, Pin: c.PIN, MaxSessions: maxSessions, PoolWaitTimeout: wait})
	if err != nil {
		return nil, fmt.Errorf("pkcs11: module %s, token %q: %w", c.Module, c.Token, err)
	}
	return &module{context: context}, nil
}

// Makes implements rotation.Holder.
func (m *module) Makes(alg string) bool { return makes(alg) }

// Generate implements rotation.Holder. The key is one for signing alone, and
// never leaves the module.
func (m *module) Generate(alg string) (id string, public crypto.PublicKey, err error) {
	if !makes(alg) {
		return "", nil, refuse(alg)
	}
	raw, err := m.random()
	if err != nil {
		return "", nil, err
	}
	signer, err := m.generate(alg, raw)
	if err != nil {
		return "", nil, fmt.Errorf("pkcs11: key for %s: %w", alg, err)
	}
	id = hex.EncodeToString(raw)
	m.found.Store(id, signer)
	return id, signer.Public(), nil
}

// random is from the module, whose random numbers are its trade.
func (m *module) random() ([]byte, error) {
	source, err := m.context.NewRandomReader()
	if err != nil {
		return nil, err
	}
	raw := make([]byte, idBytes)
	_, err = source.Read(raw)
	return raw, err
}

func (m *module) generate(alg string, id []byte) (crypto11.Signer, error) {
	public, err := crypto11.NewAttributeSetWithIDAndLabel(id, []byte(label))
	if err != nil {
		return nil, err
	}
	private := public.Copy()
	if alg == keys.ES256 {
		return m.context.GenerateECDSAKeyPairWithAttributes(public, private, elliptic.P256())
	}
	if err := errors.Join(public.Set(crypto11.CkaEncrypt, false), private.Set(crypto11.CkaDecrypt, false)); err != nil {
		return nil, err
	}
	return m.context.GenerateRSAKeyPairWithAttributes(public, private, rsaBits)
}

// Sign implements rotation.Holder.
func (m *module) Sign(id string, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	signer, err := m.find(id)
	if err != nil {
		return nil, err
	}
	return signer.Sign(nil, digest, opts)
}

// find looks a key up, once.
func (m *module) find(id string) (crypto11.Signer, error) {
	if known, ok := m.found.Load(id); ok {
		return known.(crypto11.Signer), nil
	}
	raw, err := hex.DecodeString(id)
	if err != nil {
		return nil, fmt.Errorf("pkcs11: key id: %w", err)
	}
	signer, err := m.context.FindKeyPair(raw, nil)
	if err != nil {
		return nil, fmt.Errorf("pkcs11: key %s: %w", id, err)
	}
	if signer == nil {
		return nil, fmt.Errorf("pkcs11: key %s is not in the token", id)
	}
	m.found.Store(id, signer)
	return signer, nil
}

// Destroy implements rotation.Holder.
func (m *module) Destroy(id string) error {
	signer, err := m.find(id)
	if err != nil {
		return err
	}
	m.found.Delete(id)
	return signer.Delete()
}

// Close logs out.
func (m *module) Close() error { return m.context.Close() }

// makes are the algorithms of keys that a module makes. Ed25519 is none of them:
// the library beneath has no words for it.
func makes(alg string) bool { return alg == keys.ES256 || alg == keys.RS256 || alg == keys.PS256 }

// refuse says why there is no key for an algorithm.
func refuse(alg string) error {
	return fmt.Errorf("pkcs11: a security module makes no keys for %s here; take ES256, RS256 or PS256", alg)
}
