package life

import (
	"context"
	"fmt"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// sweepAtOnce is how many accounts one transaction of the sweep takes: enough
// that the statements are few, and so few that nobody waits for it.
const sweepAtOnce = 50

// Sweep looks at the accounts that are due: it schedules new and extended ones,
// reminds of what will end, and ends what is over (R6, R8): the job "life". It may
// run at any time and in several processes at once. Nobody depends on its being
// quick: an account whose time is over lets nobody in, swept or not.
func (l *Life) Sweep(ctx context.Context) (done int, err error) {
	return through(ctx, errands[store.DueAccount]{
		now: l.Now,
		look: func(limit int) (due []store.DueAccount, err error) {
			err = l.DB.View(ctx, func(tx *store.Tx) (err error) {
				due, err = tx.DueAccounts(limit)
				return err
			})
			return due, err
		},
		name:  func(a store.DueAccount) string { return a.ID },
		atOne: sweepAtOnce,
		do:    func(due []store.DueAccount) (int, error) { return l.sweep(ctx, due) },
	})
}

// sweep looks at some accounts in one transaction.
func (l *Life) sweep(ctx context.Context, due []store.DueAccount) (done int, err error) {
	ids := make([]string, len(due))
	for i, a := range due {
		ids[i] = a.ID
	}
	err = l.DB.Update(ctx, func(tx *store.Tx) error {
		claimed, err := tx.ClaimDue(ids)
		done = len(claimed)
		if err != nil || done == 0 {
			return err
		}
		return l.step(tx, claimed)
	})
	if err != nil {
		return 0, fmt.Errorf("accounts from %s: %w", ids[0], err)
	}
	return done, nil
}

// step does with each account what is to be done.
func (l *Life) step(tx *store.Tx, claimed []store.DueAccount) error {
	days := l.Law.ReminderDays(tx.Now)
	ids := map[step][]string{}
	var schedule []store.Due
	for _, a := range claimed {
		s := stepOf(a, tx.Now)
		ids[s] = append(ids[s], a.ID)
		if s != expire {
			schedule = append(schedule, store.Due{Account: a.ID, At: next(a, days, tx.Now)})
		}
	}
	if err := tx.ScheduleAll(schedule); err != nil {
		return err
	}
	if err := l.remindAll(tx, ids[remind]); err != nil {
		return err
	}
	return l.expireAll(tx, ids[expire])
}

func (l *Life) expireAll(tx *store.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	accounts, err := tx.AccountsIn(ids)
	if err != nil {
		return err
	}
	return l.end(tx, accounts, func(a identity.Account) string {
		if a.Provisional {
			return Provisional
		}
		return Expired
	})
}

func (l *Life) remindAll(tx *store.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	accounts, err := tx.AccountsIn(ids)
	if err != nil {
		return err
	}
	var letters []notify.Letter
	var entries []ledger.Entry
	for _, a := range accounts {
		letters = append(letters, notify.Letter{To: mailbox(a), Message: l.reminder(a)})
		event := ledger.AccountReminded{Days: daysLeft(a.ValidUntil, tx.Now), Account: a.ID}
		entries = append(entries, ledger.Entry{Person: a.PersonID, Event: event})
	}
	if err := notify.PostMany(tx, letters); err != nil {
		return err
	}
	return l.Ledger.AppendMany(tx, entries)
}

// reminder says how the account can go on: by being extended, or made final.
func (l *Life) reminder(a identity.Account) notify.Message {
	if a.Provisional {
		return notify.ProvisionalEnding{Until: a.ValidUntil, Link: l.Issuer + "/register"}
	}
	return notify.AccountReminder{Until: a.ValidUntil, Link: l.home() + "/validity"}
}

// namesAtOnce is how many usernames are set free at a time.
const namesAtOnce = 500

// FreeNames sets the usernames free whose rest is over: the job "names".
func (l *Life) FreeNames(ctx context.Context) (done int, err error) {
	for {
		n := 0
		err := l.DB.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.FreeNames(namesAtOnce)
			return err
		})
		done += n
		if err != nil || n < namesAtOnce {
			return done, err
		}
	}
}
