package account_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/account"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/life"
	"kapu/internal/method/password"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

const day = 24 * time.Hour

// world is a small gateway with the room of the citizen's own acts.
type world struct {
	*roomtest.Gateway
	t    *testing.T
	life *life.Life
	room *account.Room
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{Gateway: roomtest.New(t, db, clock), t: t}
	w.life = life.New(life.Config{DB: db, Ledger: w.Broker.Ledger, Law: law.Default(), Ring: w.Ring, Issuer: roomtest.Issuer, Now: clock.Now})
	w.room = account.New(account.Config{Broker: w.Broker, Life: w.life, Herald: w.Herald(), Texts: true, Phones: w.Gate(t, "phone"), Dispositions: disposition.Register{Ledger: w.Broker.Ledger, Home: roomtest.Issuer + "/account"}, Confirm: w.Passwords.Confirm})
	w.Add(w.room)
	return w
}

func open(t *testing.T) *world {
	db, clock := storetest.SQLite(t)
	return newWorld(t, db, clock)
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(newWorld(t, db, clock)) })
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

// citizen has an account with Ügyfélkapu+ that is valid for so many more years.
func (w *world) citizen(username string, years int) roomtest.Citizen {
	w.t.Helper()
	c := w.Plus(w.t, w.Citizen(w.t, username))
	w.update(func(tx *store.Tx) error { return tx.ExtendAccount(c.ID, tx.Now.AddDate(years, 0, 0)) })
	return c
}

// provisional is somebody whom nobody has checked, with Ügyfélkapu+.
func (w *world) provisional(username string) roomtest.Citizen {
	w.t.Helper()
	c := w.Citizen(w.t, username)
	w.update(func(tx *store.Tx) error {
		known, err := tx.Credential(c.ID, password.Kind)
		if err != nil {
			return err
		}
		p, err := tx.Person(c.PersonID)
		if err != nil {
			return err
		}
		if c.PersonID, err = tx.AddProvisionalPerson(p); err != nil {
			return err
		}
		c.Username += "Ideiglenes"
		c.Provisional, c.Channel, c.ValidUntil = true, identity.ChannelProvisional, tx.Now.AddDate(0, 0, 30)
		if c.Account, err = tx.AddAccount(c.Account); err != nil {
			return err
		}
		return tx.PutCredential(store.Credential{Account: c.ID, Kind: password.Kind, Secret: known.Secret})
	})
	return w.Plus(w.t, c)
}

// signIn is a browser in which the citizen has signed in.
func (w *world) signIn(c roomtest.Citizen) *roomtest.Browser {
	w.t.Helper()
	w.Clock.Advance(30 * time.Second) // a code is good once
	return w.Browser(w.t).SignIn(c).Submit("code", w.Code(c.Secret)).See(http.StatusOK, "service")
}

// account is how the account stands; found is false once it is over.
func (w *world) account(id string) (a identity.Account, found bool) {
	w.t.Helper()
	err := w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		a, err = tx.Account(id)
		return err
	})
	if err == store.ErrNotFound {
		return a, false
	}
	w.must(err)
	return a, true
}

// waiting are the kinds of what waits on the account.
func (w *world) waiting(id string) (kinds []string) {
	w.t.Helper()
	w.must(w.DB.View(context.Background(), func(tx *store.Tx) error {
		all, err := w.life.Pending(tx, id)
		for _, p := range all {
			kinds = append(kinds, p.Kind)
		}
		return err
	}))
	return kinds
}

// letters takes what waits in the outbox, by kind and then by recipient.
func (w *world) letters() map[string][]roomtest.Letter {
	w.t.Helper()
	byKind := map[string][]roomtest.Letter{}
	for _, l := range w.Letters(w.t) {
		byKind[l.Kind] = append(byKind[l.Kind], l)
	}
	return byKind
}

// act carries out what is due.
func (w *world) act() {
	w.t.Helper()
	_, err := w.life.Act(context.Background())
	w.must(err)
}

// lacks ends the test if the page says any of the texts.
func lacks(t *testing.T, b *roomtest.Browser, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(b.Body, text) {
			t.Errorf("%s says %q:\n%s", b.URL.Path, text, b.Body)
		}
	}
}

func (w *world) has(person string, kinds ...string) {
	w.t.Helper()
	events := w.Events(w.t, person)
	for _, k := range kinds {
		if !slices.Contains(events, k) {
			w.t.Errorf("the ledger lacks %s: %v", k, events)
		}
	}
}
