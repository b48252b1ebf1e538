package store

import "context"

// Forget makes unreadable on the disk, too, what was deleted: SQLite's log still
// holds it until its place is needed, and is written back and emptied. PostgreSQL
// does so by itself, when it vacuums.
func (db *DB) Forget(ctx context.Context) error {
	if db.dialect.forget == "" {
		return nil
	}
	return db.inTurn(ctx, func(ctx context.Context) error {
		_, err := db.write.ExecContext(ctx, db.dialect.forget)
		return err
	})
}
