package store

import (
	"time"

	"kapu/internal/identity"
)

// Standing is what signing in must know of an account, read without opening
// any personal data: it is on the path of every single sign-on.
type Standing struct {
	Account      string
	Person       string
	State        identity.AccountState
	ValidUntil   time.Time
	SessionsFrom time.Time
	Office       string   // the office where the owner is a clerk, or ""
	Has          []string // kinds of the account's credentials
}

// Standing returns the standing of an account.
func (tx *Tx) Standing(account string) (Standing, error) {
	s := Standing{Account: account}
	var until, from int64
	err := tx.row([]any{&s.Person, &s.State, &until, &from, &s.Office},
		`SELECT a.person, a.state, a.valid_until, a.sessions_from, COALESCE(c.office, '')
		FROM accounts a LEFT JOIN clerks c ON c.account = a.id WHERE a.id = $1`, account)
	if err != nil {
		return s, err
	}
	s.ValidUntil, s.SessionsFrom = fromMillis(until), fromMillis(from)
	err = tx.each(func(scan func(...any) error) error {
		var kind string
		err := scan(&kind)
		s.Has = append(s.Has, kind)
		return err
	}, "SELECT kind FROM credentials WHERE account = $1 ORDER BY kind", account)
	return s, err
}
