package roomtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// witness looks at the database file from outside the gateway.
type witness struct {
	t  *testing.T
	db *sql.DB
}

// watched opens a gateway and a witness on one SQLite file.
func watched(t *testing.T) (*roomtest.Gateway, witness) {
	t.Helper()
	dsn, clock := storetest.SQLiteDSN(t), storetest.NewClock()
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: storetest.Ring(t), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	outside, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(dsn, "sqlite:")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	outside.SetMaxOpenConns(1) // data_version is a connection's own count
	t.Cleanup(func() { outside.Close() })
	return roomtest.New(t, db, clock), witness{t, outside}
}

// version changes with every commit of anybody else (SQLite, PRAGMA data_version).
func (o witness) version() (v int64) {
	o.t.Helper()
	if err := o.db.QueryRow("PRAGMA data_version").Scan(&v); err != nil {
		o.t.Fatal(err)
	}
	return v
}

// contents is every row of every table but the counters'.
func (o witness) contents() map[string][]string {
	o.t.Helper()
	all := map[string][]string{}
	for _, table := range o.column("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'volatile' ORDER BY name") {
		all[table] = o.rows("SELECT * FROM " + table + " ORDER BY 1")
	}
	return all
}

func (o witness) column(query string) (found []string) {
	o.t.Helper()
	for _, row := range o.rows(query) {
		found = append(found, strings.Trim(row, "[]"))
	}
	return found
}

func (o witness) rows(query string) (found []string) {
	o.t.Helper()
	rows, err := o.db.Query(query)
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		o.t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			o.t.Fatal(err)
		}
		found = append(found, fmt.Sprint(values))
	}
	return found
}

func TestVisitorWhoProvedNothingWritesNothing(t *testing.T) {
	g, outside := watched(t)
	g.Plus(t, g.Citizen(t, "KisAnna"))
	g.Pending(t, "VárAnna")
	b := g.Browser(t)
	for _, step := range []struct {
		what string
		do   func()
	}{
		{"a service asks", func() { b.Visit("/service").At("/signin/choose") }},
		{"the chooser, nothing chosen", func() { b.Submit().See(http.StatusUnprocessableEntity) }},
		{"the chooser", func() { b.Visit("/service").Submit("method", "totp").At("/signin/password") }},
		{"the password, nothing typed", func() { b.Submit().See(http.StatusUnprocessableEntity) }},
		{"a page of another room", func() { b.Visit("/signin/enrol/totp?t=x").See(http.StatusGone) }},
		{"the account", func() { b.Visit("/account").At("/signin/choose") }},
		{"the request of Ügyfélkapu+", func() { b.Visit("/account/plus").At("/signin/choose") }},
		{"the change of the password", func() { b.Visit("/account/password").At("/signin/choose") }},
		{"the activation", func() { b.Visit("/activate").See(http.StatusOK) }},
		{"the activation, half a code", func() { b.Submit("username", "VárAnna", "code", "1234").See(http.StatusUnprocessableEntity) }},
		{"the password of an activation", func() { b.Visit("/activate/password").At("/activate") }},
		{"a made-up revocation", func() { b.Visit("/revoke?c=abc").See(http.StatusGone) }},
		{"a made-up revocation, sent", func() { b.Submit().See(http.StatusGone) }},
		{"signing out", func() { b.Visit("/signout").See(http.StatusOK).Submit().See(http.StatusOK) }},
	} {
		before, was := outside.version(), outside.contents()
		step.do()
		if diff := cmp.Diff(was, outside.contents()); diff != "" {
			t.Errorf("%s: written:\n%s", step.what, diff)
		}
		if outside.version() != before {
			t.Errorf("%s: a transaction wrote", step.what)
		}
	}
}

func TestWrongAttemptsWriteCountersOnly(t *testing.T) {
	g, outside := watched(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	g.Pending(t, "VárAnna")
	was := outside.contents()
	b := g.Browser(t).Visit("/service").Submit("method", "totp")
	b.Submit("username", "KisAnna", "password", "nem ez a jelszava").See(http.StatusUnprocessableEntity)
	b.Submit("username", "NincsIlyen", "password", anna.Password).See(http.StatusUnprocessableEntity)
	b.Visit("/activate").Submit("username", "VárAnna", "code", "0000 0000").See(http.StatusUnprocessableEntity)
	if diff := cmp.Diff(was, outside.contents()); diff != "" {
		t.Errorf("written:\n%s", diff)
	}
}

func TestNothingOfEnrolmentIsWrittenBeforeItsEnd(t *testing.T) {
	g, outside := watched(t)
	anna := g.Citizen(t, "KisAnna")
	b := g.Browser(t).SignIn(anna).At("/signin/enrol/totp")
	was := outside.contents()
	b = g.SetUp(t, b, anna)
	b.See(http.StatusOK, "törlőkódját")
	if diff := cmp.Diff(was, outside.contents()); diff != "" {
		t.Errorf("written:\n%s", diff)
	}
}

func TestSingleSignOnWritesNothing(t *testing.T) {
	g, outside := watched(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	before := outside.version()
	b.Visit("/service").See(http.StatusOK, "service").Visit("/account").See(http.StatusOK)
	if outside.version() != before {
		t.Error("a transaction wrote")
	}
}
