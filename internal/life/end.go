package life

import (
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// End ends an account now: the last letter, the ledger, a tombstone under which
// the username rests, and all personal data gone, with the key of all that was
// ever encrypted for the person if it was their last account. Its sessions end
// with it. ErrGone: it has ended already.
func (l *Life) End(tx *store.Tx, a identity.Account, reason string) error {
	if err := hold(tx, a.ID); err != nil {
		return err
	}
	return l.end(tx, []identity.Account{a}, func(identity.Account) string { return reason })
}

// end ends many accounts that nobody else acts on.
func (l *Life) end(tx *store.Tx, all []identity.Account, reason func(identity.Account) string) error {
	rests := l.restsUntil(tx.Now)
	var letters []notify.Letter
	var entries []ledger.Entry
	var endings []store.Ending
	for _, a := range all {
		why := reason(a)
		last, err := lastLetters(tx, a, why)
		if err != nil {
			return err
		}
		letters = append(letters, last...)
		entries = append(entries, ledger.Entry{Person: a.PersonID, Event: ledger.AccountEnded{Reason: why, Office: a.Office, Account: a.ID}})
		endings = append(endings, store.Ending{Account: a, Reason: why, RestsUntil: rests})
	}
	if err := notify.PostMany(tx, letters); err != nil {
		return err
	}
	if err := l.Ledger.AppendMany(tx, entries); err != nil {
		return err
	}
	if l.Ending != nil {
		if err := l.Ending(tx, all); err != nil {
			return err
		}
	}
	err := tx.EndAccounts(endings)
	if errors.Is(err, store.ErrStale) {
		return ErrGone
	}
	return err
}

// restsUntil is until when the username of an account that ends now is given to nobody.
func (l *Life) restsUntil(now time.Time) time.Time {
	return law.Day(now).AddYears(l.Law.UsernameRest(now)).In(law.Budapest)
}

// lastLetters are written while the addresses are known. That an account was
// deleted is told to every address of its owner; that its time is over, where the
// reminders went.
func lastLetters(tx *store.Tx, a identity.Account, reason string) ([]notify.Letter, error) {
	if reason == Expired || reason == Provisional {
		return []notify.Letter{{To: mailbox(a), Message: notify.AccountExpired{Until: a.ValidUntil}}}, nil
	}
	accounts, err := tx.AccountsOf(a.PersonID)
	if err != nil {
		return nil, err
	}
	var letters []notify.Letter
	told := map[string]bool{}
	for _, other := range accounts {
		if address := other.Email.Canonical(); !told[address] {
			told[address] = true
			letters = append(letters, notify.Letter{To: mailbox(other), Message: notify.AccountDeleted{At: tx.Now}})
		}
	}
	return letters, nil
}
