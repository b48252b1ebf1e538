package store

import (
	"encoding/base64"
	"fmt"
	"time"
)

// SigningKey is a private key as it is kept, with the times of its life: it is
// published, signs, signs no longer, and is no longer published.
type SigningKey struct {
	ID          string
	Use         string // "oidc", "ledger", …
	Alg         string
	Private     []byte // PKCS #8 DER; encrypted in the database; none if it is held
	Held        string // its id in the security module that holds it; "" for none
	Public      []byte // PKIX DER, of a key that is held
	Published   time.Time
	ReadyFrom   time.Time // signs from then on as soon as services have it; zero: it does not wait for them
	ActiveFrom  time.Time
	RetiredFrom time.Time // zero: not planned
	GoneFrom    time.Time // zero: not planned
}

// AddSigningKey records a key. ErrTaken: the id is in use.
func (tx *Tx) AddSigningKey(k SigningKey) error {
	private, err := tx.db.ring.Encrypt(place("signing_keys", "private", k.ID), string(k.Private))
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO signing_keys (id, use_for, alg, private, held, public, published, ready_from, active_from, retired_from, gone_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		k.ID, k.Use, k.Alg, private, k.Held, base64.StdEncoding.EncodeToString(k.Public),
		millis(k.Published), millis(k.ReadyFrom), millis(k.ActiveFrom), millis(k.RetiredFrom), millis(k.GoneFrom))
	return err
}

// SettleSigningKey fixes when a key begins to sign that has waited for services.
// ErrStale: it waits no more.
func (tx *Tx) SettleSigningKey(id string, active time.Time) error {
	return tx.one(ErrStale, "UPDATE signing_keys SET active_from = $2, ready_from = 0 WHERE id = $1 AND ready_from > 0", id, millis(active))
}

// RetireSigningKey plans the end of a key.
func (tx *Tx) RetireSigningKey(id string, retired, gone time.Time) error {
	return tx.one(ErrNotFound, "UPDATE signing_keys SET retired_from = $2, gone_from = $3 WHERE id = $1", id, millis(retired), millis(gone))
}

// SigningKeys returns the keys for a use that are not gone, oldest first.
func (tx *Tx) SigningKeys(use string) (found []SigningKey, err error) {
	err = tx.each(func(scan func(...any) error) error {
		k, err := tx.signingKey(use, scan)
		found = append(found, k)
		return err
	}, `SELECT id, alg, private, held, public, published, ready_from, active_from, retired_from, gone_from FROM signing_keys
		WHERE use_for = $1 AND (gone_from = 0 OR gone_from > $2) ORDER BY active_from, id`, use, millis(tx.Now))
	return found, err
}

func (tx *Tx) signingKey(use string, scan func(...any) error) (k SigningKey, err error) {
	k.Use = use
	var sealed, public string
	var published, ready, active, retired, gone int64
	if err := scan(&k.ID, &k.Alg, &sealed, &k.Held, &public, &published, &ready, &active, &retired, &gone); err != nil {
		return k, err
	}
	k.Published, k.ReadyFrom, k.ActiveFrom, k.RetiredFrom, k.GoneFrom = fromMillis(published), fromMillis(ready), fromMillis(active), fromMillis(retired), fromMillis(gone)
	private, err := tx.db.ring.Decrypt(place("signing_keys", "private", k.ID), sealed)
	if err != nil {
		return k, err
	}
	k.Private = []byte(private)
	if k.Public, err = base64.StdEncoding.DecodeString(public); err != nil {
		return k, fmt.Errorf("store: signing key %s: %w", k.ID, err)
	}
	return k, nil
}
