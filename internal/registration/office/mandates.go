package office

import (
	"errors"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/mandate"
	"kapu/internal/store"
)

// WhyAlone: nobody else has been proved at this desk today, to be made a
// representative.
const WhyAlone = "alone"

// Held is a mandate in force of the owner, as either of the two.
type Held struct {
	ID, Name string // of the other
	Mine     bool   // the owner gave it
	Until    time.Time
}

// Neighbour is somebody else who was proved at this desk today.
type Neighbour struct{ Account, Name string }

// held are the mandates in force of a person.
func held(tx *store.Tx, person string) (list []Held, err error) {
	all, err := tx.MandatesOf(person)
	for _, m := range all {
		if m.State != store.MandateInForce || !tx.Now.Before(m.Until) {
			continue
		}
		role := mandate.RoleOf(m, person)
		name, err := mandate.OtherName(tx, m, role)
		if err != nil {
			return nil, err
		}
		list = append(list, Held{m.ID, name, role == mandate.Principal, m.Until})
	}
	return list, err
}

// neighbours are the others whom this clerk has proved today.
func neighbours(tx *store.Tx, k Clerk, a identity.Account) (list []Neighbour, err error) {
	accounts, err := tx.AccountsAtDesk(PresenceChannel, k.Account, k.Office, string(Present), today(tx.Now))
	for _, id := range accounts {
		other, err := tx.Account(id)
		if errors.Is(err, store.ErrNotFound) || err == nil && (other.PersonID == a.PersonID || other.PersonID == k.Person || other.Provisional) {
			continue
		}
		if err != nil {
			return nil, err
		}
		p, err := tx.Person(other.PersonID)
		if err != nil {
			return nil, err
		}
		list = append(list, Neighbour{id, p.CurrentName.String()})
	}
	return list, err
}

// giveMandate puts a mandate into force at once: both people stand at the desk, and
// both have shown their documents today.
func (d *Desk) giveMandate(tx *store.Tx, k Clerk, a identity.Account, o Order, done *Done) error {
	if _, err := present(tx, k, o.Representative); err != nil {
		return &Impossible{WhyAlone}
	}
	other, err := tx.Account(o.Representative)
	if err != nil {
		return err
	}
	if other.PersonID == k.Person {
		return ErrOwn
	}
	m, err := d.Mandates.Record(tx, a, other.PersonID, o.Wish, mandate.Clerk{Account: k.Account, Office: k.Office})
	if err != nil {
		return err
	}
	done.Until, done.Services = m.Until, m.Services
	done.With, err = mandate.OtherName(tx, m, mandate.Principal)
	return err
}

// endMandate ends a mandate for the owner, whichever of the two they are.
func (d *Desk) endMandate(tx *store.Tx, k Clerk, a identity.Account, o Order, done *Done) error {
	m, err := tx.Mandate(o.Mandate)
	if errors.Is(err, store.ErrNotFound) {
		return &Impossible{WhyNothing}
	}
	if err != nil {
		return err
	}
	role := mandate.RoleOf(m, a.PersonID)
	if role == "" {
		return &Impossible{WhyNothing}
	}
	if done.With, err = mandate.OtherName(tx, m, role); err != nil {
		return err
	}
	done.Services = slices.Clone(m.Services)
	_, err = d.Mandates.Act(tx, m.ID, mandate.End, mandate.Actor{Role: role, Person: a.PersonID}, mandate.Clerk{Account: k.Account, Office: k.Office})
	if errors.Is(err, mandate.ErrState) {
		return &Impossible{WhyNothing}
	}
	return err
}
