package store

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresFlights is how many groups of each kind are under way at once. Few let
// many wait for the next, and so go together; more than one keep a statement that
// waits for a lock from holding up all the others.
const postgresFlights = 2

// fly is the lane of PostgreSQL: all statements of a group are sent at once, and
// the answers read in their order. They are one transaction. If one of them fails,
// none has written anything, and each goes by itself; what was read stays read.
func (db *DB) fly(group []*job, writes bool) {
	ctx, cancel := context.WithTimeout(context.Background(), laneTime)
	defer cancel()
	err := db.flown(ctx, group, writes)
	var refused *pgconn.PgError
	if err == nil || len(group) == 1 || !errors.As(err, &refused) {
		return
	}
	for _, j := range group {
		if writes || errors.Is(j.err, errGroup) {
			_ = db.flown(ctx, []*job{j}, writes) // the job holds what came of it
		}
	}
}

// flown sends a group, and again if PostgreSQL asks for it. Each job holds what
// came of it; the error is that of the whole. Without a commit no write hears of
// success, whatever had been answered before.
func (db *DB) flown(ctx context.Context, group []*job, writes bool) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return settle(group, err)
	}
	defer conn.Close()
	err = conn.Raw(func(d any) error {
		c := d.(*stdlib.Conn).Conn()
		err := flight(ctx, c, group)
		for n := 1; n < attempts && len(group) == 1 && db.dialect.again(err); n++ {
			err = flight(ctx, c, group)
		}
		if c.IsClosed() {
			return errors.Join(driver.ErrBadConn, err)
		}
		return err
	})
	for _, j := range group {
		if err != nil && writes && j.err == nil {
			j.err = errGroup
		}
		j.err = db.dialect.translate(j.err)
	}
	return err
}

func flight(ctx context.Context, c *pgx.Conn, group []*job) error {
	batch := &pgx.Batch{}
	for _, j := range group {
		batch.Queue(j.query, j.args...)
	}
	answers := c.SendBatch(ctx, batch)
	var err error
	for _, j := range group {
		if err != nil {
			j.err = errGroup
			continue
		}
		j.err = j.land(answers)
		err = j.err
	}
	if closing := answers.Close(); err == nil && closing != nil { // the commit
		return settle(group, closing)
	}
	return err
}

// land reads the answer to a job.
func (j *job) land(answers pgx.BatchResults) error {
	if j.row == nil {
		tag, err := answers.Exec()
		j.affected = tag.RowsAffected()
		return err
	}
	rows, err := answers.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := j.row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// settle gives all jobs the same error.
func settle(group []*job, err error) error {
	for _, j := range group {
		j.err = err
	}
	return err
}
