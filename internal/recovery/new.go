package recovery

import (
	"context"
	"errors"
	"net/http"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

// passwordKind is the kind of the credential that a new password replaces.
const passwordKind = "password"

type newData struct {
	Username string
	Shortest int
}

// owner is whose link it is.
type owner struct {
	account identity.Account
	person  identity.Person
}

// askNew shows where the new password is typed. Opening the link changes
// nothing: mail programs open links of their own accord.
func (x *Room) askNew(w http.ResponseWriter, r *http.Request) error {
	if token := r.URL.Query().Get("c"); token != "" {
		return x.arrive(w, r, token)
	}
	return x.withOwner(w, r, func(o owner) error { return x.showNew(w, r, http.StatusOK, o, nil) })
}

// arrive comes from the letter.
func (x *Room) arrive(w http.ResponseWriter, r *http.Request, token string) error {
	var c store.Code
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		_, c, err = x.letters.find(tx, token)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return x.showGone(w, r)
	}
	if err != nil {
		return err
	}
	return x.carry(w, r, carried{Token: token, Until: c.Expires})
}

// withOwner serves those who come with a link that still counts; others are told
// how to get another.
func (x *Room) withOwner(w http.ResponseWriter, r *http.Request, serve func(owner) error) error {
	var o owner
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		if o.account, _, err = x.letters.find(tx, x.token(r)); err != nil {
			return err
		}
		o.person, err = tx.Person(o.account.PersonID)
		return err
	})
	if err == nil {
		err = serve(o)
	}
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrStale) {
		return x.showGone(w, r)
	}
	return err
}

func (x *Room) showNew(w http.ResponseWriter, r *http.Request, status int, o owner, form *web.Form) error {
	data := newData{string(o.account.Username), x.Passwords.Shortest()}
	x.pages.Show(w, r, status, "new", web.View{Form: form, Data: data})
	return nil
}

func (x *Room) showGone(w http.ResponseWriter, r *http.Request) error {
	x.drop(w)
	x.pages.Show(w, r, http.StatusGone, "gone", web.View{Data: x.mailData()})
	return nil
}

// takeNew sets the password. Nobody is signed in by it: the second factor, which
// the link says nothing of, is asked for at the next sign-in as ever.
func (x *Room) takeNew(w http.ResponseWriter, r *http.Request) error {
	return x.withOwner(w, r, func(o owner) error {
		form, err := web.ReadForm(w, r, web.Field{Name: "password", Max: x.Passwords.Longest(), Secret: true})
		if err != nil {
			return err
		}
		record, err := x.Passwords.Choose(r.Context(), form, "password", o.account, o.person)
		if err != nil {
			return err
		}
		if record == "" {
			return x.showNew(w, r, http.StatusUnprocessableEntity, o, form)
		}
		token := x.token(r)
		if err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return x.replace(tx, token, record) }); err != nil {
			return err
		}
		if err := x.forgive(r.Context(), string(o.account.Username)); err != nil {
			return err
		}
		x.drop(w)
		return web.SeeOther(w, r, donePath)
	})
}

// forgive ends the delays that wrong passwords brought upon the account, on
// devices known and unknown: those were tried before there was a right one.
func (x *Room) forgive(ctx context.Context, name string) error {
	ctx = context.WithoutCancel(ctx) // the password is set; the visitor may have gone
	return errors.Join(x.SignIn.Attempt(name, "", false).Succeeded(ctx), x.SignIn.Attempt(name, "", true).Succeeded(ctx))
}

// replace writes all of it: code spent, password set, sessions ended, notices,
// ledger. store.ErrNotFound or ErrStale: the link counts no longer.
func (x *Room) replace(tx *store.Tx, token, record string) error {
	a, c, err := x.letters.find(tx, token)
	if err != nil {
		return err
	}
	if err := tx.SpendCode(c.ID); err != nil {
		return err
	}
	if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: passwordKind, Secret: record}); err != nil {
		return err
	}
	if err := errors.Join(tx.EndSessions(a.ID), x.RestCodes(tx, a.ID)); err != nil {
		return err
	}
	if err := notify.PostToAll(tx, a.PersonID, notify.PasswordChanged{At: tx.Now, Link: x.Issuer + "/account"}); err != nil {
		return err
	}
	return x.Broker.Ledger.AppendAll(tx, a.PersonID,
		ledger.PasswordSet{Occasion: "reset", Account: a.ID},
		ledger.SignedOut{Reason: "password-changed", Account: a.ID},
		ledger.NoticeSent{Template: "password-changed", Medium: notify.Mail, Account: a.ID})
}

// done says that it is done. It knows nobody, so everybody may see it.
func (x *Room) done(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "done", web.View{})
	return nil
}
