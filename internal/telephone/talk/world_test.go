package talk_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/phone"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/telephone"
	"kapu/internal/telephone/prompt"
	"kapu/internal/telephone/talk"
	"kapu/internal/throttle"
)

// world is a small gateway that can be called.
type world struct {
	*roomtest.Gateway
	t     *testing.T
	phone *phone.Register
	desk  *talk.Desk
	log   bytes.Buffer
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{Gateway: roomtest.New(t, db, clock), t: t}
		w.phone = phone.New(phone.Config{
			DB: db, Volatile: w.Broker.Volatile, Ring: w.Ring, Ledger: w.Broker.Ledger, Law: law.Default(), Gate: w.gate("phone"), Reminders: w.gate("reminders"),
			Hasher: w.Hasher, Dispositions: disposition.Register{Ledger: w.Broker.Ledger, Home: roomtest.Issuer}, Home: roomtest.Issuer, Now: clock.Now,
		})
		services, err := catalogue.New(nil)
		w.must(err)
		w.desk = talk.New(talk.Config{Register: w.phone, Catalogue: services, Law: law.Default(), Now: clock.Now, Log: slog.New(slog.NewTextHandler(&w.log, nil))})
		f(w)
	})
}

func (w *world) gate(purpose string) *throttle.Gate {
	w.t.Helper()
	gate, err := throttle.New(throttle.Config{Store: w.Broker.Volatile, Key: []byte(w.Ring.Digest("throttle", purpose)), Purpose: purpose, Rules: phone.Delays(law.Default()), Now: w.Clock.Now})
	w.must(err)
	return gate
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

// issue gives somebody an identifier with a one-time password.
func (w *world) issue(username string) (person, identifier string) {
	w.t.Helper()
	c := w.Citizen(w.t, username)
	w.update(func(tx *store.Tx) error {
		issued, err := w.phone.Issue(tx, phone.Order{Person: c.PersonID, Contact: store.PhoneContact{Email: string(c.Email), Lang: "hu"}})
		identifier = issued.Identifier
		return err
	})
	return c.PersonID, identifier
}

// chosen is what people choose here for their password.
const chosen = "493027"

// settled has an identifier with a password of their own.
func (w *world) settled(username string) (person, identifier string) {
	w.t.Helper()
	person, identifier = w.issue(username)
	_, err := w.phone.Change(context.Background(), w.phone.Strong(person), chosen)
	w.must(err)
	return person, identifier
}

func (w *world) kept(person string) (p store.Phone) {
	w.t.Helper()
	w.must(w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		p, err = tx.PhoneOf(person)
		return err
	}))
	return p
}

// digits are those of the password that are asked of a person now.
func (w *world) digits(person string) string {
	w.t.Helper()
	p, digits := w.kept(person), ""
	for position := range strings.FieldsSeq(p.Positions) {
		digits += string(p.Password[position[0]-'1'])
	}
	return digits
}

// caller stands for the line: it hears the sounds as words.
type caller struct {
	*world
	talk  telephone.Conversation
	said  []string // by the last key
	ended bool
	ctx   context.Context
}

func (w *world) call() *caller {
	c := &caller{world: w, talk: w.desk.Open(telephone.Call{Dialled: "1818", Caller: "somebody"}), ctx: context.Background()}
	c.play(c.talk.Start())
	return c
}

// dial types keys, one after the other.
func (c *caller) dial(keys string) *caller {
	c.t.Helper()
	for _, key := range keys {
		c.said = nil
		c.play(c.talk.Digit(key))
	}
	return c
}

func (c *caller) play(actions []telephone.Action) {
	for _, action := range actions {
		switch a := action.(type) {
		case telephone.Say:
			for _, part := range a.Parts {
				c.said = append(c.said, words[&part[0]])
			}
		case telephone.Await:
			c.play(a.Work(c.ctx))
		case telephone.End:
			c.ended = true
		}
	}
}

// words are what a sound says.
var words = func() map[*byte]string {
	all := map[*byte]string{}
	for _, p := range prompt.List() {
		for lang, text := range p.Text {
			all[&prompt.Sound(lang, p.ID)[0]] = text
		}
	}
	return all
}()

// hears ends the test unless the last key led to all these words, in this order.
func (c *caller) hears(want ...string) *caller {
	c.t.Helper()
	rest := strings.Join(c.said, " ")
	for _, w := range want {
		_, after, found := strings.Cut(rest, w)
		if !found {
			c.t.Fatalf("%q is not said: %q", w, c.said)
		}
		rest = after
	}
	return c
}

// identify goes as far as the menu, or to the first password.
func (c *caller) identify(person, identifier string) *caller {
	c.t.Helper()
	return c.dial("1" + identifier + "#" + c.digits(person)).hears("Sikeresen azonosította magát.")
}

var window = identity.Office{ID: "window", Kind: identity.GovernmentWindow, Name: "Kormányablak", Address: "Fő tér 1."}
