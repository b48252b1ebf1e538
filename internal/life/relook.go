package life

import (
	"context"
	"fmt"
	"strings"

	"kapu/internal/store"
)

// reminderRule decides when accounts are looked at; reminderMark remembers by
// which rows of it they were scheduled.
const (
	reminderRule = "account.reminders"
	reminderMark = "life/reminders"
)

// relookAtOnce is how many accounts are marked to be scheduled anew at a time.
const relookAtOnce = 2000

// Relook has all accounts scheduled anew once the law on reminders is another than
// the one they were scheduled by: the job "reminders". An earlier reminder that is
// added would be missed otherwise. Cut short, it begins again.
func (l *Life) Relook(ctx context.Context) (done int, err error) {
	rows, known := l.reminderRows(), ""
	if err := l.DB.View(ctx, func(tx *store.Tx) (err error) { known, err = tx.Mark(reminderMark); return err }); err != nil || known == rows {
		return 0, err
	}
	if known == "" { // the first time: what is scheduled, is scheduled by this law
		return 0, l.DB.Update(ctx, func(tx *store.Tx) error { return tx.SetMark(reminderMark, rows) })
	}
	for last, more := "", true; more; {
		err := l.DB.Update(ctx, func(tx *store.Tx) (err error) {
			next, err := tx.LookAgain(last, relookAtOnce)
			if more = next != ""; more {
				last = next
				return err
			}
			if err != nil {
				return err
			}
			return tx.SetMark(reminderMark, rows)
		})
		if err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// reminderRows are the rows of the rule as one text.
func (l *Life) reminderRows() string {
	var all []string
	for _, row := range l.Law.Rows() {
		if row.Rule == reminderRule {
			all = append(all, fmt.Sprintf("%s %s–%s", row.Value, row.From, row.Until))
		}
	}
	return strings.Join(all, "; ")
}
