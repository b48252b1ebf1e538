package recovery_test

import (
	"context"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/mailcode"
	"kapu/internal/method/roomtest"
	"kapu/internal/recovery"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
)

// world is a gateway with the room of recovery.
type world struct {
	*roomtest.Gateway
	t    *testing.T
	room *recovery.Room
}

func open(t *testing.T) *world {
	db, clock := storetest.SQLite(t)
	return openOn(t, db, clock)
}

func openOn(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{Gateway: roomtest.New(t, db, clock), t: t}
	w.room = recovery.New(recovery.Config{Broker: w.Broker, Gate: w.gate("recover"), SignIn: w.gate("password"), Passwords: w.Passwords, RestCodes: mailcode.Rest(law.Default()), Issuer: roomtest.Issuer})
	w.Add(w.room)
	return w
}

// gate counts with the gateway's own of the purpose.
func (w *world) gate(purpose string) *throttle.Gate {
	w.t.Helper()
	gate, err := throttle.New(throttle.Config{Store: w.Broker.Volatile, Key: []byte(w.Ring.Digest("throttle", "key")), Purpose: purpose,
		Rules: throttle.RulesOf(law.Default()), Now: w.Clock.Now})
	w.must(err)
	return gate
}

func eachEngine(t *testing.T, f func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(t, openOn(t, db, clock)) })
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) update(f func(tx *store.Tx) error) {
	w.t.Helper()
	w.must(w.DB.Update(context.Background(), f))
}

// sent is every letter, once what is done apart is done.
func (w *world) sent() []roomtest.Letter {
	w.t.Helper()
	w.room.Rest()
	return w.Letters(w.t)
}

// only is the one letter there is, and it must be of the kind.
func (w *world) only(kind string) roomtest.Letter {
	w.t.Helper()
	all := w.sent()
	if len(all) != 1 || all[0].Kind != kind {
		w.t.Fatalf("letters %+v, not one %s", all, kind)
	}
	return all[0]
}

// browser asks for a link as a visitor does.
func (w *world) ask(name string, email identity.Email) *roomtest.Browser {
	w.t.Helper()
	return w.Browser(w.t).Visit("/recover/password").Submit("username", name, "email", string(email))
}

// link is the path of the letter that brings one.
func (w *world) link(c roomtest.Citizen) string {
	w.t.Helper()
	w.ask(string(c.Username), c.Email).At("/recover/password/mailed")
	return w.only("password-reset").Path()
}
