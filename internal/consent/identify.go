package consent

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/web"
)

const (
	maxTyped      = 40               // characters of a number, with blanks and hyphens
	registerPause = 30 * time.Second // how soon the register may answer again
)

// identifyData is the dot of the page on which the citizen states an identifier.
type identifyData struct {
	Service  string
	Name     string // which: "tax_number" or "taj"
	LeaveURL string
	Down     bool // the register does not answer
}

// Key begins the keys of the identifier's own words.
func (d identifyData) Key() string { return "consent.identify." + d.Name }

// identify asks for the identifier that the service demands.
func (x *Room) identify(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	name := v.Transaction.Unstated(v.Session)
	switch {
	case v.Step.Room != authn.Identify || name == "":
		return x.onward(w, r, v)
	case r.Method != http.MethodPost:
		return x.showIdentify(w, r, v, http.StatusOK, nil)
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "what"}, web.Field{Name: "number", Max: maxTyped})
	switch {
	case err != nil:
		return err
	case form.Value("what") != name: // the form of the identifier before, sent twice
		return x.onward(w, r, v)
	}
	var stated string
	if form.OK() {
		stated = parse(form, name)
	}
	if !form.OK() {
		return x.showIdentify(w, r, v, http.StatusUnprocessableEntity, form)
	}
	return x.confirm(w, r, v, form, statement{name, stated})
}

func (x *Room) showIdentify(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form) error {
	return x.showStep(w, r, v, status, "identify", form)
}

func (x *Room) showStep(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, page string, form *web.Form) error {
	if v.Service == nil {
		return web.Expired("")
	}
	leave, err := x.Broker.TurnBack(v)
	if err != nil {
		return err
	}
	data := identifyData{catalogue.In(v.Service.Name, string(web.Language(r))), v.Transaction.Unstated(v.Session), leave, status == http.StatusServiceUnavailable}
	return x.Broker.Show(w, r, v, x.pages, status, page, web.View{Form: form, Data: data})
}

// statement is an identifier that was typed, without blanks and hyphens.
type statement struct{ name, number string }

// parse reads what was typed. What cannot be such a number costs no attempt.
func parse(form *web.Form, name string) (number string) {
	var err error
	if name == string(catalogue.TAJ) {
		var taj identity.TAJ
		taj, err = identity.ParseTAJ(form.Value("number"))
		number = string(taj)
	} else {
		var tax identity.TaxNumber
		tax, err = identity.ParseTaxNumber(form.Value("number"))
		number = string(tax)
	}
	var invalid *identity.Invalid
	if !errors.As(err, &invalid) {
		return number
	}
	key := "consent.identify." + name
	switch invalid.Reason {
	case identity.ReasonEmpty:
		key += ".missing"
	case identity.ReasonCheckDigit:
		key += ".mistyped"
	default:
		key += ".form"
	}
	form.Fail("number", key)
	return ""
}

// confirm holds the statement against the register, unless wrong ones bring a
// delay first.
func (x *Room) confirm(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, s statement) error {
	ctx, person := r.Context(), v.Session.Person()
	a := x.Broker.Attempt(r, x.Gate, person+" "+s.name, v.Session.Account())
	wait, err := a.Begin(ctx)
	if err != nil {
		return err
	}
	if wait > 0 {
		web.RetryAfter(w, wait)
		form.Fail("number", "consent.identify.wait", "Wait", wait)
		return x.showIdentify(w, r, v, http.StatusTooManyRequests, form)
	}
	found, err := x.lookUp(ctx, person)
	number := found.number(s.name)
	if err != nil || number == "" { // nothing was compared
		return x.unconfirmed(w, r, v, form, errors.Join(err, a.Abandoned(ctx)))
	}
	if subtle.ConstantTimeCompare([]byte(number), []byte(s.number)) != 1 {
		if err := x.Broker.Wrong(ctx, a, person, ledger.Throttled{Scope: "identifier"}); err != nil {
			return err
		}
		form.Fail("number", "consent.identify."+s.name+".wrong")
		return x.showIdentify(w, r, v, http.StatusUnprocessableEntity, form)
	}
	if err := a.Succeeded(ctx); err != nil {
		return err
	}
	return x.Broker.State(w, r, v, s.name, found.keep(x.Broker.Ledger))
}

// unconfirmed says why the register could not confirm anything. What was typed
// stays where it is worth trying again.
func (x *Room) unconfirmed(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, err error) error {
	switch {
	case err == nil:
		return x.showStep(w, r, v, http.StatusForbidden, "absent", nil)
	case errors.Is(err, errNobody):
		return x.showStep(w, r, v, http.StatusForbidden, "nobody", nil)
	case errors.Is(err, errDown):
		w.Header().Set("Retry-After", strconv.Itoa(int(registerPause.Seconds())))
		return x.showIdentify(w, r, v, http.StatusServiceUnavailable, form)
	}
	return err
}
