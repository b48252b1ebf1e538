package card

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/papercode"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/store"
	"kapu/internal/throttle"
)

// Secrets makes records of codes and compares them, slowly and with a pepper
// from outside the database. VerifyNobody costs what Verify does.
type Secrets interface {
	Hash(ctx context.Context, secret string) (record string, err error)
	Verify(ctx context.Context, secret, record string) (bool, error)
	VerifyNobody(ctx context.Context, secret string) error
}

// Config is what codes are issued and used with.
type Config struct {
	DB         *store.DB
	Ledger     *ledger.Ledger
	Law        law.Table
	Ring       *keys.Ring
	Secrets    Secrets
	Busy       error          // what Secrets err with when there is too much to do at once
	Gate       *throttle.Gate // of the purpose "card"
	Population register.Population
	Activation registration.Activation
	Now        func() time.Time
	Log        *slog.Logger // nil: nowhere
}

// Service issues codes and lets them be used. It is safe for concurrent use.
type Service struct{ Config }

// NewService returns a service.
func NewService(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{c}
}

// Errors of issuing.
var (
	// ErrNotElectronic: not a valid identity card of the electronic kind.
	ErrNotElectronic = errors.New("card: not a valid electronic identity card")
	// ErrHasAccount: a code is for the first account only.
	ErrHasAccount = errors.New("card: the person has an account")
)

// Draft is a code that is ready to be issued, but belongs to nobody yet.
type Draft struct {
	ID     string // of the code once issued; an envelope's proof names it
	code   papercode.Code
	record string
}

// Draw makes a code. Its hash takes long, so it is made before the transaction
// that issues it. The errors are those of Secrets.
func (s *Service) Draw(ctx context.Context) (Draft, error) {
	code, err := papercode.New()
	if err != nil {
		return Draft{}, err
	}
	record, err := s.Secrets.Hash(ctx, string(code))
	return Draft{store.NewID(), code, record}, err
}

// Issue gives a draft to the holder of a card, in the transaction of the desk's
// act, and returns the code in groups: this once, for the envelope. It takes the
// place of every earlier code of the card. It errs with ErrNotElectronic and
// ErrHasAccount. That the card is the person's is for the desk to see.
func (s *Service) Issue(tx *store.Tx, draft Draft, clerk, office string, ref register.Reference, d identity.Document) (code string, expires time.Time, err error) {
	if !s.electronic(d, tx.Now) {
		return "", expires, ErrNotElectronic
	}
	if err := firstAccount(tx, ref); err != nil {
		return "", expires, err
	}
	if err := supersede(tx, d.Number); err != nil {
		return "", expires, err
	}
	expires = tx.Now.Add(s.Law.CardCodeLife(tx.Now))
	err = tx.AddCardCode(store.CardCode{ID: draft.ID, Reference: string(ref), Document: d, Record: draft.record, State: string(Issued),
		Office: office, Clerk: clerk, Expires: expires})
	if err != nil {
		return "", expires, err
	}
	_, err = s.Ledger.Append(tx, "", ledger.CardCodeIssued{Office: office, Clerk: clerk})
	return draft.code.Groups(), expires, err
}

// electronic says whether the document is a valid card with a chip (seed
// document 004).
func (s *Service) electronic(d identity.Document, at time.Time) bool {
	return d.Kind == identity.IdentityCard && !d.Issued.Before(s.Law.EarliestElectronicCardIssue(at)) && s.Law.DocumentRefusal(d, at) == law.Accepted
}

// firstAccount errs with ErrHasAccount where the register's person has one.
func firstAccount(tx *store.Tx, ref register.Reference) error {
	person, err := tx.PersonByReference(string(ref))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	accounts, err := tx.AccountsOf(person)
	if err == nil && len(accounts) > 0 {
		err = ErrHasAccount
	}
	return err
}

func supersede(tx *store.Tx, number string) error {
	codes, err := tx.CardCodesOf(number)
	if err != nil {
		return err
	}
	for _, was := range codes {
		if stateOf(was).Over() {
			continue
		}
		is, err := step(was, Replaced)
		if err != nil {
			return err
		}
		if err := tx.SwapCardCode(was, is); err != nil {
			return err
		}
	}
	return nil
}
