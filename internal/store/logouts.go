package store

import "time"

// Logout is a service that wants to hear of the end of a session in which it was
// reached.
type Logout struct {
	Session string
	Service string
	Account string
	Person  string
	Ended   time.Time // zero while the session lives
}

// AwaitLogout puts down that a service was reached in a session, which is over by
// itself when it expires. A service is put down once for each session.
func (tx *Tx) AwaitLogout(l Logout, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO oidc_logouts (session, service, account, person, expires, ended, due) VALUES ($1, $2, $3, $4, $5, 0, 0)
		ON CONFLICT (session, service) DO NOTHING`, l.Session, l.Service, l.Account, l.Person, millis(expires))
	return err
}

// EndSession lets the services that were reached in a session be told that it has
// ended. Sessions that end with their account, or because it counts them no more,
// are ended by whatever does that to the account.
func (tx *Tx) EndSession(session string) error {
	_, err := tx.exec("UPDATE oidc_logouts SET ended = $2, due = $2 WHERE session = $1 AND ended = 0", session, millis(tx.Now))
	return err
}

// endSessionsOf is [Tx.EndSession] for all sessions of accounts.
func (tx *Tx) endSessionsOf(accounts ...string) error {
	return tx.execIn("UPDATE oidc_logouts SET ended = $1, due = $1 WHERE ended = 0 AND account", accounts, millis(tx.Now))
}

// LogoutsDue tells whether there is a service to be told.
func (tx *Tx) LogoutsDue() (bool, error) {
	var n int64
	err := tx.row([]any{&n}, "SELECT COUNT(*) FROM (SELECT 1 FROM oidc_logouts WHERE due > 0 AND due <= $1 LIMIT 1) AS one", millis(tx.Now))
	return n > 0, err
}

// ClaimLogouts takes those that are due, the longest due first, and hides them
// from other processes for as long as given.
func (tx *Tx) ClaimLogouts(limit int, hidden time.Duration) (claimed []Logout, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var l Logout
		var ended int64
		err := scan(&l.Session, &l.Service, &l.Account, &l.Person, &ended)
		l.Ended = fromMillis(ended)
		claimed = append(claimed, l)
		return err
	}, `UPDATE oidc_logouts SET due = $1 WHERE (session, service) IN
		(SELECT session, service FROM oidc_logouts WHERE due > 0 AND due <= $2 ORDER BY due LIMIT $3`+tx.db.dialect.skip+`)
		RETURNING session, service, account, person, ended`, millis(tx.Now.Add(hidden)), millis(tx.Now), limit)
	return claimed, err
}

// ForgetLogout is for a service that was told, or that nothing can be told.
func (tx *Tx) ForgetLogout(l Logout) error {
	_, err := tx.exec("DELETE FROM oidc_logouts WHERE session = $1 AND service = $2", l.Session, l.Service)
	return err
}

// PostponeLogout lets one wait until due.
func (tx *Tx) PostponeLogout(l Logout, due time.Time) error {
	_, err := tx.exec("UPDATE oidc_logouts SET due = $3 WHERE session = $1 AND service = $2 AND due > 0", l.Session, l.Service, millis(due))
	return err
}

// PostponeLogouts lets all that a service is to be told wait until due.
func (tx *Tx) PostponeLogouts(service string, due time.Time) error {
	_, err := tx.exec("UPDATE oidc_logouts SET due = $2 WHERE service = $1 AND due > 0 AND due < $2", service, millis(due))
	return err
}

// GiveUpLogouts forgets what a service was to be told of sessions that had ended
// by then, and says how many.
func (tx *Tx) GiveUpLogouts(service string, ended time.Time) (int64, error) {
	return tx.exec("DELETE FROM oidc_logouts WHERE service = $1 AND due > 0 AND ended <= $2", service, millis(ended))
}

// CountLogouts tells how many times a service is still to be told.
func (tx *Tx) CountLogouts() (waiting int64, err error) {
	err = tx.row([]any{&waiting}, "SELECT COUNT(*) FROM oidc_logouts WHERE due > 0")
	return waiting, err
}

// SweepLogouts deletes at most limit of those whose session was over by itself,
// and says how many.
func (tx *Tx) SweepLogouts(limit int) (int64, error) {
	return tx.exec(`DELETE FROM oidc_logouts WHERE (session, service) IN
		(SELECT session, service FROM oidc_logouts WHERE ended = 0 AND expires <= $1 LIMIT $2)`, millis(tx.Now), limit)
}
