package card

import (
	"context"
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// ErrTaken: the username is in use, or rests.
var ErrTaken = errors.New("card: the username is taken")

// Finish makes the account, in one transaction: the code used up, person,
// account, activation code and letter, ledger. The office of the account is the
// one that issued the code: it has seen its holder. It returns until when the
// account must be activated, and errs as [Service.Holder] does, with ErrTaken,
// and with *identity.Invalid (username, or years).
func (s *Service) Finish(ctx context.Context, id, browser string, choice registration.Choice) (until time.Time, err error) {
	now := s.Now()
	if _, err := s.Law.NewUsername(string(choice.Username), now); err != nil {
		return until, err
	}
	if choice.Years < 1 || choice.Years > s.Law.LongestLife(now) {
		return until, &identity.Invalid{Field: "years", Reason: identity.ReasonFormat}
	}
	h, err := s.Holder(ctx, id, browser)
	if err != nil {
		return until, err
	}
	for range swaps {
		err = s.DB.Update(ctx, func(tx *store.Tx) error {
			until, err = s.finish(tx, h, browser, choice)
			return err
		})
		if !errors.Is(err, store.ErrStale) {
			break
		}
	}
	return until, err
}

func (s *Service) finish(tx *store.Tx, h Holder, browser string, choice registration.Choice) (until time.Time, err error) {
	was, err := held(tx, h.code.ID, browser)
	if err != nil {
		return until, err
	}
	used, err := step(was, Registered)
	if err != nil {
		return until, err
	}
	if err := tx.SwapCardCode(was, used); err != nil {
		return until, err
	}
	person, err := tx.SavePerson(was.Reference, h.Person)
	if errors.Is(err, store.ErrTaken) { // registered somewhere else at this very moment
		err = store.ErrStale
	}
	if err == nil {
		err = refuseAccount(firstAccount(tx, register.Reference(was.Reference)))
	}
	if err != nil {
		return until, err
	}
	account, err := s.addAccount(tx, person, was.Office, choice)
	if err != nil {
		return until, err
	}
	if until, err = s.Activation.Issue(tx, account, false); err != nil {
		return until, err
	}
	return until, s.record(tx, h, account)
}

func (s *Service) addAccount(tx *store.Tx, person, office string, choice registration.Choice) (identity.Account, error) {
	account, err := tx.AddAccount(identity.Account{
		PersonID: person, State: identity.Pending, Username: choice.Username, Email: choice.Email, Lang: choice.Lang, Office: office,
		Channel: identity.ChannelCard, ValidUntil: law.Day(tx.Now).AddYears(choice.Years).In(law.Budapest),
	})
	if errors.Is(err, store.ErrTaken) {
		err = ErrTaken
	}
	return account, err
}

func (s *Service) record(tx *store.Tx, h Holder, a identity.Account) error {
	for _, e := range []ledger.Event{
		checked(h, verdictAgrees),
		ledger.RegistrationFinished{Case: h.code.ID, Channel: identity.ChannelCard, Office: h.code.Office, Account: a.ID},
		ledger.CardCodeUsed{Account: a.ID},
	} {
		if _, err := s.Ledger.Append(tx, a.PersonID, e); err != nil {
			return err
		}
	}
	return nil
}
