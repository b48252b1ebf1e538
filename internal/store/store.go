// Package store owns all SQL of the gateway: one text and one set of migrations
// for an embedded SQLite file and for PostgreSQL. Personal data are encrypted
// here, field by field, and found again through keyed blind indexes. It refuses
// to decide anything: rules live above it, and it hands out nouns, not rows.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"kapu/internal/keys"
)

// Errors that callers tell apart. Everything else is a fault of the engine.
var (
	// ErrNotFound: no row answers to that id, index or condition.
	ErrNotFound = errors.New("store: not found")
	// ErrTaken: a unique value (a username, a reference) is in use.
	ErrTaken = errors.New("store: taken")
	// ErrStale: a conditional update missed, because somebody else was first.
	ErrStale = errors.New("store: changed meanwhile")
)

// Options are what a DB needs besides its address.
type Options struct {
	Ring *keys.Ring       // encrypts fields and makes blind indexes
	Now  func() time.Time // every transaction reads it once
	Log  *slog.Logger
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect dialect
	write   *sql.DB
	read    *sql.DB
	ring    *keys.Ring
	now     func() time.Time
	log     *slog.Logger
	stmts   sync.Map      // text of a query on a pool → prepared statement
	turn    chan struct{} // writers queue here, never in the engine
	writes  *lane         // of statements that are transactions by themselves
	reads   *lane         // of single look-ups; nil where to go alone is cheaper
}

// Open opens the database at dsn, "sqlite:FILE" or "postgres://…", and brings
// its tables up to date.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	d, err := dialectOf(dsn)
	if err != nil {
		return nil, err
	}
	db := &DB{dialect: d, ring: o.Ring, now: o.Now, log: o.Log, turn: make(chan struct{}, d.writers)}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.write, db.read, err = d.open(dsn); err != nil {
		return nil, err
	}
	d.lanes(db)
	if err := db.migrate(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("store: migrate: %w", err)
	}
	return db, nil
}

// Close closes the database. Running transactions end first.
func (db *DB) Close() error {
	db.stmts.Range(func(_, s any) bool { s.(*sql.Stmt).Close(); return true })
	if db.read == db.write {
		return db.write.Close()
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// Engine names the engine behind the database: "sqlite" or "postgres".
func (db *DB) Engine() string { return db.dialect.name }

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// Tx is one transaction, or one look, with its own fixed time. It is valid only
// inside the function it was handed to.
type Tx struct {
	ctx   context.Context
	db    *DB
	pool  *sql.DB
	sql   *sql.Tx // nil in a View and in Apply
	lane  *lane   // takes single statements along; nil where they go alone
	apply int     // in Apply: how many statements may still run
	Now   time.Time
}

// View runs f for reading. Every statement sees a consistent state of its own.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return f(&Tx{ctx: db.dialect.patience(ctx), db: db, pool: db.read, lane: db.reads, apply: unbounded, Now: db.now()})
}

// unbounded is Tx.apply where any number of statements may run.
const unbounded = -1

// attempts is how often Update tries a transaction that PostgreSQL ended because
// it stood in another's way.
const attempts = 4

// Update runs f in one transaction: all of it happens or none. f may run again
// if the engine asks for a repetition, so it must have no other effects.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	return db.inTurn(ctx, func(ctx context.Context) error {
		t, err := db.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer t.Rollback()
		if err := f(&Tx{ctx: ctx, db: db, pool: db.write, sql: t, apply: unbounded, Now: db.now()}); err != nil {
			return err
		}
		return t.Commit()
	})
}

// Apply is Update for an f that runs a single statement: that is a transaction
// by itself, and is taken along with those of others who wait for their turn. It
// returns when the statement is committed. A second one errs.
func (db *DB) Apply(ctx context.Context, f func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return f(&Tx{ctx: ctx, db: db, pool: db.write, lane: db.writes, apply: 1, Now: db.now()})
}

// inTurn runs a write when its turn comes, and again if the engine asks for it.
func (db *DB) inTurn(ctx context.Context, write func(context.Context) error) error {
	select {
	case db.turn <- struct{}{}:
		defer func() { <-db.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil { // a select with both ready takes either
		return err
	}
	ctx = db.dialect.patience(ctx)
	for n := 1; ; n++ {
		err := write(ctx)
		if err == nil || n == attempts || !db.dialect.again(err) {
			return err
		}
	}
}

// NewID returns a new id: a UUID of version 7 (RFC 9562, 5.7), which sorts by
// the time of its making.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// millis is the form of a time in the database; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// flag is the form of a yes or no in the database.
func flag(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
