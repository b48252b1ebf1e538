package card

import (
	"context"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Refused is why the holder of a right code cannot register from home.
type Refused struct{ Why string }

func (r *Refused) Error() string { return "card: refused: " + r.Why }

// The reasons of Refused.
const (
	RefusedDeceased = "deceased"
	RefusedUnknown  = "unknown"  // the register does not know the person any more
	RefusedDocument = "document" // expired, lost, or not the register's
	RefusedAge      = "age"
	RefusedAccount  = "account" // has one already
)

var (
	// ErrReleased: the reservation has run out, or was never this browser's.
	ErrReleased = errors.New("card: the reservation is over")
	// ErrUnavailable: the register does not answer; the reservation stays.
	ErrUnavailable = errors.New("card: no answer of the population register")
)

// Holder is whom the register knows under a reserved code.
type Holder struct {
	Person identity.Person
	Trace  string // the register's number of the check

	code  store.CardCode
	asked bool
}

// Recognise asks the register for the holder of a code that was just checked,
// and records that it was asked. The errors are those of [Service.Holder].
func (s *Service) Recognise(ctx context.Context, id, browser string) error {
	h, asked := s.Holder(ctx, id, browser)
	if ctx.Err() != nil || !h.asked {
		return errors.Join(asked, ctx.Err())
	}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := s.Ledger.Append(tx, "", checked(h, verdictOf(asked)))
		return err
	})
	return errors.Join(asked, err)
}

func checked(h Holder, verdict string) ledger.Event {
	return ledger.RegisterChecked{Case: h.code.ID, Trace: h.Trace, Verdict: verdict, Office: h.code.Office}
}

// Verdicts of a check in the ledger.
const verdictAgrees, verdictDiffers, verdictUnknown, verdictDown = "agrees", "differs", "unknown", "down"

func verdictOf(asked error) string {
	var refused *Refused
	switch {
	case asked == nil, errors.As(asked, &refused) && refused.Why == RefusedAge:
		return verdictAgrees
	case errors.Is(asked, ErrUnavailable):
		return verdictDown
	case refused != nil && refused.Why == RefusedUnknown:
		return verdictUnknown
	}
	return verdictDiffers
}

// Holder asks the register who holds the code that is kept for the browser. It
// errs with ErrReleased, *Over, *Refused and ErrUnavailable.
func (s *Service) Holder(ctx context.Context, id, browser string) (h Holder, err error) {
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		if h.code, err = held(tx, id, browser); err != nil {
			return err
		}
		return refuseAccount(firstAccount(tx, register.Reference(h.code.Reference)))
	})
	if err != nil {
		return h, err
	}
	return s.ask(ctx, h)
}

func refuseAccount(err error) error {
	if errors.Is(err, ErrHasAccount) {
		err = &Refused{RefusedAccount}
	}
	return err
}

// held is the stored code that is kept for the browser.
func held(tx *store.Tx, id, browser string) (store.CardCode, error) {
	was, err := tx.CardCode(id)
	if errors.Is(err, store.ErrNotFound) {
		err = ErrReleased
	}
	if err != nil {
		return was, err
	}
	is := current(was, tx.Now)
	switch {
	case is.ReservedBy != browser:
		return was, ErrReleased
	case stateOf(is).Over():
		return was, &Over{stateOf(is), is.Changed}
	case stateOf(is) != Reserved:
		return was, ErrReleased
	}
	return was, nil
}

// ask asks twice: who the reference is, and then, with that person's own data,
// what became of the card. A lost card opens nothing, even with the right code.
func (s *Service) ask(ctx context.Context, h Holder) (Holder, error) {
	h.asked = true
	record, err := s.Population.ByReference(ctx, register.Reference(h.code.Reference))
	switch {
	case ctx.Err() != nil: // the browser went away, which says nothing of the register
		return h, ctx.Err()
	case errors.Is(err, register.ErrUnknown):
		return h, &Refused{RefusedUnknown}
	case err != nil:
		return h, s.unavailable(err)
	case record.Status != register.Alive:
		return h, &Refused{RefusedDeceased}
	}
	stated := registration.Stated{CurrentName: record.Person.CurrentName, Core: record.Person.Core, Address: record.Person.Address, Document: h.code.Document}
	verdict, err := s.Population.Check(ctx, stated.Query(store.NewID()))
	if err != nil {
		return h, s.unavailable(err)
	}
	h.Person, h.Trace = record.Person, verdict.Trace
	return h, s.judge(h, verdict)
}

func (s *Service) unavailable(cause error) error {
	s.Log.Warn("no answer of the population register", "cause", cause)
	return ErrUnavailable
}

func (s *Service) judge(h Holder, v register.Verdict) error {
	now := s.Now()
	switch {
	case v.Document != register.DocumentValid || !s.electronic(h.code.Document, now):
		return &Refused{RefusedDocument}
	case !v.Confirmed() || string(v.Reference) != h.code.Reference:
		return &Refused{RefusedUnknown}
	case h.Person.BirthDate.Age(law.Day(now)) < s.Law.EarliestAge(now):
		return &Refused{RefusedAge}
	}
	return nil
}
