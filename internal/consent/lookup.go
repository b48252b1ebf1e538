package consent

import (
	"context"
	"errors"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/register"
	"kapu/internal/store"
)

// What a question to the register may end in.
var (
	errDown   = errors.New("consent: the register does not answer")
	errNobody = errors.New("consent: the register knows no such living person")
)

// record is a person as the register knows them now.
type record struct {
	register.Record
	person    string // our id
	reference string // the register's
}

// lookUp asks the register who a person is. It errs with errDown and errNobody.
// What went wrong between us and the register is for the log.
func (x *Room) lookUp(ctx context.Context, person string) (record, error) {
	found := record{person: person}
	err := x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		found.reference, err = tx.RegisterReference(person)
		return err
	})
	if err != nil {
		return found, err
	}
	found.Record, err = x.Population.ByReference(ctx, register.Reference(found.reference))
	switch {
	case ctx.Err() != nil: // the visitor went away, which says nothing of the register
		return found, ctx.Err()
	case errors.Is(err, register.ErrUnknown):
		return found, errNobody
	case err != nil:
		x.Log.Warn("consent: the register confirms nothing", "cause", err)
		return found, errDown
	case found.Status != register.Alive:
		return found, errNobody
	}
	return found, nil
}

// number is an identifier of the person; "" where they have none.
func (f record) number(name string) string {
	switch catalogue.Claim(name) {
	case catalogue.TaxNumber:
		return string(f.Person.TaxNumber)
	case catalogue.TAJ:
		return string(f.Person.TAJ)
	}
	return ""
}

// keep takes over the register's identifiers where ours differ, so that a service
// is told the very number that was confirmed.
func (f record) keep(l *ledger.Ledger) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		ours, err := tx.Person(f.person)
		if err != nil {
			return err
		}
		changed := changes(&ours, f.Person)
		if len(changed) == 0 {
			return nil
		}
		if _, err := tx.SavePerson(f.reference, ours); err != nil {
			return err
		}
		_, err = l.Append(tx, f.person, ledger.PersonUpdated{Fields: changed})
		return err
	}
}

// changes brings the identifiers up to date and names those that differed.
func changes(ours *identity.Person, theirs identity.Person) (changed []string) {
	if ours.TaxNumber != theirs.TaxNumber {
		ours.TaxNumber, changed = theirs.TaxNumber, append(changed, string(catalogue.TaxNumber))
	}
	if ours.TAJ != theirs.TAJ {
		ours.TAJ, changed = theirs.TAJ, append(changed, string(catalogue.TAJ))
	}
	return changed
}
