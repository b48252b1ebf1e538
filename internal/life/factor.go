package life

import (
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Kinds of the credentials that are lost with a device: the app's secret, the
// removal code that goes with it, and the passkeys.
const (
	factorKind  = "totp"
	removalKind = "removal"
	keysKind    = store.PasskeyKind
)

// lost is the credential that stands for what an owner has lost: the app's, or
// that of the passkeys where there is no app.
func lost(tx *store.Tx, a identity.Account) (store.Credential, error) {
	c, err := tx.Credential(a.ID, factorKind)
	if errors.Is(err, store.ErrNotFound) {
		return tx.Credential(a.ID, keysKind)
	}
	return c, err
}

// RequestFactorRemoval announces to every address that the second factor will be
// taken off, for an owner who has lost it; it is carried out when due unless
// somebody stops it. Asked for twice, it is announced once. It errs with
// ErrNoFactor and ErrGone.
func (l *Life) RequestFactorRemoval(tx *store.Tx, a identity.Account, by Actor) (due time.Time, err error) {
	if due, err = announced(tx, a, RemoveTOTP); err != nil || !due.IsZero() {
		return due, err
	}
	factor, err := lost(tx, a)
	if errors.Is(err, store.ErrNotFound) {
		return due, ErrNoFactor
	}
	if err != nil {
		return due, err
	}
	token, due := keys.RandomToken(), tx.Now.Add(l.Law.StopPeriod(tx.Now))
	if err := l.put(tx, a, RemoveTOTP, content{By: by, Credential: factor.ID}, token, due); err != nil {
		return due, err
	}
	event := ledger.FactorRemovalRequested{Method: law.TOTP, By: by.name(), Office: by.Office, Due: due, Clerk: by.Clerk, Account: a.ID}
	if _, err := l.Ledger.Append(tx, a.PersonID, event); err != nil {
		return due, err
	}
	return due, notify.PostToAll(tx, a.PersonID, notify.RemovalAnnounced{Due: due, StopLink: l.stopLink(token)})
}

// removeFactor takes the second factor off, if it is still the one that was lost:
// whoever set up another meanwhile keeps that. The passkeys go with it: they were on
// the same device, and what is left of them would keep its owner from adding another.
func (l *Life) removeFactor(tx *store.Tx, a identity.Account, c content) error {
	factor, err := lost(tx, a)
	if errors.Is(err, store.ErrNotFound) || err == nil && factor.ID != c.Credential {
		return nil
	}
	if err != nil {
		return err
	}
	for _, kind := range []string{factorKind, removalKind, keysKind} {
		err := tx.RemoveCredential(a.ID, kind)
		if errors.Is(err, store.ErrNotFound) || err == nil && kind == removalKind {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := l.Ledger.Append(tx, a.PersonID, ledger.FactorRemoved{Method: law.Method(kind), By: c.By.name(), Account: a.ID}); err != nil {
			return err
		}
	}
	if err := tx.EndSessions(a.ID); err != nil {
		return err
	}
	return notify.PostToAll(tx, a.PersonID, notify.FactorRemoved{At: tx.Now, Link: l.home()})
}
