package store

import (
	"time"

	"kapu/internal/identity"
)

// DueAccount is what the sweep of accounts' lives reads of one, without opening
// personal data.
type DueAccount struct {
	ID          string
	Person      string
	State       identity.AccountState
	Provisional bool
	ValidUntil  time.Time
	Due         time.Time // zero: not scheduled yet
}

// DueAccounts returns accounts whose life must be looked at, the longest due
// first. On PostgreSQL, inside [DB.Update], those that another process holds are left out.
func (tx *Tx) DueAccounts(limit int) (due []DueAccount, err error) {
	claim := ""
	if tx.sql != nil {
		claim = tx.db.dialect.skip
	}
	err = tx.each(func(scan func(...any) error) error {
		var a DueAccount
		var provisional, until, at int64
		err := scan(&a.ID, &a.Person, &a.State, &provisional, &until, &at)
		a.Provisional, a.ValidUntil, a.Due = provisional != 0, fromMillis(until), fromMillis(at)
		due = append(due, a)
		return err
	}, "SELECT id, person, state, provisional, valid_until, due FROM accounts WHERE state <> 'pending' AND due <= $1 ORDER BY due LIMIT $2"+claim,
		millis(tx.Now), limit)
	return due, err
}

// Schedule says when an account's life is to be looked at next.
func (tx *Tx) Schedule(id string, due time.Time) error {
	return tx.one(ErrNotFound, "UPDATE accounts SET due = $2 WHERE id = $1", id, millis(due))
}

// ExtendAccount moves the end of an active account. ErrStale: it is not active.
func (tx *Tx) ExtendAccount(id string, until time.Time) error {
	return tx.one(ErrStale, "UPDATE accounts SET valid_until = $2, due = 0 WHERE id = $1 AND state = $3", id, millis(until), identity.Active)
}

// SetEmail gives an account another address.
func (tx *Tx) SetEmail(id string, e identity.Email) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	a.Email = e
	_, sealed, err := tx.sealContact(a)
	if err != nil {
		return err
	}
	return tx.one(ErrNotFound, "UPDATE accounts SET email = $2, email_index = $3 WHERE id = $1", id, sealed, tx.emailIndex(e))
}

// FinaliseAccount makes a provisional account a final one of the given person,
// kept by the office, and ends its sessions. What is sealed is sealed anew when
// the person is another. ErrStale: it is not provisional.
func (tx *Tx) FinaliseAccount(id, person, office string, until time.Time) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	a.PersonID = person
	username, email, err := tx.sealContact(a)
	if err != nil {
		return err
	}
	return tx.one(ErrStale, `UPDATE accounts SET person = $2, username = $3, email = $4, office = $5, valid_until = $6, sessions_from = $7,
		provisional = 0, due = 0 WHERE id = $1 AND provisional = 1`, id, person, username, email, office, millis(until), millis(tx.Now))
}

// Tombstone is what remains of an account: that there was one, never of whom.
type Tombstone struct {
	Account    string
	Person     string
	Office     string
	Channel    string
	Reason     string
	Created    time.Time
	Activated  time.Time
	Ended      time.Time
	RestsUntil time.Time // the username is given to nobody before
}

// EndAccount deletes an account with all that belongs to it, and its person with
// the key of all their data if it was their last. A tombstone remains, under
// which the username rests.
func (tx *Tx) EndAccount(a identity.Account, reason string, restsUntil time.Time) error {
	_, err := tx.exec(`INSERT INTO tombstones (account, person, office, channel, reason, folded_index, created, activated, ended, rests_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.ID, a.PersonID, a.Office, a.Channel, reason, tx.foldedIndex(a.Username), millis(a.Created), millis(a.Activated), millis(tx.Now), millis(restsUntil))
	if err != nil {
		return err
	}
	if err := tx.CloseCasesOf(a.ID, reason); err != nil {
		return err
	}
	if err := tx.DeleteAccount(a.ID); err != nil {
		return err
	}
	_, err = tx.ErasePerson(a.PersonID)
	return err
}

// Tombstone returns what remains of an account.
func (tx *Tx) Tombstone(account string) (Tombstone, error) {
	t := Tombstone{Account: account}
	var created, activated, ended, rests int64
	err := tx.row([]any{&t.Person, &t.Office, &t.Channel, &t.Reason, &created, &activated, &ended, &rests},
		"SELECT person, office, channel, reason, created, activated, ended, rests_until FROM tombstones WHERE account = $1", account)
	t.Created, t.Activated, t.Ended, t.RestsUntil = fromMillis(created), fromMillis(activated), fromMillis(ended), fromMillis(rests)
	return t, err
}

// resting tells whether a username rests after the end of its account.
func (tx *Tx) resting(u identity.Username) (bool, error) {
	var n int64
	err := tx.row([]any{&n}, "SELECT COUNT(*) FROM tombstones WHERE folded_index = $1 AND rests_until > $2", tx.foldedIndex(u), millis(tx.Now))
	return n > 0, err
}

// FreeNames forgets usernames whose rest is over, and says of how many.
func (tx *Tx) FreeNames(limit int) (int, error) {
	n, err := tx.exec(`UPDATE tombstones SET folded_index = '' WHERE account IN
		(SELECT account FROM tombstones WHERE folded_index <> '' AND rests_until <= $1 LIMIT $2)`, millis(tx.Now), limit)
	return int(n), err
}
