package store

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
)

// AddAccount records a new account and gives it its id and creation time.
// ErrTaken: the username, or one that differs only in case, is in use or rests.
func (tx *Tx) AddAccount(a identity.Account) (identity.Account, error) {
	a.ID, a.Created = NewID(), tx.Now
	if a.Channel == "" {
		a.Channel = identity.ChannelOffice
	}
	username, email, err := tx.sealContact(a)
	if err != nil {
		return a, err
	}
	_, err = tx.exec(`INSERT INTO accounts (id, person, state, username, username_index, folded_index, email, email_index, lang, office, created, activated, valid_until, sessions_from, channel, provisional)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		a.ID, a.PersonID, a.State, username, tx.usernameIndex(a.Username), tx.foldedIndex(a.Username),
		email, tx.emailIndex(a.Email), a.Lang, a.Office, millis(a.Created), millis(a.Activated), millis(a.ValidUntil), millis(a.SessionsFrom), a.Channel, flag(a.Provisional))
	if err != nil {
		return a, err
	}
	// Asked after the row is in: whoever ends the name's account at this moment has either held us up or not begun.
	resting, err := tx.resting(a.Username)
	if err == nil && resting {
		err = ErrTaken
	}
	return a, err
}

func (tx *Tx) sealContact(a identity.Account) (username, email string, err error) {
	key, err := tx.PersonalKey(a.PersonID)
	if err != nil {
		return "", "", err
	}
	return key.Encrypt(place("accounts", "username", a.ID), string(a.Username)),
		key.Encrypt(place("accounts", "email", a.ID), string(a.Email)), nil
}

func (tx *Tx) usernameIndex(u identity.Username) string {
	return tx.db.ring.Index("accounts/username", string(u))
}

func (tx *Tx) emailIndex(e identity.Email) string {
	return tx.db.ring.Index("accounts/email", e.Canonical())
}

func (tx *Tx) foldedIndex(u identity.Username) string {
	return tx.db.ring.Index("accounts/folded", u.Fold())
}

// UsernameTaken tells whether a username is in use, be it in another case, or
// rests after the end of an account.
func (tx *Tx) UsernameTaken(u identity.Username) (bool, error) {
	var id string
	err := tx.row([]any{&id}, "SELECT id FROM accounts WHERE folded_index = $1", tx.foldedIndex(u))
	if err == ErrNotFound {
		return tx.resting(u)
	}
	return err == nil, err
}

const accountColumns = "a.id, a.person, a.state, a.username, a.email, a.lang, a.office, a.channel, a.provisional, a.created, a.activated, a.valid_until, a.sessions_from, p.key"

// Account returns the account with that id.
func (tx *Tx) Account(id string) (identity.Account, error) {
	return tx.account("a.id = $1", id)
}

// AccountByUsername returns the account whose username is exactly u.
func (tx *Tx) AccountByUsername(u identity.Username) (identity.Account, error) {
	return tx.account("a.username_index = $1", tx.usernameIndex(u))
}

func (tx *Tx) account(where string, arg any) (identity.Account, error) {
	found, err := tx.accounts(where, arg)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return identity.Account{}, err
	}
	return found[0], nil
}

// AccountsOf returns a person's accounts, oldest first.
func (tx *Tx) AccountsOf(person string) ([]identity.Account, error) {
	return tx.accounts("a.person = $1", person)
}

// accounts scans first and decrypts after: the rows hold no connection while keys are opened.
func (tx *Tx) accounts(where string, args ...any) (found []identity.Account, err error) {
	var wrapped []string
	err = tx.each(func(scan func(...any) error) error {
		var a identity.Account
		var key string
		var provisional, created, activated, until, from int64
		err := scan(&a.ID, &a.PersonID, &a.State, &a.Username, &a.Email, &a.Lang, &a.Office, &a.Channel, &provisional, &created, &activated, &until, &from, &key)
		a.Provisional = provisional != 0
		a.Created, a.Activated, a.ValidUntil, a.SessionsFrom = fromMillis(created), fromMillis(activated), fromMillis(until), fromMillis(from)
		found, wrapped = append(found, a), append(wrapped, key)
		return err
	}, "SELECT "+accountColumns+" FROM accounts a JOIN persons p ON p.id = a.person WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if err := openContact(tx.db.ring, &found[i], wrapped[i]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// openContact decrypts what of the account's name and address was read.
func openContact(ring *keys.Ring, a *identity.Account, wrapped string) error {
	key, err := ring.OpenPersonal(a.PersonID, wrapped)
	if err != nil {
		return err
	}
	username, err := key.Decrypt(place("accounts", "username", a.ID), string(a.Username))
	if err != nil {
		return err
	}
	email, err := key.Decrypt(place("accounts", "email", a.ID), string(a.Email))
	a.Username, a.Email = identity.Username(username), identity.Email(email)
	return err
}

// AccountSearch narrows the desk's list of accounts. Every field is optional;
// values are compared whole, through blind indexes.
type AccountSearch struct {
	Office    string
	Username  identity.Username
	Email     identity.Email
	BirthName identity.Name // with BirthDate
	BirthDate identity.Date
	After     string // id of the last account of the page before
	Limit     int
}

// FindAccounts returns a page of accounts, newest first.
func (tx *Tx) FindAccounts(s AccountSearch) ([]identity.Account, error) {
	where, args := "1 = 1", []any{}
	and := func(condition string, arg any) {
		args = append(args, arg)
		where += " AND " + condition + " " + placeholder(len(args))
	}
	if s.Office != "" {
		and("a.office =", s.Office)
	}
	if s.Username != "" {
		and("a.username_index =", tx.usernameIndex(s.Username))
	}
	if s.Email != "" {
		and("a.email_index =", tx.emailIndex(s.Email))
	}
	if !s.BirthName.IsZero() {
		and("p.core_index =", tx.coreIndex(s.BirthName, s.BirthDate))
	}
	if s.After != "" {
		and("a.id <", s.After)
	}
	args = append(args, s.Limit)
	return tx.accounts(where+" ORDER BY a.id DESC LIMIT "+placeholder(len(args)), args...)
}

// Activate turns a pending or closed account into an active one until the given time.
// ErrStale: it was neither.
func (tx *Tx) Activate(id string, validUntil time.Time) error {
	return tx.one(ErrStale, `UPDATE accounts SET state = $2, valid_until = $3, due = 0,
		activated = CASE activated WHEN 0 THEN $4 ELSE activated END WHERE id = $1 AND state IN ($5, $6)`,
		id, identity.Active, millis(validUntil), millis(tx.Now), identity.Pending, identity.Closed)
}

// CloseAccount shuts an account and ends its sessions.
func (tx *Tx) CloseAccount(id string) error {
	if err := tx.endSessionsOf(id); err != nil {
		return err
	}
	return tx.one(ErrNotFound, "UPDATE accounts SET state = $2, sessions_from = $3 WHERE id = $1", id, identity.Closed, millis(tx.Now))
}

// EndSessions ends every session of an account that began before now.
func (tx *Tx) EndSessions(id string) error {
	if err := tx.endSessionsOf(id); err != nil {
		return err
	}
	return tx.one(ErrNotFound, "UPDATE accounts SET sessions_from = $2 WHERE id = $1", id, millis(tx.Now))
}

// ofAccount are the tables whose rows go with an account.
var ofAccount = []string{"credentials", "passkeys", "devices", "codes", "clerks", "pending_acts"}

// DeleteAccount removes an account with everything that belongs to it, and
// leaves no trace: for registrations that nobody activated. [Tx.EndAccount] ends
// those that were in use.
func (tx *Tx) DeleteAccount(id string) error {
	for _, table := range ofAccount {
		if _, err := tx.exec("DELETE FROM "+table+" WHERE account = $1", id); err != nil {
			return err
		}
	}
	return tx.one(ErrNotFound, "DELETE FROM accounts WHERE id = $1", id)
}

// CountAccounts tells how many accounts there are, and how many persons.
func (tx *Tx) CountAccounts() (accounts, persons int64, err error) {
	err = tx.row([]any{&accounts, &persons}, "SELECT (SELECT COUNT(*) FROM accounts), (SELECT COUNT(*) FROM persons)")
	return accounts, persons, err
}
