package office

import (
	"context"
	"errors"
	"slices"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// What a desk does to a provisional account, in the ledger.
const (
	actFinalise = "finalise"
	actCloseOut = "close-out"
)

// Why, in the ledger: the citizen stands there and named the account, or stands
// there and says that it is not theirs.
const (
	reasonPresence = "presence"
	reasonOther    = "other"
	wordsDisowned  = "disowned"
)

// endedCloseOut is why a provisional account ended, in ledger and tombstone.
const endedCloseOut = "closed-out"

// Provisional are the provisional accounts of whoever stated the same four data
// on the web as the person of a checked case (R8). Nobody has checked that it was them.
func (d *Desk) Provisional(ctx context.Context, c registration.Case) (found []identity.Account, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		found, err = provisionalOf(tx, c)
		return err
	})
	return found, err
}

// provisionalOf looks by the register's own record, not by what was typed.
func provisionalOf(tx *store.Tx, c registration.Case) ([]identity.Account, error) {
	if c.Answer == nil || c.Answer.Verdict.Record == nil {
		return nil, nil
	}
	return tx.ProvisionalLike(c.Answer.Verdict.Record.Core)
}

// named is the provisional account that the citizen names. Knowing the name is
// what tells their own account from one that a stranger made with their data.
func named(tx *store.Tx, c registration.Case, name identity.Username) (identity.Account, error) {
	found, err := provisionalOf(tx, c)
	if err != nil {
		return identity.Account{}, err
	}
	i := slices.IndexFunc(found, func(a identity.Account) bool { return a.Username == name })
	if i < 0 {
		return identity.Account{}, ErrNotNamed
	}
	return found[i], nil
}

// Finalise makes the case one of making a provisional account final: it keeps
// its username, address and language. A consulate cannot (R11). It errs like
// Choose, and with ErrNotNamed.
func (d *Desk) Finalise(ctx context.Context, k Clerk, id string, version int64, name identity.Username, years int) (registration.Case, error) {
	if err := d.years(years); err != nil {
		return registration.Case{}, err
	}
	return d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) error {
		if _, err := d.ready(tx, *c); err != nil {
			return err
		}
		if c.Channel == identity.ChannelConsulate {
			return registration.ErrStep
		}
		a, err := named(tx, *c, name)
		if err != nil {
			return err
		}
		c.Choice = &registration.Choice{Username: a.Username, Email: a.Email, Lang: a.Lang, Years: years, Final: a.ID}
		return c.Step(registration.Chosen)
	})
}

// finalised makes the provisional account of the case the person's, for good.
// All that opened it goes: its maker proved a mailbox and no more, so its owner
// shows now that the mailbox is theirs, and sets a password anew.
func (d *Desk) finalised(tx *store.Tx, k Clerk, c registration.Case, person string, former identity.Account) (a identity.Account, err error) {
	if err := tx.FinaliseAccount(former.ID, person, k.Office, ValidUntil(tx.Now, c.Choice.Years)); err != nil {
		return a, err
	}
	if err := tx.AwaitActivation(former.ID); err != nil {
		return a, err
	}
	if former.PersonID != person {
		if _, err := tx.ErasePerson(former.PersonID); err != nil {
			return a, err
		}
	}
	for _, e := range []ledger.Event{
		ledger.AccountFinalised{Case: c.ID, Office: k.Office, Clerk: k.Account, Account: former.ID},
		ledger.DeskActed{Act: actFinalise, Office: k.Office, Reason: reasonPresence, Clerk: k.Account, Account: former.ID},
	} {
		if _, err := d.Ledger.Append(tx, person, e); err != nil {
			return a, err
		}
	}
	return tx.Account(former.ID)
}

// EndProvisional ends provisional accounts that stand before a registration at a
// consulate (R11): the one that the citizen names, or, where they say that none
// is theirs, all with their data; a stranger's must not keep them from an
// account. It errs with ErrNotNamed, ErrOutdated and registration.ErrStep.
func (d *Desk) EndProvisional(ctx context.Context, k Clerk, id string, version int64, name identity.Username, disowned bool) (registration.Case, error) {
	return d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) error {
		if _, err := d.ready(tx, *c); !errors.Is(err, ErrProvisionalFirst) {
			return errors.Join(err, registration.ErrStep)
		}
		ending, err := provisionalOf(tx, *c)
		acted := ledger.DeskActed{Act: actCloseOut, Office: k.Office, Reason: reasonOther, Words: wordsDisowned, Clerk: k.Account}
		if !disowned {
			var one identity.Account
			one, err = named(tx, *c, name)
			ending, acted.Reason, acted.Words = []identity.Account{one}, reasonPresence, ""
		}
		for _, a := range ending {
			if err == nil {
				err = d.closeOut(tx, a, acted)
			}
		}
		return err
	})
}

// closeOut errs with store.ErrStale when another desk made the account final meanwhile.
func (d *Desk) closeOut(tx *store.Tx, a identity.Account, acted ledger.DeskActed) error {
	err := tx.HoldAccount(a.ID)
	if err == nil {
		a, err = tx.Account(a.ID)
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && !a.Provisional {
		return store.ErrStale
	}
	if err != nil {
		return err
	}
	letter := notify.AccountDeleted{At: tx.Now}
	if err := notify.Post(tx, notify.Recipient{Email: a.Email.String(), Lang: a.Lang}, letter); err != nil {
		return err
	}
	acted.Account = a.ID
	for _, e := range []ledger.Event{ledger.AccountEnded{Reason: endedCloseOut, Office: acted.Office, Account: a.ID}, acted} {
		if _, err := d.Ledger.Append(tx, a.PersonID, e); err != nil {
			return err
		}
	}
	return tx.EndAccount(a, endedCloseOut, tx.Now.AddDate(d.Law.UsernameRest(tx.Now), 0, 0))
}
