package account

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/web"
)

// longestPhone is how much of a phone number is read, with blanks and hyphens.
const longestPhone = 32

// phoneData is the dot of the page of the phone.
type phoneData struct {
	Username string // for password managers
	Phone    identity.Phone
}

func (x *Room) askPhone(w http.ResponseWriter, r *http.Request) error {
	s, a, err := x.settings(r)
	if err != nil {
		return err
	}
	x.showPhone(w, r, http.StatusOK, s, a, nil)
	return nil
}

func (x *Room) showPhone(w http.ResponseWriter, r *http.Request, status int, s herald.Settings, a identity.Account, form *web.Form) {
	x.pages.Show(w, r, status, "phone", web.View{Form: form, Data: phoneData{string(a.Username), s.Phone}})
}

// takePhone sends a code to the phone, once the password was typed again: a session
// left open must not lead notices elsewhere.
func (x *Room) takePhone(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "phone", Max: longestPhone}, web.Field{Name: "password", Max: longestPassword, Secret: true})
	if err != nil {
		return err
	}
	s, a, err := x.settings(r)
	if err != nil {
		return err
	}
	phone, err := identity.ParsePhone(form.Value("phone"))
	if err != nil && !form.FailInvalid("phone", err) {
		return err
	}
	status := http.StatusUnprocessableEntity
	if form.OK() {
		if status, err = x.Confirm(w, r, a.ID, form, "password"); err != nil {
			return err
		}
	}
	if form.OK() {
		err = x.change(r.Context(), func(tx *store.Tx, a identity.Account) error { return x.Herald.AskPhone(tx, a, phone) })
		if errors.Is(err, herald.ErrOften) {
			status = http.StatusTooManyRequests
			form.Fail("phone", "account.phone.often")
		} else if err != nil {
			return expired(err)
		}
	}
	if !form.OK() {
		x.showPhone(w, r, status, s, a, form)
		return nil
	}
	return web.SeeOther(w, r, codePath)
}

// codeData is the dot of the page of the code.
type codeData struct {
	Phone identity.Phone
	Life  time.Duration
}

func (x *Room) askCode(w http.ResponseWriter, r *http.Request) error {
	return x.showCode(w, r, http.StatusOK, nil)
}

func (x *Room) showCode(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	s, _, err := x.settings(r)
	if err != nil {
		return err
	}
	if s.Pending == "" { // nothing was sent, or it is done
		return web.SeeOther(w, r, noticesPath)
	}
	life, _ := x.Broker.Law.PhoneProof(x.Broker.Now())
	x.pages.Show(w, r, status, "code", web.View{Form: form, Data: codeData{s.Pending, life}})
	return nil
}

// takeCode compares the code, unless wrong ones bring a delay first.
func (x *Room) takeCode(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: longestPhone})
	if err != nil {
		return err
	}
	wait, err := x.proveCode(r, form)
	switch {
	case err != nil:
		return expired(err)
	case wait > 0:
		web.RetryAfter(w, wait)
		form.Fail("code", "account.code.wait", "Wait", wait)
		return x.showCode(w, r, http.StatusTooManyRequests, form)
	case !form.OK():
		return x.showCode(w, r, http.StatusUnprocessableEntity, form)
	}
	return x.say(w, r, outcome{What: "phone-proven"})
}

// proveCode says on the form what is wrong with a code, or how long to wait.
func (x *Room) proveCode(r *http.Request, form *web.Form) (wait time.Duration, err error) {
	c := broker.Of(r.Context())
	ctx, a := r.Context(), x.Phones.Attempt(c.Session.Person(), x.Broker.Address(r), true)
	if wait, err = a.Begin(ctx); err != nil || wait > 0 {
		return wait, err
	}
	err = x.change(r.Context(), func(tx *store.Tx, a identity.Account) error {
		return x.Herald.ProvePhone(tx, a, methodOf(c), digitsOf(form.Value("code")))
	})
	switch {
	case err == nil:
		return 0, a.Succeeded(ctx)
	case errors.Is(err, herald.ErrWrong):
		form.Fail("code", "account.code.wrong")
		return 0, a.Failed(ctx)
	case errors.Is(err, herald.ErrNoCode):
		form.Fail("code", "account.code.over")
		err = nil
	}
	return 0, errors.Join(err, a.Abandoned(ctx))
}

// digitsOf is what was typed without what stands between digits.
func digitsOf(typed string) string {
	var digits []rune
	for _, c := range typed {
		if c != ' ' && c != '-' && c != '\u00a0' {
			digits = append(digits, c)
		}
	}
	return string(digits)
}

func (x *Room) askDropPhone(w http.ResponseWriter, r *http.Request) error {
	s, a, err := x.settings(r)
	if err != nil {
		return err
	}
	if s.Phone == "" {
		return web.SeeOther(w, r, noticesPath)
	}
	x.pages.Show(w, r, http.StatusOK, "dropphone", web.View{Data: phoneData{string(a.Username), s.Phone}})
	return nil
}

// dropPhone forgets the phone.
func (x *Room) dropPhone(w http.ResponseWriter, r *http.Request) error {
	err := x.change(r.Context(), func(tx *store.Tx, a identity.Account) error {
		return x.Herald.ForgetPhone(tx, a, methodOf(broker.Of(r.Context())))
	})
	if err != nil {
		return expired(err)
	}
	return x.say(w, r, outcome{What: "phone-dropped"})
}
