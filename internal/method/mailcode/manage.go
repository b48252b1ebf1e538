package mailcode

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

// longestPassword is how much of a password is read; what is longer is wrong.
const longestPassword = 4096

type manageData struct {
	Since time.Time
	Last  bool // without it the account has a password alone
}

// manage leads to setting the factor up, or shows it to those who have it.
func (x *Room) manage(w http.ResponseWriter, r *http.Request) error {
	c, err := x.Broker.Current(r)
	if err != nil {
		return err
	}
	if slices.Contains(c.Standing.Has, Kind) {
		return x.Broker.Require(law.Substantial, x.showManage)(w, r)
	}
	q := broker.Request(law.NoLevel, "/account")
	q.Enrol = authn.MailCode
	return x.Broker.Open(w, r, q)
}

func (x *Room) showManage(w http.ResponseWriter, r *http.Request) error {
	return x.showManaged(w, r, http.StatusOK, nil)
}

func (x *Room) showManaged(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	c := broker.Of(r.Context())
	var known store.Credential
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		known, err = tx.Credential(c.Session.Account(), Kind)
		return err
	})
	if errors.Is(err, store.ErrNotFound) { // taken off in another tab
		return web.SeeOther(w, r, "/account")
	}
	if err != nil {
		return err
	}
	x.pages.Show(w, r, status, "manage", web.View{Form: form, Data: manageData{known.Created, x.last(c)}})
	return nil
}

// last tells whether no other method would open services any more.
func (x *Room) last(c broker.Current) bool {
	left := c.Standing
	left.Has = slices.DeleteFunc(slices.Clone(left.Has), func(kind string) bool { return kind == Kind })
	return !slices.ContainsFunc(x.Broker.Rules(x.Broker.Now()).Methods, func(m authn.Method) bool {
		return m.Level >= law.Substantial && !slices.ContainsFunc(m.Factors, func(f authn.Factor) bool { return !slices.Contains(left.Has, string(f)) })
	})
}

// remove takes the factor off, for who knows the password. Sessions that were
// opened with it end.
func (x *Room) remove(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "password", Max: longestPassword, Secret: true})
	if err != nil {
		return err
	}
	session := broker.Of(r.Context()).Session
	status, err := x.Confirm(w, r, session.Account(), form, "password")
	if err != nil {
		return err
	}
	if status != 0 {
		return x.showManaged(w, r, status, form)
	}
	err = x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return x.takeOff(tx, session.Account(), session.Person()) })
	if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: the first of two submits took it off
		return err
	}
	return web.SeeOther(w, r, "/account")
}

func (x *Room) takeOff(tx *store.Tx, account, person string) error {
	if err := tx.RemoveCredential(account, Kind); err != nil {
		return err
	}
	if err := notify.PostToAll(tx, person, notify.MailCodeRemoved{At: tx.Now, Link: x.Home}); err != nil {
		return err
	}
	return x.Broker.Ledger.AppendAll(tx, person,
		ledger.FactorRemoved{Method: law.MailCode, By: "citizen", Account: account},
		ledger.NoticeSent{Template: "mailcode-removed", Medium: notify.Mail, Account: account})
}
