package provisional

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
	"kapu/internal/web"
)

const longestCode = 64 // runes, with all that people type between digits

// codeData is what the page of the code says.
type codeData struct {
	Email  string
	Digits int
	Until  time.Time
}

// sendCode keeps the registration for the browser and posts the letter with its
// code: the same letter to every address, known or not. Nothing of it lasts.
func (x *Room) sendCode(ctx context.Context, v visit, d wanted) error {
	now := x.Broker.Now()
	digits, err := registration.RandomDigits(x.Broker.Law.ActivationCodeDigits(now))
	if err != nil {
		return err
	}
	p := pending{ID: store.NewID(), Nonce: v.Nonce, Person: d.Person, Username: d.Username, Email: d.Email, Lang: d.Lang,
		Begun: now, Until: now.Add(x.Broker.Law.LinkLife(now))}
	p.Code = x.codeDigest(p.ID, digits)
	if err := x.keep(ctx, v.browser, p); err != nil {
		return err
	}
	letter := notify.ProvisionalCode{Code: digits, Link: x.Link, Until: p.Until}
	return x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		return notify.Post(tx, notify.Recipient{Email: string(d.Email), Lang: d.Lang}, letter)
	})
}

func (x *Room) codeDigest(id, digits string) string {
	return x.Broker.Ring.Digest("provisional/code", id+" "+digits)
}

// begun is the registration that a request goes on with.
type begun struct {
	pending
	browser string
	sealed  []byte
}

// withPending serves a browser that has begun a registration; others are told
// what may have become of it.
func (x *Room) withPending(w http.ResponseWriter, r *http.Request, serve func(begun) error) error {
	b := begun{browser: x.browser(r)}
	var ok bool
	var err error
	if b.pending, b.sealed, ok, err = x.pending(r.Context(), b.browser); err != nil {
		return err
	}
	if !ok {
		return x.showLost(w, r)
	}
	return serve(b)
}

func (x *Room) showLost(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusGone, "lost", web.View{Data: x.Broker.Law.LinkLife(x.Broker.Now())})
	return nil
}

func (x *Room) askCode(w http.ResponseWriter, r *http.Request) error {
	return x.withPending(w, r, func(b begun) error {
		if b.Proved {
			return web.SeeOther(w, r, passwordPath)
		}
		return x.showCode(w, r, http.StatusOK, nil, b)
	})
}

func (x *Room) showCode(w http.ResponseWriter, r *http.Request, status int, form *web.Form, b begun) error {
	x.pages.Show(w, r, status, "code", web.View{Form: form, Data: codeData{string(b.Email), x.digits(), b.Until}})
	return nil
}

func (x *Room) digits() int { return x.Broker.Law.ActivationCodeDigits(x.Broker.Now()) }

func (x *Room) takeCode(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: longestCode})
	if err != nil {
		return err
	}
	return x.withPending(w, r, func(b begun) error {
		if b.Proved {
			return web.SeeOther(w, r, passwordPath)
		}
		code := registration.DigitsOf(form.Value("code"))
		if len(code) != x.digits() || strings.Trim(code, "0123456789") != "" {
			form.Fail("code", "provisional.code.format", "Digits", x.digits())
			return x.showCode(w, r, http.StatusUnprocessableEntity, form, b)
		}
		return x.compareCode(w, r, form, b, code)
	})
}

func (x *Room) compareCode(w http.ResponseWriter, r *http.Request, form *web.Form, b begun, code string) error {
	ok, wait, err := x.attempt(r, b.ID, func() bool {
		return subtle.ConstantTimeCompare([]byte(x.codeDigest(b.ID, code)), []byte(b.Code)) == 1
	})
	switch {
	case err != nil:
		return err
	case wait > 0:
		retryAfter(w, wait)
		form.Fail("", "provisional.code.wait", "Wait", wait)
		return x.showCode(w, r, http.StatusTooManyRequests, form, b)
	case !ok:
		form.Fail("code", "provisional.code.wrong")
		return x.showCode(w, r, http.StatusUnprocessableEntity, form, b)
	}
	b.Proved = true
	// Another tab that was first has proved it too, or begun anew: the next page tells.
	_, err = x.replace(r.Context(), b.browser, b.sealed, b.pending)
	return orGo(w, r, err, passwordPath)
}

// attempt compares, unless wrong attempts bring a delay first.
func (x *Room) attempt(r *http.Request, id string, compare func() bool) (ok bool, wait time.Duration, err error) {
	a := x.Gate.Attempt(id, x.Broker.Address(r), false)
	if wait, err = a.Begin(r.Context()); err != nil || wait > 0 {
		return false, wait, err
	}
	ok = compare()
	return ok, 0, a.End(r.Context(), ok)
}

// cancel forgets what the browser has begun.
func (x *Room) cancel(w http.ResponseWriter, r *http.Request) error {
	if browser := x.browser(r); browser != "" {
		if err := x.drop(r.Context(), browser); err != nil {
			return err
		}
	}
	x.forget(w)
	return web.SeeOther(w, r, startPath)
}
