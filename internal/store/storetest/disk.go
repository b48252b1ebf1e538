package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// EachAt runs the test on every engine at hand, with the address of an empty
// database: for what looks at one from outside or opens it more than once.
func EachAt(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, SQLiteDSN(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, PostgresDSN(t)) })
}

// Open opens the database at the address, as one of the processes that share it.
func Open(t testing.TB, dsn string, ring *keys.Ring, clock *Clock) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: ring, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Disk is all that is kept of a database, as a thief would find it: the bytes of
// SQLite's file and its logs, every row of every table of PostgreSQL as text.
func Disk(t testing.TB, dsn string) string {
	t.Helper()
	path, isFile := strings.CutPrefix(dsn, "sqlite:")
	if !isFile {
		return rows(t, dsn)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files at %s: %v", len(files), path, err)
	}
	var all strings.Builder
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(raw)
	}
	return all.String()
}

func rows(t testing.TB, dsn string) string {
	t.Helper()
	tables := Column(t, dsn, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	if len(tables) == 0 {
		t.Fatal("no tables")
	}
	var all strings.Builder
	for _, table := range tables {
		for _, row := range Column(t, dsn, fmt.Sprintf("SELECT t::text FROM %q t", table)) {
			all.WriteString(row + "\n")
		}
	}
	return all.String()
}

// Column asks the database from outside for one column of text.
func Column(t testing.TB, dsn, query string, args ...any) (values []string) {
	t.Helper()
	driver, address := "pgx", dsn
	if path, isFile := strings.CutPrefix(dsn, "sqlite:"); isFile {
		driver, address = "sqlite", "file:"+path+"?mode=ro"
	}
	outside, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Close()
	found, err := outside.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var v string
		if err := found.Scan(&v); err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}

// Sealed is what is kept of a person in the tables of persons and accounts:
// the wrapped key, all that is encrypted under it and the blind indexes. The
// account's folded name is left out: it stays while the username rests.
func Sealed(t testing.TB, dsn, person string) (found []string) {
	t.Helper()
	for _, c := range []struct{ table, by, columns string }{
		{"persons", "id", `key register_ref register_index core_index current_name birth_name mother_birth_name birth_place birth_date
			address nationality personal_id tax_number taj`},
		{"accounts", "person", "username username_index email email_index"},
	} {
		for _, column := range strings.Fields(c.columns) {
			found = append(found, Column(t, dsn, fmt.Sprintf("SELECT %s FROM %s WHERE %s = $1 AND %s <> ''", column, c.table, c.by, column), person)...)
		}
	}
	return found
}
