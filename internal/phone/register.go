package phone

import (
	"context"
	"errors"
	"time"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notice"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/volatile"
)

// Hasher is the slow hash, with a pepper, under which answers to reminder questions
// are kept. Verify costs the same for a record that is none.
type Hasher interface {
	Hash(ctx context.Context, secret string) (record string, err error)
	Verify(ctx context.Context, secret, record string) (bool, error)
	VerifyNobody(ctx context.Context, secret string) error
}

// Config is what the register works with.
type Config struct {
	DB           *store.DB
	Volatile     volatile.Store
	Ring         *keys.Ring
	Ledger       *ledger.Ledger
	Law          law.Table
	Gate         *throttle.Gate // of attempts, by [Delays]
	Reminders    *throttle.Gate // of tries at the questions, by [Delays]
	Hasher       Hasher
	Dispositions disposition.Register
	Home         string // where an account is looked after, for links in letters
	Now          func() time.Time
	// Announce tells the owner that right digits were refused because they have forbidden the telephone; nil tells nobody.
	Announce func(tx *store.Tx, i notice.Identification) error
}

// Register is the register of numeric credentials. It is safe for concurrent use.
type Register struct{ Config }

// New returns a register.
func New(c Config) *Register { return &Register{c} }

// Delays are the rules for the gates of the register: by identifier the telephone's
// own; by address, by network and in all those of all methods that are stuffed, for
// one guess at each of very many identifiers finds somebody, too.
func Delays(table law.Table) func(at time.Time) throttle.Rules {
	all := throttle.WatchedRulesOf(table)
	return func(at time.Time) throttle.Rules {
		r := all(at)
		r.Account = table.TelephoneDelays(at)
		return r
	}
}

// Errors that a page or a prompt tells apart, beside *identity.Invalid and those of
// package disposition.
var (
	// ErrGone: the credential ended, was issued anew or forbidden meanwhile, or there is none.
	ErrGone = errors.New("phone: no such credential any more")
	// ErrHas: the person has a credential already.
	ErrHas = errors.New("phone: the person has one")
	// ErrAge: the person is too young for one.
	ErrAge = errors.New("phone: the person is too young")
	// ErrDesk: no clerk waits under that code, or no longer.
	ErrDesk = errors.New("phone: no such desk")
	// ErrBusy: too many hashes are being computed; try again in a moment.
	ErrBusy = errors.New("phone: busy")
)

// Line is the way by which somebody comes.
type Line struct {
	Telephone bool   // a call: others may listen
	Peer      string // network address, or the caller's number; "" if that is withheld
}

// peer is what attempts are counted by. Callers who withhold their number are one.
func (l Line) peer() string {
	if l.Telephone {
		return "tel:" + l.Peer
	}
	return l.Peer
}

// Holder is who acts: the holder of a credential, for as long as the call or the
// session in which they proved it lasts. [Register.Check] and [Register.Strong] make one.
type Holder struct {
	ID     string // of the credential
	Person string
	At     time.Time // when they proved it
	Line   Line
	Strong bool // proved by another method, at level substantial or above

	First bool // the password is the one-time one: it must be changed now, and nothing else is possible
	Calls int  // how many more answers over the line until another password must be chosen
}

// Strong is the owner of a credential who is signed in by another method.
func (g *Register) Strong(person string) Holder {
	return Holder{Person: person, At: g.Now(), Strong: true}
}

// held is the credential of a holder, to work with. ErrGone: what they proved counts
// no more.
func (g *Register) held(tx *store.Tx, h Holder) (store.Phone, error) {
	p, err := tx.HoldPhoneOf(h.Person)
	if errors.Is(err, store.ErrNotFound) {
		return p, ErrGone
	}
	if err != nil || h.Strong {
		return p, err
	}
	allowed, err := g.allowed(tx, h.Person)
	if err == nil && (p.ID != h.ID || h.At.Before(p.SessionsFrom) || !allowed) {
		err = ErrGone
	}
	return p, err
}

// allowed tells whether the person lets the telephone identify them at all.
func (g *Register) allowed(tx *store.Tx, person string) (bool, error) {
	d, err := tx.Disposition(person)
	if err != nil {
		return false, err
	}
	m, known := g.method(tx.Now)
	return known && d.Allows(m, ""), nil
}

func (g *Register) method(now time.Time) (authn.Method, bool) {
	return authn.RulesAt(g.Law, now).Method(law.Phone)
}

// append writes several events of one person.
func (g *Register) append(tx *store.Tx, person string, events ...ledger.Event) error {
	for _, e := range events {
		if _, err := g.Ledger.Append(tx, person, e); err != nil {
			return err
		}
	}
	return nil
}
