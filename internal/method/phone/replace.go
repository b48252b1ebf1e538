package phone

import (
	"errors"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/phone"
	"kapu/internal/store"
	"kapu/internal/web"
)

type replaceData struct {
	Identifier string // as it is to be shown
	EndURL     string // where the identifier is given up instead
	BackURL    string // from there
}

// replace asks who has just signed in strongly for another telephone password, in
// the place of one that others may have heard. It leads on to where they were going.
func (x *Room) replace(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if !resting(v) {
		return x.Broker.LeadOn(w, r, v)
	}
	if r.Method != http.MethodPost {
		return x.showInstead(w, r, v, "replace", http.StatusOK, nil)
	}
	_, again, err := x.takePassword(w, r, x.Register.Strong(v.Session.Person()))
	switch {
	case again != nil:
		return x.showInstead(w, r, v, "replace", http.StatusUnprocessableEntity, again)
	case err != nil && !errors.Is(err, phone.ErrGone): // gone: there is nothing to replace
		return err
	}
	return x.Broker.LeadOn(w, r, v)
}

// endInstead asks, and then gives the identifier up instead.
func (x *Room) endInstead(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if !resting(v) {
		return x.Broker.LeadOn(w, r, v)
	}
	if r.Method != http.MethodPost {
		return x.showInstead(w, r, v, "instead", http.StatusOK, nil)
	}
	h := x.Register.Strong(v.Session.Person())
	err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return x.Register.EndBy(tx, h) })
	if err != nil && !errors.Is(err, phone.ErrGone) {
		return err
	}
	return x.Broker.LeadOn(w, r, v)
}

// resting tells whether the visitor belongs here: the form of another tab may have
// done already what this one asks.
func resting(v *broker.Visit) bool {
	return v.Step.Room == authn.Replace && v.Step.Factor == authn.Phone
}

func (x *Room) showInstead(w http.ResponseWriter, r *http.Request, v *broker.Visit, page string, status int, form *web.Form) error {
	own, err := x.Register.Own(r.Context(), v.Session.Person())
	if errors.Is(err, phone.ErrGone) {
		return x.Broker.LeadOn(w, r, v)
	}
	if err != nil {
		return err
	}
	d := replaceData{Identifier: own.Identifier}
	if d.EndURL, err = x.Broker.Way(v, replaceRoom+"/end", nil); err != nil {
		return err
	}
	if d.BackURL, err = x.Broker.Way(v, replaceRoom, nil); err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, page, web.View{Form: form, Data: d})
}
