package office

import (
	"context"
	"errors"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/life"
	"kapu/internal/mandate"
	"kapu/internal/phone"
	"kapu/internal/store"
)

// Services are what acts on accounts stand on, beside a desk's own Config.
type Services struct {
	Phones *phone.Register // nil where no telephone identifiers are issued
	Life   *life.Life
	// ResetLetter mails an account's owner a link to a new password; it says how long that is good.
	ResetLetter  func(tx *store.Tx, account identity.Account) (until time.Time, err error)
	Dispositions disposition.Register
	Mandates     mandate.Register
	DrawCard     func(ctx context.Context) (CardDraft, error)
	Herald       *herald.Herald // writes to whoever reported something
}

// Act is what a clerk does on an account because its owner stands at the desk.
type Act string

// The acts, by their names in the ledger.
const (
	Extend       Act = "extend"
	ChangeEmail  Act = "email"
	Delete       Act = "delete"
	RemoveFactor Act = "remove-totp"        // a lost authenticator
	SendReset    Act = "reset"              // a forgotten password
	FreeWays     Act = "disposition"        // all that the owner forbade about how they are identified (R23)
	SetMethod    Act = "disposition-method" // where one method may identify the owner
	SetLeast     Act = "disposition-level"  // below which level nothing identifies them
	SetLock      Act = "disposition-lock"   // whether methods are added without a visit
	GiveMandate  Act = "mandate"            // somebody else who is here may act for the owner
	EndMandate   Act = "mandate-end"
	Stop         Act = "stop" // something that waits is called off
)

// Acts are all acts, in the order in which a desk offers them.
func Acts() []Act {
	return []Act{Extend, ChangeEmail, SendReset, RemoveFactor, SetMethod, SetLeast, SetLock, FreeWays, GiveMandate, EndMandate, Stop, Delete}
}

// Reasons are what an act can be done for; otherReason needs words beside it.
func Reasons() []string { return []string{"request", "change", "lost", "misuse", otherReason} }

const otherReason = "other"

// Order is what the owner asks for, and why.
type Order struct {
	Act    Act
	Reason string // one of Reasons
	Words  string
	Years  int            // of Extend: how long from today
	Email  identity.Email // of ChangeEmail
	Kind   string         // of Stop: the kind of what waits

	Change         disposition.Change // of SetMethod, SetLeast and SetLock
	Wish           mandate.Wish       // of GiveMandate
	Representative string             // of GiveMandate: their account
	Mandate        string             // of EndMandate
}

// Done is an act that was done, as the minutes say it.
type Done struct {
	Entry  string         `json:"entry"` // id in the ledger
	Act    Act            `json:"act"`
	At     time.Time      `json:"at"`
	Reason string         `json:"reason"`
	Words  string         `json:"words,omitempty"`
	Until  time.Time      `json:"until,omitzero"` // the new end, or when what was announced is due, or how long the letter is good
	Email  identity.Email `json:"email,omitempty"`
	Phone  string         `json:"phone,omitempty"`
	Kind   string         `json:"kind,omitempty"`

	Change   *disposition.Change `json:"change,omitempty"`
	With     string              `json:"with,omitempty"` // name of the other of a mandate
	Services []string            `json:"services,omitempty"`
}

// Why an act is not offered.
const (
	WhyElsewhere = "elsewhere" // only at the registering office (R14)
	WhyState     = "state"     // not as the account stands
	WhyNothing   = "nothing"   // there is nothing to take off or to stop
	WhyWaiting   = "waiting"   // it is announced already
	WhyLongest   = "longest"   // no longer validity is possible today
)

// Impossible is an act that is not offered.
type Impossible struct{ Why string }

func (e *Impossible) Error() string { return "office: the act is not possible: " + e.Why }

// actRules says of an act where and on what accounts it is done.
var actRules = map[Act]struct {
	registering bool   // at the registering office only (R14)
	active      bool   // on an account that is in use
	waits       string // the kind of what waits once it is announced: once is enough
}{
	Extend:       {active: true},
	ChangeEmail:  {registering: true, active: true},
	SendReset:    {active: true},
	RemoveFactor: {active: true, waits: life.RemoveTOTP},
	FreeWays:     {},
	SetMethod:    {},
	SetLeast:     {},
	SetLock:      {},
	GiveMandate:  {active: true},
	EndMandate:   {},
	Stop:         {},
	Delete:       {registering: true, waits: life.Delete},
}

// Offer is an act with why it is not possible; "" if it is.
type Offer struct {
	Act Act
	Why string
}

// circumstances are what decides which acts are possible.
type circumstances struct {
	account identity.Account
	office  string // of the clerk
	plus    bool   // the account has an authenticator, or passkeys
	free    bool   // the owner forbids nothing about how they are identified
	waiting []life.Pending
	longest time.Time // the latest end that an extension gives today
	held    []Held
	others  []Neighbour
	laid    authn.Disposition
	now     time.Time
}

func (d *Desk) circumstances(tx *store.Tx, k Clerk, a identity.Account) (c circumstances, err error) {
	c = circumstances{account: a, office: k.Office, longest: ValidUntil(tx.Now, d.Law.LongestLife(tx.Now)), now: tx.Now}
	standing, err := tx.Standing(a.ID)
	if err != nil {
		return c, err
	}
	c.plus = slices.Contains(standing.Has, string(law.TOTP)) || slices.Contains(standing.Has, string(law.Passkey))
	c.laid, c.free = standing.Disposition, standing.Disposition.Free()
	if c.held, err = held(tx, a.PersonID); err != nil {
		return c, err
	}
	if c.others, err = neighbours(tx, k, a); err != nil {
		return c, err
	}
	c.waiting, err = d.Life.Pending(tx, a.ID)
	return c, err
}

// why an act is not possible; "" if it is. Accounts that no office registered are kept by all.
func (c circumstances) why(act Act) string {
	rule, known := actRules[act]
	switch {
	case !known, !c.now.Before(c.account.ValidUntil), rule.active && c.account.State != identity.Active:
		return WhyState
	case rule.registering && c.account.Office != "" && c.account.Office != c.office:
		return WhyElsewhere
	case act == RemoveFactor && !c.plus, act == FreeWays && c.free, act == Stop && len(c.waiting) == 0, act == EndMandate && len(c.held) == 0:
		return WhyNothing
	case act == GiveMandate && len(c.others) == 0:
		return WhyAlone
	case act == Extend && !c.longest.After(c.account.ValidUntil):
		return WhyLongest
	case slices.ContainsFunc(c.waiting, func(p life.Pending) bool { return p.Kind == rule.waits }):
		return WhyWaiting
	}
	return ""
}

func (c circumstances) offers() (all []Offer) {
	for _, act := range Acts() {
		all = append(all, Offer{act, c.why(act)})
	}
	return all
}

// Act does what the present owner of an account asks for. It needs a visit of
// today in which this clerk proved them, at the version that the page showed.
// The effect, the entry of the clerk's act beside it and the visit's note of it
// are one transaction. It errs with ErrAway, ErrOwn, ErrUnconfirmed, *Impossible,
// *identity.Invalid, life's own errors, store.ErrNotFound and store.ErrStale.
func (d *Desk) Act(ctx context.Context, k Clerk, account string, version int64, o Order) (done Done, err error) {
	if err := o.check(); err != nil {
		return done, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := present(tx, k, account)
		if err != nil {
			return err
		}
		if v.Version != version {
			return store.ErrStale
		}
		a, err := d.actable(tx, k, account, o.Act)
		if err != nil {
			return err
		}
		if done, err = d.do(tx, k, a, o); err != nil {
			return err
		}
		v.Done = append(v.Done, done)
		_, err = v.save(tx)
		return err
	})
	return done, err
}

// check refuses an order without a reason.
func (o Order) check() error {
	switch {
	case !slices.Contains(Reasons(), o.Reason):
		return &identity.Invalid{Field: "reason", Reason: identity.ReasonEmpty}
	case o.Reason == otherReason && o.Words == "":
		return &identity.Invalid{Field: "words", Reason: identity.ReasonEmpty}
	}
	return nil
}

// actable is the account, if the act is possible on it.
func (d *Desk) actable(tx *store.Tx, k Clerk, account string, act Act) (a identity.Account, err error) {
	if a, err = tx.Account(account); err != nil {
		return a, err
	}
	switch {
	case a.PersonID == k.Person:
		return a, ErrOwn
	case a.Provisional:
		return a, ErrUnconfirmed
	}
	c, err := d.circumstances(tx, k, a)
	if why := c.why(act); err == nil && why != "" {
		err = &Impossible{why}
	}
	return a, err
}

func (d *Desk) do(tx *store.Tx, k Clerk, a identity.Account, o Order) (done Done, err error) {
	done = Done{Act: o.Act, At: tx.Now, Reason: o.Reason, Words: o.Words}
	by := life.Actor{Clerk: k.Account, Office: k.Office}
	switch o.Act {
	case Extend:
		done.Until, err = d.Life.Extend(tx, a, o.Years, by)
	case ChangeEmail:
		done.Email = o.Email
		done.Until, err = d.Life.RequestEmail(tx, a, o.Email, by)
	case Delete:
		done.Until, err = d.Life.RequestDeletion(tx, a, by)
	case RemoveFactor:
		done.Until, err = d.Life.RequestFactorRemoval(tx, a, by)
	case SendReset:
		done.Until, err = d.reset(tx, k, a)
	case FreeWays:
		err = d.Dispositions.Free(tx, a.PersonID, disposition.Actor{Channel: disposition.Desk, Clerk: k.Account, Office: k.Office})
	case SetMethod, SetLeast, SetLock:
		done.Change, err = &o.Change, d.dispose(tx, k, a, o.Act, o.Change)
	case GiveMandate:
		err = d.giveMandate(tx, k, a, o, &done)
	case EndMandate:
		err = d.endMandate(tx, k, a, o, &done)
	case Stop:
		done.Kind, err = o.Kind, d.stop(tx, a, o.Kind, by)
	}
	if errors.Is(err, life.ErrGone) { // over, between two looks at it
		err = &Impossible{WhyState}
	}
	if err != nil {
		return done, err
	}
	done.Entry, err = d.Ledger.Append(tx, a.PersonID,
		ledger.DeskActed{Act: string(o.Act), Office: k.Office, Reason: o.Reason, Words: o.Words, Clerk: k.Account, Account: a.ID})
	return done, err
}

// reset mails a link under which the owner sets a new password; the second factor stays.
func (d *Desk) reset(tx *store.Tx, k Clerk, a identity.Account) (until time.Time, err error) {
	if until, err = d.ResetLetter(tx, a); err != nil {
		return until, err
	}
	_, err = d.Ledger.Append(tx, a.PersonID, ledger.PasswordResetRequested{By: byOffice, Office: k.Office, Clerk: k.Account, Account: a.ID})
	return until, err
}

// byOffice says in the ledger that a desk acted.
const byOffice = "office"

// stop calls off what waits on the account.
func (d *Desk) stop(tx *store.Tx, a identity.Account, kind string, by life.Actor) error {
	err := d.Life.StopFor(tx, a, kind, by)
	if errors.Is(err, life.ErrGone) {
		return &Impossible{WhyNothing}
	}
	return err
}
