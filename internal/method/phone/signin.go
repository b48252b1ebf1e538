package phone

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/registration"
	"kapu/internal/web"
)

// progress is how far a visit has come; it travels sealed.
type progress struct {
	Asked  phone.Asked   `json:"a,omitzero"`
	Holder *phone.Holder `json:"h,omitempty"` // who proved themselves with the one-time password, and must change it
	Why    phone.Verdict `json:"w,omitempty"` // why right digits lead nowhere
	Moved  bool          `json:"m,omitempty"` // other digits are asked than those just typed
}

// longestTyped is how much of what is typed into a field is read, blanks among it.
const longestTyped = 32

// place is one place of the password on the page.
type place struct {
	Number int
	Name   string // of its box; "" where nothing is asked
}

type signInData struct {
	Places     []place
	Identifier string // as it was typed, in groups
	Moved      bool
	ChooserURL string
	UnlockURL  string
	AnewURL    string // where another identifier is typed
}

func readProgress(v *broker.Visit) (p progress) {
	if json.Unmarshal(v.Transaction.State, &p) != nil {
		return progress{}
	}
	return p
}

func (x *Room) stay(w http.ResponseWriter, r *http.Request, v *broker.Visit, p progress) error {
	state, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return x.Broker.Stay(w, r, v, state)
}

// signIn serves the room step by step: identifier, digits, and at the first sign-in
// the change of the password.
func (x *Room) signIn(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if v.Step.Room != authn.Prove || v.Step.Factor != authn.Phone {
		return x.Broker.LeadOn(w, r, v)
	}
	switch p := readProgress(v); {
	case p.Why != "":
		return x.showHalt(w, r, v, p.Why)
	case p.Holder != nil:
		return x.change(w, r, v, *p.Holder)
	case p.Asked.Identifier != "":
		return x.digits(w, r, v, p)
	}
	return x.identifier(w, r, v, "identifier")
}

// identifier asks whose digits are to be asked; page says for what.
func (x *Room) identifier(w http.ResponseWriter, r *http.Request, v *broker.Visit, page string) error {
	d, err := x.dataOf(v)
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		return x.Broker.Show(w, r, v, x.pages, http.StatusOK, page, web.View{Data: d})
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "identifier", Max: longestTyped})
	if err != nil {
		return err
	}
	begin := x.Register.Begin
	if page == "reminders" {
		begin = x.Register.BeginReminders
	}
	asked, err := begin(r.Context(), form.Value("identifier"))
	if !form.OK() || failInvalid(form, "identifier", err) {
		return x.Broker.Show(w, r, v, x.pages, http.StatusUnprocessableEntity, page, web.View{Form: form, Data: d})
	}
	if err != nil {
		return err
	}
	return x.stay(w, r, v, progress{Asked: asked})
}

func (x *Room) dataOf(v *broker.Visit) (d signInData, err error) {
	if d.ChooserURL, err = x.Broker.BackToChooser(v); err != nil {
		return d, err
	}
	if d.AnewURL, err = x.Broker.Way(v, string(authn.Phone), nil); err != nil {
		return d, err
	}
	d.UnlockURL, err = x.Broker.Way(v, unlockRoom, nil)
	return d, err
}

// placesOf are all places of the password, with boxes where digits are asked.
func placesOf(asked phone.Positions, of int) (all []place) {
	for n := 1; n <= of; n++ {
		p := place{Number: n}
		if slices.Contains(asked, n) {
			p.Name = boxName(n)
		}
		all = append(all, p)
	}
	return all
}

func boxName(n int) string { return "digit" + strconv.Itoa(n) }

// digits asks the digits at the drawn places, or the code that a call spoke.
func (x *Room) digits(w http.ResponseWriter, r *http.Request, v *broker.Visit, p progress) error {
	if r.Method != http.MethodPost {
		return x.showDigits(w, r, v, p, http.StatusOK, nil)
	}
	fields := []web.Field{{Name: "spoken", Max: longestTyped}}
	for _, n := range p.Asked.Positions {
		fields = append(fields, web.Field{Name: boxName(n), Max: longestTyped, Secret: true})
	}
	form, err := web.ReadForm(w, r, fields...)
	if err != nil {
		return err
	}
	first := boxName(p.Asked.Positions[0])
	if form.Value("spoken") != "" {
		first = "spoken"
	}
	a, err := x.attempt(r, v, p, form)
	if err != nil {
		return err
	}
	switch a.Verdict {
	case phone.Right:
		return x.proved(w, r, v, p, a.Holder)
	case phone.Moved:
		return x.onwardMoved(w, r, v, a)
	case phone.Later:
		return x.showDigits(w, r, v, p, showWait(w, form, first, a.Wait), form)
	case phone.Wrong:
		form.Fail(first, "phone.wrong")
		return x.showDigits(w, r, v, p, http.StatusUnprocessableEntity, form)
	case missing:
		form.Fail(first, "phone.missing")
		return x.showDigits(w, r, v, p, http.StatusUnprocessableEntity, form)
	}
	return x.stay(w, r, v, progress{Why: a.Verdict})
}

// missing is the verdict on boxes that were left empty: nothing was counted.
const missing phone.Verdict = "missing"

// attempt compares what was typed. Whoever pasted all the asked digits into one box
// is understood as well.
func (x *Room) attempt(r *http.Request, v *broker.Visit, p progress, form *web.Form) (phone.Answer, error) {
	line := phone.Line{Peer: x.Broker.Address(r)}
	if code := form.Value("spoken"); code != "" {
		return x.Register.CheckSpoken(r.Context(), p.Asked, code, line)
	}
	var typed strings.Builder
	for _, n := range p.Asked.Positions {
		typed.WriteString(registration.DigitsOf(form.Value(boxName(n))))
	}
	if typed.Len() < len(p.Asked.Positions) {
		return phone.Answer{Verdict: missing}, nil
	}
	return x.Register.Check(r.Context(), p.Asked, typed.String(), line)
}

// onwardMoved shows the digits that are asked now, unless this is the second submit
// of a form that was right.
func (x *Room) onwardMoved(w http.ResponseWriter, r *http.Request, v *broker.Visit, a phone.Answer) error {
	done, err := x.Broker.Repeat(w, r, v)
	if err != nil || done {
		return err
	}
	return x.stay(w, r, v, progress{Asked: a.Asked, Moved: true})
}

func (x *Room) showDigits(w http.ResponseWriter, r *http.Request, v *broker.Visit, p progress, status int, form *web.Form) error {
	d, err := x.dataOf(v)
	if err != nil {
		return err
	}
	_, of := x.Broker.Law.TelephoneDigits(x.Broker.Now())
	d.Places, d.Identifier, d.Moved = placesOf(p.Asked.Positions, of), p.Asked.Identifier, p.Moved
	return x.Broker.Show(w, r, v, x.pages, status, "digits", web.View{Form: form, Data: d})
}

// proved goes on with who proved themselves; with a one-time password they change it
// first, and nothing else is possible.
func (x *Room) proved(w http.ResponseWriter, r *http.Request, v *broker.Visit, p progress, h phone.Holder) error {
	if h.First {
		return x.stay(w, r, v, progress{Asked: p.Asked, Holder: &h})
	}
	return x.complete(w, r, v, h)
}

// complete reports the proof. It is a moment later than the change of a password,
// which ends what was proved until then.
func (x *Room) complete(w http.ResponseWriter, r *http.Request, v *broker.Visit, h phone.Holder) error {
	e := authn.Event{Factor: authn.Phone, At: x.Broker.Now().Add(time.Millisecond), Account: h.ID, Person: h.Person}
	return x.Broker.Complete(w, r, v, e, nil)
}

// change is the page of the first change of the password.
func (x *Room) change(w http.ResponseWriter, r *http.Request, v *broker.Visit, h phone.Holder) error {
	show := func(status int, form *web.Form) error {
		return x.Broker.Show(w, r, v, x.pages, status, "change", web.View{Form: form})
	}
	if r.Method != http.MethodPost {
		return show(http.StatusOK, nil)
	}
	h, again, err := x.takePassword(w, r, h)
	switch {
	case again != nil:
		return show(http.StatusUnprocessableEntity, again)
	case errors.Is(err, phone.ErrGone): // changed by the first of two submits, or issued anew
		return x.Broker.LeadOn(w, r, v)
	case err != nil:
		return err
	}
	return x.complete(w, r, v, h)
}

// takePassword puts a password that is typed twice in the place of the holder's.
// Again is the form to show once more, where it will not do.
func (x *Room) takePassword(w http.ResponseWriter, r *http.Request, h phone.Holder) (after phone.Holder, again *web.Form, err error) {
	form, err := web.ReadForm(w, r, web.Field{Name: "password", Max: longestTyped, Secret: true}, web.Field{Name: "again", Max: longestTyped, Secret: true})
	if err != nil {
		return h, nil, err
	}
	password := form.Value("password")
	if form.OK() && password != "" && registration.DigitsOf(password) != registration.DigitsOf(form.Value("again")) {
		form.Fail("again", "phone.change.differs")
	}
	if !form.OK() {
		return h, form, nil
	}
	if after, err = x.Register.Change(r.Context(), h, password); failInvalid(form, "password", err) {
		return h, form, nil
	}
	return after, nil, err
}

type haltData struct {
	Why        phone.Verdict
	ChooserURL string
}

// showHalt says to whoever answered rightly why that leads nowhere.
func (x *Room) showHalt(w http.ResponseWriter, r *http.Request, v *broker.Visit, why phone.Verdict) error {
	chooser, err := x.Broker.BackToChooser(v)
	if err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, http.StatusForbidden, "halt", web.View{Data: haltData{why, chooser}})
}

// level is what the method is worth, for samples.
const level = law.Low
