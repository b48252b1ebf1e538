package office

import (
	"context"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/phone"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// PhoneChannel is the channel of the cases that end with a telephone identifier
// (R20): a visit of somebody who need not have an account.
const PhoneChannel = "phone"

// Acts on the telephone identifier of who stands at the desk.
const (
	IssuePhone Act = "phone"     // an identifier, or another one-time password for it
	EndPhone   Act = "phone-end" // it ends
)

// RefusedPhoneAge is Refused.Why for a person too young for a telephone identifier.
const RefusedPhoneAge = "phone-age"

// PhoneOrder is what the owner asks for, and why.
type PhoneOrder struct {
	Order
	Contact store.PhoneContact // where the one-time password goes
}

// AskPhone begins a case with what was typed and asks the register.
func (d *Desk) AskPhone(ctx context.Context, k Clerk, s registration.Stated) (Visit, error) {
	return d.askWithout(ctx, k, PhoneChannel, s)
}

// CheckPhone asks the register, with what was typed anew. It errs as CheckCard does.
func (d *Desk) CheckPhone(ctx context.Context, k Clerk, id string, version int64, s registration.Stated) (Visit, error) {
	return d.checkWithout(ctx, k, PhoneChannel, id, version, s)
}

func (d *Desk) judgePhone(s registration.Stated) error {
	if err := d.judge(s); err != nil {
		return err
	}
	if now := d.Now(); s.BirthDate.Age(law.Day(now)) < d.Law.TelephoneAge(now) {
		return &Refused{RefusedPhoneAge}
	}
	return nil
}

// PhoneVisit is a case of the clerk's own, of today, with the identifier that the
// person has; nil for none. It errs with store.ErrNotFound.
func (d *Desk) PhoneVisit(ctx context.Context, k Clerk, id string) (v Visit, own *phone.Own, err error) {
	person := ""
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if v, err = visitWithout(tx, k, PhoneChannel, id); err != nil || v.Answer == nil {
			return err
		}
		person, err = known(tx, v.Answer.Verdict.Reference)
		return err
	})
	if err != nil || person == "" || !v.proved() {
		return v, nil, err
	}
	has, err := d.Phones.Own(ctx, person)
	if errors.Is(err, phone.ErrGone) {
		return v, nil, nil
	}
	return v, &has, err
}

// proved tells whether the person was found to be who they say.
func (v Visit) proved() bool { return v.Stands() == Present || v.Stands() == Issued }

// GivePhone issues an identifier, or another one-time password for the one that the
// person has; the password goes to the contact, and is told to nobody here. It needs
// the register's agreement of today, and a reason. It errs with ErrAway,
// *identity.Invalid, *Refused, store.ErrStale and store.ErrNotFound.
func (d *Desk) GivePhone(ctx context.Context, k Clerk, id string, version int64, o PhoneOrder) error {
	o.Act = IssuePhone
	return d.actPhone(ctx, k, id, version, o, func(tx *store.Tx, person string, done *Done) error {
		issued, err := d.Phones.Issue(tx, phone.Order{Person: person, Contact: o.Contact, Office: k.Office, Clerk: k.Account})
		if errors.Is(err, phone.ErrAge) {
			return &Refused{RefusedPhoneAge}
		}
		done.Until, done.Email, done.Phone = issued.Until, identity.Email(o.Contact.Email), o.Contact.Phone
		return err
	})
}

// EndPhone ends the identifier of who stands here. It errs as GivePhone does.
func (d *Desk) EndPhone(ctx context.Context, k Clerk, id string, version int64, o Order) error {
	o.Act = EndPhone
	return d.actPhone(ctx, k, id, version, PhoneOrder{Order: o}, func(tx *store.Tx, person string, _ *Done) error {
		err := d.Phones.End(tx, person, phone.Actor{Office: k.Office, Clerk: k.Account})
		if errors.Is(err, phone.ErrGone) {
			return store.ErrStale
		}
		return err
	})
}

// actPhone does something with the identifier of the person whom the register
// confirmed today, with the entry of the clerk's act before it: after an end there
// may be nobody left to whom it would belong.
func (d *Desk) actPhone(ctx context.Context, k Clerk, id string, version int64, o PhoneOrder, act func(tx *store.Tx, person string, done *Done) error) error {
	if err := o.check(); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := visitWithoutAt(tx, k, PhoneChannel, id, version)
		if err != nil {
			return err
		}
		if v.Stands() != Present {
			return ErrAway
		}
		person, err := tx.SavePerson(string(v.Answer.Verdict.Reference), *v.Answer.Verdict.Record)
		if err != nil {
			return err
		}
		done := Done{Act: o.Act, At: tx.Now, Reason: o.Reason, Words: o.Words}
		done.Entry, err = d.Ledger.Append(tx, person, ledger.DeskActed{Act: string(o.Act), Office: k.Office, Reason: o.Reason, Words: o.Words, Clerk: k.Account})
		if err != nil {
			return err
		}
		if err := act(tx, person, &done); err != nil {
			return err
		}
		v.Done, v.State = append(v.Done, done), string(Issued)
		_, err = v.save(tx)
		return err
	})
}
