package store

import "time"

// CaseAtDesk returns the newest case of a channel that a clerk opened for an
// account since the given time.
func (tx *Tx) CaseAtDesk(channel, account, clerk string, since time.Time) (Case, error) {
	found, err := tx.cases("account = $1 AND channel = $2 AND clerk = $3 AND opened >= $4 ORDER BY id DESC LIMIT 1", account, channel, clerk, millis(since))
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Case{}, err
	}
	return found[0], nil
}

// DropCase forgets a case altogether. ErrStale: somebody else was first.
func (tx *Tx) DropCase(id string) error {
	return tx.one(ErrStale, "DELETE FROM cases WHERE id = $1", id)
}

// DropCases forgets cases of a channel that were last changed before the given
// time and still hold something; it says how many.
func (tx *Tx) DropCases(channel string, before time.Time, limit int) (int, error) {
	n, err := tx.exec("DELETE FROM cases WHERE id IN (SELECT id FROM cases WHERE channel = $1 AND changed < $2 AND data <> '' LIMIT $3)",
		channel, millis(before), limit)
	return int(n), err
}

// AccountsAtDesk are the accounts of the cases of a channel that a clerk opened in
// an office since the given time, as far as they are in a state.
func (tx *Tx) AccountsAtDesk(channel, clerk, office, state string, since time.Time) (ids []string, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT DISTINCT account FROM cases WHERE channel = $1 AND clerk = $2 AND office = $3 AND state = $4 AND opened >= $5 AND account <> '' ORDER BY account",
		channel, clerk, office, state, millis(since))
	return ids, err
}
