package store

import "kapu/internal/identity"

// PutOffice records an office, or changes what is known of it.
func (tx *Tx) PutOffice(o identity.Office) error {
	_, err := tx.exec(`INSERT INTO offices (id, kind, name, address) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, address = excluded.address`, o.ID, o.Kind, o.Name, o.Address)
	return err
}

// Office returns the office with that id.
func (tx *Tx) Office(id string) (identity.Office, error) {
	o := identity.Office{ID: id}
	err := tx.row([]any{&o.Kind, &o.Name, &o.Address}, "SELECT kind, name, address FROM offices WHERE id = $1", id)
	return o, err
}

// Offices returns all offices, by name.
func (tx *Tx) Offices() (found []identity.Office, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var o identity.Office
		err := scan(&o.ID, &o.Kind, &o.Name, &o.Address)
		found = append(found, o)
		return err
	}, "SELECT id, kind, name, address FROM offices ORDER BY name, id")
	return found, err
}

// AppointClerk lets the owner of an account act at an office.
func (tx *Tx) AppointClerk(account, office string) error {
	_, err := tx.exec(`INSERT INTO clerks (account, office, since) VALUES ($1, $2, $3)
		ON CONFLICT (account) DO UPDATE SET office = excluded.office`, account, office, millis(tx.Now))
	return err
}

// DismissClerk ends the right of an account's owner to act at any office.
// ErrNotFound: they had none.
func (tx *Tx) DismissClerk(account string) error {
	return tx.one(ErrNotFound, "DELETE FROM clerks WHERE account = $1", account)
}

// Clerk tells where the owner of an account is a clerk. ErrNotFound: nowhere.
func (tx *Tx) Clerk(account string) (identity.Clerk, error) {
	c := identity.Clerk{AccountID: account}
	var since int64
	err := tx.row([]any{&c.Office.ID, &c.Office.Kind, &c.Office.Name, &c.Office.Address, &since},
		"SELECT o.id, o.kind, o.name, o.address, c.since FROM clerks c JOIN offices o ON o.id = c.office WHERE c.account = $1", account)
	c.Since = fromMillis(since)
	return c, err
}
