package office

import (
	"context"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// differsPerson is what differs when document and data agree with each other, but
// are somebody else's than the owner's.
const differsPerson = "person"

// Prove asks the register whether who stands here, by the document and the data
// stated, is the owner of the account. What it answered is in the visit; that it
// did not answer is no error. On agreement the owner's data are brought up to
// date. It errs with ErrAway, ErrUnconfirmed, *Refused, *identity.Invalid and
// store.ErrStale.
func (d *Desk) Prove(ctx context.Context, k Clerk, account string, version int64, s registration.Stated) (v Visit, err error) {
	if err := d.judge(s); err != nil {
		return v, err
	}
	if _, err := d.visitAt(ctx, k, account, version); err != nil {
		return v, err
	}
	verdict, down := d.ask(ctx, s)
	if ctx.Err() != nil { // the browser went away, which says nothing of the register
		return v, ctx.Err()
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if v, err = visit(tx, k, account); err != nil {
			return err
		}
		if v.Version != version {
			return store.ErrStale
		}
		v.Stated, v.Answer, v.Other = s, nil, false
		if err := d.prove(tx, k, &v, verdict, down); err != nil {
			return err
		}
		v, err = v.save(tx)
		return err
	})
	return v, err
}

// visitAt is a visit at the version that the page showed, of an account that has
// an owner to be proved.
func (d *Desk) visitAt(ctx context.Context, k Clerk, account string, version int64) (v Visit, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if v, err = visit(tx, k, account); err != nil {
			return err
		}
		if v.Version != version {
			return store.ErrStale
		}
		a, err := tx.Account(account)
		if err == nil && a.Provisional {
			err = ErrUnconfirmed
		}
		return err
	})
	return v, err
}

// prove moves a visit by the register's answer, and records it for the owner:
// also when somebody else stood here with the owner's account on their lips.
func (d *Desk) prove(tx *store.Tx, k Clerk, v *Visit, verdict register.Verdict, down error) error {
	a, err := tx.Account(v.Account)
	if err != nil {
		return err
	}
	reference, err := tx.RegisterReference(a.PersonID)
	if err != nil {
		return err
	}
	checked := ledger.RegisterChecked{Case: v.ID, Trace: verdict.Trace, Office: k.Office, Clerk: k.Account}
	if down == nil {
		v.Answer = &registration.Answer{At: tx.Now, Verdict: verdict}
	}
	state := Refuted
	switch {
	case down != nil:
		state, checked.Verdict = Unanswered, verdictDown
	case verdict.Person == register.PersonUnknown:
		checked.Verdict = verdictUnknown
	case !v.Answer.Agrees(v.Stated):
		checked.Verdict, checked.Differs = verdictDiffers, v.Answer.Differing(v.Stated)
	case string(verdict.Reference) != reference:
		checked.Verdict, checked.Differs, v.Other = verdictDiffers, []string{differsPerson}, true
		v.Answer.Verdict.Reference, v.Answer.Verdict.Record = "", nil // whose they are is not for this visit
	default:
		state, checked.Verdict = Present, verdictAgrees
	}
	v.State = string(state)
	if _, err := d.Ledger.Append(tx, a.PersonID, checked); err != nil || state != Present {
		return err
	}
	return d.refresh(tx, k, a.PersonID, verdict)
}

// refresh takes over what the register says of a known person: that is how a new
// name or address comes in (R14).
func (d *Desk) refresh(tx *store.Tx, k Clerk, person string, verdict register.Verdict) error {
	before, err := tx.Person(person)
	if err != nil {
		return err
	}
	id, err := tx.SavePerson(string(verdict.Reference), *verdict.Record)
	if err == nil && id != person {
		err = errors.New("office: the register's reference changed hands")
	}
	fields := changed(before, *verdict.Record)
	if err != nil || len(fields) == 0 {
		return err
	}
	_, err = d.Ledger.Append(tx, person, ledger.PersonUpdated{Office: k.Office, Trace: verdict.Trace, Fields: fields, Clerk: k.Account})
	return err
}

// changed names the data in which two records of a person differ.
func changed(before, after identity.Person) (fields []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{"current-name", before.CurrentName == after.CurrentName},
		{"birth-name", before.BirthName == after.BirthName},
		{"mother-birth-name", before.MotherBirthName == after.MotherBirthName},
		{"birth-place", before.BirthPlace == after.BirthPlace},
		{"birth-date", before.BirthDate == after.BirthDate},
		{"address", before.Address == after.Address},
		{"nationality", before.Nationality == after.Nationality},
		{"personal-id", before.PersonalID == after.PersonalID},
		{"tax-number", before.TaxNumber == after.TaxNumber},
		{"taj", before.TAJ == after.TAJ},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}
