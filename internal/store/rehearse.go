package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"kapu/internal/identity"
)

// Snapshot runs f for reading, and every statement of it sees the same state: for
// counts that must fit one another.
func (db *DB) Snapshot(ctx context.Context, f func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = db.dialect.patience(ctx)
	t, err := db.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer t.Rollback()
	return f(&Tx{ctx: ctx, db: db, pool: db.read, sql: t, apply: unbounded, Now: db.now()})
}

// Crowd narrows a count of accounts. Every field is optional.
type Crowd struct {
	State         identity.AccountState
	Provisional   bool      // provisional ones only
	Final         bool      // none that is provisional
	CreatedBefore time.Time // or at that moment
	EndsAfter     time.Time
	EndsBefore    time.Time // or at that moment
	With, Without string    // kind of a credential
}

// CountCrowd tells how many accounts there are in a crowd.
func (tx *Tx) CountCrowd(c Crowd) (n int64, err error) {
	where, args := "1 = 1", []any{}
	and := func(asked bool, condition string, arg any) {
		if asked {
			args = append(args, arg)
			where += " AND " + strings.Replace(condition, "?", placeholder(len(args)), 1)
		}
	}
	and(c.State != "", "state = ?", c.State)
	and(c.Provisional, "provisional = ?", 1)
	and(c.Final, "provisional = ?", 0)
	and(!c.CreatedBefore.IsZero(), "created <= ?", millis(c.CreatedBefore))
	and(!c.EndsAfter.IsZero(), "valid_until > ?", millis(c.EndsAfter))
	and(!c.EndsBefore.IsZero(), "valid_until <= ?", millis(c.EndsBefore))
	and(c.With != "", "EXISTS (SELECT 1 FROM credentials c WHERE c.account = accounts.id AND c.kind = ?)", c.With)
	and(c.Without != "", "NOT EXISTS (SELECT 1 FROM credentials c WHERE c.account = accounts.id AND c.kind = ?)", c.Without)
	err = tx.row([]any{&n}, "SELECT COUNT(*) FROM accounts WHERE "+where, args...)
	return n, err
}

// CountBeyond tells how many persons have more than so many full accounts, and
// how many accounts those are beyond that number.
func (tx *Tx) CountBeyond(number int) (persons, accounts int64, err error) {
	err = tx.row([]any{&persons, &accounts}, `SELECT COUNT(*), CAST(COALESCE(SUM(several.n - $1), 0) AS BIGINT)
		FROM (SELECT COUNT(*) AS n FROM accounts WHERE provisional = 0 GROUP BY person HAVING COUNT(*) > $1) AS several`, number)
	return persons, accounts, err
}

// CountActs tells how many acts of a kind wait.
func (tx *Tx) CountActs(kind string) (n int64, err error) {
	err = tx.row([]any{&n}, "SELECT COUNT(*) FROM pending_acts WHERE kind = $1", kind)
	return n, err
}

// CountResting tells how many usernames rest after the end of their account.
func (tx *Tx) CountResting() (n int64, err error) {
	err = tx.row([]any{&n}, "SELECT COUNT(*) FROM tombstones WHERE folded_index <> '' AND rests_until > $1", millis(tx.Now))
	return n, err
}
