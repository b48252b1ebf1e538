package store

import "time"

// PutVolatile stores a value until it expires.
func (tx *Tx) PutVolatile(key string, value []byte, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO volatile (key, value, expires) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires`, key, value, millis(expires))
	return err
}

// GetVolatile returns a value that has not expired, else ErrNotFound.
func (tx *Tx) GetVolatile(key string) (value []byte, err error) {
	err = tx.row([]any{&value}, "SELECT value FROM volatile WHERE key = $1 AND expires > $2", key, millis(tx.Now))
	return value, err
}

// TakeVolatile returns a value and deletes it, so that nobody gets it twice.
func (tx *Tx) TakeVolatile(key string) (value []byte, err error) {
	err = tx.row([]any{&value}, "DELETE FROM volatile WHERE key = $1 AND expires > $2 RETURNING value", key, millis(tx.Now))
	return value, err
}

// InsertVolatile stores a value where there is none that has not expired; else ErrStale.
func (tx *Tx) InsertVolatile(key string, value []byte, expires time.Time) error {
	return tx.one(ErrStale, `INSERT INTO volatile (key, value, expires) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE volatile.expires <= $4`,
		key, value, millis(expires), millis(tx.Now))
}

// SwapVolatile replaces a value that is still old; else ErrStale.
func (tx *Tx) SwapVolatile(key string, old, value []byte, expires time.Time) error {
	return tx.one(ErrStale, "UPDATE volatile SET value = $3, expires = $4 WHERE key = $1 AND value = $2 AND expires > $5",
		key, old, value, millis(expires), millis(tx.Now))
}

// DeleteVolatile forgets a value.
func (tx *Tx) DeleteVolatile(key string) error {
	_, err := tx.exec("DELETE FROM volatile WHERE key = $1", key)
	return err
}

// SweepVolatile deletes at most limit values that have expired, and says how many.
func (tx *Tx) SweepVolatile(limit int) (int64, error) {
	return tx.exec("DELETE FROM volatile WHERE key IN (SELECT key FROM volatile WHERE expires <= $1 LIMIT $2)", millis(tx.Now), limit)
}

// CountVolatile tells how many values there are, expired ones among them.
func (tx *Tx) CountVolatile() (n int64, err error) {
	err = tx.row([]any{&n}, "SELECT COUNT(*) FROM volatile")
	return n, err
}
