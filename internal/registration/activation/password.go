package activation

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/store"
	"kapu/internal/web"
)

type passwordData struct {
	Username string
	Shortest int
	Reopens  bool // the account was closed, and gets a new password
}

// candidate is the account that waits for its password.
type candidate struct {
	account identity.Account
	person  identity.Person
	proven
}

// candidate reads whom the browser has proved the code of; store.ErrStale if
// that code no longer counts.
func (x *Room) candidate(r *http.Request, p proven) (c candidate, err error) {
	c.proven = p
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		if c.account, err = tx.Account(p.Account); err != nil {
			return err
		}
		if c.person, err = tx.Person(c.account.PersonID); err != nil {
			return err
		}
		return c.counts(tx)
	})
	if errors.Is(err, store.ErrNotFound) { // lapsed meanwhile
		err = store.ErrStale
	}
	return c, err
}

// counts errs with store.ErrStale when the code was spent, replaced or is over.
func (c candidate) counts(tx *store.Tx) error {
	stored, err := tx.Code(c.account.ID, registration.ActivationPurpose)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if stored.ID != c.Code || !activable(c.account, stored, tx.Now) {
		return store.ErrStale
	}
	return nil
}

func (x *Room) askPassword(w http.ResponseWriter, r *http.Request) error {
	return x.withCandidate(w, r, func(c candidate) error {
		return x.showPassword(w, r, http.StatusOK, c, nil)
	})
}

// withCandidate serves those who have shown a code; others are led to where
// they can, or told that it is done.
func (x *Room) withCandidate(w http.ResponseWriter, r *http.Request, serve func(candidate) error) error {
	p, ok := x.recall(r)
	if !ok {
		return x.again(w, r)
	}
	c, err := x.candidate(r, p)
	if err == nil {
		err = serve(c)
	}
	if errors.Is(err, store.ErrStale) {
		x.pages.Show(w, r, http.StatusGone, "over", web.View{Data: x.codeData()})
		return nil
	}
	return err
}

func (x *Room) showPassword(w http.ResponseWriter, r *http.Request, status int, c candidate, form *web.Form) error {
	data := passwordData{string(c.account.Username), x.Passwords.Shortest(), c.account.State == identity.Closed}
	x.pages.Show(w, r, status, "password", web.View{Form: form, Data: data})
	return nil
}

// takePassword makes the account valid, and its owner goes on, signed in, to
// requesting Ügyfélkapu+.
func (x *Room) takePassword(w http.ResponseWriter, r *http.Request) error {
	return x.withCandidate(w, r, func(c candidate) error {
		form, err := web.ReadForm(w, r, web.Field{Name: "password", Max: x.Passwords.Longest(), Secret: true})
		if err != nil {
			return err
		}
		record, err := x.Passwords.Choose(r.Context(), form, "password", c.account, c.person)
		if err != nil {
			return err
		}
		if record == "" {
			return x.showPassword(w, r, http.StatusUnprocessableEntity, c, form)
		}
		q := broker.Request(law.NoLevel, "/account")
		q.Enrol = authn.TOTP
		e := authn.Event{Factor: authn.Password, At: x.Broker.Now(), Account: c.account.ID, Person: c.account.PersonID}
		return x.Broker.Admit(w, r, q, e, func(tx *store.Tx) error { return x.activate(tx, c, record) })
	})
}

// activate writes all of it: code spent, password set, account open, case
// closed, ledger. store.ErrStale: another tab was first, or time is over.
func (x *Room) activate(tx *store.Tx, c candidate, record string) error {
	if err := c.counts(tx); err != nil {
		return err
	}
	if err := tx.SpendCode(c.Code); err != nil {
		return err
	}
	if err := tx.PutCredential(store.Credential{Account: c.account.ID, Kind: passwordKind, Secret: record}); err != nil {
		return err
	}
	if err := tx.Activate(c.account.ID, x.validUntil(c.account)); err != nil {
		return err
	}
	if err := tx.CloseCasesOf(c.account.ID, string(registration.Activated)); err != nil {
		return err
	}
	occasion := "activation"
	if c.account.State == identity.Closed {
		if err := x.RestCodes(tx, c.account.ID); err != nil {
			return err
		}
		occasion = "reset"
	}
	for _, e := range []ledger.Event{
		ledger.AccountActivated{Account: c.account.ID},
		ledger.PasswordSet{Occasion: occasion, Account: c.account.ID},
	} {
		if _, err := x.Broker.Ledger.Append(tx, c.account.PersonID, e); err != nil {
			return err
		}
	}
	return nil
}

// validUntil is as chosen at registration, or the longest the law allows (R6).
func (x *Room) validUntil(a identity.Account) time.Time {
	if !a.ValidUntil.IsZero() {
		return a.ValidUntil
	}
	return a.Created.AddDate(x.Broker.Law.LongestLife(a.Created), 0, 0)
}
