package recovery

import (
	"context"
	"net/http"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

func (x *Room) askUsername(w http.ResponseWriter, r *http.Request) error {
	return x.showUsername(w, r, http.StatusOK, nil)
}

func (x *Room) showUsername(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	x.pages.Show(w, r, status, "username", web.View{Form: form})
	return nil
}

// takeUsername answers the same whatever was typed, as takePassword does.
func (x *Room) takeUsername(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "email", Max: longestTyped})
	if err != nil {
		return err
	}
	email := readEmail(form)
	if !form.OK() {
		return x.showUsername(w, r, http.StatusUnprocessableEntity, form)
	}
	wait, err := x.ask(r, "username/"+email.Canonical(), func(ctx context.Context) error { return x.remind(ctx, email) })
	if err != nil {
		return err
	}
	if wait > 0 {
		return x.showUsername(w, r, refuseWait(w, form, wait), form)
	}
	return web.SeeOther(w, r, toldPath)
}

// remind mails the usernames of all open accounts at an address to that address.
func (x *Room) remind(ctx context.Context, email identity.Email) error {
	found, err := x.openAt(ctx, email)
	if err != nil || len(found) == 0 {
		return err
	}
	ok, err := x.may(ctx, email.Canonical())
	if err != nil || !ok {
		return err
	}
	letter := notify.UsernameReminder{Link: x.Issuer + "/account"}
	for _, a := range found {
		letter.Usernames = append(letter.Usernames, string(a.Username))
	}
	return x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		for _, a := range found {
			if _, err := x.Broker.Ledger.Append(tx, a.PersonID, ledger.UsernameSent{Account: a.ID}); err != nil {
				return err
			}
		}
		return notify.Post(tx, notify.Recipient{Email: found[0].Email.String(), Lang: found[0].Lang}, letter)
	})
}

// openAt lists the open accounts at an address, newest first, and no more than a
// letter tells.
func (x *Room) openAt(ctx context.Context, email identity.Email) (open []identity.Account, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) error {
		found, err := tx.FindAccounts(store.AccountSearch{Email: email, Limit: notify.MostUsernames})
		for _, a := range found {
			if inUse(a, tx.Now) {
				open = append(open, a)
			}
		}
		return err
	})
	return open, err
}

// told says what to do now. It knows nobody, so everybody may see it.
func (x *Room) told(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "told", web.View{})
	return nil
}
