package password

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

// holder is the account behind a name and its password; zero for a name that
// nobody has.
type holder struct {
	account    identity.Account
	credential store.Credential
}

// holder looks a name up exactly as typed (R12). Every name costs the same two
// questions to the database, whether or not there is anything to find.
func (x *Room) holder(ctx context.Context, name string) (h holder, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		h.account, err = tx.AccountByUsername(identity.Username(name))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		h.credential, err = tx.Credential(h.account.ID, Kind)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return h, err
}

// open says whether the account lets anybody in, and by a password.
func (h holder) open(now time.Time) bool {
	s := authn.Standing{State: h.account.State, ValidUntil: h.account.ValidUntil}
	return s.Open(now) && h.credential.ID != ""
}

// first says whether the account was handed out by an office and still waits for
// its owner to sign in with the first password (R13).
func (x *Room) first(h holder) bool {
	return h.account.State == identity.Pending && h.credential.Initial && x.Broker.Now().Before(x.deadline(h.account))
}

// deadline is until when a registered account can be activated (R5).
func (x *Room) deadline(a identity.Account) time.Time {
	return a.Created.Add(x.Broker.Law.ActivationPeriod(a.Created))
}

// settle makes sure that the password is still the one that was compared, and
// puts a renewed record in its place. store.ErrStale: it was changed meanwhile.
func (h holder) settle(tx *store.Tx, renewed string) error {
	present, err := tx.Credential(h.account.ID, Kind)
	if errors.Is(err, store.ErrNotFound) || err == nil && present.ID != h.credential.ID {
		return store.ErrStale
	}
	if err != nil || renewed == "" {
		return err
	}
	return tx.Rehash(h.credential, renewed)
}

// tried is how an attempt ended.
type tried struct {
	ok   bool
	busy bool          // not looked at: too many at once
	wait time.Duration // not looked at: too many wrong ones
}

// try compares a password, at the cost of one hash whoever the name belongs to,
// unless wrong attempts bring a delay first.
func (x *Room) try(r *http.Request, name string, h holder, password string) (tried, error) {
	ctx := r.Context()
	known := x.Broker.KnownDevice(r, h.account.ID)
	a := x.Gate.Attempt(name, x.Broker.Address(r), known)
	wait, err := a.Begin(ctx)
	if err != nil || wait > 0 {
		return tried{wait: wait}, err
	}
	turn := ctx
	if known {
		turn = First(ctx)
	}
	ok, err := x.verify(turn, h, password)
	t, ended := end(ctx, a, ok, err)
	if ended != nil || t.wait > 0 {
		return t, ended
	}
	if errors.Is(err, ErrBusy) {
		return tried{busy: true}, nil
	}
	if err == nil && !ok {
		err = x.notes.Delayed(ctx, a, h.account.PersonID, ledger.Throttled{Method: law.Password, Scope: "account"})
	}
	return t, err
}

// end settles the counts of an attempt, and says what may be told of it.
func end(ctx context.Context, a throttle.Attempt, ok bool, failure error) (tried, error) {
	if failure != nil {
		return tried{}, a.Abandoned(ctx)
	}
	if wait, err := a.Overtaken(ctx); err != nil || wait > 0 {
		return tried{wait: wait}, err
	}
	return tried{ok: ok}, a.End(ctx, ok)
}

// Rest waits until what is written apart from the answers is written.
func (x *Room) Rest() { x.notes.Rest() }

// verify fails closed on a record that cannot be read, and tells the operator,
// not the visitor.
func (x *Room) verify(ctx context.Context, h holder, password string) (bool, error) {
	switch {
	case x.first(h):
		password = registration.CanonicalFirst(password)
	case !h.open(x.Broker.Now()):
		return false, x.Hasher.VerifyNobody(ctx, password)
	}
	ok, err := x.Hasher.Verify(ctx, password, h.credential.Secret)
	if errors.Is(err, ErrRecord) {
		x.Log.Error("password record unusable", "credential", h.credential.ID)
		return false, nil
	}
	return ok, err
}

// Confirm asks the owner of a session for their password again and says on the
// form's field what is wrong with it; the status to show the form with is 0 if
// nothing is. Other rooms are given this function.
func (x *Room) Confirm(w http.ResponseWriter, r *http.Request, account string, form *web.Form, field string) (status int, err error) {
	if wanted(form, field, "password.confirm.missing"); !form.OK() {
		return http.StatusUnprocessableEntity, nil
	}
	h := holder{}
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		if h.account, err = tx.Account(account); err != nil {
			return err
		}
		h.credential, err = tx.Credential(account, Kind)
		return err
	})
	if err != nil {
		return 0, err
	}
	t, err := x.try(r, string(h.account.Username), h, form.Value(field))
	if err != nil {
		return 0, err
	}
	return t.refuse(w, form, field, "password.confirm.wrong"), nil
}
