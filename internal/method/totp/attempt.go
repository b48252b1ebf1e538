package totp

import (
	"context"
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// attempt compares a secret of an account, unless wrong attempts bring a delay
// first; then wait is above zero and nothing was looked at. Name keeps the
// counts of different secrets apart.
func (x *Room) attempt(r *http.Request, name string, v *broker.Visit, compare func() bool) (ok bool, wait time.Duration, err error) {
	ctx, account := r.Context(), v.Session.Account()
	address, known := x.Broker.Address(r), x.Broker.KnownDevice(r, account)
	wait, err = x.Gate.Check(ctx, name, address, known)
	if err != nil || wait > 0 {
		return false, wait, err
	}
	ctx = context.WithoutCancel(ctx) // the visitor may have gone; the count must be right all the same
	if compare() {
		return true, 0, x.Gate.Succeeded(ctx, name, address, known)
	}
	if err := x.Gate.Failed(ctx, name, address, known); err != nil {
		return false, 0, err
	}
	return false, 0, x.noteDelay(ctx, name, v.Session.Person(), known)
}

// noteDelay lets an account's owner read in their history that codes are being
// guessed: whoever does it knows their password.
func (x *Room) noteDelay(ctx context.Context, name, person string, known bool) error {
	delay, err := x.Gate.Delay(ctx, name, known)
	if err != nil || delay == 0 {
		return err
	}
	return x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		return x.Broker.Ledger.AppendAll(tx, person, ledger.Throttled{Method: law.TOTP, Scope: "account"})
	})
}

// refuse says on the form's code field why the attempt did not go through, and
// returns the status to show it with; 0 if it did.
func refuse(w http.ResponseWriter, form *web.Form, ok bool, wait time.Duration, wrong string, args ...any) int {
	switch {
	case wait > 0:
		web.RetryAfter(w, wait)
		form.Fail("code", "totp.wait", "Wait", wait)
		return http.StatusTooManyRequests
	case !ok:
		form.Fail("code", wrong, args...)
		return http.StatusUnprocessableEntity
	}
	return 0
}
