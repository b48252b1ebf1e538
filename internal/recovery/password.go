package recovery

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

// longestTyped is how many characters of a name or an address are read.
const longestTyped = 300

func (x *Room) askPassword(w http.ResponseWriter, r *http.Request) error {
	return x.showPassword(w, r, http.StatusOK, nil)
}

func (x *Room) showPassword(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	x.pages.Show(w, r, status, "password", web.View{Form: form, Data: x.mailData()})
	return nil
}

// takePassword answers the same whatever was typed. What it leads to is done
// apart.
func (x *Room) takePassword(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "username", Max: longestTyped}, web.Field{Name: "email", Max: longestTyped})
	if err != nil {
		return err
	}
	name := form.Value("username")
	if name == "" {
		form.Fail("username", "recovery.no-username")
	}
	email := readEmail(form)
	if !form.OK() {
		return x.showPassword(w, r, http.StatusUnprocessableEntity, form)
	}
	wait, err := x.ask(r, "password/"+name, func(ctx context.Context) error { return x.reset(ctx, name, email) })
	if err != nil {
		return err
	}
	if wait > 0 {
		return x.showPassword(w, r, refuseWait(w, form, wait), form)
	}
	return web.SeeOther(w, r, mailedPath)
}

// readEmail reads the form's address, and says on it what is wrong with its shape.
func readEmail(form *web.Form) identity.Email {
	if form.Value("email") == "" {
		form.Fail("email", "recovery.no-email")
		return ""
	}
	email, err := identity.ParseEmail(form.Value("email"))
	form.FailInvalid("email", err)
	return email
}

// reset mails the link if the name, exactly as typed, and the address belong
// together.
func (x *Room) reset(ctx context.Context, name string, email identity.Email) error {
	a, err := x.holder(ctx, name, email)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	ok, err := x.may(ctx, a.ID)
	if err != nil || !ok {
		return err
	}
	return x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := x.letters.Reset(tx, a); err != nil {
			return err
		}
		return x.Broker.Ledger.AppendAll(tx, a.PersonID,
			ledger.PasswordResetRequested{By: "citizen", Account: a.ID},
			ledger.NoticeSent{Template: "password-reset", Medium: notify.Mail, Account: a.ID})
	})
}

// holder is the open account of that name and address; else store.ErrNotFound.
func (x *Room) holder(ctx context.Context, name string, email identity.Email) (a identity.Account, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.AccountByUsername(identity.Username(name))
		if err == nil && (a.Email.Canonical() != email.Canonical() || !inUse(a, tx.Now)) {
			err = store.ErrNotFound
		}
		return err
	})
	return a, err
}

// mailData is what the pages say of the letters.
type mailData struct{ Life time.Duration } // of a link

func (x *Room) mailData() mailData { return mailData{x.Broker.Law.ResetLife(x.Broker.Now())} }

// mailed says what to do now. It knows nobody, so everybody may see it.
func (x *Room) mailed(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "mailed", web.View{Data: x.mailData()})
	return nil
}
