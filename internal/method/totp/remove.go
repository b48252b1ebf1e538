package totp

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

type removeData struct {
	BackURL  string // to the code
	EnrolURL string // to a new device, once removed
}

// remove takes the factor off for an owner whose phone is lost, by password and
// removal code. What follows is adding it anew.
func (x *Room) remove(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	switch {
	case r.Method != http.MethodPost:
		return x.showRemove(w, r, v, http.StatusOK, nil)
	case !proving(v):
		return x.Broker.LeadOn(w, r, v)
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: maxTyped})
	if err != nil {
		return err
	}
	typed, err := ParseRemovalCode(form.Value("code"))
	if form.OK() && err != nil {
		form.Fail("code", "totp.remove.mistyped")
	}
	if !form.OK() {
		return x.showRemove(w, r, v, http.StatusUnprocessableEntity, form)
	}
	return x.removeBy(w, r, v, form, typed)
}

func (x *Room) showRemove(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form) error {
	back, err := x.Broker.Way(v, string(authn.TOTP), nil)
	if err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, "remove", web.View{Form: form, Data: removeData{BackURL: back}})
}

func (x *Room) removeBy(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, typed RemovalCode) error {
	account := v.Session.Account()
	c, err := x.credential(r.Context(), account, RemovalKind)
	if err != nil {
		return err
	}
	stored, err := base64.RawStdEncoding.DecodeString(c.Secret)
	if err != nil {
		return err
	}
	ok, wait, err := x.Broker.Try(r, v, x.secret("removal/"+account), func() bool {
		return len(stored) > 0 && typed.Matches(x.Broker.Ring.Pepper(), stored)
	})
	if err != nil {
		return err
	}
	if status := refuse(w, form, ok, wait, "totp.remove.wrong"); status != 0 {
		return x.showRemove(w, r, v, status, form)
	}
	err = x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return x.takeOff(tx, account, v.Session.Person()) })
	if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: the first of two submits took it off
		return err
	}
	v.Standing.Has = slices.DeleteFunc(slices.Clone(v.Standing.Has), func(kind string) bool { return kind == Kind || kind == RemovalKind })
	if err := x.Broker.Renew(w, r, v); err != nil {
		return err
	}
	return x.showRemoved(w, r, v)
}

// takeOff ends all sessions of the account: with another app, those that the
// lost one opened would count again.
func (x *Room) takeOff(tx *store.Tx, account, person string) error {
	for _, kind := range []string{RemovalKind, Kind} {
		if err := tx.RemoveCredential(account, kind); err != nil {
			return err
		}
	}
	if err := tx.EndSessions(account); err != nil {
		return err
	}
	if err := x.giveNoticeOfRemoval(tx, account, person); err != nil {
		return err
	}
	return x.Broker.Ledger.AppendAll(tx, person,
		ledger.FactorRemoved{Method: law.TOTP, By: "code", Account: account},
		ledger.NoticeSent{Template: "factor-removed-by-code", Medium: notify.Mail, Account: account})
}

// giveNoticeOfRemoval tells every address known of the person, with the link by
// which the account can be closed: whoever had password and removal code may be
// somebody else.
func (x *Room) giveNoticeOfRemoval(tx *store.Tx, account, person string) error {
	until := tx.Now.Add(x.Broker.Law.StopPeriod(tx.Now))
	link, until, err := x.Revocation(tx, account, until)
	if err != nil {
		return err
	}
	return notify.PostToAll(tx, person, notify.FactorRemovedByCode{At: tx.Now, RevokeLink: link, RevokeUntil: until})
}

func (x *Room) showRemoved(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	next, err := x.Broker.Way(v, "enrol/"+string(authn.TOTP), nil)
	if err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, http.StatusOK, "removed", web.View{Data: removeData{EnrolURL: next}})
}
