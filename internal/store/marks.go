package store

import "errors"

// Mark is what was remembered under a name; "" for nothing.
func (tx *Tx) Mark(name string) (value string, err error) {
	err = tx.row([]any{&value}, "SELECT value FROM marks WHERE name = $1", name)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return value, err
}

// SetMark remembers a value in place of the one before.
func (tx *Tx) SetMark(name, value string) error {
	_, err := tx.exec("INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}

// LookAgain has accounts that are scheduled for later looked at as soon as
// possible: some, in the order of their ids, after the given one. It returns the
// last of them, "" when there are no more.
func (tx *Tx) LookAgain(after string, limit int) (last string, err error) {
	err = tx.row([]any{&last}, `SELECT COALESCE(MAX(id), '') FROM
		(SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT $2) AS page`, after, limit)
	if err != nil || last == "" {
		return last, err
	}
	_, err = tx.exec("UPDATE accounts SET due = 0 WHERE id > $1 AND id <= $2 AND state <> 'pending' AND due > $3", after, last, millis(tx.Now))
	return last, err
}
