package password

import (
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	changePath  = "/account/password"
	changedPath = "/account/password/changed"
)

type changeData struct {
	Username string // for password managers
	Shortest int
}

func (x *Room) askChange(w http.ResponseWriter, r *http.Request) error {
	a, _, err := x.owner(r)
	if err != nil {
		return err
	}
	x.showChange(w, r, http.StatusOK, a, nil)
	return nil
}

// owner is the account of the session and its person.
func (x *Room) owner(r *http.Request) (a identity.Account, p identity.Person, err error) {
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		if a, err = tx.Account(broker.Of(r.Context()).Session.Account()); err != nil {
			return err
		}
		p, err = tx.Person(a.PersonID)
		return err
	})
	return a, p, err
}

func (x *Room) showChange(w http.ResponseWriter, r *http.Request, status int, a identity.Account, form *web.Form) {
	data := changeData{Username: string(a.Username), Shortest: x.Shortest()}
	x.pages.Show(w, r, status, "change", web.View{Form: form, Data: data})
}

// change sets another password. Every session ends with it, this one too: what
// was opened by the old password must not outlive it.
func (x *Room) change(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "old", Max: MaxBytes, Secret: true}, web.Field{Name: "new", Max: MaxBytes, Secret: true})
	if err != nil {
		return err
	}
	a, p, err := x.owner(r)
	if err != nil {
		return err
	}
	status, err := x.Confirm(w, r, a.ID, form, "old")
	if err != nil {
		return err
	}
	if status != 0 {
		x.showChange(w, r, status, a, form)
		return nil
	}
	if form.Value("new") == form.Value("old") {
		form.Fail("new", "password.change.same")
	}
	record, err := x.Choose(r.Context(), form, "new", a, p)
	if err != nil {
		return err
	}
	if record == "" {
		x.showChange(w, r, http.StatusUnprocessableEntity, a, form)
		return nil
	}
	if err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return x.replace(tx, a, record) }); err != nil {
		return err
	}
	return web.SeeOther(w, r, changedPath)
}

// replace writes all of a change: record, ends of sessions, notices, ledger.
func (x *Room) replace(tx *store.Tx, a identity.Account, record string) error {
	if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: Kind, Secret: record}); err != nil {
		return err
	}
	if err := tx.EndSessions(a.ID); err != nil {
		return err
	}
	if err := notify.PostToAll(tx, a.PersonID, notify.PasswordChanged{At: tx.Now, Link: x.Home}); err != nil {
		return err
	}
	for _, e := range []ledger.Event{
		ledger.PasswordSet{Occasion: "change", Account: a.ID},
		ledger.SignedOut{Reason: "password-changed", Account: a.ID},
		ledger.NoticeSent{Template: "password-changed", Medium: notify.Mail, Account: a.ID},
	} {
		if _, err := x.Broker.Ledger.Append(tx, a.PersonID, e); err != nil {
			return err
		}
	}
	return nil
}

// changed says that it is done. It names nobody, so everybody may see it.
func (x *Room) changed(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "changed", web.View{})
	return nil
}
