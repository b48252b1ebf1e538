package registration

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Reopen puts a code that opens a closed account again in place of any earlier
// one, and mails it to its owner, all in the caller's transaction. Its time is
// counted from now; when it is over, the account stays closed.
func (a Activation) Reopen(tx *store.Tx, account identity.Account) (until time.Time, err error) {
	until = tx.Now.Add(a.Law.ActivationPeriod(tx.Now))
	code, err := RandomDigits(a.Law.ActivationCodeDigits(tx.Now))
	if err != nil {
		return until, err
	}
	err = tx.PutCode(store.Code{Account: account.ID, Purpose: ActivationPurpose, Digest: ActivationDigest(a.Ring, code), Expires: until})
	if err != nil {
		return until, err
	}
	letter := notify.PlusRevoked{Code: code, Link: a.Link, Until: until}
	return until, notify.Post(tx, notify.Recipient{Email: string(account.Email), Lang: account.Lang}, letter)
}
