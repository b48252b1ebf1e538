package store

import (
	"context"
	"crypto/subtle"
	"database/sql"

	"kapu/internal/identity"
	"kapu/internal/keys"
)

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
	_, err := tx.exec(`INSERT INTO clerks (account, office, since, proof) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account) DO UPDATE SET office = excluded.office, proof = excluded.proof`, account, office, millis(tx.Now), clerkProof(tx.db.ring, account, office))
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
	var proof string
	err := tx.row([]any{&c.Office.ID, &c.Office.Kind, &c.Office.Name, &c.Office.Address, &since, &proof},
		"SELECT o.id, o.kind, o.name, o.address, c.since, c.proof FROM clerks c JOIN offices o ON o.id = c.office WHERE c.account = $1", account)
	c.Since = fromMillis(since)
	if err == nil {
		err = proved(proof, clerkProof(tx.db.ring, account, c.Office.ID))
	}
	return c, err
}

// clerkProof is the keyed digest of an appointment: whoever can write into the
// database, and lacks the key file, makes nobody a clerk.
func clerkProof(ring *keys.Ring, account, office string) string {
	return ring.Digest("clerks/row", account+"\n"+office)
}

// proved errs with [keys.ErrSealed] if a row is not as we wrote it.
func proved(proof, right string) error {
	if subtle.ConstantTimeCompare([]byte(proof), []byte(right)) != 1 {
		return keys.ErrSealed
	}
	return nil
}

// proveClerks is migration 18: appointments get their proofs.
func (db *DB) proveClerks(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "ALTER TABLE clerks ADD COLUMN proof TEXT NOT NULL DEFAULT ''"); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT account, office FROM clerks")
	if err != nil {
		return err
	}
	defer rows.Close()
	var all [][2]string
	for rows.Next() {
		var c [2]string
		if err := rows.Scan(&c[0], &c[1]); err != nil {
			return err
		}
		all = append(all, c)
	}
	for _, c := range all {
		if _, err := tx.ExecContext(ctx, "UPDATE clerks SET proof = $1 WHERE account = $2", clerkProof(db.ring, c[0], c[1]), c[0]); err != nil {
			return err
		}
	}
	return rows.Err()
}

func dropClerkProofs(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "ALTER TABLE clerks DROP COLUMN proof")
	return err
}
