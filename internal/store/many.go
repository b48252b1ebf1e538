package store

import (
	"strings"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
)

// portions are the numbers of rows that one statement takes at a time: few, so
// that few statements are prepared, and the work on many rows is few statements.
var portions = []int{50, 10, 1}

// inPortions calls f for all, a portion at a time.
func inPortions[T any](all []T, f func([]T) error) error {
	for _, size := range portions {
		for len(all) >= size {
			if err := f(all[:size]); err != nil {
				return err
			}
			all = all[size:]
		}
	}
	return nil
}

// marks is a list of n placeholders after the given one: "($3, $4)".
func marks(after, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = placeholder(after + i + 1)
	}
	return "(" + strings.Join(all, ", ") + ")"
}

// rowsOf is marks for every row of a VALUES list.
func rowsOf(rows, columns int) string {
	all := make([]string, rows)
	for i := range all {
		all[i] = marks(i*columns, columns)
	}
	return strings.Join(all, ", ")
}

func anys[T any](before []any, ids []T) []any {
	for _, id := range ids {
		before = append(before, id)
	}
	return before
}

// execIn runs a statement whose condition ends in a list of ids, which it adds;
// args are the placeholders before.
func (tx *Tx) execIn(query string, ids []string, args ...any) error {
	return inPortions(ids, func(ids []string) error {
		_, err := tx.exec(query+" IN "+marks(len(args), len(ids)), anys(args, ids)...)
		return err
	})
}

// insert adds many rows; each is a list of values.
func (tx *Tx) insert(into string, rows [][]any) error {
	return inPortions(rows, func(rows [][]any) error {
		var args []any
		for _, row := range rows {
			args = append(args, row...)
		}
		_, err := tx.exec("INSERT INTO "+into+" VALUES "+rowsOf(len(rows), len(rows[0])), args...)
		return err
	})
}

// AccountsIn returns the accounts with these ids, in no order; those that are gone are left out.
func (tx *Tx) AccountsIn(ids []string) (found []identity.Account, err error) {
	err = inPortions(ids, func(ids []string) error {
		some, err := tx.accounts("a.id IN "+marks(0, len(ids)), anys(nil, ids)...)
		found = append(found, some...)
		return err
	})
	return found, err
}

// PersonalKeys is [Tx.PersonalKey] for many; who is gone is left out.
func (tx *Tx) PersonalKeys(ids []string) (map[string]*keys.Personal, error) {
	wrapped := map[string]string{}
	err := inPortions(ids, func(ids []string) error {
		return tx.each(func(scan func(...any) error) error {
			var id, key string
			err := scan(&id, &key)
			wrapped[id] = key
			return err
		}, "SELECT id, key FROM persons WHERE id IN "+marks(0, len(ids)), anys(nil, ids)...)
	})
	if err != nil {
		return nil, err
	}
	opened := make(map[string]*keys.Personal, len(wrapped))
	for id, key := range wrapped {
		if opened[id], err = tx.db.ring.OpenPersonal(id, key); err != nil {
			return nil, err
		}
	}
	return opened, nil
}

// Due says when an account's life is to be looked at next.
type Due struct {
	Account string
	At      time.Time
}

// ScheduleAll is [Tx.Schedule] for many.
func (tx *Tx) ScheduleAll(all []Due) error {
	return inPortions(all, func(all []Due) error {
		args := make([]any, 0, 2*len(all))
		for _, d := range all {
			args = append(args, d.Account, millis(d.At))
		}
		_, err := tx.exec("UPDATE accounts SET due = v.column2 FROM (VALUES "+pairs(len(all))+") AS v WHERE accounts.id = v.column1", args...)
		return err
	})
}

// pairs is the rows of a VALUES list of texts with a number each.
func pairs(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "(" + placeholder(2*i+1) + ", CAST(" + placeholder(2*i+2) + " AS BIGINT))"
	}
	return strings.Join(all, ", ")
}
