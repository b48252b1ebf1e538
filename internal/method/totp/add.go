package totp

import (
	"errors"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// add writes all of an enrolment: both credentials, the ledger, and notices
// with a way to revoke it. store.ErrStale: the account was closed, or another
// tab was first.
func (x *Room) add(tx *store.Tx, e enrolment, person string) error {
	if err := x.unchanged(tx, e); err != nil {
		return err
	}
	secret, err := ParseSecret(e.Secret)
	if err != nil {
		return err
	}
	removal, err := ParseRemovalCode(e.Removal)
	if err != nil {
		return err
	}
	if err := Keep(tx, e.Account, secret, e.Step, removal, x.Broker.Ring.Pepper()); err != nil {
		return err
	}
	if err := x.giveNotice(tx, e.Account, person); err != nil {
		return err
	}
	events := []ledger.Event{
		ledger.FactorRequested{Method: law.TOTP, Account: e.Account},
		ledger.FactorAdded{Method: law.TOTP, Account: e.Account},
		ledger.NoticeSent{Template: "plus-requested", Medium: notify.Mail, Account: e.Account},
	}
	if e.Replaces != "" { // the sessions that the old app opened end with it
		if err := tx.EndSessions(e.Account); err != nil {
			return err
		}
		events = append([]ledger.Event{ledger.FactorRemoved{Method: law.TOTP, By: "citizen", Account: e.Account}}, events...)
	}
	return x.Broker.Ledger.AppendAll(tx, person, events...)
}

func (x *Room) unchanged(tx *store.Tx, e enrolment) error {
	present, err := tx.Credential(e.Account, Kind)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	standing, err := tx.Standing(e.Account)
	if err != nil {
		return err
	}
	if present.ID != e.Replaces || !authn.Standing(standing).Open(tx.Now) {
		return store.ErrStale
	}
	return nil
}

// giveNotice tells every address known of the person, with the link by which
// it can be taken back.
func (x *Room) giveNotice(tx *store.Tx, account, person string) error {
	until := tx.Now.Add(x.Broker.Law.PlusRevocation(tx.Now))
	link, until, err := x.Revocation(tx, account, until)
	if err != nil {
		return err
	}
	return notify.PostToAll(tx, person, notify.PlusRequested{At: tx.Now, RevokeLink: link, RevokeUntil: until})
}
