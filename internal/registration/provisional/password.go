package provisional

import (
	"context"
	"errors"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// passwordData is what the page of the password says.
type passwordData struct {
	Username string
	Taken    bool // another has to be chosen
	Letters  int  // fewest of a username
	Shortest int  // characters of a password
	Days     int  // of the account's life
}

// withProved serves a browser that has proved its e-mail address.
func (x *Room) withProved(w http.ResponseWriter, r *http.Request, serve func(begun) error) error {
	return x.withPending(w, r, func(b begun) error {
		if !b.Proved {
			return web.SeeOther(w, r, CodePath)
		}
		return serve(b)
	})
}

func (x *Room) askPassword(w http.ResponseWriter, r *http.Request) error {
	return x.withProved(w, r, func(b begun) error {
		return x.showPassword(w, r, http.StatusOK, nil, b)
	})
}

func (x *Room) showPassword(w http.ResponseWriter, r *http.Request, status int, form *web.Form, b begun) error {
	now := x.Broker.Now()
	letters, _ := x.Broker.Law.UsernameLength(now)
	x.pages.Show(w, r, status, "password", web.View{Form: form, Data: passwordData{
		string(b.Username), b.Taken, letters, x.Passwords.Shortest(), int(x.Broker.Law.ProvisionalLife(now) / day)}})
	return nil
}

// takePassword makes the account, and its owner goes on, signed in, to
// requesting Ügyfélkapu+.
func (x *Room) takePassword(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "username", Max: longestName}, web.Field{Name: "password", Max: x.Passwords.Longest(), Secret: true})
	if err != nil {
		return err
	}
	return x.withProved(w, r, func(b begun) error {
		if err := x.rename(r, form, &b); err != nil {
			return err
		}
		named := identity.Account{Username: b.Username, Email: b.Email}
		record, err := x.Passwords.Choose(r.Context(), form, "password", named, b.Person)
		if err != nil {
			return err
		}
		if record == "" {
			return x.showPassword(w, r, http.StatusUnprocessableEntity, form, b)
		}
		return x.settle(w, r, form, b, record)
	})
}

// rename takes another username in place of one that was given away meanwhile.
func (x *Room) rename(r *http.Request, form *web.Form, b *begun) error {
	if !b.Taken {
		return nil
	}
	name, err := x.Broker.Law.NewUsername(form.Value("username"), x.Broker.Now())
	if form.FailInvalid("username", err) {
		return nil
	}
	limit := int64(x.Broker.Law.ProvisionalPerAddress(x.Broker.Now())) * triesEach
	over, err := x.over(r.Context(), byTries, x.network(r), limit)
	if over {
		form.Fail("username", "provisional.password.tries")
	}
	b.Username = name
	return err
}

// settle makes the account once, whatever number of tabs ask for it.
func (x *Room) settle(w http.ResponseWriter, r *http.Request, form *web.Form, b begun, record string) error {
	ctx := context.WithoutCancel(r.Context()) // between here and the end the registration is in nobody's hands
	mine, err := x.take(ctx, b.browser, b.sealed)
	if err != nil {
		return err
	}
	if !mine {
		return x.showLost(w, r)
	}
	account, err := x.open(ctx, b.pending, record)
	if err == nil {
		return x.welcome(w, r, b, account)
	}
	b.Taken = b.Taken || errors.Is(err, store.ErrTaken)
	if back := x.keep(ctx, b.browser, b.pending); back != nil || !errors.Is(err, store.ErrTaken) {
		return errors.Join(err, back)
	}
	form.Set("username", string(b.Username))
	form.Fail("username", "provisional.data.taken")
	return x.showPassword(w, r, http.StatusUnprocessableEntity, form, b)
}

// welcome signs the new owner in.
func (x *Room) welcome(w http.ResponseWriter, r *http.Request, b begun, a identity.Account) error {
	if err := x.drop(context.WithoutCancel(r.Context()), b.browser); err != nil {
		return err
	}
	x.forget(w)
	q := broker.Request(law.NoLevel, "/account")
	q.Enrol = authn.TOTP
	e := authn.Event{Factor: authn.Password, At: x.Broker.Now(), Account: a.ID, Person: a.PersonID}
	return x.Broker.Admit(w, r, q, e, nil)
}

// open writes all of it in one transaction: a person of their own, whoever else
// may bear the same data; the account, open and provisional for as long as the
// law lets it live; its password; the ledger. store.ErrTaken: the username was
// given away meanwhile.
func (x *Room) open(ctx context.Context, p pending, record string) (a identity.Account, err error) {
	err = x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		person, err := tx.AddProvisionalPerson(p.Person)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{
			PersonID: person, State: identity.Active, Username: p.Username, Email: p.Email, Lang: p.Lang,
			Channel: identity.ChannelProvisional, Provisional: true, Activated: tx.Now, ValidUntil: tx.Now.Add(x.Broker.Law.ProvisionalLife(tx.Now)),
		})
		if err != nil {
			return err
		}
		if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: passwordKind, Secret: record}); err != nil {
			return err
		}
		return x.record(tx, p, a)
	})
	return a, err
}

// record writes the registration into the ledger: only now, so that nobody
// fills the ledger from a form.
func (x *Room) record(tx *store.Tx, p pending, a identity.Account) error {
	if _, err := x.Broker.Ledger.Append(tx, "", ledger.RegistrationOpened{Case: p.ID, Channel: identity.ChannelProvisional}); err != nil {
		return err
	}
	for _, e := range []ledger.Event{
		ledger.RegistrationFinished{Case: p.ID, Channel: identity.ChannelProvisional, Account: a.ID},
		ledger.AccountActivated{Account: a.ID},
		ledger.PasswordSet{Occasion: "activation", Account: a.ID},
	} {
		if _, err := x.Broker.Ledger.Append(tx, a.PersonID, e); err != nil {
			return err
		}
	}
	return nil
}
