package store

import (
	"context"
	"errors"
)

// commitTogether is the lane of writes in SQLite: one transaction, and so one
// commit, for all. A statement that breaks a constraint is taken back by SQLite
// alone, without those before it (SQL As Understood By SQLite, ON CONFLICT:
// ABORT). Any other fault may have ended the transaction: then nothing has
// happened, and each goes by itself.
func (db *DB) commitTogether(group []*job) {
	ctx := context.Background()
	if len(group) == 1 {
		group[0].err = db.alone(ctx, group[0])
		return
	}
	if err := db.inOneTransaction(ctx, group); err == nil {
		return
	} else if !errors.Is(err, errOneByOne) {
		for _, j := range group {
			j.err = err
		}
		return
	}
	for _, j := range group {
		j.err = db.alone(ctx, j)
	}
}

var errOneByOne = errors.New("store: a statement has spoilt the transaction for the others")

func (db *DB) inOneTransaction(ctx context.Context, group []*job) error {
	t, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	for _, j := range group {
		j.err = (&Tx{ctx: ctx, db: db, pool: db.write, sql: t, apply: unbounded}).do(j)
		if j.err != nil && !errors.Is(j.err, ErrTaken) {
			return errOneByOne
		}
	}
	return t.Commit()
}

// alone runs a statement that is a transaction by itself.
func (db *DB) alone(ctx context.Context, j *job) error {
	return (&Tx{ctx: ctx, db: db, pool: db.write, apply: unbounded}).do(j)
}

// do runs the job by this transaction.
func (tx *Tx) do(j *job) (err error) {
	if j.row == nil {
		j.affected, err = tx.exec(j.query, j.args...)
		return err
	}
	return tx.each(j.row, j.query, j.args...)
}
