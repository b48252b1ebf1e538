package office

import (
	"context"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Choose records what the citizen chooses for a new account. Where the office
// issues the username (R13), it is drawn here. It errs with *identity.Invalid
// (username, or years), ErrTaken, ErrFurther, ErrProvisionalFirst and
// ErrOutdated. The username is not held back: whoever finishes first has it.
func (d *Desk) Choose(ctx context.Context, k Clerk, id string, version int64, choice registration.Choice) (registration.Case, error) {
	if err := d.years(choice.Years); err != nil {
		return registration.Case{}, err
	}
	choice.Final = ""
	return d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) (err error) {
		if _, err := d.ready(tx, *c); err != nil {
			return err
		}
		if choice.Issued {
			choice.Username, err = d.issuedUsername(tx)
		} else {
			err = d.free(tx, choice.Username)
		}
		if err != nil {
			return err
		}
		c.Choice = &choice
		return c.Step(registration.Chosen)
	})
}

func (d *Desk) years(n int) error {
	if n < 1 || n > d.Law.LongestLife(d.Now()) {
		return &identity.Invalid{Field: "years", Reason: identity.ReasonFormat}
	}
	return nil
}

// free errs unless a username can be given to somebody.
func (d *Desk) free(tx *store.Tx, name identity.Username) error {
	if _, err := d.Law.NewUsername(string(name), tx.Now); err != nil {
		return err
	}
	taken, err := tx.UsernameTaken(name)
	if err == nil && taken {
		err = ErrTaken
	}
	return err
}

// issuedTries is how often a username is drawn before the desk gives up: with
// millions of them, one taken is rare and the next is free.
const issuedTries = 20

func (d *Desk) issuedUsername(tx *store.Tx) (name identity.Username, err error) {
	for range issuedTries {
		if name, err = registration.IssuedUsername(); err != nil {
			return "", err
		}
		if err = d.free(tx, name); !errors.Is(err, ErrTaken) {
			return name, err
		}
	}
	return "", err
}

// ready says what keeps a checked case from going on, and whether its account
// is a further one of the person's.
func (d *Desk) ready(tx *store.Tx, c registration.Case) (further bool, err error) {
	switch {
	case !c.Stands().Allows(registration.Chosen):
		return false, registration.ErrStep
	case d.Outdated(c):
		return false, ErrOutdated
	}
	accounts, err := accountsOf(tx, c)
	if err != nil {
		return false, err
	}
	further = d.Further(len(accounts))
	if further && c.Fee == nil {
		return further, ErrFurther
	}
	if len(accounts) > 0 || c.Channel != identity.ChannelConsulate {
		return further, nil
	}
	before, err := provisionalOf(tx, c)
	return further, errors.Join(err, blocking(before))
}

func blocking(before []identity.Account) error {
	if len(before) > 0 {
		return ErrProvisionalFirst
	}
	return nil
}
