package app

import (
	"context"
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/statute"
	"kapu/internal/store"
)

// ErrNobody: there is no account of that name.
var ErrNobody = errors.New("there is no account of that name; names are matched letter by letter, and KisAnna is not kisanna")

// ErrNameRests: there is no account of that name, and nobody can have it now.
var ErrNameRests = errors.New("there is no account of that name; it cannot be chosen either: it rests after an account's end, or belongs to one that differs in case")

// Life tells an operator the dates of an account. Its owner reads in their
// history that it was looked at, and by which command.
func (a *App) Life(ctx context.Context, username, command string) (life statute.Life, err error) {
	name, err := identity.ParseUsername(username)
	if err != nil {
		return life, ErrNobody
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) (err error) {
		account, err := tx.AccountByUsername(name)
		if errors.Is(err, store.ErrNotFound) {
			return missing(tx, name)
		}
		if err != nil {
			return err
		}
		look := ledger.LookedUp{Reason: "other", Words: command, Account: account.ID}
		if _, err := a.Ledger.Append(tx, account.PersonID, look); err != nil {
			return err
		}
		life, err = a.lifeOf(tx, account)
		return err
	})
	return life, err
}

func missing(tx *store.Tx, name identity.Username) error {
	taken, err := tx.UsernameTaken(name)
	switch {
	case err != nil:
		return err
	case taken:
		return ErrNameRests
	}
	return ErrNobody
}

func (a *App) lifeOf(tx *store.Tx, account identity.Account) (life statute.Life, err error) {
	life.Account = account
	code, err := tx.Code(account.ID, registration.ActivationPurpose)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return life, err
	}
	life.CodeGood = code.Expires
	acts, err := tx.ActsOf(account.ID)
	if err != nil {
		return life, err
	}
	for _, act := range acts {
		life.Acts = append(life.Acts, statute.Act{Kind: act.Kind, Announced: act.Created, Due: act.Due})
	}
	life.Extended, life.Finalised, err = a.moved(tx, account)
	return life, err
}

// historyPage is how many entries of the ledger are read at once.
const historyPage = 200

// moved finds in its person's history when an account was last given more time,
// and when it was made final.
func (a *App) moved(tx *store.Tx, account identity.Account) (extended, finalised time.Time, err error) {
	for before := ""; ; {
		records, err := a.Ledger.History(tx, account.PersonID, before, historyPage)
		if err != nil {
			return extended, finalised, err
		}
		for _, r := range records {
			switch e := r.Event.(type) {
			case ledger.AccountExtended:
				if e.Account == account.ID && extended.IsZero() {
					extended = r.At
				}
			case ledger.AccountFinalised:
				if e.Account == account.ID && finalised.IsZero() {
					finalised = r.At
				}
			}
		}
		if len(records) < historyPage {
			return extended, finalised, nil
		}
		before = records[len(records)-1].ID
	}
}

// Rehearse counts what the rules of a table at a moment would mean for the
// accounts there are, compared with the rules by which the gateway goes now. It
// touches nothing.
func (a *App) Rehearse(ctx context.Context, on time.Time, after law.Table) (effects []statute.Effect, err error) {
	r := statute.Rehearsal{Now: a.Now(), On: on, Before: a.Law, After: after}
	err = a.DB.Snapshot(ctx, func(tx *store.Tx) (err error) {
		effects, err = r.Effects(tx)
		return err
	})
	return effects, err
}
