package office

import (
	"context"

	"kapu/internal/ledger"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Verdicts of a check in the ledger.
const (
	verdictAgrees  = "agrees"
	verdictDiffers = "differs"
	verdictUnknown = "unknown" // the register knows nobody like the stated
	verdictDown    = "down"
	verdictOwn     = "own" // the clerk's own registration, which ends here
)

// Open begins a case with what was typed and asks the register. The case is
// recorded before the question goes out, so that nothing is typed twice.
func (d *Desk) Open(ctx context.Context, k Clerk, s registration.Stated) (c registration.Case, err error) {
	channel, err := d.Channel(ctx, k)
	if err == nil {
		err = d.judgeAt(channel, s)
	}
	if err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c = registration.Case{Contents: registration.Contents{Stated: s}}
		c.Channel, c.Office, c.Clerk, c.State = channel, k.Office, k.Account, string(registration.Data)
		if c, err = c.Add(tx); err != nil {
			return err
		}
		_, err = d.Ledger.Append(tx, "", ledger.RegistrationOpened{Case: c.ID, Channel: channel, Office: k.Office, Clerk: k.Account})
		return err
	})
	if err != nil {
		return c, err
	}
	return d.Check(ctx, k, c.ID, c.Version)
}

// Correct takes what was typed anew and asks the register again.
func (d *Desk) Correct(ctx context.Context, k Clerk, id string, version int64, s registration.Stated) (registration.Case, error) {
	c, err := d.change(ctx, k, id, version, func(_ *store.Tx, c *registration.Case) error {
		if err := d.judgeAt(c.Channel, s); err != nil {
			return err
		}
		c.Stated, c.Answer = s, nil
		return c.Step(registration.Typed)
	})
	if err != nil {
		return c, err
	}
	return d.Check(ctx, k, id, c.Version)
}

// Check asks the register about a case. A register that does not answer leaves
// the case Unchecked, to be asked again later; that is no error. ErrOwn: the
// case was the clerk's own and is over.
func (d *Desk) Check(ctx context.Context, k Clerk, id string, version int64) (registration.Case, error) {
	c, err := d.Case(ctx, k, id)
	if err != nil {
		return c, err
	}
	switch {
	case c.Version != version:
		return c, store.ErrStale
	case !c.Stands().Open():
		return c, registration.ErrStep
	}
	if err := d.judgeAt(c.Channel, c.Stated); err != nil { // a document expires while a case waits
		return c, err
	}
	verdict, down := d.Population.Check(ctx, c.Stated.Query(store.NewID()))
	if ctx.Err() != nil { // the browser went away, which says nothing of the register
		return c, ctx.Err()
	}
	if down != nil && d.Log != nil {
		d.Log.Warn("no answer of the population register", "cause", down)
	}
	isOwn := false
	c, err = d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) (err error) {
		isOwn, err = d.take(tx, k, c, verdict, down)
		return err
	})
	if err == nil && isOwn {
		err = ErrOwn
	}
	return c, err
}

// take moves the case by the register's answer and records it.
func (d *Desk) take(tx *store.Tx, k Clerk, c *registration.Case, v register.Verdict, down error) (isOwn bool, err error) {
	checked := ledger.RegisterChecked{Case: c.ID, Trace: v.Trace, Office: k.Office, Clerk: k.Account}
	person, event := "", registration.Differed
	if down == nil {
		c.Answer = &registration.Answer{At: tx.Now, Verdict: v}
		if isOwn, err = own(tx, k, v.Reference); err != nil {
			return false, err
		}
		if person, err = known(tx, v.Reference); err != nil { // the clerk now sees their accounts
			return false, err
		}
	}
	switch {
	case down != nil:
		c.Answer, checked.Verdict, event = nil, verdictDown, registration.Unanswered
	case isOwn:
		checked.Verdict, event = verdictOwn, registration.Withdrew
	case c.Answer.Agrees(c.Stated):
		checked.Verdict, event = verdictAgrees, registration.Agreed
	case v.Person == register.PersonUnknown:
		checked.Verdict = verdictUnknown
	default:
		checked.Verdict, checked.Differs = verdictDiffers, c.Answer.Differing(c.Stated)
	}
	if _, err := d.Ledger.Append(tx, person, checked); err != nil {
		return isOwn, err
	}
	return isOwn, c.Step(event)
}
