//go:build pkcs11 && cgo

package pkcs11_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"kapu/internal/keys"
	"kapu/internal/keys/pkcs11"
	"kapu/internal/keys/pkcs11/pkcs11test"
	"kapu/internal/keys/rotation"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// verifies tells whether a signature is right, as somebody would who has only
// the public key.
func verifies(t *testing.T, alg string, public crypto.PublicKey, sign func([]byte, crypto.SignerOpts) ([]byte, error)) bool {
	t.Helper()
	digest := sha256.Sum256([]byte("the head of a token"))
	var opts crypto.SignerOpts = crypto.SHA256
	if alg == keys.PS256 {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	}
	signature, err := sign(digest[:], opts)
	if err != nil {
		t.Fatal(err)
	}
	switch alg {
	case keys.ES256:
		return ecdsa.VerifyASN1(public.(*ecdsa.PublicKey), digest[:], signature)
	case keys.RS256:
		return rsa.VerifyPKCS1v15(public.(*rsa.PublicKey), crypto.SHA256, digest[:], signature) == nil
	}
	return rsa.VerifyPSS(public.(*rsa.PublicKey), crypto.SHA256, digest[:], signature, opts.(*rsa.PSSOptions)) == nil
}

func TestAModuleMakesKeysAndSigns(t *testing.T) {
	token := pkcs11test.Token(t)
	m := pkcs11test.Open(t, token)
	for _, alg := range []string{keys.ES256, keys.RS256, keys.PS256} {
		id, public, err := m.Generate(alg)
		if err != nil {
			t.Fatal(err)
		}
		sign := func(d []byte, o crypto.SignerOpts) ([]byte, error) { return m.Sign(id, d, o) }
		if !m.Makes(alg) || !verifies(t, alg, public, sign) {
			t.Errorf("%s: the signature is wrong", alg)
		}
		if err := m.Destroy(id); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Sign(id, make([]byte, 32), crypto.SHA256); err == nil {
			t.Errorf("%s: a destroyed key signs", alg)
		}
	}
	if _, _, err := m.Generate(keys.EdDSA); m.Makes(keys.EdDSA) || err == nil || !strings.Contains(err.Error(), "take ES256") {
		t.Errorf("EdDSA: %v", err)
	}
}

func TestAWrongPINOpensNothingAndIsNotTold(t *testing.T) {
	token := pkcs11test.Token(t)
	token.PIN = "97531864"
	if _, err := pkcs11.Open(token); err == nil || strings.Contains(err.Error(), token.PIN) {
		t.Errorf("%v", err)
	}
	token.Token = "no such token"
	if _, err := pkcs11.Open(token); err == nil || !strings.Contains(err.Error(), token.Token) {
		t.Errorf("%v", err)
	}
}

// Keys follow one another in a module as they do in the database; a second
// process that opens the same module signs with the same key.
func TestKeysRotateWithinAModule(t *testing.T) {
	token := pkcs11test.Token(t)
	m := pkcs11test.Open(t, token)
	storetest.EachAt(t, func(t *testing.T, dsn string) {
		ring, clock := storetest.Ring(t), storetest.NewClock()
		db := storetest.Open(t, dsn, ring, clock)
		open := func(holder rotation.Holder) *rotation.Sets {
			s := rotation.NewSets(db, "oidc", keys.ES256, []string{keys.PS256, keys.EdDSA}, keys.DefaultSchedule(), clock.Now)
			s.Hold(holder)
			if err := s.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Need(t.Context(), keys.PS256, keys.EdDSA); err != nil {
				t.Fatal(err)
			}
			return s
		}
		one, two := open(m), open(pkcs11test.Open(t, token))
		if one.Makes(keys.EdDSA) || one.Of(keys.EdDSA) != nil {
			t.Error("there is a key for EdDSA, and where?")
		}
		first, signer := two.Main().Active(clock.Now())
		if kid, _ := one.Main().Active(clock.Now()); kid != first {
			t.Fatal("two processes have two keys")
		}
		if !verifies(t, keys.ES256, signer.Public(), func(d []byte, o crypto.SignerOpts) ([]byte, error) { return signer.Sign(nil, d, o) }) {
			t.Error("the signature is wrong")
		}
		if err := one.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.Advance(25 * time.Hour)
		if err := two.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		kid, signer := two.Main().Active(clock.Now())
		if kid == first || !verifies(t, keys.ES256, signer.Public(), func(d []byte, o crypto.SignerOpts) ([]byte, error) { return signer.Sign(nil, d, o) }) {
			t.Error("the next key does not sign")
		}
		expectNoPrivateKeys(t, db)
		withoutModule(t, db, clock)
	})
}

// expectNoPrivateKeys looks at the rows as the program reads them, decrypted.
func expectNoPrivateKeys(t *testing.T, db *store.DB) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.SigningKeys("oidc")
		for _, r := range rows {
			if len(r.Private) > 0 || r.Held == "" || len(r.Public) == 0 {
				t.Errorf("%s: private key of %d bytes, held as %q", r.ID, len(r.Private), r.Held)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// withoutModule is a process whose configuration has forgotten the module: it
// still shows what services verify by, and says why it cannot sign.
func withoutModule(t *testing.T, db *store.DB, clock *storetest.Clock) {
	t.Helper()
	s := rotation.New(db, "oidc", keys.ES256, keys.DefaultSchedule(), clock.Now)
	if err := s.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, signer := s.Active(clock.Now())
	if _, err := signer.Sign(nil, make([]byte, 32), crypto.SHA256); err == nil || !strings.Contains(err.Error(), "security module") {
		t.Errorf("%v", err)
	}
	if len(s.Published(clock.Now())) != 2 {
		t.Errorf("%d keys are published", len(s.Published(clock.Now())))
	}
}
