package life

import (
	"encoding/json"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// AskEmail mails a link to the new address and one to the present one; the new
// one counts when both have confirmed, and is forgotten if they have not by then
// (R14). The link to the present address also stops it. Asked for again, it begins
// anew and the links of before are worthless. It errs with ErrSameEmail, and
// ErrGone for an account that is closed or over.
func (l *Life) AskEmail(tx *store.Tx, a identity.Account, email identity.Email) (until time.Time, err error) {
	if a.State != identity.Active {
		return until, ErrGone
	}
	until = tx.Now.Add(l.Law.LinkLife(tx.Now))
	if err := l.beginEmail(tx, a, email, until, Actor{}); err != nil {
		return until, err
	}
	token, err := l.issue(tx, a, EmailOldLink, until)
	if err != nil {
		return until, err
	}
	if err := l.put(tx, a, Email, content{Email: email, NeedsNew: true, NeedsOld: true}, token, until); err != nil {
		return until, err
	}
	return until, notify.Post(tx, mailbox(a), notify.EmailConfirmOld{Link: l.confirmLink(token), Until: until})
}

// RequestEmail mails a link to the new address, for an owner who asks at a desk
// and may have lost the present one. Every known address is told and can stop it;
// the new one counts once it has confirmed, and not before due. It errs with
// ErrSameEmail and ErrGone.
func (l *Life) RequestEmail(tx *store.Tx, a identity.Account, email identity.Email, by Actor) (due time.Time, err error) {
	due = tx.Now.Add(l.Law.StopPeriod(tx.Now))
	until := tx.Now.Add(l.Law.LinkLife(tx.Now))
	if err := l.beginEmail(tx, a, email, until, by); err != nil {
		return due, err
	}
	if err := revoke(tx, a.ID, EmailOldLink); err != nil {
		return due, err
	}
	token := keys.RandomToken()
	if err := l.put(tx, a, Email, content{By: by, Email: email, NeedsNew: true, Earliest: due}, token, until); err != nil {
		return due, err
	}
	return due, notify.PostToAll(tx, a.PersonID, notify.EmailChangeAnnounced{Due: due, StopLink: l.stopLink(token)})
}

// beginEmail is what both ways have in common.
func (l *Life) beginEmail(tx *store.Tx, a identity.Account, email identity.Email, until time.Time, by Actor) error {
	if email.Canonical() == a.Email.Canonical() {
		return ErrSameEmail
	}
	if _, err := announced(tx, a, Email); err != nil {
		return err
	}
	token, err := l.issue(tx, a, EmailNewLink, until)
	if err != nil {
		return err
	}
	event := ledger.EmailChangeRequested{By: by.name(), Office: by.Office, Clerk: by.Clerk, Account: a.ID}
	if _, err := l.Ledger.Append(tx, a.PersonID, event); err != nil {
		return err
	}
	to := notify.Recipient{Email: email.String(), Lang: a.Lang}
	return notify.Post(tx, to, notify.EmailConfirmNew{Link: l.confirmLink(token), Until: until})
}

// confirmEmail notes that one of the two addresses has confirmed, and gives the
// account the new one if nothing is missing. The zero due says that it has it.
func (l *Life) confirmEmail(tx *store.Tx, a identity.Account, f found) (due time.Time, err error) {
	c := f.content
	c.NeedsNew = c.NeedsNew && f.kind != EmailNewLink
	c.NeedsOld = c.NeedsOld && f.kind != EmailOldLink
	if c == f.content { // the second click
		return f.act.Due, nil
	}
	complete := !c.NeedsNew && !c.NeedsOld
	if complete && !tx.Now.Before(c.Earliest) {
		return time.Time{}, l.endAct(tx, a, f.act, c)
	}
	if complete {
		f.act.Due = c.Earliest
	}
	if f.act.Data, err = json.Marshal(c); err != nil {
		return due, err
	}
	return f.act.Due, tx.SaveAct(f.act)
}

// changeEmail gives the account its new address, and tells that to all addresses,
// the former one among them.
func (l *Life) changeEmail(tx *store.Tx, a identity.Account, c content) error {
	if err := tx.SetEmail(a.ID, c.Email); err != nil {
		return err
	}
	if err := revoke(tx, a.ID, DeletionLink); err != nil { // it lies in a mailbox that speaks for nobody any more
		return err
	}
	event := ledger.EmailChanged{By: c.By.name(), Office: c.By.Office, Account: a.ID}
	if _, err := l.Ledger.Append(tx, a.PersonID, event); err != nil {
		return err
	}
	changed := notify.EmailChanged{At: tx.Now, Link: l.home()}
	if err := notify.PostToAll(tx, a.PersonID, changed); err != nil {
		return err
	}
	left, err := tx.AccountsOf(a.PersonID)
	former := func(other identity.Account) bool { return other.Email.Canonical() == a.Email.Canonical() }
	if err != nil || slices.ContainsFunc(left, former) { // another account's as well: told just now
		return err
	}
	return notify.Post(tx, mailbox(a), changed)
}

// forgetEmail ends a change that was not confirmed in time.
func (l *Life) forgetEmail(tx *store.Tx, a identity.Account) error {
	if _, err := l.Ledger.Append(tx, a.PersonID, ledger.EmailChangeStopped{By: "law", Account: a.ID}); err != nil {
		return err
	}
	return notify.PostToAll(tx, a.PersonID, notify.EmailChangeStopped{At: tx.Now, Link: l.home()})
}
