package office

import (
	"context"
	"errors"
	"fmt"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// WrongFee is returned when another sum was paid than the law asks for.
type WrongFee struct{ Paid, Want int } // forints

func (w *WrongFee) Error() string {
	return fmt.Sprintf("office: %d forints were paid, not %d", w.Paid, w.Want)
}

// HighestFee is the highest sum in forints that a desk records where the law
// sets none; more is a slip of the keys.
const HighestFee = 1_000_000

// Pay records in the case what the receipt for a further account says (R7). It
// errs with *identity.Invalid (receipt or forints), *WrongFee, ErrReceipt and
// registration.ErrStep. The receipt is used up when the case is finished.
func (d *Desk) Pay(ctx context.Context, k Clerk, id string, version int64, forints int, receipt string) (registration.Case, error) {
	number, err := registration.ParseReceipt(receipt)
	if err != nil {
		return registration.Case{}, err
	}
	if want, set := d.Law.FurtherAccountFee(d.Now()); set && forints != want {
		return registration.Case{}, &WrongFee{forints, want}
	}
	if forints < 1 || forints > HighestFee {
		return registration.Case{}, &identity.Invalid{Field: "forints", Reason: identity.ReasonFormat}
	}
	return d.change(ctx, k, id, version, func(tx *store.Tx, c *registration.Case) error {
		_, err := tx.Fee(k.Office, number)
		switch {
		case err == nil:
			return ErrReceipt
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		c.Fee = &registration.Fee{Forints: forints, Receipt: number, At: tx.Now}
		return c.Step(registration.Paid)
	})
}

// settle uses the receipt up for the account. ErrReceipt: another case was first.
func (d *Desk) settle(tx *store.Tx, k Clerk, fee registration.Fee, a identity.Account) error {
	err := tx.AddFee(store.Fee{Office: k.Office, Receipt: fee.Receipt, Forints: fee.Forints, Account: a.ID})
	if errors.Is(err, store.ErrTaken) {
		return ErrReceipt
	}
	if err != nil {
		return err
	}
	for _, e := range []ledger.Event{
		ledger.FeeRecorded{Forints: fee.Forints, Office: k.Office, Receipt: fee.Receipt, Clerk: k.Account, Account: a.ID},
		ledger.NoticeSent{Template: "account-added", Medium: notify.Mail, Account: a.ID},
	} {
		if _, err := d.Ledger.Append(tx, a.PersonID, e); err != nil {
			return err
		}
	}
	return nil
}
