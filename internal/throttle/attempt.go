package throttle

import (
	"context"
	"errors"
	"time"
)

// Attempt is a try at somebody's secret. Begin says whether it may go on; then one of
// Failed, Succeeded or Abandoned must follow, and counts whether or not the visitor
// is still there.
type Attempt struct {
	gate             *Gate
	account, address string
	known            bool
}

// Attempt is one at an account, the name as it was typed, whether it exists or not;
// from a network address; known says that the device has signed in to this very
// account before.
func (g *Gate) Attempt(account, address string, known bool) Attempt {
	return Attempt{g, account, address, known}
}

// contendedWait is what is asked for where too many attempts come to one name at
// the same instant.
const contendedWait = time.Second

// Begin charges the attempt to the account. A wait above zero means that it must not
// go on, because of wrong attempts before or of too many at this instant: the secret
// is not to be looked at, and nothing was charged. On an error (the store's, the
// context's) it must not go on either.
func (a Attempt) Begin(ctx context.Context) (wait time.Duration, err error) {
	elsewhere, err := a.strangerWait(ctx)
	if err != nil {
		return 0, err
	}
	err = a.gate.change(ctx, a.lane(), a.account, func(r rule, c count, now time.Time) count {
		if wait = max(elsewhere, r.wait(c, now)); wait > 0 {
			return c
		}
		return r.another(c, now)
	})
	if errors.Is(err, errContended) {
		wait, err = contendedWait, nil
	}
	if wait > 0 {
		a.gate.Counts.Delayed.Add(1)
	} else if err == nil {
		a.gate.Counts.Begun.Add(1)
	}
	return wait, err
}

func (a Attempt) lane() lane { return accountLane(a.known) }

// strangerWait is how long a stranger's address and its network have to wait; a
// known device's never have.
func (a Attempt) strangerWait(ctx context.Context) (time.Duration, error) {
	if a.known {
		return 0, nil
	}
	c, _, _, err := a.gate.read(ctx, addresses, Network(a.address))
	if err != nil {
		return 0, err
	}
	now := a.gate.config.Now()
	network, err := a.gate.networkWait(ctx, a.address)
	return max(network, a.gate.rule(addresses, now).wait(c, now)), err
}

// Overtaken is asked when a secret has been looked at, before anybody is told how
// it was. A wait above zero means that the visitor's address was delayed in the
// meantime, by attempts at other accounts that ended earlier: this one is taken
// back, and nobody must be told. So a hundred guesses at a hundred accounts, sent
// at once, tell no more than if they came one by one.
func (a Attempt) Overtaken(ctx context.Context) (wait time.Duration, err error) {
	ctx = context.WithoutCancel(ctx)
	if wait, err = a.strangerWait(ctx); err != nil || wait == 0 {
		return 0, err
	}
	return wait, a.Abandoned(ctx)
}

// End is Succeeded for a right secret, and Failed for a wrong one.
func (a Attempt) End(ctx context.Context, right bool) error {
	if right {
		return a.Succeeded(ctx)
	}
	return a.Failed(ctx)
}

// Failed ends an attempt with a wrong secret: what Begin charged to the account
// stays, and a stranger's address is charged too, and its network.
func (a Attempt) Failed(ctx context.Context) error {
	if a.known {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	if err := a.gate.change(ctx, addresses, Network(a.address), rule.another); err != nil {
		return err
	}
	return errors.Join(a.gate.noteName(ctx, a.account, a.address, false), a.gate.noteWrong(ctx, a.address))
}

// Succeeded ends an attempt with the right secret and clears the account's
// lane. The address keeps its count: whoever guesses at many accounts must not
// wash it clean with one of their own.
func (a Attempt) Succeeded(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if err := a.gate.clear(ctx, a.lane(), a.account); err != nil || a.known {
		return err
	}
	return a.gate.noteName(ctx, a.account, a.address, true)
}

// Abandoned ends an attempt whose secret was never looked at (the hash was
// busy, the visitor left) and pays its charge back.
func (a Attempt) Abandoned(ctx context.Context) error {
	return a.gate.change(context.WithoutCancel(ctx), a.lane(), a.account, rule.less)
}

// Delay is how long the next attempt of the kind has to wait for the account.
func (a Attempt) Delay(ctx context.Context) (time.Duration, error) {
	c, _, _, err := a.gate.read(context.WithoutCancel(ctx), a.lane(), a.account)
	now := a.gate.config.Now()
	return a.gate.rule(a.lane(), now).wait(c, now), err
}
