package office

import (
	"context"
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Choose records what the citizen chooses for the account. It errs with
// *identity.Invalid (username, or years), ErrTaken, ErrFurther and ErrOutdated.
// The username is not held back: whoever finishes first has it.
func (d *Desk) Choose(ctx context.Context, k Clerk, id string, version int64, choice registration.Choice) (registration.Case, error) {
	if _, err := d.Law.NewUsername(string(choice.Username), d.Now()); err != nil {
		return registration.Case{}, err
	}
	if choice.Years < 1 || choice.Years > d.Law.LongestLife(d.Now()) {
		return registration.Case{}, &identity.Invalid{Field: "years", Reason: identity.ReasonFormat}
	}
	return d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) error {
		if err := d.ready(tx, *c); err != nil {
			return err
		}
		taken, err := tx.UsernameTaken(choice.Username)
		if err != nil {
			return err
		}
		if taken {
			return ErrTaken
		}
		c.Choice = &choice
		return c.Step(registration.Chosen)
	})
}

// ready says what keeps a checked case from going on.
func (d *Desk) ready(tx *store.Tx, c registration.Case) error {
	if !c.Stands().Allows(registration.Chosen) {
		return registration.ErrStep
	}
	if d.Outdated(c) {
		return ErrOutdated
	}
	accounts, err := accountsOf(tx, c)
	if err == nil && d.Further(len(accounts)) {
		err = ErrFurther
	}
	return err
}

// Result is what finishing gave.
type Result struct {
	Account identity.Account
	Until   time.Time // the account must be activated by then
}

// Finish makes the account, in one transaction: person, account, activation
// code and letter, ledger, and the case emptied of what the account now holds.
// It errs with ErrUnsigned, ErrOwn, ErrTaken, ErrFurther, ErrOutdated, *Refused
// and registration.ErrStep; then nothing happened, but for the trace of ErrOwn.
func (d *Desk) Finish(ctx context.Context, k Clerk, id string, version int64, signed bool) (r Result, err error) {
	if !signed {
		return r, ErrUnsigned
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
		r, err = d.finish(tx, k, c)
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

func (d *Desk) finish(tx *store.Tx, k Clerk, c *registration.Case) (r Result, err error) {
	if err := d.judge(c.Stated); err != nil {
		return r, err
	}
	v := c.Answer.Verdict
	// The person first: saving holds back a second desk that registers the same human being.
	person, err := tx.SavePerson(string(v.Reference), *v.Record)
	if errors.Is(err, store.ErrTaken) {
		return r, store.ErrStale // that desk was first; reading again tells
	}
	if err != nil {
		return r, err
	}
	if err := d.ready(tx, *c); err != nil {
		return r, err
	}
	if r.Account, err = d.addAccount(tx, k, person, *c.Choice); err != nil {
		return r, err
	}
	if r.Until, err = d.Activation.Issue(tx, r.Account, false); err != nil {
		return r, err
	}
	_, err = d.Ledger.Append(tx, person, ledger.RegistrationFinished{Case: c.ID, Channel: Channel, Office: k.Office, Clerk: k.Account, Account: r.Account.ID})
	if err != nil {
		return r, err
	}
	paper := &registration.Paper{Document: c.Stated.Document, Trace: v.Trace, Checked: c.Answer.At}
	c.Account, c.Contents = r.Account.ID, registration.Contents{Paper: paper}
	return r, c.Step(registration.Signed)
}

func (d *Desk) addAccount(tx *store.Tx, k Clerk, person string, choice registration.Choice) (identity.Account, error) {
	account, err := tx.AddAccount(identity.Account{
		PersonID: person, State: identity.Pending, Username: choice.Username, Email: choice.Email, Lang: choice.Lang,
		Office: k.Office, ValidUntil: ValidUntil(tx.Now, choice.Years),
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
		_, err := d.Ledger.Append(tx, "", ledger.RegistrationWithdrawn{Case: c.ID, Channel: Channel, Office: k.Office, Clerk: k.Account})
		return err
	})
	return err
}
