package store

import (
	"database/sql"
	"errors"
)

// statement names a query on a pool.
type statement struct {
	pool *sql.DB
	text string
}

var errApplied = errors.New("store: Apply runs one statement only")

// prepared returns the statement for a query, prepared once for each pool.
func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
	if tx.apply == 0 {
		return nil, errApplied
	}
	if tx.apply != unbounded {
		tx.apply--
	}
	key := statement{tx.pool, query}
	stmt, ok := tx.db.stmts.Load(key)
	if !ok {
		fresh, err := tx.pool.PrepareContext(tx.ctx, query)
		if err != nil {
			return nil, err
		}
		// Another goroutine may have been first; its statement serves as well.
		var lost bool
		if stmt, lost = tx.db.stmts.LoadOrStore(key, fresh); lost {
			fresh.Close()
		}
	}
	if tx.sql != nil {
		return tx.sql.StmtContext(tx.ctx, stmt.(*sql.Stmt)), nil
	}
	return stmt.(*sql.Stmt), nil
}

// take has a statement taken along by the lane of the transaction.
func (tx *Tx) take(j *job) error {
	if tx.apply == 0 {
		return errApplied
	}
	if tx.apply != unbounded {
		tx.apply--
	}
	return tx.lane.carry(tx.ctx, j)
}

func (tx *Tx) exec(query string, args ...any) (int64, error) {
	if tx.lane != nil {
		j := &job{query: query, args: args}
		err := tx.take(j)
		return j.affected, err
	}
	stmt, err := tx.prepared(query)
	if err != nil {
		return 0, err
	}
	res, err := stmt.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, tx.db.dialect.translate(err)
	}
	return res.RowsAffected()
}

// one runs a statement that must touch exactly one row; missed says what it
// means when it touched none.
func (tx *Tx) one(missed error, query string, args ...any) error {
	n, err := tx.exec(query, args...)
	if err == nil && n != 1 {
		return missed
	}
	return err
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	stmt, err := tx.prepared(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(tx.ctx, args...)
}

// row scans a single row; no row is ErrNotFound.
func (tx *Tx) row(into []any, query string, args ...any) error {
	if tx.lane != nil {
		found := false
		err := tx.few(func(scan func(...any) error) error {
			if found {
				return nil
			}
			found = true
			return scan(into...)
		}, query, args...)
		if err == nil && !found {
			err = ErrNotFound
		}
		return err
	}
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	err = stmt.QueryRowContext(tx.ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return tx.db.dialect.translate(err)
}

// few is each for a handful of rows, and an f that does nothing but scan them:
// others may be waiting for it.
func (tx *Tx) few(f func(scan func(...any) error) error, query string, args ...any) error {
	if tx.lane == nil {
		return tx.each(f, query, args...)
	}
	return tx.take(&job{query: query, args: args, row: f})
}

// each calls f for every row, with the scanner of that row.
func (tx *Tx) each(f func(scan func(...any) error) error, query string, args ...any) error {
	if tx.lane != nil && tx.apply != unbounded {
		return tx.few(f, query, args...) // a write must not run out of turn
	}
	rows, err := tx.query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
