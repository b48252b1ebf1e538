package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// A test's database is a copy of an empty one that has all tables: to copy takes
// a tenth of the time in which migrations run, and hundreds of tests have one.

// emptyFile is a SQLite file with all tables, made once by each process.
var emptyFile = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "kapu-empty-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "kapu.db")
	if err := build("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// emptyDatabase names a database of the server that has all tables. Processes
// share it; who comes first makes it, the others wait.
func emptyDatabase(admin *sql.DB, server string) (name string, err error) {
	ctx, name := context.Background(), "empty_"+store.Schema()
	conn, err := admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close() // which ends the lock as well
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext('kapu storetest'))"); err != nil {
		return "", err
	}
	defer func() {
		_, unlock := conn.ExecContext(ctx, "SELECT pg_advisory_unlock(hashtext('kapu storetest'))")
		err = errors.Join(err, unlock)
	}()
	var made bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&made); err != nil || made {
		return name, err
	}
	return name, makeEmpty(ctx, conn, server, name)
}

// makeEmpty makes the database under another name first, so that one that is
// half made is never taken for whole.
func makeEmpty(ctx context.Context, conn *sql.Conn, server, name string) error {
	for _, statement := range []string{"DROP DATABASE IF EXISTS making_" + name, "CREATE DATABASE making_" + name} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err := build(onServer(server, "making_"+name)); err != nil {
		return err
	}
	// A session that was closed is gone a moment later, and renaming wants it gone.
	var err error
	for range 100 {
		if _, err = conn.ExecContext(ctx, "ALTER DATABASE making_"+name+" RENAME TO "+name); err == nil {
			return nil
		}
		if _, err := conn.ExecContext(ctx, "SELECT pg_sleep(0.05)"); err != nil {
			return err
		}
	}
	return fmt.Errorf("storetest: %s is still in use: %w", name, err)
}

// build brings an empty database its tables.
func build(dsn string) error {
	data, err := keys.Generate(true)
	if err != nil {
		return err
	}
	ring, err := keys.Parse(data)
	if err != nil {
		return err
	}
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: ring, Now: time.Now})
	if err != nil {
		return err
	}
	return db.Close()
}
