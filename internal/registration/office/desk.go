package office

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Config is what a desk works with.
type Config struct {
	DB         *store.DB
	Ledger     *ledger.Ledger
	Law        law.Table
	Population register.Population
	Activation registration.Activation
	// Hash makes the record of a first password (R13); nil where the office issues none.
	Hash func(ctx context.Context, password string) (record string, err error)
	Now  func() time.Time
	Log  *slog.Logger // nil: nowhere
	Services
}

// Desk handles cases. It is safe for concurrent use.
type Desk struct{ Config }

// New returns a desk.
func New(c Config) *Desk { return &Desk{c} }

// Clerk is who acts: ids of their account, person and office.
type Clerk struct{ Account, Person, Office string }

// Errors that a page tells apart, beside *identity.Invalid, *Refused,
// registration.ErrStep, store.ErrNotFound and store.ErrStale.
var (
	// ErrOwn: a clerk tried to register themselves.
	ErrOwn = errors.New("office: a clerk's own registration")
	// ErrFurther: the person has the free account already; a further one needs a fee (R7).
	ErrFurther = errors.New("office: the person has an account")
	// ErrReceipt: the office has taken that receipt before.
	ErrReceipt = errors.New("office: the receipt was used before")
	// ErrProvisionalFirst: a provisional account must end before a consulate registers its owner for the first time (R11).
	ErrProvisionalFirst = errors.New("office: a provisional registration precedes")
	// ErrNotNamed: no provisional account with the citizen's data has that username.
	ErrNotNamed = errors.New("office: no provisional account of that name")
	// ErrTaken: the username is in use, be it in another case.
	ErrTaken = errors.New("office: the username is taken")
	// ErrOutdated: the register's answer is of an earlier day.
	ErrOutdated = errors.New("office: the answer is of an earlier day")
	// ErrUnsigned: the declaration is not signed.
	ErrUnsigned = errors.New("office: the declaration is not signed")
)

// Refused is what the law says against a registration, before the register is asked.
type Refused struct{ Why string } // a law.Refusal, or "age"

// RefusedAge is Refused.Why for a person too young (law.EarliestAge).
const RefusedAge = "age"

func (r *Refused) Error() string { return "office: refused by law: " + r.Why }

// Case returns a case of the clerk's own office; others are store.ErrNotFound.
func (d *Desk) Case(ctx context.Context, k Clerk, id string) (c registration.Case, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		c, err = read(tx, k, id)
		return err
	})
	return c, err
}

func read(tx *store.Tx, k Clerk, id string) (registration.Case, error) {
	stored, err := tx.Case(id)
	if err == nil && (stored.Office != k.Office || !atDesk(stored.Channel)) {
		err = store.ErrNotFound
	}
	if err != nil {
		return registration.Case{}, err
	}
	return registration.OpenCase(stored)
}

// atDesk says whether a channel is one of a desk.
func atDesk(channel string) bool {
	return channel == identity.ChannelOffice || channel == identity.ChannelConsulate
}

// Channel is how the clerk's office registers: a consulate has a way of its own (R11).
func (d *Desk) Channel(ctx context.Context, k Clerk) (channel string, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		channel, err = channelOf(tx, k.Office)
		return err
	})
	return channel, err
}

func channelOf(tx *store.Tx, office string) (string, error) {
	o, err := tx.Office(office)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	if o.Kind == identity.Consulate {
		return identity.ChannelConsulate, nil
	}
	return identity.ChannelOffice, nil
}

// change reads a case at the version that the page showed, lets f change it and
// saves it, in one transaction.
func (d *Desk) change(ctx context.Context, k Clerk, id string, version int64, f func(tx *store.Tx, c *registration.Case) error) (c registration.Case, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = read(tx, k, id); err != nil {
			return err
		}
		if c.Version != version {
			return store.ErrStale
		}
		if err := f(tx, &c); err != nil {
			return err
		}
		c, err = c.Save(tx)
		return err
	})
	return c, err
}

// judgeAt is judge for a registration. Only a consulate takes somebody without
// an address (R11).
func (d *Desk) judgeAt(channel string, s registration.Stated) error {
	if s.Address == (identity.Address{}) && channel != identity.ChannelConsulate {
		return &identity.Invalid{Field: "settlement", Reason: identity.ReasonEmpty}
	}
	return d.judge(s)
}

// judge asks the law, which needs no register.
func (d *Desk) judge(s registration.Stated) error {
	now := d.Now()
	if why := d.Law.DocumentRefusal(s.Document, now); why != law.Accepted {
		return &Refused{string(why)}
	}
	if s.BirthDate.After(law.Day(now)) {
		return &identity.Invalid{Field: "birth-date", Reason: identity.ReasonDate}
	}
	if s.BirthDate.Age(law.Day(now)) < d.Law.EarliestAge(now) {
		return &Refused{RefusedAge}
	}
	return nil
}

// Outdated says whether the register must be asked again before the case goes on.
func (d *Desk) Outdated(c registration.Case) bool {
	return c.Answer == nil || law.Day(c.Answer.At) != law.Day(d.Now())
}

// Accounts are the accounts that the person of a checked case has already.
func (d *Desk) Accounts(ctx context.Context, c registration.Case) (found []identity.Account, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		found, err = accountsOf(tx, c)
		return err
	})
	return found, err
}

func accountsOf(tx *store.Tx, c registration.Case) ([]identity.Account, error) {
	if c.Answer == nil {
		return nil, nil
	}
	person, err := known(tx, c.Answer.Verdict.Reference)
	if err != nil || person == "" {
		return nil, err
	}
	found, err := tx.AccountsOf(person)
	// Only a provisional account that becomes final at this moment belongs to somebody known.
	return slices.DeleteFunc(found, func(a identity.Account) bool { return a.Provisional }), err
}

// known is the person whom the register confirmed, or "" for nobody of ours.
func known(tx *store.Tx, ref register.Reference) (person string, err error) {
	if ref == "" {
		return "", nil
	}
	if person, err = tx.PersonByReference(string(ref)); errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return person, err
}

// Further says whether so many accounts are all that a person has without a fee (R7).
func (d *Desk) Further(accounts int) bool { return accounts >= d.Law.FreeAccounts(d.Now()) }

// own says whether a reference of the register is the clerk's.
func own(tx *store.Tx, k Clerk, ref register.Reference) (bool, error) {
	if ref == "" || k.Person == "" { // an operator's invitation has no clerk
		return false, nil
	}
	mine, err := tx.RegisterReference(k.Person)
	return mine == string(ref), err
}
