// Package keys owns every secret of the gateway that is not a person's: the
// key file, the encryption of fields and of sealed tokens, the keyed indexes by
// which encrypted data can be found, and the signing keys with their rotation.
// It refuses to print, log or export any of them, and to start with a key file
// that others can read.
package keys

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// rootBytes is the size of the root secret from which the keyed indexes, the
// token key and the password pepper are derived (HKDF-SHA256, RFC 5869).
const rootBytes = 32

// ErrReadable is returned for a key file that group or others may read.
var ErrReadable = errors.New("keys: the key file may be read by others; chmod 600 it")

// Ring holds the gateway's secrets, ready for use. It is safe for concurrent use.
type Ring struct {
	fields tink.AEAD
	seal   tink.AEAD
	index  []byte
	token  []byte
	pepper []byte
	demo   bool
}

// file is the key file: JSON, version 1. The two keysets are Tink keysets, so
// that field and sealing keys can be rotated while old ciphertexts stay readable.
type file struct {
	Version int             `json:"version"`
	Demo    bool            `json:"demo,omitempty"`
	Root    string          `json:"root"`
	Fields  json.RawMessage `json:"fields"`
	Seal    json.RawMessage `json:"seal"`
}

// Generate makes the contents of a new key file. A demo file is marked as such
// for ever: [Ring.Demo] tells, and serving in earnest refuses it.
func Generate(demo bool) ([]byte, error) {
	root := make([]byte, rootBytes)
	if _, err := rand.Read(root); err != nil {
		return nil, err
	}
	f := file{Version: 1, Demo: demo, Root: base64.StdEncoding.EncodeToString(root)}
	for _, set := range []*json.RawMessage{&f.Fields, &f.Seal} {
		raw, err := newKeyset()
		if err != nil {
			return nil, err
		}
		*set = raw
	}
	return json.MarshalIndent(f, "", "  ")
}

func newKeyset() (json.RawMessage, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&b))
	return bytes.TrimSpace(b.Bytes()), err
}

// Open reads the key file at path. The file must be readable by its owner only.
func Open(path string) (*Ring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, ErrReadable
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(data)
}

// OpenOrCreate is [Open], but makes a new file when there is none.
func OpenOrCreate(path string, demo bool) (*Ring, error) {
	ring, err := Open(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return ring, err
	}
	data, err := Generate(demo)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, err
	}
	return Parse(data)
}

// Parse reads the contents of a key file, as written by [Generate]; they may as
// well come from an environment variable.
func Parse(data []byte) (*Ring, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("keys: the key file is not JSON: %w", err)
	}
	root, err := base64.StdEncoding.DecodeString(f.Root)
	if f.Version != 1 || err != nil || len(root) != rootBytes {
		return nil, errors.New("keys: the key file is not one of version 1")
	}
	r := &Ring{demo: f.Demo}
	if r.fields, err = openKeyset(f.Fields); err != nil {
		return nil, err
	}
	if r.seal, err = openKeyset(f.Seal); err != nil {
		return nil, err
	}
	return r, r.derive(root)
}

func openKeyset(raw json.RawMessage) (tink.AEAD, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("keys: keyset: %w", err)
	}
	return aead.New(handle)
}

func (r *Ring) derive(root []byte) error {
	for _, d := range []struct {
		info string
		into *[]byte
	}{
		{"kapu blind index v1", &r.index},
		{"kapu token digest v1", &r.token},
		{"kapu password pepper v1", &r.pepper},
	} {
		key, err := hkdf.Key(sha256.New, root, nil, d.info, rootBytes)
		if err != nil {
			return err
		}
		*d.into = key
	}
	return nil
}

// Demo tells whether the key file was made for a demo.
func (r *Ring) Demo() bool { return r.demo }

// Pepper is the secret mixed into every password before it is hashed (NIST SP
// 800-63B-4, 3.1.1.2). It lives outside the database.
func (r *Ring) Pepper() []byte { return r.pepper }

// Index is the blind index of a value: what equals under the same column's name
// has the same index, and without the key an index tells nothing. It is 43
// characters of base64url.
func (r *Ring) Index(column, value string) string { return digest(r.index, column, value) }

// Digest is the keyed digest under which a random secret (a code, a token, a
// cookie) is stored; purpose keeps the kinds apart.
func (r *Ring) Digest(purpose, secret string) string { return digest(r.token, purpose, secret) }

// RandomToken is a new secret of 256 random bits, 43 characters of base64url.
func RandomToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func digest(key []byte, label, value string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(label))
	mac.Write([]byte{0})
	mac.Write([]byte(value))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
