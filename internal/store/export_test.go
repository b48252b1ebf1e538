package store

import "context"

// HoldWrites keeps every group of single statements from leaving until release is
// called, and waiting tells how many wait.
func HoldWrites(db *DB) (waiting func() int, release func()) {
	for range cap(db.writes.turn) {
		db.writes.turn <- struct{}{}
	}
	waiting = func() int {
		db.writes.mu.Lock()
		defer db.writes.mu.Unlock()
		return len(db.writes.waiting)
	}
	return waiting, func() {
		for range cap(db.writes.turn) {
			<-db.writes.turn
		}
	}
}

// MovePasskeys does what only somebody with the database in their hands can do.
func MovePasskeys(tx *Tx, from, to string) error {
	_, err := tx.exec("UPDATE passkeys SET account = $1 WHERE account = $2", to, from)
	return err
}

// FillWrites has as many statements wait as fit into a group, whose callers have
// left the driving to others.
func FillWrites(db *DB, query string) {
	for range mostTogether {
		db.writes.join(&job{query: query, row: func(func(...any) error) error { return nil }, done: make(chan struct{})})
	}
}

// Fly sends writes to PostgreSQL as one group, and returns what each caller hears.
func Fly(ctx context.Context, db *DB, queries ...string) (heard []error) {
	var group []*job
	for _, q := range queries {
		group = append(group, &job{query: q, err: errGroup, row: func(func(...any) error) error { return nil }})
	}
	_ = db.flown(ctx, group, true)
	for _, j := range group {
		heard = append(heard, j.err)
	}
	return heard
}

// Alter does what only somebody with the database in their hands can do.
func Alter(tx *Tx, table, column string, value any, id string) error {
	_, err := tx.exec("UPDATE "+table+" SET "+column+" = $1 WHERE id = $2", value, id)
	return err
}

// MoveAppointment is what only they can do, too.
func MoveAppointment(tx *Tx, from, to string) error {
	_, err := tx.exec("UPDATE clerks SET account = $2 WHERE account = $1", from, to)
	return err
}
