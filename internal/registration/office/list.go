package office

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// PageSize is how many lines a list shows.
const PageSize = 20

// Page is a part of a list; After leads to the next part and is "" on the last.
type Page[T any] struct {
	Lines []T
	After string
}

func pageOf[T any](found []T, id func(T) string) Page[T] {
	if len(found) <= PageSize {
		return Page[T]{Lines: found}
	}
	return Page[T]{Lines: found[:PageSize], After: id(found[PageSize-1])}
}

// OpenCases are the office's cases that wait for the desk, newest first. Each
// open state is one look-up in the index; what they give is merged.
func (d *Desk) OpenCases(ctx context.Context, k Clerk, name identity.Name, after string) (p Page[registration.Case], err error) {
	var found []store.Case
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		found = nil
		for _, state := range registration.OpenStates() {
			some, err := tx.FindCases(store.CaseSearch{Office: k.Office, State: string(state), Name: name, After: after, Limit: PageSize + 1})
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	slices.SortFunc(found, func(a, b store.Case) int { return strings.Compare(b.ID, a.ID) })
	stored := pageOf(found, func(c store.Case) string { return c.ID })
	p.After = stored.After
	for _, s := range stored.Lines {
		c, err := registration.OpenCase(s)
		if err != nil {
			return p, err
		}
		p.Lines = append(p.Lines, c)
	}
	return p, nil
}

// FindCases is the first page of OpenCases under a birth name, and records that
// the clerk searched.
func (d *Desk) FindCases(ctx context.Context, k Clerk, name identity.Name) (Page[registration.Case], error) {
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := d.Ledger.Append(tx, "", ledger.Searched{Office: k.Office, By: []string{"case", "birth-name"}, Clerk: k.Account})
		return err
	})
	if err != nil {
		return Page[registration.Case]{}, err
	}
	return d.OpenCases(ctx, k, name, "")
}

// Searched names what an account search goes by, for the ledger and the page.
func Searched(s store.AccountSearch) (by []string) {
	for _, f := range []struct {
		name string
		used bool
	}{
		{"username", s.Username != ""}, {"email", s.Email != ""}, {"birth-name", !s.BirthName.IsZero()},
		{"birth-date", !s.BirthDate.IsZero()}, {"office", s.Office != ""},
	} {
		if f.used {
			by = append(by, f.name)
		}
	}
	return by
}

// SearchAccounts searches accounts, newest first, and records that the clerk did.
func (d *Desk) SearchAccounts(ctx context.Context, k Clerk, s store.AccountSearch) (p Page[identity.Account], err error) {
	s.Limit = PageSize + 1
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		found, err := tx.FindAccounts(s)
		if err != nil {
			return err
		}
		p = pageOf(found, func(a identity.Account) string { return a.ID })
		_, err = d.Ledger.Append(tx, "", ledger.Searched{Office: k.Office, By: Searched(s), Clerk: k.Account})
		return err
	})
	return p, err
}

// Holder is an account with the person it belongs to.
type Holder struct {
	Account identity.Account
	Person  identity.Person
	Office  identity.Office // where it was registered
}

func (d *Desk) record(tx *store.Tx, k Clerk, a identity.Account, reason, words string) error {
	_, err := d.Ledger.Append(tx, a.PersonID, ledger.LookedUp{Office: k.Office, Reason: reason, Words: words, Clerk: k.Account, Account: a.ID})
	return err
}

func holder(tx *store.Tx, account string) (h Holder, err error) {
	if h.Account, err = tx.Account(account); err != nil {
		return h, err
	}
	if h.Person, err = tx.Person(h.Account.PersonID); err != nil {
		return h, err
	}
	h.Office, err = tx.Office(h.Account.Office)
	if err == store.ErrNotFound { // accounts of other channels have none
		h.Office, err = identity.Office{}, nil
	}
	return h, err
}

// Resend sends a pending account a new activation code; the deadline stays, and
// a first password that the office issued opens it no more. The
// answer says where to, so it is recorded as a look-up as well. It errs with
// registration.ErrNotPending and registration.ErrLapsed.
func (d *Desk) Resend(ctx context.Context, k Clerk, account string) (r Result, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if r.Account, err = tx.Account(account); err != nil {
			return err
		}
		if r.Until, err = d.Activation.Issue(tx, r.Account, true); err != nil {
			return err
		}
		// Who wants a code has lost the first password, if there was one; perhaps to somebody.
		if err := tx.RemoveCredential(account, passwordKind); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		_, err := d.Ledger.Append(tx, r.Account.PersonID, ledger.CodeSent{Purpose: registration.ActivationPurpose, Medium: notify.Mail, Account: account})
		return errors.Join(err, d.record(tx, k, r.Account, "", ""))
	})
	return r, err
}

// Finished is the account that a finished case of the clerk's office led to.
// Once its owner has activated it, opening it by way of the case is a look-up
// like any other. store.ErrNotFound: it was deleted meanwhile.
func (d *Desk) Finished(ctx context.Context, k Clerk, c registration.Case) (h Holder, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		h, err = holder(tx, c.Account)
		return err
	})
	if err == nil && h.Account.State != identity.Pending {
		err = d.DB.Update(ctx, func(tx *store.Tx) error { return d.record(tx, k, h.Account, "", "") })
	}
	return h, err
}
