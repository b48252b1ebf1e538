package life_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

const (
	issuer = "https://kapu.example"
	day    = 24 * time.Hour
)

// world is a gateway without pages: accounts, and what happens to them.
type world struct {
	*life.Life
	t     testing.TB
	dsn   string
	clock *storetest.Clock
	ring  *keys.Ring
	book  *ledger.Ledger
}

// each runs the test on every engine at hand.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	storetest.EachAt(t, func(t *testing.T, dsn string) { f(t, open(t, dsn)) })
}

func open(t testing.TB, dsn string) *world {
	t.Helper()
	w := &world{t: t, dsn: dsn, clock: storetest.NewClock(), ring: storetest.Ring(t)}
	return w.process()
}

// process is another process on the same database.
func (w *world) process() *world {
	w.t.Helper()
	other := *w
	db := storetest.Open(w.t, w.dsn, w.ring, w.clock)
	set, err := rotation.Open(context.Background(), db, "ledger", keys.EdDSA, keys.LedgerSchedule(), w.clock.Now)
	w.must(err)
	other.book = ledger.New(ledger.Config{DB: db, Ring: w.ring, Origin: "kapu.example/ledger", Keys: set, Witness: filepath.Join(w.t.TempDir(), "witness")})
	other.Life = life.New(life.Config{DB: db, Ledger: other.book, Law: law.Default(), Ring: w.ring, Issuer: issuer, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler)})
	return &other
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) update(f func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.DB.Update(context.Background(), f))
}

// person is what the register says of somebody of that name: words to look for
// where they must not be.
func person(name string) identity.Person {
	return identity.Person{
		CurrentName: identity.Name{Family: "Viselt" + name, Given: "Lívia"}, Nationality: "XYZ" + name,
		Core: identity.Core{BirthName: identity.Name{Family: "Született" + name, Given: "Rozália"}, MotherBirthName: identity.Name{Family: "Anyja" + name, Given: "Ilona"},
			BirthPlace: "Szülőfalu" + name, BirthDate: identity.Date{Year: 1980, Month: 4, Day: 9}},
		Address: identity.Address{Country: "HU", PostalCode: "9999", Settlement: "Lakóhely" + name, Street: "Kossuth utca 7."},
	}
}

// words are the personal data of somebody of that name, as plain text.
func words(name string) []string {
	all := []string{name, strings.ToLower(name) + "@posta.example", "ref-" + name}
	for _, before := range []string{"Viselt", "XYZ", "Született", "Anyja", "Szülőfalu", "Lakóhely"} {
		all = append(all, before+name)
	}
	return all
}

// register adds a person with an account that waits for its activation.
func (w *world) register(name string, years int) (a identity.Account) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		id, err := tx.SavePerson("ref-"+name, person(name))
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: id, State: identity.Pending, Username: identity.Username(name),
			Email: identity.Email(strings.ToLower(name) + "@posta.example"), Lang: "hu", Office: "office-1", ValidUntil: until(tx.Now, years)})
		if err != nil {
			return err
		}
		_, err = tx.AddCase(store.Case{Channel: "office", Office: "office-1", State: "activated", Account: a.ID, Data: []byte(person(name).BirthPlace), Name: person(name).BirthName})
		return err
	})
	return a
}

func until(now time.Time, years int) time.Time { return law.Day(now).AddYears(years).In(law.Budapest) }

// citizen adds a person with an active account and all that belongs to one.
func (w *world) citizen(name string, years int) identity.Account {
	w.t.Helper()
	a := w.register(name, years)
	w.update(func(tx *store.Tx) error {
		for _, kind := range []string{"password", "totp", "removal"} {
			if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: kind, Secret: "secret of " + name}); err != nil {
				return err
			}
		}
		return tx.Activate(a.ID, a.ValidUntil)
	})
	return w.account(a.ID)
}

// provisional adds somebody whom nobody has checked.
func (w *world) provisional(name string) (a identity.Account) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		id, err := tx.AddProvisionalPerson(person(name))
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: id, State: identity.Active, Username: identity.Username(name), Provisional: true, Channel: identity.ChannelProvisional,
			Email: identity.Email(strings.ToLower(name) + "@posta.example"), Lang: "hu", ValidUntil: tx.Now.Add(law.Default().ProvisionalLife(tx.Now))})
		return err
	})
	return a
}

// further adds another account of the same person.
func (w *world) further(of identity.Account, name string) (a identity.Account) {
	w.t.Helper()
	a = of
	a.Username, a.Email = identity.Username(name), identity.Email(strings.ToLower(name)+"@posta.example")
	w.update(func(tx *store.Tx) (err error) {
		a, err = tx.AddAccount(a)
		return err
	})
	return a
}

func (w *world) account(id string) (a identity.Account) {
	w.t.Helper()
	w.must(w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		a, err = tx.Account(id)
		return err
	}))
	return a
}

// lives tells whether there is such an account.
func (w *world) lives(id string) bool {
	w.t.Helper()
	err := w.DB.View(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Account(id)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, keys.ErrSealed) {
		w.t.Fatal(err)
	}
	return err == nil
}

// open tells whether the account lets anybody in.
func (w *world) open(id string) (open bool) {
	w.t.Helper()
	err := w.DB.View(context.Background(), func(tx *store.Tx) error {
		s, err := tx.Standing(id)
		open = err == nil && authn.Standing(s).Open(tx.Now)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, keys.ErrSealed) {
		w.t.Fatal(err)
	}
	return open
}

// sweep runs all jobs of the life of accounts, as they come round.
func (w *world) sweep() {
	w.t.Helper()
	for _, run := range []func(context.Context) (int, error){w.Sweep, w.Act, w.FreeNames, w.book.Sequence} {
		_, err := run(context.Background())
		w.must(err)
	}
}

// passes lets time pass; the jobs come round in the end.
func (w *world) passes(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	w.sweep()
}

// letter is a message of the outbox.
type letter struct{ To, Kind, Link string }

func (l letter) token() string { return l.Link[strings.LastIndex(l.Link, "=")+1:] }

// letters takes all that waits in the outbox, oldest first.
func (w *world) letters() (all []letter) {
	w.t.Helper()
	for {
		n := 0
		w.update(func(tx *store.Tx) error {
			messages, err := tx.ClaimMessages(100, 0)
			n = len(messages)
			for _, m := range messages {
				l := letter{To: m.Recipient, Kind: m.Template}
				if err := errors.Join(json.Unmarshal(m.Data, &l), tx.MessageSent(m.ID)); err != nil {
					return err
				}
				all = append(all, l)
			}
			return err
		})
		if n == 0 {
			return all
		}
	}
}

// kinds are the letters in short, in no order: "deletion-announced anna@posta.example".
func kinds(all []letter) (short []string) {
	for _, l := range all {
		short = append(short, l.Kind+" "+l.To)
	}
	slices.Sort(short)
	return short
}

// letterOf is the one letter of a kind among them.
func (w *world) letterOf(all []letter, kind string) letter {
	w.t.Helper()
	for _, l := range all {
		if l.Kind == kind {
			return l
		}
	}
	w.t.Fatalf("no letter %q among %v", kind, kinds(all))
	return letter{}
}

// events are the kinds of a person's entries in the ledger, oldest first.
func (w *world) events(person string) (all []string) {
	w.t.Helper()
	w.must(w.DB.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.LedgerOf(person, "", 1000)
		for _, row := range rows {
			all = append([]string{row.Kind}, all...)
		}
		return err
	}))
	return all
}

// verifies ends the test unless the whole ledger is in order.
func (w *world) verifies() {
	w.t.Helper()
	_, err := w.book.Sequence(context.Background())
	w.must(err)
	report, err := w.book.Verify(context.Background(), ledger.Watch{Found: func(f ledger.Finding) { w.t.Errorf("ledger: %v", f) }})
	w.must(err)
	if report.Findings > 0 {
		w.t.Errorf("%d findings in the ledger", report.Findings)
	}
}

// sealed is what is kept of a person, encrypted: in their row, their accounts and the cases that led to them.
func (w *world) sealed(a identity.Account) []string {
	w.t.Helper()
	found := storetest.Sealed(w.t, w.dsn, a.PersonID)
	for _, column := range []string{"data", "name_index"} {
		found = append(found, storetest.Column(w.t, w.dsn, "SELECT "+column+" FROM cases WHERE account = $1", a.ID)...)
	}
	return found
}

// gone ends the test if anything of a person is left on the disk.
func (w *world) gone(secrets []string) {
	w.t.Helper()
	w.letters() // sent, and forgotten
	w.must(w.DB.Forget(context.Background()))
	disk := storetest.Disk(w.t, w.dsn)
	for _, s := range secrets {
		if strings.Contains(disk, s) {
			w.t.Errorf("left on the disk: %.40s", s)
		}
	}
}

// proof adds an entry about an account and returns its receipt.
func (w *world) proof(a identity.Account) (receipt []byte) {
	w.t.Helper()
	var id string
	w.update(func(tx *store.Tx) (err error) {
		id, err = w.book.Append(tx, a.PersonID, ledger.AccountActivated{Account: a.ID})
		return err
	})
	_, err := w.book.Sequence(context.Background())
	w.must(err)
	w.must(w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		receipt, err = w.book.Receipt(tx, a.PersonID, id)
		return err
	}))
	return receipt
}

func (w *world) verifierKeys() (list []string) {
	w.t.Helper()
	list, err := w.book.VerifierKeys(w.clock.Now())
	w.must(err)
	return list
}
