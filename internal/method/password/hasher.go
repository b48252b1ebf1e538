package password

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

const pepperBytes = 32

// Hasher turns passwords into records and compares them, a bounded number at
// once. It is safe for concurrent use.
type Hasher struct {
	params  Params
	peppers []pepper
	pool    *pool
	nobody  record
	calls   atomic.Int64
}

type pepper struct {
	id  string
	key []byte
}

// NewHasher checks the configuration and makes a Hasher of it.
// The only error is ErrConfig.
func NewHasher(c Config) (*Hasher, error) {
	c = c.withDefaults()
	if !c.Params.valid() {
		return nil, ErrConfig
	}
	h := &Hasher{params: c.Params, pool: newPool(c)}
	for _, key := range c.Peppers {
		if len(key) != pepperBytes {
			return nil, ErrConfig
		}
		h.peppers = append(h.peppers, pepper{id: pepperID(key), key: key})
	}
	h.nobody = h.fresh()
	rand.Read(h.nobody.sum) // no password has this sum
	return h, nil
}

// Hash makes the record to store for a new password.
// Errors: ErrTooLong, ErrBusy, and the context's.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	password = Normalise(password)
	if len(password) > MaxBytes {
		return "", ErrTooLong
	}
	r := h.fresh()
	sum, err := h.derive(ctx, r, password)
	if err != nil {
		return "", err
	}
	r.sum = sum
	return r.String(), nil
}

// Verify says whether the password belongs to the record. A record it cannot
// read costs one hash all the same, so a broken row does not stand out.
// Errors: ErrRecord, ErrBusy, and the context's.
func (h *Hasher) Verify(ctx context.Context, password, stored string) (bool, error) {
	r, err := parseRecord(stored)
	if err == nil && !h.holds(r.keyID) {
		err = ErrRecord
	}
	if err != nil {
		if busy := h.VerifyNobody(ctx, password); busy != nil {
			return false, busy
		}
		return false, err
	}
	return h.matches(ctx, r, password)
}

// VerifyNobody costs what Verify costs, for a username that does not exist.
// It is always a mismatch. Errors: ErrBusy, and the context's.
func (h *Hasher) VerifyNobody(ctx context.Context, password string) error {
	_, err := h.matches(ctx, h.nobody, password)
	return err
}

// NeedsRehash says whether a record should be replaced at the next successful
// sign-in: other costs than the current ones, or another pepper.
func (h *Hasher) NeedsRehash(stored string) bool {
	r, err := parseRecord(stored)
	return err != nil || r.Params != h.params || r.keyID != h.nobody.keyID || len(r.sum) != sumBytes
}

// Calls counts the hashes computed so far, so that a test can show that an
// unknown username costs as many as a known one.
func (h *Hasher) Calls() int64 { return h.calls.Load() }

// Normalise is applied to every password before it is counted or hashed: NFC,
// as NIST SP 800-63B-4 section 3.1.1.2 asks (earlier revisions asked for NFKC
// or NFKD), so that an ő typed as one character or as two opens the same door.
func Normalise(password string) string { return norm.NFC.String(password) }

func (h *Hasher) fresh() record {
	r := record{Params: h.params, salt: make([]byte, saltBytes), sum: make([]byte, sumBytes)}
	rand.Read(r.salt) // never fails: crypto/rand ends the program instead
	if len(h.peppers) > 0 {
		r.keyID = h.peppers[0].id
	}
	return r
}

func (h *Hasher) matches(ctx context.Context, r record, password string) (bool, error) {
	password = Normalise(password)
	if len(password) > MaxBytes {
		return false, nil // the same for every username
	}
	sum, err := h.derive(ctx, r, password)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, r.sum) == 1, nil
}

func (h *Hasher) derive(ctx context.Context, r record, password string) ([]byte, error) {
	if err := h.pool.enter(ctx); err != nil {
		return nil, err
	}
	defer h.pool.leave()
	h.calls.Add(1)
	return argon2.IDKey(h.season(r.keyID, password), r.salt, r.Passes, r.Memory, r.Threads, uint32(len(r.sum))), nil
}

func (h *Hasher) holds(keyID string) bool { return keyID == "" || h.pepper(keyID) != nil }

func (h *Hasher) pepper(keyID string) []byte {
	for _, p := range h.peppers {
		if p.id == keyID {
			return p.key
		}
	}
	return nil
}

// season mixes the pepper in: HMAC-SHA256 keyed with it, before argon2id.
func (h *Hasher) season(keyID, password string) []byte {
	if keyID == "" {
		return []byte(password)
	}
	return hmacSHA256(h.pepper(keyID), password)
}

// pepperID names a pepper without giving anything of it away.
func pepperID(key []byte) string {
	return b64.EncodeToString(hmacSHA256(key, "kapu password pepper id")[:6])
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
