// Package throttle owns the delay that grows with wrong attempts, by account
// and by address, the same for accounts that do not exist.
//
// There are two lanes to an account. Strangers share one: they can slow each
// other, and an owner on a new device. A device that signed in to this account
// before has its own and is not held up by anything strangers do, neither to
// the account nor from its address; so nobody can lock an owner out.
//
// An [Attempt] is charged to the account when it begins, not when it has
// failed, so that a hundred guesses sent at once are a hundred attempts, not
// one. Succeeded clears the charges; Abandoned pays one back.
//
// Two more things are watched where the rules say so, for attacks that try many
// accounts a little each: a network that is wrong about many names and right about
// few, and more wrong secrets in all than usual. Both make strangers' devices wait,
// and the operator is told; known devices and other methods are not touched. All
// that is kept for names and addresses that strangers make up has bounds.
//
// It refuses to know names: keys are HMACs of them. It does not decide what a
// right secret is, and it never locks: every delay ends by itself.
package throttle

import (
	"context"
	"errors"
	"sync/atomic"
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
	Raised  func(ctx context.Context, e Excess) error // told when an alarm is raised; nil is nobody
}

// Counts are what a gate of this process has done.
type Counts struct {
	Begun    atomic.Int64 // attempts that went on
	Delayed  atomic.Int64 // attempts that had to wait
	Networks atomic.Int64 // of these, because of their network
}

// Gate counts attempts of one purpose. It is safe for concurrent use, also by
// several processes over one store.
type Gate struct {
	Counts Counts
	config Config
}

var (
	// ErrConfig: something of the configuration is missing.
	ErrConfig = errors.New("throttle: incomplete configuration")
	// errContended: others changed the same count as often as it was tried.
	errContended = errors.New("throttle: too many attempts at once")
)

// New checks the configuration. The only error is ErrConfig.
func New(c Config) (*Gate, error) {
	if c.Store == nil || len(c.Key) < keyBytes || c.Purpose == "" || c.Rules == nil || c.Now == nil {
		return nil, ErrConfig
	}
	return &Gate{config: c}, nil
}

// clear forgets the wrong attempts at an account in a lane, but not another's that
// shares its place.
func (g *Gate) clear(ctx context.Context, l lane, account string) error {
	now := g.config.Now()
	own := g.config.place(l, account, g.config.Rules(now).Lanes)
	_, _, at, err := g.read(ctx, l, account)
	if err != nil || at != own {
		return err
	}
	return g.config.Store.Put(ctx, own.key, count{last: now}.encode(own.tag), g.rule(l, now).life())
}

// maxTries bounds how often change begins again because somebody came between.
const maxTries = 16

// change reads a count, decides and swaps until nobody came between. A count
// that stays as it was is not written.
func (g *Gate) change(ctx context.Context, l lane, name string, decide func(rule, count, time.Time) count) error {
	for range maxTries {
		old, raw, at, err := g.read(ctx, l, name)
		if err != nil {
			return err
		}
		now := g.config.Now()
		r := g.rule(l, now)
		next := decide(r, old, now)
		if next == old {
			return nil
		}
		done, err := g.config.Store.CompareAndSwap(ctx, at.key, raw, next.encode(at.tag), r.life())
		if err != nil || done {
			return err
		}
	}
	return errContended
}

func (g *Gate) rule(l lane, now time.Time) rule {
	rules := g.config.Rules(now)
	if l == addresses {
		return rule{rules.Address, rules.Memory}
	}
	return rule{rules.Account, rules.Memory}
}
