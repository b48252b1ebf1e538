package registration

import (
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// ActivationPurpose is the purpose under which the store keeps activation codes.
const ActivationPurpose = "activation"

// ErrLapsed: the time to activate is over, and no new code makes it longer.
var ErrLapsed = errors.New("registration: the time to activate is over")

// ErrNotPending: the account is activated already, or closed.
var ErrNotPending = errors.New("registration: the account does not wait for activation")

// Activation makes and mails activation codes (R5).
type Activation struct {
	Ring *keys.Ring
	Law  law.Table
	Link string // absolute address of the activation page
}

// ActivationDigest is the digest under which a code is stored beside its account.
func ActivationDigest(ring *keys.Ring, code string) string {
	return ring.Digest(ActivationPurpose, code)
}

// Deadline is until when an account registered at the given time can be
// activated. A code sent again does not move it.
func (a Activation) Deadline(registered time.Time) time.Time {
	return registered.Add(a.Law.ActivationPeriod(registered))
}

// Issue puts a fresh code in place of any earlier one and posts it, all in the
// caller's transaction. The first code of an account brings another letter than
// the later ones. It errs with ErrNotPending and ErrLapsed.
func (a Activation) Issue(tx *store.Tx, account identity.Account, again bool) (until time.Time, err error) {
	if until, err = a.open(tx, account); err != nil {
		return until, err
	}
	code, err := RandomDigits(a.Law.ActivationCodeDigits(tx.Now))
	if err != nil {
		return until, err
	}
	err = tx.PutCode(store.Code{Account: account.ID, Purpose: ActivationPurpose, Digest: ActivationDigest(a.Ring, code), Expires: until})
	if err != nil {
		return until, err
	}
	var letter notify.Message = notify.ActivationCode{Code: code, Link: a.Link, Until: until}
	if again {
		letter = notify.CodeResent{Code: code, Link: a.Link, Until: until}
	}
	return until, notify.Post(tx, notify.Recipient{Email: string(account.Email), Lang: account.Lang}, letter)
}

// open is until when an account can be activated, or why it cannot.
func (a Activation) open(tx *store.Tx, account identity.Account) (until time.Time, err error) {
	until = a.Deadline(account.Created)
	switch {
	case account.State != identity.Pending:
		return until, ErrNotPending
	case !tx.Now.Before(until):
		return until, ErrLapsed
	}
	return until, nil
}
