package store

import (
	"strings"
	"time"

	"kapu/internal/identity"
)

// Case is a registration on its way. Data is the channel's own JSON, kept
// encrypted, and gone once the case is closed.
type Case struct {
	ID      string
	Channel string
	Office  string
	Clerk   string // account of the clerk who opened it
	State   string
	Data    []byte
	Name    identity.Name // birth name, for the search; not read back
	Account string        // the account it led to
	Opened  time.Time
	Changed time.Time
	Version int64 // of the last save; saving checks it
}

// AddCase records a new case and gives it its id and times.
func (tx *Tx) AddCase(c Case) (Case, error) {
	c.ID, c.Opened, c.Changed, c.Version = NewID(), tx.Now, tx.Now, 1
	data, err := tx.sealCase(c)
	if err != nil {
		return c, err
	}
	_, err = tx.exec(`INSERT INTO cases (id, channel, office, clerk, state, data, name_index, account, opened, changed, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		c.ID, c.Channel, c.Office, c.Clerk, c.State, data, tx.caseIndex(c.Name), c.Account, millis(c.Opened), millis(c.Changed), c.Version)
	return c, err
}

// SaveCase records a case as it stands now. ErrStale: it was saved elsewhere
// since it was read, in another tab or by another clerk.
func (tx *Tx) SaveCase(c Case) (Case, error) {
	data, err := tx.sealCase(c)
	if err != nil {
		return c, err
	}
	err = tx.one(ErrStale, `UPDATE cases SET state = $3, data = $4, name_index = $5, account = $6, changed = $7, version = version + 1
		WHERE id = $1 AND version = $2`, c.ID, c.Version, c.State, data, tx.caseIndex(c.Name), c.Account, millis(tx.Now))
	c.Version++
	c.Changed = tx.Now
	return c, err
}

func (tx *Tx) sealCase(c Case) (string, error) {
	return tx.db.ring.Encrypt(place("cases", "data", c.ID), string(c.Data))
}

func (tx *Tx) caseIndex(n identity.Name) string {
	if n.IsZero() {
		return ""
	}
	return tx.db.ring.Index("cases/name", foldName(n))
}

const caseColumns = "id, channel, office, clerk, state, data, account, opened, changed, version"

// Case returns the case with that id.
func (tx *Tx) Case(id string) (Case, error) {
	found, err := tx.cases("id = $1", id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Case{}, err
	}
	return found[0], nil
}

// CaseSearch narrows the list of an office's cases. State and Name are optional.
type CaseSearch struct {
	Office string
	State  string
	Name   identity.Name // birth name, compared whole
	After  string        // id of the last case of the page before
	Limit  int
}

// FindCases returns a page of cases, newest first.
func (tx *Tx) FindCases(s CaseSearch) ([]Case, error) {
	where, args := "office = $1", []any{s.Office}
	and := func(condition string, arg any) {
		args = append(args, arg)
		where += " AND " + condition + " " + placeholder(len(args))
	}
	if s.State != "" {
		and("state =", s.State)
	}
	if !s.Name.IsZero() {
		and("name_index =", tx.caseIndex(s.Name))
	}
	if s.After != "" {
		and("id <", s.After)
	}
	args = append(args, s.Limit)
	return tx.cases(where+" ORDER BY id DESC LIMIT "+placeholder(len(args)), args...)
}

func (tx *Tx) cases(where string, args ...any) (found []Case, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var c Case
		var data string
		var opened, changed int64
		if err := scan(&c.ID, &c.Channel, &c.Office, &c.Clerk, &c.State, &data, &c.Account, &opened, &changed, &c.Version); err != nil {
			return err
		}
		plain, err := tx.db.ring.Decrypt(place("cases", "data", c.ID), data)
		c.Data, c.Opened, c.Changed = []byte(plain), fromMillis(opened), fromMillis(changed)
		found = append(found, c)
		return err
	}, "SELECT "+caseColumns+" FROM cases WHERE "+where, args...)
	return found, err
}

// AbandonedCases returns open cases that nobody has touched since the given
// time, oldest first; states are those in which a case is open.
func (tx *Tx) AbandonedCases(states []string, since time.Time, limit int) ([]Case, error) {
	args := []any{millis(since), limit}
	marks := make([]string, len(states))
	for i, s := range states {
		args, marks[i] = append(args, s), placeholder(i+3)
	}
	return tx.cases("changed < $1 AND data <> '' AND state IN ("+strings.Join(marks, ", ")+") ORDER BY changed LIMIT $2", args...)
}

// CloseCasesOf empties the cases that led to an account: what remains tells
// that there was one, not of whom.
func (tx *Tx) CloseCasesOf(account, state string) error {
	_, err := tx.exec("UPDATE cases SET state = $2, data = '', name_index = '', version = version + 1 WHERE account = $1", account, state)
	return err
}
