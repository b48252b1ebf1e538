package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
)

// dialect is all that differs between the two engines.
type dialect struct {
	name    string
	goose   goose.Dialect
	driver  string
	writers int    // transactions that may write at once
	skip    string // ends a SELECT that claims rows: leave those that others hold
	hold    string // ends a SELECT of rows that nobody else may change meanwhile
	index   string // begins the making of an index on a table in use
	after   string // run after migrations
	forget  string // empties the log of changes
}

const (
	// sqliteReaders is how many connections read the file at once.
	sqliteReaders = 4
	// postgresConns is the most connections that one process opens.
	postgresConns = 16
)

var (
	sqliteDialect = dialect{name: "sqlite", goose: goose.DialectSQLite3, driver: "sqlite", writers: 1, index: "CREATE INDEX ",
		forget: "PRAGMA wal_checkpoint(TRUNCATE)"}
	postgres = dialect{name: "postgres", goose: goose.DialectPostgres, driver: "pgx", writers: postgresConns - 2,
		skip: " FOR UPDATE SKIP LOCKED", hold: " FOR UPDATE", index: "CREATE INDEX CONCURRENTLY ", after: unlogged}
)

// unlogged are the tables that PostgreSQL may empty after a crash.
const unlogged = "ALTER TABLE volatile SET UNLOGGED; ALTER TABLE refresh_families SET UNLOGGED; ALTER TABLE ended_grants SET UNLOGGED"

func dialectOf(dsn string) (dialect, error) {
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		return sqliteDialect, nil
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return postgres, nil
	}
	return dialect{}, errors.New(`store: the database address must begin with "sqlite:" or "postgres://"`)
}

// open returns the pool for writing and the pool for reading.
func (d dialect) open(dsn string) (write, read *sql.DB, err error) {
	if d.name == postgres.name {
		pool, err := sql.Open(d.driver, dsn)
		if err != nil {
			return nil, nil, err
		}
		pool.SetMaxOpenConns(postgresConns)
		pool.SetMaxIdleConns(postgresConns)
		return pool, pool, nil
	}
	if err := ownersOnly(strings.TrimPrefix(dsn, "sqlite:")); err != nil {
		return nil, nil, err
	}
	if write, err = sql.Open(d.driver, sqliteDSN(dsn, "immediate")); err != nil {
		return nil, nil, err
	}
	if read, err = sql.Open(d.driver, sqliteDSN(dsn, "deferred")); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	write.SetMaxOpenConns(2) // one for the writer, one to prepare statements meanwhile
	write.SetMaxIdleConns(2)
	read.SetMaxOpenConns(sqliteReaders)
	read.SetMaxIdleConns(sqliteReaders)
	return write, read, nil
}

// lanes opens the lanes on which single statements go together. SQLite's readers
// do not wait for anything, so they gain nothing by it.
func (d dialect) lanes(db *DB) {
	if d.name == sqliteDialect.name {
		db.writes = newLane(db.turn, db.commitTogether)
		return
	}
	db.writes = newLane(make(chan struct{}, postgresFlights), func(group []*job) { db.fly(group, true) })
	db.reads = newLane(make(chan struct{}, postgresFlights), func(group []*job) { db.fly(group, false) })
}

// ownersOnly makes the database's file, if there is none, so that other users of
// the machine cannot read it; SQLite gives its log the same mode.
func ownersOnly(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return f.Close()
}

// sqliteDSN adds the pragmas: a write-ahead log, so that readers and the writer
// do not wait for one another; a sync at each checkpoint of it (a crash of the
// machine may lose the last moments, never the file); deleted data overwritten.
func sqliteDSN(dsn, lock string) string {
	q := url.Values{"_txlock": {lock}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)",
		"foreign_keys(1)", "secure_delete(1)", "temp_store(2)", "cache_size(-2000)",
	}}
	return "file:" + strings.TrimPrefix(dsn, "sqlite:") + "?" + q.Encode()
}

//go:embed migrations/*.sql
var migrations embed.FS

// Schema names the tables that this program brings a database to: a digest of the
// files of migrations, in hexadecimal. What has the same name can be copied from.
func Schema() string {
	sum := sha256.New()
	// The embedded files are there and can be read, or the program was not built.
	_ = fs.WalkDir(migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		text, _ := migrations.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	// What matters comes back as an error; progress lines are noise.
	options := []goose.ProviderOption{
		goose.WithSlog(slog.New(slog.DiscardHandler)),
		goose.WithGoMigrations(goose.NewGoMigration(3, &goose.GoFunc{RunDB: db.indexAccounts}, &goose.GoFunc{RunDB: dropAccountIndex}),
			goose.NewGoMigration(18, &goose.GoFunc{RunTx: db.proveClerks}, &goose.GoFunc{RunTx: dropClerkProofs})),
	}
	if db.dialect.name == postgres.name { // processes that start together migrate one after the other
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(db.dialect.goose, db.write, files, options...)
	if err != nil {
		return err
	}
	applied, err := p.Up(ctx)
	if err != nil || len(applied) == 0 || db.dialect.after == "" {
		return err
	}
	_, err = db.write.ExecContext(ctx, db.dialect.after)
	return err
}

// indexAccounts is migration 3: the index by which the life of accounts is swept,
// made without stopping those who write.
func (db *DB) indexAccounts(ctx context.Context, pool *sql.DB) error {
	_, err := pool.ExecContext(ctx, db.dialect.index+"accounts_due ON accounts (due) WHERE state <> 'pending'")
	return err
}

func dropAccountIndex(ctx context.Context, pool *sql.DB) error {
	_, err := pool.ExecContext(ctx, "DROP INDEX accounts_due")
	return err
}

// PostgreSQL and SQLite result codes that mean something to callers.
const (
	pgUnique, pgSerialization, pgDeadlock = "23505", "40001", "40P01"
	sqliteUnique, sqlitePrimaryKey        = 2067, 1555
)

func (d dialect) translate(err error) error {
	var pg *pgconn.PgError
	var lite *sqlite.Error
	switch {
	case errors.As(err, &pg) && pg.Code == pgUnique:
		return fmt.Errorf("%w (%s)", ErrTaken, pg.ConstraintName)
	case errors.As(err, &lite) && (lite.Code() == sqliteUnique || lite.Code() == sqlitePrimaryKey):
		return fmt.Errorf("%w (%s)", ErrTaken, strings.TrimPrefix(lite.Error(), "constraint failed: "))
	}
	return err
}

// patience is the context under which statements run. SQLite answers at once
// from the machine's own memory and disk; to watch for a visitor who leaves
// meanwhile would cost a goroutine for every statement, more than it could save.
func (d dialect) patience(ctx context.Context) context.Context {
	if d.name == sqliteDialect.name {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (d dialect) again(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == pgSerialization || pg.Code == pgDeadlock)
}
