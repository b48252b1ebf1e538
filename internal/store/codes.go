package store

import "time"

// Code is a one-time code that was sent to an account's owner. Only its keyed
// digest is kept, and an account has one code for a purpose at most.
type Code struct {
	ID      string
	Account string
	Purpose string
	Digest  string
	Created time.Time
	Expires time.Time
}

// PutCode records a code in place of any other for the same purpose, under a new
// id unless it has one.
func (tx *Tx) PutCode(c Code) error {
	if c.ID == "" {
		c.ID = NewID()
	}
	_, err := tx.exec(`INSERT INTO codes (id, account, purpose, digest, created, expires) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account, purpose) DO UPDATE SET id = excluded.id, digest = excluded.digest, created = excluded.created, expires = excluded.expires`,
		c.ID, c.Account, c.Purpose, c.Digest, millis(tx.Now), millis(c.Expires))
	return err
}

// Code returns the code of an account for a purpose.
func (tx *Tx) Code(account, purpose string) (Code, error) {
	return tx.code("account = $1 AND purpose = $2", account, purpose)
}

// CodeByDigest finds a code that is long and random enough to name itself.
func (tx *Tx) CodeByDigest(purpose, digest string) (Code, error) {
	return tx.code("purpose = $1 AND digest = $2", purpose, digest)
}

func (tx *Tx) code(where string, args ...any) (Code, error) {
	var c Code
	var created, expires int64
	err := tx.row([]any{&c.ID, &c.Account, &c.Purpose, &c.Digest, &created, &expires},
		"SELECT id, account, purpose, digest, created, expires FROM codes WHERE "+where, args...)
	c.Created, c.Expires = fromMillis(created), fromMillis(expires)
	return c, err
}

// SpendCode deletes a code as it is used. ErrStale: somebody else was first.
func (tx *Tx) SpendCode(id string) error {
	return tx.one(ErrStale, "DELETE FROM codes WHERE id = $1", id)
}

// LapsedCodes returns codes for a purpose whose time is over, oldest first.
func (tx *Tx) LapsedCodes(purpose string, limit int) (lapsed []Code, err error) {
	err = tx.each(func(scan func(...any) error) error {
		c := Code{Purpose: purpose}
		var expires int64
		err := scan(&c.ID, &c.Account, &expires)
		c.Expires = fromMillis(expires)
		lapsed = append(lapsed, c)
		return err
	}, "SELECT id, account, expires FROM codes WHERE expires <= $1 AND purpose = $2 ORDER BY expires LIMIT $3", millis(tx.Now), purpose, limit)
	return lapsed, err
}
