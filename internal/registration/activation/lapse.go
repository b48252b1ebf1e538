package activation

import (
	"context"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// lapseBatch is how many registrations are looked up at once; each is deleted
// in a short transaction of its own.
const lapseBatch = 100

// Lapse deletes the registrations that nobody activated in time, with all their
// personal data (R5). Where the code was to open a closed account again, only
// the code goes. It may run at any time and in several processes at once; what
// fails is tried again next time.
func (x *Room) Lapse(ctx context.Context) error {
	for {
		var lapsed []store.Code
		err := x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
			lapsed, err = tx.LapsedCodes(registration.ActivationPurpose, lapseBatch)
			return err
		})
		if err != nil {
			return err
		}
		failed := 0
		for _, c := range lapsed {
			if one := x.lapse(ctx, c); one != nil {
				err = errors.Join(err, one)
				failed++
			}
		}
		if len(lapsed) < lapseBatch || failed == len(lapsed) {
			return err
		}
	}
}

// lapse deletes one registration. Spending the code comes first: an activation
// at the same instant, or another process, either has it or has not.
func (x *Room) lapse(ctx context.Context, c store.Code) error {
	err := x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SpendCode(c.ID); err != nil {
			return err
		}
		a, err := tx.Account(c.Account)
		if err != nil || a.State != identity.Pending {
			return err
		}
		return x.erase(tx, a, c)
	})
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	return err
}

func (x *Room) erase(tx *store.Tx, a identity.Account, c store.Code) error {
	letter := notify.RegistrationLapsed{Until: c.Expires}
	if err := notify.Post(tx, notify.Recipient{Email: string(a.Email), Lang: a.Lang}, letter); err != nil {
		return err
	}
	if _, err := x.Broker.Ledger.Append(tx, a.PersonID, ledger.RegistrationLapsed{Office: a.Office}); err != nil {
		return err
	}
	if !a.Activated.IsZero() { // it was in use, before it was made final
		return tx.EndAccount(a, string(registration.Lapsed), tx.Now.AddDate(x.Broker.Law.UsernameRest(tx.Now), 0, 0))
	}
	if err := tx.CloseCasesOf(a.ID, string(registration.Lapsed)); err != nil {
		return err
	}
	if err := tx.DeleteAccount(a.ID); err != nil {
		return err
	}
	_, err := tx.ErasePerson(a.PersonID) // stays, if another account does
	return err
}
