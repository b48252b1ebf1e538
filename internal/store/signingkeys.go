package store

import "time"

// SigningKey is a private key as it is kept, with the times of its life: it is
// published, signs, signs no longer, and is no longer published.
type SigningKey struct {
	ID          string
	Use         string // "oidc", "ledger", …
	Alg         string
	Private     []byte // PKCS #8 DER; encrypted in the database
	Published   time.Time
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
	_, err = tx.exec(`INSERT INTO signing_keys (id, use_for, alg, private, published, active_from, retired_from, gone_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		k.ID, k.Use, k.Alg, private, millis(k.Published), millis(k.ActiveFrom), millis(k.RetiredFrom), millis(k.GoneFrom))
	return err
}

// RetireSigningKey plans the end of a key.
func (tx *Tx) RetireSigningKey(id string, retired, gone time.Time) error {
	return tx.one(ErrNotFound, "UPDATE signing_keys SET retired_from = $2, gone_from = $3 WHERE id = $1", id, millis(retired), millis(gone))
}

// SigningKeys returns the keys for a use that are not gone, oldest first.
func (tx *Tx) SigningKeys(use string) (found []SigningKey, err error) {
	err = tx.each(func(scan func(...any) error) error {
		k := SigningKey{Use: use}
		var sealed string
		var published, active, retired, gone int64
		if err := scan(&k.ID, &k.Alg, &sealed, &published, &active, &retired, &gone); err != nil {
			return err
		}
		k.Published, k.ActiveFrom, k.RetiredFrom, k.GoneFrom = fromMillis(published), fromMillis(active), fromMillis(retired), fromMillis(gone)
		private, err := tx.db.ring.Decrypt(place("signing_keys", "private", k.ID), sealed)
		k.Private = []byte(private)
		found = append(found, k)
		return err
	}, `SELECT id, alg, private, published, active_from, retired_from, gone_from FROM signing_keys
		WHERE use_for = $1 AND (gone_from = 0 OR gone_from > $2) ORDER BY active_from, id`, use, millis(tx.Now))
	return found, err
}
