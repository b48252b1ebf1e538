package passkey

import (
	"errors"
	"net/http"
	"slices"
	"unicode/utf8"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	keysPath    = "/account/passkeys"
	removedPath = "/account/passkeys/removed"
)

type listData struct {
	Keys   []store.Passkey
	Full   bool // no more may be added
	Most   int
	Locked bool // nor may any, by the person's own word
}

// list shows the keys of the account.
func (x *Room) list(w http.ResponseWriter, r *http.Request) error {
	c := broker.Of(r.Context())
	o, err := x.owner(r, c.Session.Account())
	if err != nil {
		return err
	}
	d := listData{Keys: o.keys, Full: len(o.keys) >= x.most(), Most: x.most(), Locked: c.Standing.Disposition.Locked}
	x.pages.Show(w, r, http.StatusOK, "list", web.View{Data: d})
	return nil
}

// another leads to adding a key.
func (x *Room) another(w http.ResponseWriter, r *http.Request) error {
	q := broker.Request(law.Substantial, keysPath)
	q.Enrol = authn.Passkey
	return x.Broker.Open(w, r, q)
}

// one is the key that the address names, if the account has it.
func (x *Room) one(r *http.Request) (store.Passkey, owner, error) {
	o, err := x.owner(r, broker.Of(r.Context()).Session.Account())
	if err != nil {
		return store.Passkey{}, o, err
	}
	i := slices.IndexFunc(o.keys, func(k store.Passkey) bool { return k.ID == r.PathValue("key") })
	if i < 0 {
		return store.Passkey{}, o, web.NotFound()
	}
	return o.keys[i], o, nil
}

type keyData struct {
	Key      store.Passkey
	Username string // for password managers
	Last     bool   // the account has no other
}

func (x *Room) askName(w http.ResponseWriter, r *http.Request) error {
	k, o, err := x.one(r)
	if err != nil {
		return err
	}
	form := web.NewForm(map[string]string{"name": k.Name})
	x.pages.Show(w, r, http.StatusOK, "key", web.View{Form: form, Data: keyData{Key: k, Last: len(o.keys) == 1}})
	return nil
}

func (x *Room) rename(w http.ResponseWriter, r *http.Request) error {
	k, o, err := x.one(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "name", Max: longestName * utf8.UTFMax})
	if err != nil {
		return err
	}
	if status := checkName(form); status != 0 {
		x.pages.Show(w, r, status, "key", web.View{Form: form, Data: keyData{Key: k, Last: len(o.keys) == 1}})
		return nil
	}
	err = x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return tx.RenamePasskey(k.Account, k.ID, form.Value("name")) })
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, keysPath)
}

func (x *Room) askRemove(w http.ResponseWriter, r *http.Request) error {
	k, o, err := x.one(r)
	if err != nil {
		return err
	}
	return x.showRemove(w, r, http.StatusOK, k, o, nil)
}

func (x *Room) showRemove(w http.ResponseWriter, r *http.Request, status int, k store.Passkey, o owner, form *web.Form) error {
	x.pages.Show(w, r, status, "remove", web.View{Form: form, Data: keyData{k, o.username, len(o.keys) == 1}})
	return nil
}

// remove takes a key off. Every session ends with it, this one too: what the key
// has opened must not outlive it.
func (x *Room) remove(w http.ResponseWriter, r *http.Request) error {
	k, o, err := x.one(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "password", Max: longestPassword, Secret: true})
	if err != nil {
		return err
	}
	status, err := x.Confirm(w, r, k.Account, form, "password")
	if err != nil {
		return err
	}
	if status != 0 {
		return x.showRemove(w, r, status, k, o, form)
	}
	person := broker.Of(r.Context()).Session.Person()
	err = x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return x.takeOff(tx, k, person) })
	if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: the first of two submits took it off
		return err
	}
	return web.SeeOther(w, r, removedPath)
}

func (x *Room) takeOff(tx *store.Tx, k store.Passkey, person string) error {
	if err := tx.RemovePasskey(k.Account, k.ID); err != nil {
		return err
	}
	if err := notify.PostToAll(tx, person, notify.PasskeyRemoved{At: tx.Now, Link: x.home()}); err != nil {
		return err
	}
	return x.Broker.Ledger.AppendAll(tx, person,
		ledger.FactorRemoved{Method: factorMethod, By: "citizen", Account: k.Account},
		ledger.NoticeSent{Template: "passkey-removed", Medium: notify.Mail, Account: k.Account})
}

// removed says that it is done. It names nobody, so everybody may see it.
func (x *Room) removed(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "removed", web.View{})
	return nil
}
