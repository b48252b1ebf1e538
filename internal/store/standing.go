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
	Provisional  bool
	Office       string   // the office where the owner is a clerk, or ""; nobody unchecked is one
	Has          []string // kinds of the account's credentials

	Allows, Refuses []string // what the owner decided about one service; see [Tx.Decision]
}

// Standing returns the standing of an account, by one question: a row for each
// of its credentials, or one row without.
func (tx *Tx) Standing(account string) (Standing, error) {
	s := Standing{Account: account}
	var until, from, provisional int64
	err := tx.each(func(scan func(...any) error) error {
		var kind string
		if err := scan(&s.Person, &s.State, &until, &from, &provisional, &s.Office, &kind); err != nil {
			return err
		}
		if kind != "" {
			s.Has = append(s.Has, kind)
		}
		return nil
	}, `SELECT a.person, a.state, a.valid_until, a.sessions_from, a.provisional, COALESCE(c.office, ''), COALESCE(k.kind, '')
		FROM accounts a LEFT JOIN clerks c ON c.account = a.id AND a.provisional = 0 LEFT JOIN credentials k ON k.account = a.id
		WHERE a.id = $1 ORDER BY k.kind`, account)
	if err == nil && s.Person == "" {
		err = ErrNotFound
	}
	s.ValidUntil, s.SessionsFrom, s.Provisional = fromMillis(until), fromMillis(from), provisional != 0
	return s, err
}
