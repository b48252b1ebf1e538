package card

import (
	"context"
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/papercode"
	"kapu/internal/store"
)

// Attempt is what a visitor typed, and from where.
type Attempt struct {
	Number  string // of the document
	Code    papercode.Code
	Address string // of the network
	Browser string // digest of the browser's token, for which a right code is kept
}

// Wait is returned when wrong attempts bring a delay first: nobody looked.
type Wait struct{ For time.Duration }

func (w *Wait) Error() string { return "card: too many attempts" }

// Over is returned for a right code that opens nothing any more.
type Over struct {
	State State
	At    time.Time // since when
}

func (o *Over) Error() string { return "card: the code is " + string(o.State) }

// ErrNoMatch: no such document, or a wrong code, or a code that is kept for
// another browser. Which of them is not told.
var ErrNoMatch = errors.New("card: document and code do not match")

// contendedWait is what we ask for when many settle with the same card at the same instant.
const contendedWait = time.Second

// Check compares a code with the card's and keeps it for the browser, as long as
// the law says. It returns the code's id, and errs with *Wait, *Over, ErrNoMatch
// and Config.Busy. An unknown document takes as long as a wrong code, and the
// same steps.
func (s *Service) Check(ctx context.Context, a Attempt) (id string, err error) {
	try := s.Gate.Attempt(a.Number, a.Address, false)
	wait, err := try.Begin(ctx)
	if err == nil && wait > 0 {
		err = &Wait{wait}
	}
	if err != nil {
		return "", err
	}
	id, right, err := s.compare(ctx, a)
	if err != nil {
		return "", errors.Join(err, try.Abandoned(ctx))
	}
	if wait, err = try.Overtaken(ctx); err == nil && wait > 0 {
		err = &Wait{wait}
	}
	if err != nil {
		return "", err
	}
	told := s.settle(context.WithoutCancel(ctx), a, id, right)
	if err = try.End(ctx, told == nil); err != nil { // what is not counted is not told
		return "", err
	}
	return id, told
}

// compare looks for the card's newest code and hashes what was typed: one
// question and one hash for every document. id is "" for an unknown one.
func (s *Service) compare(ctx context.Context, a Attempt) (id string, right bool, err error) {
	var codes []store.CardCode
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		codes, err = tx.CardCodesOf(a.Number)
		return err
	})
	if err != nil {
		return "", false, err
	}
	if len(codes) == 0 {
		return "", false, s.Secrets.VerifyNobody(ctx, string(a.Code))
	}
	right, err = s.Secrets.Verify(ctx, string(a.Code), codes[0].Record)
	return codes[0].ID, right, err
}

// swaps is how often a change is tried when somebody else comes between.
const swaps = 5

// settle writes down what an attempt came to; a document that nobody knows goes
// through the same transaction.
func (s *Service) settle(ctx context.Context, a Attempt, id string, right bool) (told error) {
	for range swaps {
		err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
			told, err = s.take(tx, a, id, right)
			return err
		})
		if !errors.Is(err, store.ErrStale) {
			return errors.Join(err, told)
		}
	}
	return &Wait{contendedWait}
}

// take moves the code; told is what the visitor is told of it, and err undoes
// the move.
func (s *Service) take(tx *store.Tx, a Attempt, id string, right bool) (told, err error) {
	was, err := tx.CardCode(id)
	if errors.Is(err, store.ErrNotFound) {
		return ErrNoMatch, nil
	}
	if err != nil {
		return nil, err
	}
	is := current(was, tx.Now)
	switch {
	case !right:
		return ErrNoMatch, s.mistake(tx, was, is)
	case stateOf(is) == Reserved && is.ReservedBy != a.Browser:
		return ErrNoMatch, nil
	case stateOf(is).Over():
		return &Over{stateOf(is), is.Changed}, nil
	}
	return nil, s.reserve(tx, was, is, a.Browser)
}

// mistake counts a wrong code, and blocks the card's code when the law suffers
// no more of them. The ledger's entry has no person: the holder is nobody of ours.
func (s *Service) mistake(tx *store.Tx, was, is store.CardCode) error {
	if stateOf(is).Over() {
		return nil
	}
	is.Tries++
	event := Mistaken
	if is.Tries >= s.Law.CardCodeTries(tx.Now) {
		event = Exhausted
	}
	is, err := step(is, event)
	if err != nil {
		return err
	}
	if err := tx.SwapCardCode(was, is); err != nil || event == Mistaken {
		return err
	}
	_, err = s.Ledger.Append(tx, "", ledger.CardCodeBlocked{})
	return err
}

// reserve keeps the code for the browser. The registration begins with the first
// time; its case bears the code's id.
func (s *Service) reserve(tx *store.Tx, was, is store.CardCode, browser string) error {
	is, err := step(is, Checked)
	if err != nil {
		return err
	}
	is.ReservedBy, is.ReservedUntil = browser, tx.Now.Add(s.Law.CardCodeReservation(tx.Now))
	if err := tx.SwapCardCode(was, is); err != nil || was.ReservedBy != "" {
		return err
	}
	_, err = s.Ledger.Append(tx, "", ledger.RegistrationOpened{Case: is.ID, Channel: identity.ChannelCard, Office: is.Office})
	return err
}
