package provisional

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"kapu/internal/web"
)

// visit is a browser with the challenge that it shows, or a new one.
type visit struct {
	browser string
	challenge
	sealed string
}

// anew gives the browser a challenge.
func (x *Room) anew(w http.ResponseWriter, r *http.Request) (v visit, err error) {
	v.browser = x.know(w, r)
	v.challenge, v.sealed, err = x.newChallenge(v.browser)
	return v, err
}

// askData shows the form: empty, or for as long as a sitting lasts with what
// this browser has begun.
func (x *Room) askData(w http.ResponseWriter, r *http.Request) error {
	p, _, begun, err := x.pending(r.Context(), x.browser(r))
	if err != nil {
		return err
	}
	v, err := x.anew(w, r)
	if err != nil {
		return err
	}
	form, now := blank(r), x.Broker.Now()
	if begun && !p.Proved && now.Before(p.Begun.Add(x.Broker.Law.TransactionLife(now))) {
		form = filled(p)
	}
	return x.showData(w, r, http.StatusOK, form, v)
}

func (x *Room) showData(w http.ResponseWriter, r *http.Request, status int, form *web.Form, v visit) error {
	shortest, _ := x.Broker.Law.UsernameLength(x.Broker.Now())
	x.pages.Show(w, r, status, "data", web.View{Form: form, Data: dataData{
		task:     task{v.sealed, v.Nonce, x.Broker.Law.ProvisionalWorkBits(x.Broker.Now())},
		Shortest: shortest, Countries: x.countries[web.Language(r)],
	}})
	return nil
}

// takeData takes the form. What was typed is never lost: it stands in every
// answer but the last.
func (x *Room) takeData(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, slices.Concat(dataFields, carried)...)
	if err != nil {
		return err
	}
	v, known := visit{browser: x.browser(r), sealed: form.Value("challenge")}, false
	if v.challenge, known = x.readChallenge(v.sealed, v.browser); !known {
		if v.browser == "" {
			form.Fail("", "provisional.data.cookie")
		}
		if v, err = x.anew(w, r); err != nil {
			return err
		}
	}
	d := x.read(form)
	switch {
	case form.Value("edit") != "":
		return x.showData(w, r, http.StatusOK, unjudged(form), v)
	case !form.OK():
		return x.showData(w, r, http.StatusUnprocessableEntity, form, v)
	}
	return x.admit(w, r, form, v, d)
}

// unjudged is the form as it was typed, without what is wrong with it.
func unjudged(form *web.Form) *web.Form {
	v := map[string]string{}
	for _, t := range typedOf(form) {
		v[t.Name] = t.Value
	}
	return web.NewForm(v)
}

// admit asks for the right to send a form in which nothing is wrong, uses it up,
// and goes on to the limits.
func (x *Room) admit(w http.ResponseWriter, r *http.Request, form *web.Form, v visit, d wanted) error {
	ctx := r.Context()
	cost, err := x.price(ctx, d.Email)
	if err != nil {
		return err
	}
	if v.work(form.Value("work")) < cost.Bits && v.left(cost, x.Broker.Now()) > 0 {
		return x.showWait(w, r, form, v, cost)
	}
	fresh, err := x.spend(ctx, v.challenge)
	if err != nil {
		return err
	}
	if fresh {
		return x.begin(w, r, form, v, d)
	}
	if p, _, ok, err := x.pending(ctx, v.browser); err != nil || ok && p.Nonce == v.Nonce {
		return orGo(w, r, err, CodePath) // the same form, sent twice
	}
	if v, err = x.anew(w, r); err != nil {
		return err
	}
	return x.showWait(w, r, form, v, cost)
}

func orGo(w http.ResponseWriter, r *http.Request, err error, path string) error {
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, path)
}

// showWait asks for patience with a form that is right.
func (x *Room) showWait(w http.ResponseWriter, r *http.Request, form *web.Form, v visit, cost price) error {
	wait := v.left(cost, x.Broker.Now())
	retryAfter(w, wait)
	x.pages.Show(w, r, http.StatusTooManyRequests, "wait", web.View{Data: waitData{
		task: task{v.sealed, v.Nonce, cost.Bits}, Wait: wait, Fields: typedOf(form),
	}})
	return nil
}

func retryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds(wait)))
}

// seconds are whole seconds, rounded up.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// begin counts, and posts the letter that proves the address. The right to send
// the form is used up whatever comes of it.
func (x *Room) begin(w http.ResponseWriter, r *http.Request, form *web.Form, v visit, d wanted) error {
	full, err := x.crowded(r, form, d)
	if err == nil && form.OK() {
		return orGo(w, r, x.sendCode(r.Context(), v, d), CodePath)
	}
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if full {
		status = http.StatusTooManyRequests
		retryAfter(w, x.untilTomorrow())
	}
	if v, err = x.anew(w, r); err != nil {
		return err
	}
	return x.showData(w, r, status, form, v)
}
