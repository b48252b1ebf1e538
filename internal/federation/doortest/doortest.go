// Package doortest owns what the tests of both doors put around a door: a citizen
// with an account, a population register that agrees with the gateway, and the
// rooms on the way to an answer. It is for tests only.
package doortest

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/behalf"
	"kapu/internal/broker"
	"kapu/internal/consent"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/mandate"
	"kapu/internal/register"
	"kapu/internal/store"
	"kapu/internal/throttle"
)

// Residents are a population register that knows what the gateway knows.
type Residents struct {
	register.Population
	DB *store.DB
}

// ByReference implements register.Population.
func (p *Residents) ByReference(ctx context.Context, ref register.Reference) (found register.Record, err error) {
	found.Status = register.Alive
	err = p.DB.View(ctx, func(tx *store.Tx) error {
		id, err := tx.PersonByReference(string(ref))
		if err != nil {
			return err
		}
		found.Person, err = tx.Person(id)
		return err
	})
	return found, err
}

// Rooms adds the rooms in which people decide and state numbers, and rooms for
// password and code in which everybody proves by entering who they are.
func Rooms(t testing.TB, mux *http.ServeMux, b *broker.Broker, p register.Population, who func() identity.Account) {
	t.Helper()
	gate, err := throttle.New(throttle.Config{Store: b.Volatile, Key: []byte(b.Ring.Digest("throttle", "identify")), Purpose: "identify",
		Rules: throttle.RulesOf(law.Default()), Now: b.Now})
	check(t, err)
	consent.New(consent.Config{Broker: b, Population: p, Gate: gate, Log: slog.New(slog.DiscardHandler)}).Mount(mux)
	behalf.New(behalf.Config{Broker: b, Mandates: Mandates(b), Gate: gate}).Mount(mux)
	for _, f := range []authn.Factor{authn.Password, authn.TOTP} {
		b.Room(mux, string(f), func(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
			return b.Complete(w, r, v, authn.Event{Factor: f, At: b.Now(), Account: who().ID, Person: who().PersonID}, nil)
		})
	}
}

// Mandates is the register of who acts for whom.
func Mandates(b *broker.Broker) mandate.Register {
	return mandate.Register{Ledger: b.Ledger, Law: law.Default(), Ring: b.Ring, Home: "https://kapu.example/account/mandates",
		Takes: func(id string) bool { s := b.Catalogue.Service(id); return s != nil && s.Mandates }}
}

// Citizen makes a person with an account that has Ügyfélkapu+.
func Citizen(t testing.TB, db *store.DB, username, family, given string) (a identity.Account) {
	t.Helper()
	born := identity.Date{Year: 1980, Month: time.February, Day: 29}
	tax, err := identity.NewTaxNumber(born, 123)
	check(t, err)
	name := identity.Name{Family: family, Given: given}
	p := identity.Person{CurrentName: name, TaxNumber: tax,
		Core:    identity.Core{BirthName: name, BirthPlace: "Győr", BirthDate: born, MotherBirthName: identity.Name{Family: "Tóth", Given: "Ilona"}},
		Address: identity.Address{Country: "HU", PostalCode: "9021", Settlement: "Győr", Street: "Fő utca 1."}}
	check(t, db.Update(context.Background(), func(tx *store.Tx) error {
		id, err := tx.SavePerson("ref-"+username, p)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: id, State: identity.Active, Username: identity.Username(username),
			Email: identity.Email(username + "@posta.example"), Lang: "hu", ValidUntil: tx.Now.AddDate(5, 0, 0)})
		for _, kind := range []string{"password", "totp"} {
			if err == nil {
				err = tx.PutCredential(store.Credential{Account: a.ID, Kind: kind, Secret: "x"})
			}
		}
		return err
	}))
	return a
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
