package recovery

import (
	"errors"
	"strings"
	"time"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// resetPurpose is the purpose under which the store keeps the links' codes.
const resetPurpose = "reset"

// ErrClosed: the account is not in use, and no password opens it.
var ErrClosed = errors.New("recovery: the account is not in use")

// Letters makes and mails the links under which a new password is chosen. A desk
// has them sent too.
type Letters struct {
	Ring   *keys.Ring
	Law    law.Table
	Issuer string // the gateway's absolute address, without a slash at the end
}

// Reset mails a fresh link to the account's own address, in place of any earlier
// one, in the caller's transaction. The ledger is the caller's. ErrClosed: the
// account waits for its activation, is closed or expired.
func (l Letters) Reset(tx *store.Tx, a identity.Account) (until time.Time, err error) {
	if !inUse(a, tx.Now) {
		return until, ErrClosed
	}
	token := keys.RandomToken() + l.mark(a)
	until = tx.Now.Add(l.Law.ResetLife(tx.Now))
	if err := tx.PutCode(store.Code{Account: a.ID, Purpose: resetPurpose, Digest: l.Ring.Digest(resetPurpose, token), Expires: until}); err != nil {
		return until, err
	}
	letter := notify.PasswordReset{Link: l.Issuer + newPath + "?c=" + token, Until: until}
	return until, notify.Post(tx, notify.Recipient{Email: a.Email.String(), Lang: a.Lang}, letter)
}

// mark is a keyed mark of the address that a link went to. It ends the token, so
// that a link in the old mailbox is dead once the account has another address.
func (l Letters) mark(a identity.Account) string {
	return l.Ring.Digest(resetPurpose+"/mailbox", a.ID+" "+a.Email.Canonical())
}

// find is the account of a link that still counts, and its code; else store.ErrNotFound.
func (l Letters) find(tx *store.Tx, token string) (a identity.Account, c store.Code, err error) {
	if c, err = tx.CodeByDigest(resetPurpose, l.Ring.Digest(resetPurpose, token)); err != nil {
		return a, c, err
	}
	if a, err = tx.Account(c.Account); err != nil {
		return a, c, err
	}
	if !tx.Now.Before(c.Expires) || !inUse(a, tx.Now) || !strings.HasSuffix(token, l.mark(a)) {
		return a, c, store.ErrNotFound
	}
	return a, c, nil
}

// inUse tells whether the account is open, so that a password is any good.
func inUse(a identity.Account, now time.Time) bool {
	return authn.Standing{State: a.State, ValidUntil: a.ValidUntil}.Open(now)
}
