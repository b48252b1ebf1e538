package phone_test

import (
	"context"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/phone"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
	"kapu/internal/volatile"
)

// plainly is a hash that costs nothing, and counts what was asked of it.
type plainly struct{ asked int }

func (p *plainly) Hash(_ context.Context, secret string) (string, error) { return "of " + secret, nil }
func (p *plainly) Verify(_ context.Context, secret, record string) (bool, error) {
	p.asked++
	return record == "of "+secret, nil
}
func (p *plainly) VerifyNobody(context.Context, string) error { p.asked++; return nil }

type world struct {
	t     testing.TB
	db    *store.DB
	clock *storetest.Clock
	*phone.Register
	hasher *plainly
}

func newWorld(t testing.TB, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	ring := storetest.Ring(t)
	gate := func(purpose string) *throttle.Gate {
		g, err := throttle.New(throttle.Config{Store: volatile.NewSQL(db), Key: []byte(ring.Digest("throttle", purpose)), Purpose: purpose,
			Rules: phone.Delays(law.Default()), Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	book, hasher := ledger.New(ledger.Config{DB: db, Ring: ring}), &plainly{}
	return &world{t, db, clock, phone.New(phone.Config{
		DB: db, Volatile: volatile.NewSQL(db), Ring: ring, Ledger: book, Law: law.Default(), Gate: gate("phone"), Reminders: gate("reminders"),
		Hasher: hasher, Dispositions: disposition.Register{Ledger: book, Home: "https://kapu.example/account"}, Home: "https://kapu.example/account/phone", Now: clock.Now,
	}), hasher}
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(t, newWorld(t, db, clock)) })
}

func one(t testing.TB) *world {
	db, clock := storetest.SQLite(t)
	return newWorld(t, db, clock)
}

func (w *world) update(f func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// person is somebody whom the register knows.
func (w *world) person(name string, born int) (id string) {
	w.update(func(tx *store.Tx) (err error) {
		n := identity.Name{Family: "Próba", Given: name}
		id, err = tx.SavePerson("ref-"+name, identity.Person{CurrentName: n, Nationality: "HU", Core: identity.Core{BirthName: n, MotherBirthName: n,
			BirthPlace: "Pécs", BirthDate: identity.Date{Year: born, Month: 4, Day: 9}}})
		return err
	})
	return id
}

// issued is somebody with an identifier and its one-time password.
func (w *world) issued(name string) (person string, i phone.Issued, password string) {
	w.t.Helper()
	person = w.person(name, 1980)
	w.update(func(tx *store.Tx) (err error) {
		i, err = w.Issue(tx, phone.Order{Person: person, Contact: store.PhoneContact{Email: name + "@posta.example", Lang: "hu"}, Office: "office", Clerk: "clerk"})
		return err
	})
	return person, i, w.row(person).Password
}

// own is a password of somebody's own.
const own = "271828"

// ready is somebody who has chosen a password of their own.
func (w *world) ready(name string) (person, identifier string) {
	w.t.Helper()
	person, i, password := w.issued(name)
	a := w.answer(i.Identifier, password, phone.Line{})
	if a.Verdict != phone.Right || !a.Holder.First {
		w.t.Fatalf("with the one-time password: %+v", a)
	}
	if _, err := w.Change(context.Background(), a.Holder, own); err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(time.Second)
	return person, i.Identifier
}

func (w *world) row(person string) (p store.Phone) {
	w.t.Helper()
	w.update(func(tx *store.Tx) (err error) { p, err = tx.PhoneOf(person); return err })
	return p
}

func (w *world) rests(person string) (yes bool) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		heard, err := w.Heard(tx, person)
		yes = heard == authn.Phone
		return err
	})
	return yes
}

func (w *world) begin(identifier string) phone.Asked {
	w.t.Helper()
	asked, err := w.Begin(context.Background(), identifier)
	if err != nil {
		w.t.Fatal(err)
	}
	return asked
}

// answer gives the asked digits of a password.
func (w *world) answer(identifier, password string, line phone.Line) phone.Answer {
	w.t.Helper()
	asked := w.begin(identifier)
	digits := ""
	for _, n := range asked.Positions {
		digits += password[n-1 : n]
	}
	return w.check(asked, digits, line)
}

func (w *world) check(asked phone.Asked, digits string, line phone.Line) phone.Answer {
	w.t.Helper()
	a, err := w.Check(context.Background(), asked, digits, line)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// wrong is an answer that is not right, after every delay.
func (w *world) wrong(identifier string) phone.Answer {
	w.t.Helper()
	w.clock.Advance(2 * time.Hour)
	asked := w.begin(identifier)
	digits := "555"
	return w.check(asked, digits, phone.Line{Telephone: true, Peer: "+3612345678"})
}

// posted are the kinds of what waits in the outbox.
func (w *world) posted() (kinds []string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		kinds = nil
		all, err := tx.ClaimMessages(100, 0)
		for _, m := range all {
			kinds = append(kinds, m.Template)
		}
		return err
	})
	return kinds
}

func (w *world) kinds(person string) (kinds []string) {
	w.update(func(tx *store.Tx) error {
		rows, err := tx.LedgerOf(person, "", 100)
		for _, row := range rows {
			kinds = append([]string{row.Kind}, kinds...)
		}
		return err
	})
	return kinds
}

var call = phone.Line{Telephone: true, Peer: "+36301234567"}
