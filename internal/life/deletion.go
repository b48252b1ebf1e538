package life

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// DeletionCode is the purpose of the code that confirms a deletion.
const DeletionCode = DeletionLink

// AskDeletion mails the link that confirms that the citizen wants the account
// deleted; nothing else happens before it is used (R14). While a deletion is
// announced already it sends nothing, and until is when that is due. ErrGone: the
// account is closed or over.
func (l *Life) AskDeletion(tx *store.Tx, a identity.Account) (until time.Time, err error) {
	if a.State != identity.Active {
		return until, ErrGone
	}
	if until, err = announced(tx, a, Delete); err != nil || !until.IsZero() {
		return until, err
	}
	until = tx.Now.Add(l.Law.LinkLife(tx.Now))
	token, err := l.issue(tx, a, DeletionCode, until)
	if err != nil {
		return until, err
	}
	return until, notify.Post(tx, mailbox(a), notify.DeletionConfirm{Link: l.confirmLink(token), Until: until})
}

// RequestDeletion announces the deletion of an account to every address known of
// its owner; it is carried out when due unless somebody stops it. Asked for twice,
// it is announced once. ErrGone: the account is over.
func (l *Life) RequestDeletion(tx *store.Tx, a identity.Account, by Actor) (due time.Time, err error) {
	if due, err = announced(tx, a, Delete); err != nil || !due.IsZero() {
		return due, err
	}
	token, due := keys.RandomToken(), tx.Now.Add(l.Law.DeletionCoolingOff(tx.Now))
	if err := l.put(tx, a, Delete, content{By: by}, token, due); err != nil {
		return due, err
	}
	event := ledger.DeletionRequested{By: by.name(), Office: by.Office, Due: due, Clerk: by.Clerk, Account: a.ID}
	if _, err := l.Ledger.Append(tx, a.PersonID, event); err != nil {
		return due, err
	}
	return due, notify.PostToAll(tx, a.PersonID, notify.DeletionAnnounced{Due: due, StopLink: l.stopLink(token)})
}
