package totp

import (
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/web"
)

// enrolment is what travels, sealed, between the two pages of adding the
// factor. Nothing is written before the second is sent.
type enrolment struct {
	Account  string `json:"a"`
	Replaces string `json:"p,omitempty"` // id of the credential that was there at the beginning
	Secret   string `json:"s"`
	Step     int64  `json:"n,omitempty"` // of the code that proved the app to work
	Removal  string `json:"r,omitempty"` // set once it did
}

// issuerName is what the app shows above the codes.
const issuerName = "Ügyfélkapu+"

type enrolData struct {
	Params
	QR       template.HTML
	URI      template.URL // otpauth:, for an app on this very device
	Key      string
	Username string
	Replaces bool
}

func (x *Room) enrol(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if v.Step.Room != authn.Enrol || v.Step.Factor != authn.TOTP {
		return x.Broker.LeadOn(w, r, v)
	}
	account := v.Session.Account()
	if slices.Contains(v.Standing.Has, Kind) && v.Session.Level(v.Rules) < law.Substantial {
		return x.stepUp(w, r, v)
	}
	present, err := x.credential(r.Context(), account, Kind)
	if err != nil {
		return err
	}
	var e enrolment
	switch err := json.Unmarshal(v.Transaction.State, &e); {
	case (err != nil || e.Account != account) && present.ID != "" && v.Transaction.Request.Level < law.Substantial:
		return x.stepUp(w, r, v) // whoever has it and did not ask for another is shown it
	case err != nil || e.Account != account:
		return x.begin(w, r, v, present.ID)
	case e.Replaces != present.ID: // the back button, after it was done
		return x.Broker.Go(w, r, v, func(t *authn.Transaction) { t.Request.Enrol = "" })
	case e.Removal == "":
		return x.setUp(w, r, v, e)
	}
	return x.keep(w, r, v, e)
}

// stepUp asks somebody who has the factor for a code first, and then shows what
// can be done with it: a password alone must not replace it.
func (x *Room) stepUp(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	return x.Broker.Go(w, r, v, func(t *authn.Transaction) {
		t.Request = broker.Request(law.Substantial, plusPath)
		t.Chosen = law.TOTP
	})
}

// begin draws a secret and comes back with it, so that a reload shows the same.
func (x *Room) begin(w http.ResponseWriter, r *http.Request, v *broker.Visit, replaces string) error {
	return x.stay(w, r, v, enrolment{Account: v.Session.Account(), Replaces: replaces, Secret: NewSecret().Text()})
}

func (x *Room) stay(w http.ResponseWriter, r *http.Request, v *broker.Visit, e enrolment) error {
	state, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return x.Broker.Stay(w, r, v, state)
}

// setUp is the first page: the app learns the secret and shows that it works.
func (x *Room) setUp(w http.ResponseWriter, r *http.Request, v *broker.Visit, e enrolment) error {
	secret, err := ParseSecret(e.Secret)
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		return x.showSetUp(w, r, v, http.StatusOK, secret, e, nil)
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: maxTyped}, web.Field{Name: "password", Max: longestPassword, Secret: true})
	if err != nil {
		return err
	}
	step, ok := Verify(secret, form.Value("code"), x.Broker.Now(), 0, x.params())
	if form.OK() && !ok {
		form.Fail("code", "totp.enrol.wrong", "Digits", x.params().Digits)
	}
	if !form.OK() {
		return x.showSetUp(w, r, v, http.StatusUnprocessableEntity, secret, e, form)
	}
	status, err := x.Confirm(w, r, e.Account, form, "password")
	if err != nil {
		return err
	}
	if status != 0 {
		return x.showSetUp(w, r, v, status, secret, e, form)
	}
	e.Step, e.Removal = step, NewRemovalCode().Text()
	return x.stay(w, r, v, e)
}

// longestPassword is how much of a password is read; what is longer is wrong.
const longestPassword = 4096

func (x *Room) showSetUp(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, secret Secret, e enrolment, form *web.Form) error {
	var username string
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		a, err := tx.Account(e.Account)
		username = string(a.Username)
		return err
	})
	if err != nil {
		return err
	}
	title := x.Broker.Shell.Text(web.Language(r), "totp.enrol.qr")
	data, err := setUpData(secret, username, title, x.params())
	if err != nil {
		return err
	}
	data.Replaces = e.Replaces != ""
	return x.Broker.Show(w, r, v, x.pages, status, "enrol", web.View{Form: form, Data: data})
}

func setUpData(secret Secret, username, title string, p Params) (enrolData, error) {
	uri := URI(secret, issuerName, username, p)
	qr, err := QRSVG(uri, title)
	return enrolData{Params: p, QR: qr, URI: template.URL(uri), Key: secret.Text(), Username: username}, err
}

type keepData struct{ Removal string }

// keep is the second page: the removal code, shown only now. When its owner
// says that it is kept, everything is written at once.
func (x *Room) keep(w http.ResponseWriter, r *http.Request, v *broker.Visit, e enrolment) error {
	view := web.View{Data: keepData{e.Removal}}
	if r.Method != http.MethodPost {
		return x.Broker.Show(w, r, v, x.pages, http.StatusOK, "keep", view)
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "kept", Max: len("yes")})
	if err != nil {
		return err
	}
	if !form.Checked("kept") {
		form.Fail("kept", "totp.keep.missing")
		view.Form = form
		return x.Broker.Show(w, r, v, x.pages, http.StatusUnprocessableEntity, "keep", view)
	}
	proof := authn.Event{Factor: authn.TOTP, At: x.Broker.Now(), Account: e.Account, Person: v.Session.Person()}
	if e.Replaces != "" {
		proof.At = outlast(v, proof.At)
	}
	err = x.Broker.Complete(w, r, v, proof, func(tx *store.Tx) error { return x.add(tx, e, v.Session.Person()) })
	if errors.Is(err, store.ErrStale) {
		return x.Broker.LeadOn(w, r, v)
	}
	return err
}

// outlast lets what the visitor has proved count from just after now, when all
// sessions of the account end because another app takes the place of the old one:
// the password was typed on the page before. It returns that moment.
func outlast(v *broker.Visit, now time.Time) time.Time {
	after := now.Add(time.Millisecond) // the account's ends of sessions are kept in milliseconds
	v.Session.Events = slices.Clone(v.Session.Events)
	for i := range v.Session.Events {
		v.Session.Events[i].At = after
	}
	return after
}
