package disposition

import (
	"kapu/internal/authn"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Register is the disposition register. It is safe for concurrent use.
type Register struct {
	Ledger *ledger.Ledger
	Home   string // where an account is looked after, for the link in letters
}

// Change makes a change of a person's disposition by the first of the actors who
// may, and tells every address of theirs. Where it closes a way, it ends all their
// sessions: somebody else may have come by it. It errs with why the last actor may
// not, or with store.ErrStale when somebody else was first.
func (g Register) Change(tx *store.Tx, person string, c Change, methods []authn.Method, actors ...Actor) (closed bool, err error) {
	before, err := tx.Disposition(person)
	if err != nil {
		return false, err
	}
	var after authn.Disposition
	var by Actor
	for _, by = range actors {
		if after, err = c.Apply(before, by, methods); err == nil {
			break
		}
	}
	if err != nil {
		return false, err
	}
	if err := tx.SetDisposition(person, before, after); err != nil {
		return false, err
	}
	if closed = Closes(before, after, methods); closed {
		if err := endAll(tx, person); err != nil {
			return closed, err
		}
	}
	return closed, g.tell(tx, person, c, by)
}

// Free takes back all that a person has laid down, at a desk: the way back from
// every state. It does nothing where nothing is laid down.
func (g Register) Free(tx *store.Tx, person string, by Actor) error {
	before, err := tx.Disposition(person)
	if err != nil || before.Free() {
		return err
	}
	if err := tx.SetDisposition(person, before, authn.Disposition{}); err != nil {
		return err
	}
	return g.tell(tx, person, Change{Act: "free"}, by)
}

// LockBy locks a person's identity against new methods in the name of whoever used
// the link of a notice.
func (g Register) LockBy(tx *store.Tx, person string) error {
	before, err := tx.Disposition(person)
	if err != nil || before.Locked {
		return err
	}
	after := before
	after.Locked = true
	if err := tx.SetDisposition(person, before, after); err != nil {
		return err
	}
	return g.tell(tx, person, Change{Act: Lock}, Actor{Channel: "link"})
}

// endAll ends the sessions of all accounts of a person, and those of their telephone.
func endAll(tx *store.Tx, person string) error {
	accounts, err := tx.AccountsOf(person)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := tx.EndSessions(a.ID); err != nil {
			return err
		}
	}
	return tx.EndPhoneSessions(person)
}

func (g Register) tell(tx *store.Tx, person string, c Change, by Actor) error {
	for _, e := range []ledger.Event{
		ledger.DispositionChanged{Act: string(c.Act), Method: c.Method, Kinds: c.Kinds, Level: c.Level, By: string(by.Channel), Office: by.Office, Clerk: by.Clerk},
		ledger.NoticeSent{Template: "disposition-changed", Medium: notify.Mail},
	} {
		if _, err := g.Ledger.Append(tx, person, e); err != nil {
			return err
		}
	}
	return notify.PostToAll(tx, person, notify.DispositionChanged{At: tx.Now, Link: g.Home})
}
