package ledger

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// world is a ledger with two people in it, and a burglar's way into its tables.
type world struct {
	*Ledger
	t          testing.TB
	clock      *storetest.Clock
	raw        *sql.DB
	anna, bela string
}

// eachEngine runs the test on every engine at hand.
func eachEngine(t *testing.T, f func(*world)) {
	t.Run("sqlite", func(t *testing.T) { f(open(t, storetest.SQLiteDSN(t))) })
	t.Run("postgres", func(t *testing.T) { f(open(t, storetest.PostgresDSN(t))) })
}

func open(t testing.TB, dsn string) *world {
	t.Helper()
	w := &world{t: t, clock: storetest.NewClock()}
	ring := storetest.Ring(t)
	db, err := store.Open(t.Context(), dsn, store.Options{Ring: ring, Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { db.Close() })
	driver, source := "pgx", dsn
	if file, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+file+"?_pragma=busy_timeout(10000)"
	}
	w.raw, err = sql.Open(driver, source)
	w.must(err)
	t.Cleanup(func() { w.raw.Close() })
	set, err := rotation.Open(t.Context(), db, "ledger", keys.EdDSA, keys.LedgerSchedule(), w.clock.Now)
	w.must(err)
	w.Ledger = New(Config{DB: db, Ring: ring, Origin: "kapu.example.hu/ledger", Keys: set, Witness: filepath.Join(t.TempDir(), "witness")})
	w.anna, w.bela = w.person("Anna"), w.person("Béla")
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) person(given string) (id string) {
	w.update(func(tx *store.Tx) (err error) {
		name := identity.Name{Family: "Próba", Given: given}
		id, err = tx.SavePerson("ref-"+given, identity.Person{CurrentName: name,
			Core: identity.Core{BirthName: name, MotherBirthName: name, BirthDate: identity.Date{Year: 1980, Month: 2, Day: 3}}})
		return err
	})
	return id
}

func (w *world) update(f func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.DB.Update(context.Background(), f))
}

func (w *world) view(f func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.DB.View(context.Background(), f))
}

func (w *world) append(person string, e Event) (id string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) (err error) {
		id, err = w.Append(tx, person, e)
		return err
	})
	return id
}

func (w *world) sequence() {
	w.t.Helper()
	_, err := w.Sequence(context.Background())
	w.must(err)
}

// fill appends a day's events in three batches and returns their ids in the
// order of the tree.
func (w *world) fill() (ids []string) {
	w.t.Helper()
	for range 3 {
		ids = append(ids,
			w.append(w.anna, signIn),
			w.append(w.anna, Released{Service: "tax", Data: []string{"name", "tax_number"}, Method: law.TOTP, Level: law.Substantial}),
			w.append(w.bela, PasswordSet{Occasion: "change", Account: "account-of-bela"}),
			w.append("", Searched{Office: "office-1", By: []string{"birth_name"}, Clerk: "account-of-clerk"}),
		)
		w.sequence()
	}
	return ids
}

var signIn = Identified{Method: law.TOTP, Level: law.Substantial, Account: "account-of-anna", Device: "Firefox, Linux"}

// tamper runs a statement behind the gateway's back.
func (w *world) tamper(query string, args ...any) {
	w.t.Helper()
	if _, err := w.raw.Exec(query, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) verify() (Report, []Finding) {
	w.t.Helper()
	var found []Finding
	report, err := w.Verify(context.Background(), Watch{Found: func(f Finding) { found = append(found, f) }})
	w.must(err)
	return report, found
}
