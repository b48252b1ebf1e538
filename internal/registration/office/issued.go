package office

import (
	"context"
	"errors"

	"kapu/internal/registration"
	"kapu/internal/store"
)

// passwordKind is the kind of the credential that a first password is.
const passwordKind = "password"

// ErrNotIssued: this desk hands out no first passwords.
var ErrNotIssued = errors.New("office: no first passwords are issued here")

// issued is a first password with its record; zero where none is handed out.
type issued struct{ password, record string }

// issue draws and hashes a first password if the case asks for one (R13).
// Hashing is slow, so it is done before the transaction begins.
func (d *Desk) issue(ctx context.Context, k Clerk, id string) (first issued, err error) {
	c, err := d.Case(ctx, k, id)
	if err != nil || c.Choice == nil || !c.Choice.Issued {
		return first, err
	}
	if d.Hash == nil {
		return first, ErrNotIssued
	}
	if first.password, err = registration.FirstPassword(); err != nil {
		return first, err
	}
	first.record, err = d.Hash(ctx, registration.CanonicalFirst(first.password))
	return first, err
}

// handOver lets the account be activated: by a mailed code, or by the first
// password, of which nothing but the record is kept.
func (d *Desk) handOver(tx *store.Tx, c registration.Case, first issued, r *Result) (err error) {
	if !c.Choice.Issued {
		r.Until, err = d.Activation.Issue(tx, r.Account, false)
		return err
	}
	if first.record == "" { // chosen in another tab since the case was read
		return store.ErrStale
	}
	if err := tx.PutCredential(store.Credential{Account: r.Account.ID, Kind: passwordKind, Secret: first.record, Initial: true}); err != nil {
		return err
	}
	r.First = first.password
	r.Until, err = d.Activation.Await(tx, r.Account)
	return err
}
