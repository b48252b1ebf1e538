package mandate

import (
	"context"
	"slices"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// record writes a step down for both, and tells them what they should know.
func (g Register) record(tx *store.Tx, m store.Mandate, by Actor, at Clerk) error {
	for _, role := range []Role{Principal, Representative} {
		person := m.Principal
		if role == Representative {
			person = m.Representative
		}
		if person == "" {
			continue
		}
		with, err := OtherName(tx, m, role)
		if err != nil {
			return err
		}
		if _, err := g.Ledger.Append(tx, person, entryOf(m, role, by, at, with)); err != nil {
			return err
		}
		if err := g.tell(tx, m, role, person); err != nil {
			return err
		}
	}
	return nil
}

// entryOf is what the ledger says of a step to one of the two.
func entryOf(m store.Mandate, role Role, by Actor, at Clerk, with string) ledger.Event {
	switch m.State {
	case store.MandateInForce:
		return ledger.MandateGiven{Role: string(role), Services: m.Services, Until: m.Until, By: at.way(), Office: at.Office, Clerk: at.Account, With: with, Mandate: m.ID}
	case store.MandateEnded, store.MandateExpired:
		return ledger.MandateEnded{Role: string(role), Services: m.Services, By: string(by.Role), Office: at.Office, Clerk: at.Account, With: with, Mandate: m.ID}
	}
	return ledger.MandateAnswered{Role: string(role), Answer: string(m.State), By: string(by.Role), Office: at.Office, Clerk: at.Account, With: with, Mandate: m.ID}
}

// tell posts what one of the two should know, wherever they are.
func (g Register) tell(tx *store.Tx, m store.Mandate, role Role, person string) error {
	switch m.State {
	case store.MandateAccepted:
		if role == Principal {
			return g.letter(tx, person, "mandate-accepted", notify.MandateAccepted{Link: g.Home, Until: m.Due})
		}
	case store.MandateInForce:
		return g.letter(tx, person, "mandate-given", notify.MandateGiven{At: tx.Now, Until: m.Until, Link: g.Home})
	case store.MandateEnded, store.MandateExpired:
		return g.letter(tx, person, "mandate-ended", notify.MandateEnded{At: tx.Now, Link: g.Home})
	}
	return nil
}

// AccountsEnd ends all mandates that were given from accounts that end now, and
// those of representatives whose last account it is. It is called before the
// accounts are gone, in the transaction in which they go.
func (g Register) AccountsEnd(tx *store.Tx, ending []identity.Account) error {
	var accounts, persons []string
	for _, a := range ending {
		accounts, persons = append(accounts, a.ID), append(persons, a.PersonID)
	}
	all, err := tx.MandatesEnding(accounts, persons)
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for _, m := range all {
		goes := slices.Contains(accounts, m.Account)
		if !goes {
			if goes, err = leaves(tx, m.Representative, accounts); err != nil {
				return err
			}
		}
		if !goes || done[m.ID] { // both of the two may go
			continue
		}
		done[m.ID] = true
		if _, err := g.step(tx, m, End, Actor{Role: Account}, Terms{Now: tx.Now}, Clerk{}); err != nil {
			return err
		}
	}
	return nil
}

// leaves tells whether a person has no account but those that end.
func leaves(tx *store.Tx, person string, ending []string) (bool, error) {
	mine, err := tx.AccountsOf(person)
	return !slices.ContainsFunc(mine, func(a identity.Account) bool { return !slices.Contains(ending, a.ID) }), err
}

const batch = 100 // a transaction

// Sweep ends what nobody answered in time and what is over, and forgets what has
// been over for long. It may run at any time, in several processes at once.
func (g Register) Sweep(ctx context.Context, db *store.DB) (done int, err error) {
	for n := batch; n == batch; done += n {
		err = db.Update(ctx, func(tx *store.Tx) error {
			n, err = g.sweep(tx)
			return err
		})
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

func (g Register) sweep(tx *store.Tx) (int, error) {
	due, err := tx.MandatesDue(batch)
	if err != nil {
		return 0, err
	}
	for _, m := range due {
		if _, err := g.step(tx, m, Lapse, Actor{Role: Time}, Terms{Now: tx.Now}, Clerk{}); err != nil {
			return 0, err
		}
	}
	if len(due) == batch {
		return batch, nil
	}
	forgotten, err := tx.SweepMandates(tx.Now.Add(-g.Law.MandateKept(tx.Now)), batch)
	return max(len(due), int(forgotten)), err
}
