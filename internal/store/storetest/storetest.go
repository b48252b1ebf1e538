// Package storetest opens real databases for tests: a SQLite file of the test's
// own, and a PostgreSQL database of its own where a server is at hand. It holds
// no fakes: what passes here passes in earnest.
package storetest

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// PostgresEnv names the environment variable with the address of a PostgreSQL
// server on which databases may be created.
const PostgresEnv = "KAPU_TEST_POSTGRES"

// Clock is a clock that stands still until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that shows a working morning.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

// Now is the time the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Ring is a fresh ring of demo keys.
func Ring(t testing.TB) *keys.Ring {
	t.Helper()
	data, err := keys.Generate(true)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keys.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// Each runs the test on every engine at hand.
func Each(t *testing.T, f func(t *testing.T, db *store.DB, clock *Clock)) {
	t.Run("sqlite", func(t *testing.T) {
		db, clock := SQLite(t)
		f(t, db, clock)
	})
	t.Run("postgres", func(t *testing.T) {
		db, clock := open(t, PostgresDSN(t))
		f(t, db, clock)
	})
}

// SQLite opens a database file of the test's own.
func SQLite(t testing.TB) (*store.DB, *Clock) {
	t.Helper()
	return open(t, SQLiteDSN(t))
}

// SQLiteDSN is the address of a database file of the test's own, with all tables
// and nothing in them.
func SQLiteDSN(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kapu.db")
	empty, err := emptyFile()
	if err == nil {
		err = os.WriteFile(path, empty, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// PostgresDSN is the address of a PostgreSQL database of the test's own, with all
// tables and nothing in them, which goes with the test. Without a server the test
// is left out, and says so.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresEnv)
	if server == "" {
		t.Skipf("%s is not set: no PostgreSQL to run on (make check starts one)", PostgresEnv)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	model, err := emptyDatabase(admin, server)
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + strings.ReplaceAll(store.NewID(), "-", "")
	if _, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + model); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	return onServer(server, name)
}

// onServer is the address of another database of the server.
func onServer(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // which could be opened, so it can be read
	}
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, dsn string) (*store.DB, *Clock) {
	t.Helper()
	clock := NewClock()
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: Ring(t), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, clock
}
