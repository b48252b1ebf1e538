package store

import "time"

// PendingAct is something announced to an account's owner, to be carried out or
// forgotten when it is due unless it is stopped before.
type PendingAct struct {
	ID      string
	Account string
	Kind    string
	Data    []byte // sealed at rest
	Digest  string // of the token in the letter that stops it
	Created time.Time
	Due     time.Time
}

// PutAct records an act in place of any other of its kind and gives it its id.
func (tx *Tx) PutAct(a PendingAct) (PendingAct, error) {
	a.ID, a.Created = NewID(), tx.Now
	data, err := tx.sealAct(a)
	if err != nil {
		return a, err
	}
	_, err = tx.exec(`INSERT INTO pending_acts (id, account, kind, data, digest, created, due) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (account, kind) DO UPDATE SET id = excluded.id, data = excluded.data, digest = excluded.digest, created = excluded.created, due = excluded.due`,
		a.ID, a.Account, a.Kind, data, a.Digest, millis(a.Created), millis(a.Due))
	return a, err
}

// SaveAct records what became of an act. ErrStale: it is gone, or was replaced.
func (tx *Tx) SaveAct(a PendingAct) error {
	data, err := tx.sealAct(a)
	if err != nil {
		return err
	}
	return tx.one(ErrStale, "UPDATE pending_acts SET data = $2, digest = $3, due = $4 WHERE id = $1", a.ID, data, a.Digest, millis(a.Due))
}

func (tx *Tx) sealAct(a PendingAct) (string, error) {
	return tx.db.ring.Encrypt(place("pending_acts", "data", a.ID), string(a.Data))
}

// Act returns the act of a kind that waits on an account.
func (tx *Tx) Act(account, kind string) (PendingAct, error) {
	return firstAct(tx.acts("account = $1 AND kind = $2", account, kind))
}

// ActByDigest finds the act that a token stops.
func (tx *Tx) ActByDigest(digest string) (PendingAct, error) {
	return firstAct(tx.acts("digest = $1", digest))
}

func firstAct(found []PendingAct, err error) (PendingAct, error) {
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return PendingAct{}, err
	}
	return found[0], nil
}

// ActsOf returns all that waits on an account, the next due first.
func (tx *Tx) ActsOf(account string) ([]PendingAct, error) {
	return tx.acts("account = $1 ORDER BY due", account)
}

// DueActs returns acts whose time has come, the longest due first, without their
// data: one that cannot be opened must not hide the others.
func (tx *Tx) DueActs(limit int) (found []PendingAct, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var a PendingAct
		var created, due int64
		err := scan(&a.ID, &a.Account, &a.Kind, &created, &due)
		a.Created, a.Due = fromMillis(created), fromMillis(due)
		found = append(found, a)
		return err
	}, "SELECT id, account, kind, created, due FROM pending_acts WHERE due <= $1 ORDER BY due LIMIT $2", millis(tx.Now), limit)
	return found, err
}

// DropAct forgets an act. ErrStale: somebody else was first.
func (tx *Tx) DropAct(id string) error {
	return tx.one(ErrStale, "DELETE FROM pending_acts WHERE id = $1", id)
}

func (tx *Tx) acts(where string, args ...any) (found []PendingAct, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var a PendingAct
		var data string
		var created, due int64
		if err := scan(&a.ID, &a.Account, &a.Kind, &data, &a.Digest, &created, &due); err != nil {
			return err
		}
		plain, err := tx.db.ring.Decrypt(place("pending_acts", "data", a.ID), data)
		a.Data, a.Created, a.Due = []byte(plain), fromMillis(created), fromMillis(due)
		found = append(found, a)
		return err
	}, "SELECT id, account, kind, data, digest, created, due FROM pending_acts WHERE "+where, args...)
	return found, err
}
