package store

import (
	"encoding/json"
	"errors"

	"kapu/internal/authn"
)

// Standing returns the standing of an account: what signing in must know of it, by
// one question that gives out nothing personal, for it is on the path of every single
// sign-on. That is a row for each of its credentials, or one row without. A method that belongs to the person, not
// to an account, stands in an account's place: see [held].
func (tx *Tx) Standing(account string) (s authn.Standing, err error) {
	err = held(func(holders string) error {
		s, err = tx.standing(holders, account)
		return err
	})
	return s, err
}

func (tx *Tx) standing(holders, account string) (authn.Standing, error) {
	s := authn.Standing{Account: account}
	var until, from, provisional int64
	var disposition, username, wrapped, appointed string
	err := tx.few(func(scan func(...any) error) error {
		var kind string
		if err := scan(&s.Person, &s.State, &until, &from, &provisional, &s.Office, &kind, &disposition, &username, &wrapped, &appointed); err != nil {
			return err
		}
		if kind != "" {
			s.Has = append(s.Has, kind)
		}
		return nil
	}, `SELECT a.person, a.state, a.valid_until, a.sessions_from, a.provisional, COALESCE(c.office, ''), COALESCE(k.kind, `+ownKind(holders)+`), p.disposition, a.username, p.key, COALESCE(c.proof, '')
		FROM `+holders+` a JOIN persons p ON p.id = a.person LEFT JOIN clerks c ON c.account = a.id AND a.provisional = 0 LEFT JOIN credentials k ON k.account = a.id
		WHERE a.id = $1 ORDER BY k.kind`, account)
	if err == nil && s.Person == "" {
		err = ErrNotFound
	}
	if err == nil {
		err = tx.owns(s.Person, wrapped, ownName(holders, account), username)
	}
	if err == nil && s.Office != "" {
		err = proved(appointed, clerkProof(tx.db.ring, account, s.Office))
	}
	if err != nil {
		return s, err
	}
	s.ValidUntil, s.SessionsFrom, s.Provisional = fromMillis(until), fromMillis(from), provisional != 0
	s.Disposition, err = readDisposition(disposition)
	return s, err
}

const (
	accountHolders = "accounts"
	// phoneHolders are the numeric credentials in the shape of accounts. They have no
	// end of their own (9999-12-31) and no address that services could be told.
	phoneHolders = `(SELECT id, person, 'active' AS state, identifier AS username, 253402214400000 AS valid_until, sessions_from, 0 AS provisional, '' AS email
		FROM phones WHERE initial = 0)`
)

// held asks for what a session was opened with: nearly always an account, and else
// the numeric credential of a person. A session never says which: so nothing that
// judges sessions and grants need know.
func held(ask func(holders string) error) error {
	err := ask(accountHolders)
	if errors.Is(err, ErrNotFound) {
		err = ask(phoneHolders)
	}
	return err
}

// ownKind is the kind of credential that a holder without any is itself, in SQL.
func ownKind(holders string) string {
	if holders == phoneHolders {
		return "'" + PhoneKind + "'"
	}
	return "''"
}

// ownName is the place of a holder's own name.
func ownName(holders, id string) string {
	if holders == phoneHolders {
		return place("phones", "identifier", id)
	}
	return place("accounts", "username", id)
}

// owns errs if the account was not made for the person: its name opens under that
// person's key alone, so a row that somebody made to point elsewhere is worth nothing.
func (tx *Tx) owns(person, wrapped, place, name string) error {
	key, err := tx.db.ring.OpenPersonal(person, wrapped)
	if err == nil {
		_, err = key.Decrypt(place, name)
	}
	return err
}

// Disposition returns what a person has laid down about how they may be identified.
func (tx *Tx) Disposition(person string) (authn.Disposition, error) {
	var text string
	if err := tx.row([]any{&text}, "SELECT disposition FROM persons WHERE id = $1", person); err != nil {
		return authn.Disposition{}, err
	}
	return readDisposition(text)
}

// SetDisposition puts what a person lays down in the place of what was. ErrStale:
// somebody else was first.
func (tx *Tx) SetDisposition(person string, was, is authn.Disposition) error {
	return tx.one(ErrStale, "UPDATE persons SET disposition = $3 WHERE id = $1 AND disposition = $2", person, writeDisposition(was), writeDisposition(is))
}

func readDisposition(text string) (d authn.Disposition, err error) {
	if text == "" {
		return d, nil
	}
	err = json.Unmarshal([]byte(text), &d)
	return d, err
}

// writeDisposition is "" for one that forbids nothing.
func writeDisposition(d authn.Disposition) string {
	if d.Free() {
		return ""
	}
	text, _ := json.Marshal(d) // names, a level and a mark always marshal
	return string(text)
}
