package activation

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"kapu/internal/identity"
	"kapu/internal/registration"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	longestName = 200 // runes; a longer name belongs to nobody
	longestCode = 64  // runes, with all that people type between digits
)

type codeData struct {
	Digits int
	Period time.Duration
}

func (x *Room) codeData() codeData {
	now := x.Broker.Now()
	return codeData{x.Broker.Law.ActivationCodeDigits(now), x.Broker.Law.ActivationPeriod(now)}
}

// askCode takes no code from the address: it would stay in the browser's
// history and in the logs of whatever stands between.
func (x *Room) askCode(w http.ResponseWriter, r *http.Request) error {
	return x.showCode(w, r, http.StatusOK, nil)
}

func (x *Room) showCode(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	x.pages.Show(w, r, status, "code", web.View{Form: form, Data: x.codeData()})
	return nil
}

func (x *Room) takeCode(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "username", Max: longestName}, web.Field{Name: "code", Max: longestCode})
	if err != nil {
		return err
	}
	code := registration.DigitsOf(form.Value("code"))
	if form.Value("username") == "" {
		form.Fail("username", "activation.code.no-username")
	}
	if wellFormed := len(code) == x.codeData().Digits && strings.Trim(code, "0123456789") == ""; !wellFormed {
		form.Fail("code", "activation.code.format", "Digits", x.codeData().Digits)
	}
	if !form.OK() {
		return x.showCode(w, r, http.StatusUnprocessableEntity, form)
	}
	return x.compareCode(w, r, form, code)
}

func (x *Room) compareCode(w http.ResponseWriter, r *http.Request, form *web.Form, code string) error {
	a, stored, err := x.find(r.Context(), form.Value("username"))
	if err != nil {
		return err
	}
	ok, wait, err := x.attempt(r, form.Value("username"), a.ID, func() bool {
		digest := registration.ActivationDigest(x.Broker.Ring, code)
		same := subtle.ConstantTimeCompare([]byte(digest), []byte(stored.Digest)) == 1
		return same && activable(a, stored, x.Broker.Now())
	})
	switch {
	case err != nil:
		return err
	case wait > 0:
		web.RetryAfter(w, wait)
		form.Fail("", "activation.wait", "Wait", wait)
		return x.showCode(w, r, http.StatusTooManyRequests, form)
	case !ok:
		form.Fail("", "activation.code.wrong", "Period", x.codeData().Period)
		return x.showCode(w, r, http.StatusUnprocessableEntity, form)
	}
	if err := x.remember(w, proven{Account: a.ID, Code: stored.ID, At: x.Broker.Now()}); err != nil {
		return err
	}
	return web.SeeOther(w, r, passwordPath)
}

// find looks a name up exactly as typed, and its code: the same two questions
// to the database for every name.
func (x *Room) find(ctx context.Context, name string) (a identity.Account, c store.Code, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		if a, err = tx.AccountByUsername(identity.Username(name)); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if c, err = tx.Code(a.ID, registration.ActivationPurpose); errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return a, c, err
}

// activable says whether the code can still make an open account of this one.
func activable(a identity.Account, c store.Code, now time.Time) bool {
	waits := a.State == identity.Pending || a.State == identity.Closed
	return waits && c.ID != "" && now.Before(c.Expires) && (a.ValidUntil.IsZero() || now.Before(a.ValidUntil))
}

// attempt compares, unless wrong attempts bring a delay first.
func (x *Room) attempt(r *http.Request, name, account string, compare func() bool) (ok bool, wait time.Duration, err error) {
	a := x.Broker.Attempt(r, x.Gate, name, account)
	if wait, err = a.Begin(r.Context()); err != nil || wait > 0 {
		return false, wait, err
	}
	ok = compare()
	return ok, 0, a.End(r.Context(), ok)
}
