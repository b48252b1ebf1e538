package account

import (
	"net/http"
	"time"

	"kapu/internal/identity"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/web"
)

// emailData is the dot of the page of the e-mail address.
type emailData struct {
	Username string // for password managers
	Present  identity.Email
	Waiting  *life.Pending // a change that is not carried out yet
	LinkLife time.Duration
}

// askEmail shows the account's address, and asks for another or shows what the
// change waits for (R14).
func (x *Room) askEmail(w http.ResponseWriter, r *http.Request) error {
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	x.showEmail(w, r, http.StatusOK, o, nil)
	return nil
}

func (x *Room) showEmail(w http.ResponseWriter, r *http.Request, status int, o owned, form *web.Form) {
	data := emailData{Username: string(o.Username), Present: o.Email, Waiting: o.waits(life.Email), LinkLife: x.Broker.Law.LinkLife(x.Broker.Now())}
	x.pages.Show(w, r, status, "email", web.View{Form: form, Data: data})
}

// takeEmail sends a letter to the new address and to the old one. Asked again for
// an address that already waits, it leads to that and sends nothing: the letters
// that went out stay good.
func (x *Room) takeEmail(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "email"}, web.Field{Name: "password", Max: longestPassword, Secret: true})
	if err != nil {
		return err
	}
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	wanted := readEmail(form, o.Email)
	status, err := x.confirmOwner(w, r, o.ID, form)
	if err != nil {
		return err
	}
	if status != 0 {
		x.showEmail(w, r, status, o, form)
		return nil
	}
	err = x.change(r.Context(), func(tx *store.Tx, a identity.Account) error { return x.requestEmail(tx, a, wanted) })
	if err != nil {
		return expired(err)
	}
	return web.SeeOther(w, r, emailPath)
}

func (x *Room) requestEmail(tx *store.Tx, a identity.Account, wanted identity.Email) error {
	waiting, err := x.Life.Pending(tx, a.ID)
	if err != nil {
		return err
	}
	o := owned{a, waiting}
	if p := o.waits(life.Email); p != nil && p.Email.Canonical() == wanted.Canonical() {
		return nil
	}
	_, err = x.Life.AskEmail(tx, a, wanted)
	return err
}

// readEmail reads the new address, or says on the form why it will not do.
func readEmail(form *web.Form, present identity.Email) identity.Email {
	wanted, err := identity.ParseEmail(form.Value("email"))
	switch {
	case form.Value("email") == "":
		form.Fail("email", "account.email.missing")
	case form.FailInvalid("email", err):
	case wanted.Canonical() == present.Canonical():
		form.Fail("email", "account.email.same")
	}
	return wanted
}
