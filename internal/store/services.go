package store

import "time"

// ServiceRow is a service that the operator registered by command. Its text is
// the registration as package catalogue writes it, and holds no secret.
type ServiceRow struct {
	ID      string
	Text    string
	Created time.Time
	Changed time.Time
}

// AddService records a service. ErrTaken: there is one with that id.
func (tx *Tx) AddService(id, text string) error {
	_, err := tx.exec("INSERT INTO services (id, text, created, changed) VALUES ($1, $2, $3, $3)", id, text, millis(tx.Now))
	return err
}

// ChangeService records a service as it stands now, if it still stands as it
// was read. ErrStale: somebody else changed it, or it is gone.
func (tx *Tx) ChangeService(id, was, text string) error {
	return tx.one(ErrStale, "UPDATE services SET text = $3, changed = $4 WHERE id = $1 AND text = $2", id, was, text, millis(tx.Now))
}

// RemoveService forgets a service, what people let it have and who acts there for
// whom: who comes under its id later may be somebody else. ErrNotFound: there is none.
func (tx *Tx) RemoveService(id string) error {
	if err := tx.one(ErrNotFound, "DELETE FROM services WHERE id = $1", id); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM consents WHERE service = $1", id); err != nil {
		return err
	}
	return tx.leaveMandates(id)
}

// Services returns the services that were registered by command, by id.
func (tx *Tx) Services() (found []ServiceRow, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var s ServiceRow
		var created, changed int64
		err := scan(&s.ID, &s.Text, &created, &changed)
		s.Created, s.Changed = fromMillis(created), fromMillis(changed)
		found = append(found, s)
		return err
	}, "SELECT id, text, created, changed FROM services ORDER BY id")
	return found, err
}
