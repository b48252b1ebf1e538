package totp

import (
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/web"
)

// secret is a secret of the account. Name keeps the counts of different ones apart.
func (x *Room) secret(name string) broker.Secret {
	return broker.Secret{Gate: x.Gate, Name: name, Note: ledger.Throttled{Method: law.TOTP, Scope: "account"}}
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
