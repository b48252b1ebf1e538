package password

import (
	"encoding/json"
	"errors"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
	"kapu/internal/web"
)

// firstState is what the room remembers of a first password that was right, in
// the sealed transaction. It lets its bearer choose a password, and nothing else.
type firstState struct {
	Account    string `json:"a"`
	Credential string `json:"c"`           // id
	Over       bool   `json:"o,omitempty"` // it can no longer be used; the page says so
}

// beginFirst asks for a password of one's own (R13): the first password alone
// opens nothing.
func (x *Room) beginFirst(w http.ResponseWriter, r *http.Request, v *broker.Visit, h holder) error {
	return x.stay(w, r, v, firstState{Account: h.account.ID, Credential: h.credential.ID})
}

func (x *Room) stay(w http.ResponseWriter, r *http.Request, v *broker.Visit, s firstState) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return x.Broker.Stay(w, r, v, raw)
}

// changeFirst is the second page of a first sign-in: the owner's own password.
func (x *Room) changeFirst(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	var s firstState
	if err := json.Unmarshal(v.Transaction.State, &s); err != nil {
		return err
	}
	if s.Over {
		return x.firstOver(w, r, v)
	}
	h, person, err := x.firstHolder(r, s)
	if errors.Is(err, store.ErrStale) {
		return x.stay(w, r, v, firstState{Over: true})
	}
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		return x.showFirst(w, r, v, http.StatusOK, h, nil)
	}
	return x.takeFirst(w, r, v, h, person)
}

// firstOver is the page of signing in that says why the first password is gone:
// used in another tab, replaced, or too late.
func (x *Room) firstOver(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if r.Method == http.MethodPost {
		return x.submit(w, r, v)
	}
	form := web.NewForm(nil)
	form.Fail("", "password.first.over")
	return x.show(w, r, v, http.StatusGone, form)
}

// firstHolder reads the account anew. store.ErrStale: its first password counts no more.
func (x *Room) firstHolder(r *http.Request, s firstState) (h holder, p identity.Person, err error) {
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		if h.account, err = tx.Account(s.Account); err != nil {
			return err
		}
		if h.credential, err = tx.Credential(s.Account, Kind); err != nil {
			return err
		}
		p, err = tx.Person(h.account.PersonID)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && (!x.first(h) || h.credential.ID != s.Credential) {
		err = store.ErrStale
	}
	return h, p, err
}

func (x *Room) showFirst(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, h holder, form *web.Form) error {
	data := changeData{Username: string(h.account.Username), Shortest: x.Shortest()}
	return x.Broker.Show(w, r, v, x.pages, status, "first", web.View{Form: form, Data: data})
}

func (x *Room) takeFirst(w http.ResponseWriter, r *http.Request, v *broker.Visit, h holder, p identity.Person) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "new", Max: MaxBytes, Secret: true})
	if err != nil {
		return err
	}
	record, err := x.Choose(r.Context(), form, "new", h.account, p)
	if err != nil {
		return err
	}
	if record != "" {
		same, err := x.Hasher.Verify(r.Context(), registration.CanonicalFirst(form.Value("new")), h.credential.Secret)
		if errors.Is(err, ErrBusy) {
			return web.Busy(busyRetry)
		}
		if err != nil {
			return err
		}
		if same {
			form.Fail("new", "password.first.same")
		}
	}
	if !form.OK() {
		return x.showFirst(w, r, v, http.StatusUnprocessableEntity, h, form)
	}
	e := authn.Event{Factor: authn.Password, At: x.Broker.Now(), Account: h.account.ID, Person: h.account.PersonID}
	err = x.Broker.Complete(w, r, v, e, func(tx *store.Tx) error { return x.activate(tx, h, record) })
	if errors.Is(err, store.ErrStale) { // another tab was first, or time ran out while the password was chosen
		return x.stay(w, r, v, firstState{Over: true})
	}
	return err
}

// activate writes all of a first sign-in: deadline spent, password replaced,
// account open, case closed, notice, ledger. store.ErrStale: it is too late.
func (x *Room) activate(tx *store.Tx, h holder, record string) error {
	if err := h.settle(tx, ""); err != nil {
		return err
	}
	code, err := tx.Code(h.account.ID, registration.ActivationPurpose)
	if errors.Is(err, store.ErrNotFound) || err == nil && !tx.Now.Before(code.Expires) {
		return store.ErrStale
	}
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return tx.SpendCode(code.ID) },
		func() error {
			return tx.PutCredential(store.Credential{Account: h.account.ID, Kind: Kind, Secret: record})
		},
		func() error { return tx.Activate(h.account.ID, h.account.ValidUntil) },
		func() error { return tx.CloseCasesOf(h.account.ID, string(registration.Activated)) },
		func() error {
			return notify.PostToAll(tx, h.account.PersonID, notify.PasswordChanged{At: tx.Now, Link: x.Home})
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return x.recordFirst(tx, h.account)
}

func (x *Room) recordFirst(tx *store.Tx, a identity.Account) error {
	for _, e := range []ledger.Event{
		ledger.AccountActivated{Account: a.ID},
		ledger.PasswordSet{Occasion: "first", Account: a.ID},
		ledger.NoticeSent{Template: "password-changed", Medium: notify.Mail, Account: a.ID},
	} {
		if _, err := x.Broker.Ledger.Append(tx, a.PersonID, e); err != nil {
			return err
		}
	}
	return nil
}
