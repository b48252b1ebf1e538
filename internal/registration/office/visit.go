package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/life"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// PresenceChannel is the channel of the cases that stand for an account's owner
// at the desk: with the clerk who opened it, for the one account, until midnight.
const PresenceChannel = "presence"

// VisitState is where a visit stands. Its words are no states of a registration,
// so that no list of registrations ever shows a visit.
type VisitState string

// The states of a visit.
const (
	Arrived    VisitState = "arrived"    // nothing was proved yet
	Unanswered VisitState = "unanswered" // the register did not answer
	Refuted    VisitState = "refuted"    // document or data do not prove the owner
	Present    VisitState = "present"    // the owner stands here: acts are possible
)

// ErrAway: this clerk has no visit of the account's owner today, or nothing is proved in it.
var ErrAway = errors.New("office: the owner is not at this desk")

// ErrUnconfirmed: the account is provisional. A registration makes it final first.
var ErrUnconfirmed = errors.New("office: nobody has checked the owner of the account yet")

// Visit is the presence of an account's owner at a desk.
type Visit struct {
	store.Case
	VisitContents
}

// VisitContents are what a visit holds until the day is over.
type VisitContents struct {
	Stated registration.Stated  `json:"stated"`
	Answer *registration.Answer `json:"answer,omitempty"` // nil until the register has answered
	Other  bool                 `json:"other,omitempty"`  // what was shown agrees, with somebody else than the owner
	Done   []Done               `json:"done,omitempty"`   // what was done so far
}

// Stands is the state of the visit.
func (v Visit) Stands() VisitState { return VisitState(v.State) }

func openVisit(s store.Case) (v Visit, err error) {
	v.Case = s
	if json.Unmarshal(s.Data, &v.VisitContents) != nil {
		err = fmt.Errorf("office: visit %s: contents not readable", s.ID) // the cause may quote them
	}
	return v, err
}

func (v Visit) save(tx *store.Tx) (Visit, error) {
	data, err := json.Marshal(v.VisitContents)
	if err != nil {
		return v, err
	}
	v.Data = data
	if v.ID == "" {
		v.Case, err = tx.AddCase(v.Case)
	} else {
		v.Case, err = tx.SaveCase(v.Case)
	}
	return v, err
}

// today is the first moment of the day in Budapest.
func today(now time.Time) time.Time { return law.Day(now).In(law.Budapest) }

// visit is this clerk's visit of the account's owner, of today and of the office
// where the clerk is now. It errs with ErrAway.
func visit(tx *store.Tx, k Clerk, account string) (Visit, error) {
	stored, err := tx.CaseAtDesk(PresenceChannel, account, k.Account, today(tx.Now))
	if errors.Is(err, store.ErrNotFound) || err == nil && (stored.Office != k.Office || len(stored.Data) == 0) {
		err = ErrAway
	}
	if err != nil {
		return Visit{}, err
	}
	return openVisit(stored)
}

// present is a visit in which the owner was proved today.
func present(tx *store.Tx, k Clerk, account string) (Visit, error) {
	v, err := visit(tx, k, account)
	if err == nil && v.Stands() != Present {
		err = ErrAway
	}
	return v, err
}

// Receive opens an account because its owner stands at the desk, which is
// recorded as a look-up, and begins the visit; one of today goes on. It errs
// with store.ErrNotFound and ErrOwn.
func (d *Desk) Receive(ctx context.Context, k Clerk, account, words string) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(account)
		if err != nil {
			return err
		}
		if a.PersonID == k.Person {
			return ErrOwn
		}
		if err := d.record(tx, k, a, VisitReason, words); err != nil {
			return err
		}
		if _, err := visit(tx, k, account); !errors.Is(err, ErrAway) {
			return err
		}
		p, err := tx.Person(a.PersonID)
		if err != nil {
			return err
		}
		v := Visit{Case: store.Case{Channel: PresenceChannel, Office: k.Office, Clerk: k.Account, State: string(Arrived), Account: a.ID}}
		v.Stated = statedOf(p)
		_, err = v.save(tx)
		return err
	})
}

// VisitReason is the reason of a look-up that begins a visit.
const VisitReason = "presence"

// statedOf is what the gateway knows of a person, to be compared with the document they show.
func statedOf(p identity.Person) registration.Stated {
	return registration.Stated{CurrentName: p.CurrentName, Core: p.Core, Address: p.Address, Nationality: p.Nationality}
}

// Dismiss ends a visit and forgets what it held. One that is over already is no error.
func (d *Desk) Dismiss(ctx context.Context, k Clerk, account string) error {
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := visit(tx, k, account)
		if err != nil {
			return err
		}
		return tx.DropCase(v.ID)
	})
	if errors.Is(err, ErrAway) || errors.Is(err, store.ErrStale) {
		return nil
	}
	return err
}

// ForgetVisits forgets what visits of earlier days held, a batch a transaction,
// and says of how many. It may run at any time and in several processes at once.
func (d *Desk) ForgetVisits(ctx context.Context) (done int, err error) {
	for _, channel := range []string{PresenceChannel, CardCodeChannel, PhoneChannel} {
		for n := abandonBatch; n == abandonBatch; done += n {
			err = d.DB.Update(ctx, func(tx *store.Tx) (err error) {
				n, err = tx.DropCases(channel, today(tx.Now), abandonBatch)
				return err
			})
			if err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

// Opened is an account as a clerk sees it, with what surrounds it.
type Opened struct {
	Holder
	Visit   *Visit             // nil: the owner is not here
	Others  []identity.Account // of the same person (R7)
	Waiting []life.Pending     // announced, and not carried out yet
	Offers  []Offer            // what can be done when the owner is proved

	Laid       authn.Disposition // how they may be identified (R23)
	Methods    []authn.Method
	Held       []Held      // mandates in force, as either of the two
	Neighbours []Neighbour // others who were proved at this desk today
}

// LookInto opens an account for a reason, which the citizen will read in their ledger.
func (d *Desk) LookInto(ctx context.Context, k Clerk, account, reason, words string) (o Opened, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if o, err = d.opened(tx, k, account); err != nil {
			return err
		}
		return d.record(tx, k, o.Account, reason, words)
	})
	return o, err
}

// Visited is an account whose owner is at the desk. It errs with ErrAway.
func (d *Desk) Visited(ctx context.Context, k Clerk, account string) (o Opened, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		v, err := visit(tx, k, account)
		if err != nil {
			return err
		}
		o, err = d.opened(tx, k, account)
		o.Visit = &v
		return err
	})
	return o, err
}

func (d *Desk) opened(tx *store.Tx, k Clerk, account string) (o Opened, err error) {
	if o.Holder, err = holder(tx, account); err != nil {
		return o, err
	}
	accounts, err := tx.AccountsOf(o.Account.PersonID)
	if err != nil {
		return o, err
	}
	for _, a := range accounts {
		if a.ID != account {
			o.Others = append(o.Others, a)
		}
	}
	c, err := d.circumstances(tx, k, o.Account)
	o.Waiting, o.Offers = c.waiting, c.offers()
	o.Laid, o.Methods, o.Held, o.Neighbours = c.laid, d.methods(), c.held, c.others
	return o, err
}
