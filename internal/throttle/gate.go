// Package throttle owns the delay that grows with wrong attempts, by account
// and by address, the same for accounts that do not exist.
//
// There are two lanes to an account. Strangers share one: they can slow each
// other, and an owner on a new device. A device that signed in to this account
// before has its own and is not held up by anything strangers do, neither to
// the account nor from its address; so nobody can lock an owner out.
//
// An attempt is charged to the account when it begins (Check), not when it has
// failed, so that a hundred guesses sent at once are a hundred attempts, not
// one. Succeeded clears the charges; Abandoned pays one back.
//
// It refuses to know names: keys are HMACs of them. It does not decide what a
// right secret is, and it never locks: every delay ends by itself.
package throttle

import (
	"context"
	"errors"
	"time"
)

// Store is the part of volatile.Store this package needs. A nil old in
// CompareAndSwap means that the key must be absent.
type Store interface {
	Get(ctx context.Context, key string) ([]byte, bool, error)
	Put(ctx context.Context, key string, value []byte, ttl time.Duration) error
	CompareAndSwap(ctx context.Context, key string, old, new []byte, ttl time.Duration) (bool, error)
}

// Config of a Gate. Each kind of secret (password, code, removal code) gets a
// Gate with a purpose of its own and so its own counts: a right password must
// not clear wrong codes.
type Config struct {
	Store   Store
	Key     []byte // of the HMAC, at least 32 bytes; from keys
	Purpose string
	Rules   func(at time.Time) Rules // RulesOf(law table)
	Now     func() time.Time
}

// Gate counts attempts of one purpose. It is safe for concurrent use, also by
// several processes over one store.
type Gate struct{ config Config }

var (
	// ErrConfig: something of the configuration is missing.
	ErrConfig = errors.New("throttle: incomplete configuration")
	// ErrContended: too many attempts on one name at the same instant. The
	// attempt must not go on; ask to try again in a moment.
	ErrContended = errors.New("throttle: too many attempts at once")
)

// New checks the configuration. The only error is ErrConfig.
func New(c Config) (*Gate, error) {
	if c.Store == nil || len(c.Key) < keyBytes || c.Purpose == "" || c.Rules == nil || c.Now == nil {
		return nil, ErrConfig
	}
	return &Gate{c}, nil
}

// Check begins an attempt. A wait above zero means that it must not go on: the
// secret is not to be looked at, and nothing was charged. Otherwise the
// attempt is charged to the account, and one of Failed, Succeeded or Abandoned
// must follow.
//
// account is the name as it was typed, whether it exists or not; address is
// the visitor's IP address; known says that this device has signed in to this
// very account before. On an error (ErrContended, the store's, the context's)
// the attempt must not go on either.
func (g *Gate) Check(ctx context.Context, account, address string, known bool) (wait time.Duration, err error) {
	fromAddress, err := g.addressWait(ctx, address, known)
	if err != nil {
		return 0, err
	}
	err = g.change(ctx, accountLane(known), account, func(r rule, c count, now time.Time) count {
		if wait = max(fromAddress, r.wait(c, now)); wait > 0 {
			return c
		}
		return r.another(c, now)
	})
	return wait, err
}

// addressWait is how long a stranger's address has to wait; a known device's never has.
func (g *Gate) addressWait(ctx context.Context, address string, known bool) (time.Duration, error) {
	if known {
		return 0, nil
	}
	c, _, err := g.read(ctx, g.config.key(addresses, Network(address)))
	now := g.config.Now()
	return g.rule(addresses, now).wait(c, now), err
}

// Overtaken is asked when a secret has been looked at, before anybody is told how
// it was. A wait above zero means that the visitor's address was delayed in the
// meantime, by attempts at other accounts that ended earlier: this one is taken
// back, and nobody must be told. So a hundred guesses at a hundred accounts, sent
// at once, tell no more than if they came one by one.
func (g *Gate) Overtaken(ctx context.Context, account, address string, known bool) (wait time.Duration, err error) {
	if wait, err = g.addressWait(ctx, address, known); err != nil || wait == 0 {
		return 0, err
	}
	return wait, g.Abandoned(ctx, account, address, known)
}

// Failed ends an attempt with a wrong secret: what Check charged to the account
// stays, and a stranger's address is charged too.
func (g *Gate) Failed(ctx context.Context, _, address string, known bool) error {
	if known {
		return nil
	}
	return g.change(ctx, addresses, Network(address), rule.another)
}

// Delay is how long the next attempt at an account has to wait in the lane.
func (g *Gate) Delay(ctx context.Context, account string, known bool) (time.Duration, error) {
	lane := accountLane(known)
	c, _, err := g.read(ctx, g.config.key(lane, account))
	now := g.config.Now()
	return g.rule(lane, now).wait(c, now), err
}

// Succeeded ends an attempt with the right secret and clears the account's
// lane. The address keeps its count: whoever guesses at many accounts must not
// wash it clean with one of their own.
func (g *Gate) Succeeded(ctx context.Context, account, _ string, known bool) error {
	now, lane := g.config.Now(), accountLane(known)
	return g.config.Store.Put(ctx, g.config.key(lane, account), count{last: now}.encode(), g.rule(lane, now).life())
}

// Abandoned ends an attempt whose secret was never looked at (the hash was
// busy, the visitor left) and pays its charge back.
func (g *Gate) Abandoned(ctx context.Context, account, _ string, known bool) error {
	return g.change(ctx, accountLane(known), account, rule.less)
}

// maxTries bounds how often change begins again because somebody came between.
const maxTries = 16

// change reads a count, decides and swaps until nobody came between. A count
// that stays as it was is not written.
func (g *Gate) change(ctx context.Context, l lane, name string, decide func(rule, count, time.Time) count) error {
	key := g.config.key(l, name)
	for range maxTries {
		old, raw, err := g.read(ctx, key)
		if err != nil {
			return err
		}
		now := g.config.Now()
		r := g.rule(l, now)
		next := decide(r, old, now)
		if next == old {
			return nil
		}
		done, err := g.config.Store.CompareAndSwap(ctx, key, raw, next.encode(), r.life())
		if err != nil || done {
			return err
		}
	}
	return ErrContended
}

// read returns the count and its stored form, nil if there is none.
func (g *Gate) read(ctx context.Context, key string) (count, []byte, error) {
	raw, found, err := g.config.Store.Get(ctx, key)
	if err != nil || !found {
		return count{}, nil, err
	}
	c, err := decode(raw)
	return c, raw, err
}

func (g *Gate) rule(l lane, now time.Time) rule {
	rules := g.config.Rules(now)
	if l == addresses {
		return rule{rules.Address, rules.Memory}
	}
	return rule{rules.Account, rules.Memory}
}
