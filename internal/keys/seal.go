package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// ErrSealed is returned for a ciphertext that was altered, belongs to another
// place or was sealed under a key that is gone. It never says which.
var ErrSealed = errors.New("keys: cannot be opened")

// Seal encrypts a token that travels through the browser, bound to its purpose.
// The result is base64url without padding.
func (r *Ring) Seal(purpose string, plain []byte) (string, error) {
	ct, err := r.seal.Encrypt(plain, []byte(purpose))
	return base64.RawURLEncoding.EncodeToString(ct), err
}

// Unseal opens what [Ring.Seal] made for the same purpose, to the letter: one
// value is one text, so that what counts once can be remembered by its text.
func (r *Ring) Unseal(purpose, sealed string) ([]byte, error) {
	ct, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || strings.ContainsAny(sealed, "\r\n") { // which decoding skips
		return nil, ErrSealed
	}
	plain, err := r.seal.Decrypt(ct, []byte(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// SealValue is [Ring.Seal] for a value, as JSON.
func (r *Ring) SealValue(purpose string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return r.Seal(purpose, plain)
}

// UnsealValue tells whether a text was made by [Ring.SealValue] for the same
// purpose, and reads it.
func (r *Ring) UnsealValue(purpose, sealed string, into any) bool {
	plain, err := r.Unseal(purpose, sealed)
	return err == nil && json.Unmarshal(plain, into) == nil
}

// Encrypt encrypts one field of the database under the gateway's key; place is
// table/column/row. Empty stays empty.
func (r *Ring) Encrypt(place, plain string) (string, error) {
	if plain == "" {
		return "", nil
	}
	ct, err := r.fields.Encrypt([]byte(plain), []byte(place))
	return base64.RawStdEncoding.EncodeToString(ct), err
}

// Decrypt opens a field that [Ring.Encrypt] closed for the same place.
func (r *Ring) Decrypt(place, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	ct, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return "", ErrSealed
	}
	plain, err := r.fields.Decrypt(ct, []byte(place))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}

// Personal is the key of one person's data (AES-256-GCM). It is kept wrapped in
// the person's row; deleting it erases all that was encrypted under it, in the
// ledger as well. A backup from before still holds it for as long as it is kept.
type Personal struct{ gcm cipher.AEAD }

// NewPersonal makes a key for the person with that id, and its wrapped form.
func (r *Ring) NewPersonal(id string) (*Personal, string, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, "", err
	}
	wrapped, err := r.Encrypt(personalPlace(id), string(raw))
	if err != nil {
		return nil, "", err
	}
	p, err := newPersonal(raw)
	return p, wrapped, err
}

// OpenPersonal unwraps a person's key. A wrapped key that was erased gives
// [ErrSealed].
func (r *Ring) OpenPersonal(id, wrapped string) (*Personal, error) {
	raw, err := r.Decrypt(personalPlace(id), wrapped)
	if err != nil || raw == "" {
		return nil, ErrSealed
	}
	return newPersonal([]byte(raw))
}

func personalPlace(id string) string { return "persons/key/" + id }

func newPersonal(raw []byte) (*Personal, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	return &Personal{gcm}, err
}

// Encrypt encrypts one field of the person; place is table/column/row.
func (p *Personal) Encrypt(place, plain string) string {
	if plain == "" {
		return ""
	}
	return base64.RawStdEncoding.EncodeToString(p.gcm.Seal(nil, nil, []byte(plain), []byte(place)))
}

// Decrypt opens a field that [Personal.Encrypt] closed for the same place.
func (p *Personal) Decrypt(place, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	ct, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return "", ErrSealed
	}
	plain, err := p.gcm.Open(nil, nil, ct, []byte(place))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}
