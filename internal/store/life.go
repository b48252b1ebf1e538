package store

import (
	"errors"
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

const dueColumns = "SELECT id, person, state, provisional, valid_until, due FROM accounts WHERE state <> 'pending' AND due <= $1"

// DueAccounts returns accounts whose life must be looked at, the longest due
// first. On PostgreSQL, inside [DB.Update], those that another process holds are left out.
func (tx *Tx) DueAccounts(limit int) ([]DueAccount, error) {
	return tx.dueAccounts(dueColumns+" ORDER BY due LIMIT $2"+tx.claim(), millis(tx.Now), limit)
}

// ClaimDue returns those of the accounts that are due still, and holds them until
// the transaction is over. Those that another process holds are left out.
func (tx *Tx) ClaimDue(ids []string) (claimed []DueAccount, err error) {
	err = inPortions(ids, func(ids []string) error {
		some, err := tx.dueAccounts(dueColumns+" AND id IN "+marks(1, len(ids))+tx.claim(), anys([]any{millis(tx.Now)}, ids)...)
		claimed = append(claimed, some...)
		return err
	})
	return claimed, err
}

// claim ends a SELECT of rows that are about to be changed.
func (tx *Tx) claim() string {
	if tx.sql == nil {
		return ""
	}
	return tx.db.dialect.skip
}

func (tx *Tx) dueAccounts(query string, args ...any) (due []DueAccount, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var a DueAccount
		var provisional, until, at int64
		err := scan(&a.ID, &a.Person, &a.State, &provisional, &until, &at)
		a.Provisional, a.ValidUntil, a.Due = provisional != 0, fromMillis(until), fromMillis(at)
		due = append(due, a)
		return err
	}, query, args...)
	return due, err
}

// HoldAccount lets one transaction after the other act on an account. An update
// that changes nothing is the lock that both engines know. ErrNotFound: it is gone.
func (tx *Tx) HoldAccount(id string) error {
	return tx.one(ErrNotFound, "UPDATE accounts SET due = due WHERE id = $1", id)
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
	if err := tx.endSessionsOf(id); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM devices WHERE account = $1", id); err != nil { // sealed under another key
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

// Ending is an account that ends.
type Ending struct {
	Account    identity.Account
	Reason     string
	RestsUntil time.Time // the username is given to nobody before
}

// EndAccounts deletes accounts with all that belongs to them, and their persons
// with the key of all their data where nothing else of theirs is left. Tombstones
// remain, under which the usernames rest. ErrStale: somebody else was first with one.
func (tx *Tx) EndAccounts(all []Ending) error {
	var ids, persons []string
	byReason, stones := map[string][]string{}, make([][]any, 0, len(all))
	for _, e := range all {
		a := e.Account
		ids, persons, byReason[e.Reason] = append(ids, a.ID), append(persons, a.PersonID), append(byReason[e.Reason], a.ID)
		stones = append(stones, []any{a.ID, a.PersonID, a.Office, a.Channel, e.Reason, tx.foldedIndex(a.Username),
			millis(a.Created), millis(a.Activated), millis(tx.Now), millis(e.RestsUntil)})
	}
	err := tx.insert("tombstones (account, person, office, channel, reason, folded_index, created, activated, ended, rests_until)", stones)
	if err != nil {
		return ended(err)
	}
	for reason, ids := range byReason {
		err := tx.execIn("UPDATE cases SET state = $1, data = '', name_index = '', version = version + 1 WHERE account", ids, reason)
		if err != nil {
			return err
		}
	}
	if err := tx.endSessionsOf(ids...); err != nil {
		return err
	}
	for _, table := range ofAccount {
		if err := tx.execIn("DELETE FROM "+table+" WHERE account", ids); err != nil {
			return err
		}
	}
	if err := tx.execIn("DELETE FROM accounts WHERE id", ids); err != nil {
		return err
	}
	if err := tx.holdPersons(persons); err != nil {
		return err
	}
	return tx.execIn("DELETE FROM persons WHERE "+unneeded+" AND id", persons)
}

// holdPersons lets one transaction after the other decide whether a person has an
// account left: of two that end the last two, neither would see the other's end.
func (tx *Tx) holdPersons(ids []string) error {
	return inPortions(ids, func(ids []string) error {
		var id string
		return tx.each(func(scan func(...any) error) error { return scan(&id) },
			"SELECT id FROM persons WHERE id IN "+marks(0, len(ids))+" ORDER BY id"+tx.db.dialect.hold, anys(nil, ids)...)
	})
}

// ended tells apart that an account has its tombstone already.
func ended(err error) error {
	if errors.Is(err, ErrTaken) {
		return ErrStale
	}
	return err
}

// EndAccount is [Tx.EndAccounts] for one.
func (tx *Tx) EndAccount(a identity.Account, reason string, restsUntil time.Time) error {
	return tx.EndAccounts([]Ending{{a, reason, restsUntil}})
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
