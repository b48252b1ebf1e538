package store

import "time"

// Credential is what proves one method of an account: a hash, or a secret that
// the store keeps encrypted when its kind is a sealed one.
type Credential struct {
	ID       string
	Account  string
	Kind     string
	Secret   string
	Counter  int64 // last used step of a one-time code
	Initial  bool  // issued by an office, to be replaced at the first sign-in (R13)
	Created  time.Time
	LastUsed time.Time
}

// PutCredential records a credential in place of any other of its kind. The
// secret is encrypted under the gateway's key.
func (tx *Tx) PutCredential(c Credential) error {
	c.ID = NewID()
	sealed, err := tx.db.ring.Encrypt(place("credentials", c.Kind, c.Account), c.Secret)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO credentials (id, account, kind, secret, counter, initial, created, last_used) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
		ON CONFLICT (account, kind) DO UPDATE SET id = excluded.id, secret = excluded.secret, counter = excluded.counter,
			initial = excluded.initial, created = excluded.created, last_used = 0`,
		c.ID, c.Account, c.Kind, sealed, c.Counter, flag(c.Initial), millis(tx.Now))
	return err
}

// Credential returns the credential of that kind.
func (tx *Tx) Credential(account, kind string) (Credential, error) {
	c := Credential{Account: account, Kind: kind}
	var initial, created, used int64
	err := tx.row([]any{&c.ID, &c.Secret, &c.Counter, &initial, &created, &used},
		"SELECT id, secret, counter, initial, created, last_used FROM credentials WHERE account = $1 AND kind = $2", account, kind)
	if err != nil {
		return c, err
	}
	c.Initial, c.Created, c.LastUsed = initial != 0, fromMillis(created), fromMillis(used)
	c.Secret, err = tx.db.ring.Decrypt(place("credentials", kind, account), c.Secret)
	return c, err
}

// SpendStep records that the one-time code of a step was used. ErrStale: that
// step or a later one was used already, perhaps a moment ago by somebody else.
func (tx *Tx) SpendStep(id string, step int64) error {
	return tx.one(ErrStale, "UPDATE credentials SET counter = $2, last_used = $3 WHERE id = $1 AND counter < $2", id, step, millis(tx.Now))
}

// Rehash replaces the secret of a credential that has not changed since it was
// read. It says nothing if it has.
func (tx *Tx) Rehash(c Credential, secret string) error {
	sealed, err := tx.db.ring.Encrypt(place("credentials", c.Kind, c.Account), secret)
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE credentials SET secret = $2 WHERE id = $1", c.ID, sealed)
	return err
}

// RemoveCredential deletes a credential, which ends the sessions that were opened
// with it; that of the passkeys goes with all of them. ErrNotFound: there was none.
func (tx *Tx) RemoveCredential(account, kind string) error {
	if err := tx.one(ErrNotFound, "DELETE FROM credentials WHERE account = $1 AND kind = $2", account, kind); err != nil {
		return err
	}
	if kind == PasskeyKind {
		if _, err := tx.exec("DELETE FROM passkeys WHERE account = $1", account); err != nil {
			return err
		}
	}
	return tx.endSessionsOf(account)
}
