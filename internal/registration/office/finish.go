package office

import (
	"context"
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Result is what finishing gave.
type Result struct {
	Account identity.Account
	Until   time.Time // the account must be activated by then
	First   string    // the first password, where the office issues one; nobody can ask for it again
}

// Finish makes the account, in one transaction: person, account, activation
// code and letter or first password, fee, ledger, and the case emptied of what
// the account now holds. It errs with ErrUnsigned, ErrOwn, ErrTaken, ErrFurther,
// ErrReceipt, ErrProvisionalFirst, ErrNotNamed, ErrOutdated, *Refused and
// registration.ErrStep; then nothing happened, but for the trace of ErrOwn.
func (d *Desk) Finish(ctx context.Context, k Clerk, id string, version int64, signed bool) (r Result, err error) {
	if !signed {
		return r, ErrUnsigned
	}
	first, err := d.issue(ctx, k, id)
	if err != nil {
		return r, err
	}
	isOwn := false
	_, err = d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) (err error) {
		if !c.Stands().Allows(registration.Signed) {
			return registration.ErrStep
		}
		if isOwn, err = own(tx, k, c.Answer.Verdict.Reference); err != nil {
			return err
		}
		if isOwn {
			return d.refuseOwn(tx, k, c)
		}
		r, err = d.finish(tx, k, c, first)
		return err
	})
	if err == nil && isOwn {
		err = ErrOwn
	}
	return r, err
}

func (d *Desk) refuseOwn(tx *store.Tx, k Clerk, c *registration.Case) error {
	_, err := d.Ledger.Append(tx, k.Person, ledger.RegisterChecked{Case: c.ID, Trace: c.Answer.Verdict.Trace, Verdict: verdictOwn, Office: k.Office, Clerk: k.Account})
	if err != nil {
		return err
	}
	return c.Step(registration.Withdrew)
}

func (d *Desk) finish(tx *store.Tx, k Clerk, c *registration.Case, first issued) (r Result, err error) {
	if err := d.judgeAt(c.Channel, c.Stated); err != nil {
		return r, err
	}
	// The person first: saving holds back a second desk that registers the same human being.
	person, former, err := d.person(tx, *c)
	if err != nil {
		return r, err
	}
	further, err := d.ready(tx, *c)
	if err != nil {
		return r, err
	}
	if further { // to the addresses known before this account brings its own
		if err := notify.PostToAll(tx, person, notify.AccountAdded{At: tx.Now}); err != nil {
			return r, err
		}
	}
	if c.Choice.Final != "" {
		r.Account, err = d.finalised(tx, k, *c, person, former)
	} else {
		r.Account, err = d.addAccount(tx, k, person, *c)
	}
	if err != nil {
		return r, err
	}
	if further {
		if err := d.settle(tx, k, *c.Fee, r.Account); err != nil {
			return r, err
		}
	} else {
		c.Fee = nil
	}
	if err := d.handOver(tx, *c, first, &r); err != nil {
		return r, err
	}
	return r, d.close(tx, k, c, r.Account)
}

// close records the finished case, with no more in it than the sheet needs.
func (d *Desk) close(tx *store.Tx, k Clerk, c *registration.Case, a identity.Account) error {
	_, err := d.Ledger.Append(tx, a.PersonID, ledger.RegistrationFinished{Case: c.ID, Channel: c.Channel, Office: k.Office, Clerk: k.Account, Account: a.ID})
	if err != nil {
		return err
	}
	paper := &registration.Paper{Document: c.Stated.Document, Trace: c.Answer.Verdict.Trace, Checked: c.Answer.At, Issued: c.Choice.Issued}
	c.Account, c.Contents = a.ID, registration.Contents{Paper: paper, Fee: c.Fee}
	return c.Step(registration.Signed)
}

// person records what the register says of the human being. Nobody of ours yet
// and a provisional account to be made final: then its person is confirmed, and
// keeps their history.
func (d *Desk) person(tx *store.Tx, c registration.Case) (id string, former identity.Account, err error) {
	v := c.Answer.Verdict
	if c.Choice.Final != "" {
		if former, err = named(tx, c, c.Choice.Username); err != nil {
			return "", former, err // it ended, or another desk was first
		}
		if id, err = known(tx, v.Reference); err != nil {
			return "", former, err
		}
		if id == "" {
			id, err = former.PersonID, tx.ConfirmPerson(former.PersonID, string(v.Reference), *v.Record)
			return id, former, taken(err)
		}
	}
	id, err = tx.SavePerson(string(v.Reference), *v.Record)
	return id, former, taken(err)
}

// taken is what to say when another desk was first with the same human being:
// reading again tells.
func taken(err error) error {
	if errors.Is(err, store.ErrTaken) {
		return store.ErrStale
	}
	return err
}

func (d *Desk) addAccount(tx *store.Tx, k Clerk, person string, c registration.Case) (identity.Account, error) {
	account, err := tx.AddAccount(identity.Account{
		PersonID: person, State: identity.Pending, Username: c.Choice.Username, Email: c.Choice.Email, Lang: c.Choice.Lang,
		Office: k.Office, Channel: c.Channel, ValidUntil: ValidUntil(tx.Now, c.Choice.Years),
	})
	if errors.Is(err, store.ErrTaken) {
		err = ErrTaken
	}
	return account, err
}

// ValidUntil is the end of an account registered now for so many years: the
// first moment of the same day, in Budapest.
func ValidUntil(now time.Time, years int) time.Time {
	return law.Day(now).AddYears(years).In(law.Budapest)
}

// Withdraw gives an open case up and forgets what was typed.
func (d *Desk) Withdraw(ctx context.Context, k Clerk, id string, version int64) error {
	_, err := d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) error {
		if err := c.Step(registration.Withdrew); err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, "", ledger.RegistrationWithdrawn{Case: c.ID, Channel: c.Channel, Office: k.Office, Clerk: k.Account})
		return err
	})
	return err
}
