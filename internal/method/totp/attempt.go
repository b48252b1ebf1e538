package totp

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/throttle"
	"kapu/internal/web"
)

// attempt compares a secret of an account, unless wrong attempts bring a delay
// first; then wait is above zero and nothing was looked at. Name keeps the
// counts of different secrets apart.
func (x *Room) attempt(r *http.Request, name, account string, compare func() bool) (ok bool, wait time.Duration, err error) {
	ctx := r.Context()
	address, known := x.Broker.Address(r), x.Broker.KnownDevice(r, account)
	wait, err = x.Gate.Check(ctx, name, address, known)
	if errors.Is(err, throttle.ErrContended) {
		return false, contendedWait, nil
	}
	if err != nil || wait > 0 {
		return false, wait, err
	}
	ok = compare()
	end := x.Gate.Failed
	if ok {
		end = x.Gate.Succeeded
	}
	return ok, 0, end(context.WithoutCancel(ctx), name, address, known)
}

// contendedWait is what we ask for when many attempts come at the same instant.
const contendedWait = time.Second

// refuse says on the form's code field why the attempt did not go through, and
// returns the status to show it with; 0 if it did.
func refuse(w http.ResponseWriter, form *web.Form, ok bool, wait time.Duration, wrong string, args ...any) int {
	switch {
	case wait > 0:
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		form.Fail("code", "totp.wait", "Wait", wait)
		return http.StatusTooManyRequests
	case !ok:
		form.Fail("code", wrong, args...)
		return http.StatusUnprocessableEntity
	}
	return 0
}
