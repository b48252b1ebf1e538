package store

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
