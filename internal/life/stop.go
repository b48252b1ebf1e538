package life

import (
	"errors"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// StopOwn stops an act of that kind for its owner, who is signed in. ErrGone: none
// waits, or it is due.
func (l *Life) StopOwn(tx *store.Tx, a identity.Account, kind string) error {
	return l.StopFor(tx, a, kind, Actor{})
}

// StopFor is [Life.StopOwn] at a desk, where the owner stands.
func (l *Life) StopFor(tx *store.Tx, a identity.Account, kind string, by Actor) error {
	if err := hold(tx, a.ID); err != nil {
		return err
	}
	act, err := tx.Act(a.ID, kind)
	if errors.Is(err, store.ErrNotFound) || err == nil && !tx.Now.Before(act.Due) {
		return ErrGone
	}
	if err != nil {
		return err
	}
	return l.stop(tx, a, act, by.name())
}

// stop drops the act with its links, and tells every address.
func (l *Life) stop(tx *store.Tx, a identity.Account, act store.PendingAct, by string) error {
	if err := drop(tx, act); err != nil {
		return err
	}
	event, letter := l.stopped(tx, a, act.Kind, by)
	if _, err := l.Ledger.Append(tx, a.PersonID, event); err != nil {
		return err
	}
	return notify.PostToAll(tx, a.PersonID, letter)
}

func (l *Life) stopped(tx *store.Tx, a identity.Account, kind, by string) (ledger.Event, notify.Message) {
	switch kind {
	case Delete:
		return ledger.DeletionStopped{By: by, Account: a.ID}, notify.DeletionStopped{At: tx.Now, Link: l.home()}
	case RemoveTOTP:
		return ledger.FactorRemovalStopped{Method: law.TOTP, By: by, Account: a.ID}, notify.RemovalStopped{At: tx.Now, Link: l.home()}
	}
	return ledger.EmailChangeStopped{By: by, Account: a.ID}, notify.EmailChangeStopped{At: tx.Now, Link: l.home()}
}

// drop forgets an act and makes its links worthless. ErrGone: somebody was first.
func drop(tx *store.Tx, act store.PendingAct) error {
	err := tx.DropAct(act.ID)
	if errors.Is(err, store.ErrStale) {
		return ErrGone
	}
	if err != nil {
		return err
	}
	switch act.Kind {
	case Delete:
		return revoke(tx, act.Account, DeletionLink)
	case Email:
		return revoke(tx, act.Account, EmailNewLink, EmailOldLink)
	}
	return nil
}
