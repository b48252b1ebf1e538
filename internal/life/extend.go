package life

import (
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Extend makes an active account valid until the same calendar day, in Budapest,
// so many years from now (R6). It errs with ErrProvisional, ErrNotLonger, ErrGone
// for an account that is closed or over, and *identity.Invalid for years that are
// none or more than the law allows.
func (l *Life) Extend(tx *store.Tx, a identity.Account, years int, by Actor) (until time.Time, err error) {
	if years < 1 || years > l.Law.LongestLife(tx.Now) {
		return until, &identity.Invalid{Field: "years", Reason: identity.ReasonFormat}
	}
	if a.Provisional {
		return until, ErrProvisional
	}
	if a.State != identity.Active || over(a, tx.Now) {
		return until, ErrGone
	}
	until = law.Day(tx.Now).AddYears(years).In(law.Budapest)
	if !until.After(a.ValidUntil) {
		return until, ErrNotLonger
	}
	return until, l.extend(tx, a, until, by)
}

func (l *Life) extend(tx *store.Tx, a identity.Account, until time.Time, by Actor) error {
	if err := tx.ExtendAccount(a.ID, until); err != nil {
		if errors.Is(err, store.ErrStale) {
			return ErrGone
		}
		return err
	}
	event := ledger.AccountExtended{By: by.name(), Office: by.Office, Until: law.Day(until).String(), Clerk: by.Clerk, Account: a.ID}
	if _, err := l.Ledger.Append(tx, a.PersonID, event); err != nil {
		return err
	}
	return notify.Post(tx, mailbox(a), notify.AccountExtended{Until: until, Link: l.home()})
}

// mailbox is the account's own address.
func mailbox(a identity.Account) notify.Recipient {
	return notify.Recipient{Email: a.Email.String(), Lang: a.Lang}
}
