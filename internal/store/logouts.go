package store

import "time"

// Logout is a service that wants to hear of the end of a session in which it was
// reached.
type Logout struct {
	Session string
	Service string
	Door    string // through which it is told
	Subject string // the name by which it knows the person; "" where nobody looks it up
	Account string
	Person  string
	Ended   time.Time // zero while the session lives
}

// AwaitLogout puts down that a service was reached in a session, which is over by
// itself when it expires. A service is put down once for each session and door;
// the name of the person is that of the last time.
func (tx *Tx) AwaitLogout(l Logout, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO logouts (session, service, door, account, person, subject, expires, ended, due) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)
		ON CONFLICT (session, service, door) DO UPDATE SET subject = excluded.subject`, l.Session, l.Service, l.Door, l.Account, l.Person, l.Subject, millis(expires))
	return err
}

// EndSession lets the services that were reached in a session be told that it has
// ended. Sessions that end with their account, or because it counts them no more,
// are ended by whatever does that to the account.
func (tx *Tx) EndSession(session string) error {
	_, err := tx.exec("UPDATE logouts SET ended = $2, due = $2 WHERE session = $1 AND ended = 0", session, millis(tx.Now))
	return err
}

// endSessionsOf is [Tx.EndSession] for all sessions of accounts.
func (tx *Tx) endSessionsOf(accounts ...string) error {
	return tx.execIn("UPDATE logouts SET ended = $1, due = $1 WHERE ended = 0 AND account", accounts, millis(tx.Now))
}

// SessionsKnown returns the sessions that live in which a service was reached that
// knows the person by that name.
func (tx *Tx) SessionsKnown(door, service, subject string) (sessions []string, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		sessions = append(sessions, id)
		return err
	}, "SELECT session FROM logouts WHERE subject = $1 AND subject <> '' AND ended = 0 AND door = $2 AND service = $3 ORDER BY session", subject, door, service)
	return sessions, err
}

// LogoutsDue tells whether there is a service to be told through a door.
func (tx *Tx) LogoutsDue(door string) (bool, error) {
	var n int64
	err := tx.row([]any{&n}, "SELECT COUNT(*) FROM (SELECT 1 FROM logouts WHERE due > 0 AND due <= $1 AND door = $2 LIMIT 1) AS one", millis(tx.Now), door)
	return n > 0, err
}

// ClaimLogouts takes those of a door that are due, the longest due first, and
// hides them from other processes for as long as given.
func (tx *Tx) ClaimLogouts(door string, limit int, hidden time.Duration) (claimed []Logout, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var l Logout
		var ended int64
		err := scan(&l.Session, &l.Service, &l.Door, &l.Account, &l.Person, &l.Subject, &ended)
		l.Ended = fromMillis(ended)
		claimed = append(claimed, l)
		return err
	}, `UPDATE logouts SET due = $1 WHERE (session, service, door) IN
		(SELECT session, service, door FROM logouts WHERE due > 0 AND due <= $2 AND door = $4 ORDER BY due LIMIT $3`+tx.db.dialect.skip+`)
		RETURNING session, service, door, account, person, subject, ended`, millis(tx.Now.Add(hidden)), millis(tx.Now), limit, door)
	return claimed, err
}

// ForgetLogout is for a service that was told, or that nothing can be told.
func (tx *Tx) ForgetLogout(l Logout) error {
	_, err := tx.exec("DELETE FROM logouts WHERE session = $1 AND service = $2 AND door = $3", l.Session, l.Service, l.Door)
	return err
}

// PostponeLogout lets one wait until due.
func (tx *Tx) PostponeLogout(l Logout, due time.Time) error {
	_, err := tx.exec("UPDATE logouts SET due = $3 WHERE session = $1 AND service = $2 AND door = $4 AND due > 0", l.Session, l.Service, millis(due), l.Door)
	return err
}

// PostponeLogouts lets all that a service is to be told through a door wait until due.
func (tx *Tx) PostponeLogouts(door, service string, due time.Time) error {
	_, err := tx.exec("UPDATE logouts SET due = $2 WHERE service = $1 AND door = $3 AND due > 0 AND due < $2", service, millis(due), door)
	return err
}

// GiveUpLogouts forgets what a service was to be told through a door of sessions
// that had ended by then, and says how many.
func (tx *Tx) GiveUpLogouts(door, service string, ended time.Time) (int64, error) {
	return tx.exec("DELETE FROM logouts WHERE service = $1 AND door = $3 AND due > 0 AND ended <= $2", service, millis(ended), door)
}

// CountLogouts tells how many times a service is still to be told.
func (tx *Tx) CountLogouts() (waiting int64, err error) {
	err = tx.row([]any{&waiting}, "SELECT COUNT(*) FROM logouts WHERE due > 0")
	return waiting, err
}

// SweepLogouts deletes at most limit of those whose session was over by itself,
// and says how many.
func (tx *Tx) SweepLogouts(limit int) (int64, error) {
	return tx.exec(`DELETE FROM logouts WHERE (session, service, door) IN
		(SELECT session, service, door FROM logouts WHERE ended = 0 AND expires <= $1 LIMIT $2)`, millis(tx.Now), limit)
}
