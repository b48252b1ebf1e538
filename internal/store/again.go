package store

import "kapu/internal/identity"

// AwaitActivation makes an account wait for its activation as if it were
// registered now. All that ever opened it goes, and so do what was announced and
// its sessions: none of it may outlive the doubt about who set it up.
func (tx *Tx) AwaitActivation(id string) error {
	for _, table := range []string{"credentials", "passkeys", "devices", "codes", "pending_acts"} {
		if _, err := tx.exec("DELETE FROM "+table+" WHERE account = $1", id); err != nil {
			return err
		}
	}
	if err := tx.endSessionsOf(id); err != nil {
		return err
	}
	return tx.one(ErrNotFound, "UPDATE accounts SET state = $2, created = $3, sessions_from = $3 WHERE id = $1",
		id, identity.Pending, millis(tx.Now))
}
