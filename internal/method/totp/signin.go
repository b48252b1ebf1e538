package totp

import (
	"errors"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/store"
	"kapu/internal/web"
)

type signInData struct {
	Params
	ChooserURL, RemovalURL string
}

func (x *Room) signIn(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	switch {
	case r.Method != http.MethodPost:
		return x.showSignIn(w, r, v, http.StatusOK, nil)
	case !proving(v):
		return x.Broker.LeadOn(w, r, v)
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: maxTyped})
	if err != nil {
		return err
	}
	if form.OK() && form.Value("code") == "" {
		form.Fail("code", "totp.signin.missing")
	}
	if !form.OK() {
		return x.showSignIn(w, r, v, http.StatusUnprocessableEntity, form)
	}
	return x.prove(w, r, v, form)
}

// proving says whether the visitor is here to prove a code.
func proving(v *broker.Visit) bool {
	return v.Step.Room == authn.Prove && v.Step.Factor == authn.TOTP
}

func (x *Room) showSignIn(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form) error {
	chooser, err := x.Broker.BackToChooser(v)
	if err != nil {
		return err
	}
	removal, err := x.Broker.Way(v, removalRoom, nil)
	if err != nil {
		return err
	}
	data := signInData{Params: x.params(), ChooserURL: chooser, RemovalURL: removal}
	return x.Broker.Show(w, r, v, x.pages, status, "signin", web.View{Form: form, Data: data})
}

// prove compares the code and spends its step in the same write as the proof,
// so that of two equal codes only one is good.
func (x *Room) prove(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form) error {
	account := v.Session.Account()
	c, err := x.credential(r.Context(), account, Kind)
	if err != nil {
		return err
	}
	secret, err := ParseSecret(c.Secret)
	if err != nil { // taken off meanwhile, or unreadable: nothing typed here could be right
		return x.Broker.Go(w, r, v, func(*authn.Transaction) {})
	}
	var step int64
	var right bool
	ok, wait, err := x.Broker.Try(r, v, x.secret(account), func() bool {
		step, right = Verify(secret, form.Value("code"), x.Broker.Now(), 0, x.params())
		return right && step > c.Counter
	})
	if err != nil {
		return err
	}
	if right && !ok {
		return x.used(w, r, v, form)
	}
	if status := refuse(w, form, ok, wait, "totp.signin.wrong", "Digits", x.params().Digits); status != 0 {
		return x.showSignIn(w, r, v, status, form)
	}
	e := authn.Event{Factor: authn.TOTP, At: x.Broker.Now(), Account: account, Person: v.Session.Person()}
	err = x.Broker.Complete(w, r, v, e, func(tx *store.Tx) error { return tx.SpendStep(c.ID, step) })
	if errors.Is(err, store.ErrStale) {
		return x.used(w, r, v, form)
	}
	return err
}

// used refuses a code that was used, unless this is the second submit of the
// very form that used it.
func (x *Room) used(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form) error {
	done, err := x.Broker.Repeat(w, r, v)
	if err != nil || done {
		return err
	}
	form.Fail("code", "totp.signin.used")
	return x.showSignIn(w, r, v, http.StatusUnprocessableEntity, form)
}
