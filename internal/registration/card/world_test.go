package card

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/password"
	"kapu/internal/method/roomtest"
	"kapu/internal/papercode"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

// world is a gateway with the rooms of registering from home, on a real database
// and a register of made-up people.
type world struct {
	*testing.T
	*roomtest.Gateway
	people *population.Register
	hasher *password.Hasher
	cards  *Service
	room   *Room
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	pepper := []byte(strings.Repeat("p", 32))
	w := &world{T: t, people: population.New(population.Options{Now: clock.Now, Size: 200}),
		hasher: roomtest.Hasher(t, password.Config{Params: roomtest.Cheap, Peppers: [][]byte{pepper}})}
	w.Gateway = roomtest.New(t, db, clock, w.hasher)
	gate, err := throttle.New(throttle.Config{Store: w.Broker.Volatile, Key: []byte(w.Ring.Digest("throttle", "card")), Purpose: "card",
		Rules: throttle.RulesOf(law.Default()), Now: clock.Now})
	w.must(err)
	w.cards = NewService(Config{DB: db, Ledger: w.Broker.Ledger, Law: law.Default(), Ring: w.Ring, Secrets: w.hasher, Busy: password.ErrBusy,
		Gate: gate, Population: w.people, Activation: w.Codes, Now: clock.Now})
	w.room = New(RoomConfig{Broker: w.Broker, Cards: w.cards})
	w.Add(w.room)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) update(f func(tx *store.Tx) error) {
	w.Helper()
	w.must(w.DB.Update(context.Background(), f))
}

// holder is somebody of the situation with a valid electronic card.
func (w *world) holder(s population.Situation) population.Entry {
	w.Helper()
	for _, e := range w.people.In(s) {
		if w.cards.electronic(e.Documents[0].Document, w.Clock.Now()) {
			return e
		}
	}
	w.Fatalf("nobody %s has an electronic card", s)
	return population.Entry{}
}

// issue hands a code over, as the desk does.
func (w *world) issue(e population.Entry) (code string) {
	w.Helper()
	draft, err := w.cards.Draw(context.Background())
	w.must(err)
	w.update(func(tx *store.Tx) (err error) {
		code, _, err = w.cards.Issue(tx, draft, "clerk", "kisfalud", e.Reference, e.Documents[0].Document)
		return err
	})
	return code
}

// state is the newest code of the card as the database has it.
func (w *world) state(e population.Entry) (c store.CardCode) {
	w.Helper()
	w.update(func(tx *store.Tx) error {
		codes, err := tx.CardCodesOf(e.Documents[0].Number)
		if err == nil {
			c = codes[0]
		}
		return err
	})
	return c
}

// stands ends the test unless the card's code is in the state.
func (w *world) stands(e population.Entry, want State) {
	w.Helper()
	if got := w.state(e); State(got.State) != want {
		w.Fatalf("the code is %s, not %s", got.State, want)
	}
}

// kinds counts the ledger's entries.
func (w *world) kinds() map[string]int {
	w.Helper()
	kinds := map[string]int{}
	w.update(func(tx *store.Tx) error {
		rows, err := tx.UnsequencedLedger(1000)
		for _, row := range rows {
			kinds[row.Kind]++
		}
		return err
	})
	return kinds
}

// account gives somebody one at a desk.
func (w *world) account(e population.Entry, username string) {
	w.Helper()
	w.update(func(tx *store.Tx) error {
		person, err := tx.SavePerson(string(e.Reference), e.Person)
		if err != nil {
			return err
		}
		_, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(username),
			Email: "desk@example.hu", Lang: "hu", ValidUntil: tx.Now.AddDate(1, 0, 0)})
		return err
	})
}

// check types document and code.
func check(b *roomtest.Browser, e population.Entry, code string) *roomtest.Browser {
	return b.Visit(checkPath).Submit("document", e.Documents[0].Number, "code", code)
}

var forCode = regexp.MustCompile(`name="for" value="([^"]*)"`)

// enter fills in the form that the browser is on.
func enter(b *roomtest.Browser, username string) *roomtest.Browser { return send(b, filled(username)) }

func send(b *roomtest.Browser, pairs []string) *roomtest.Browser {
	if found := forCode.FindStringSubmatch(b.Body); found != nil {
		pairs = append(pairs, "for", found[1])
	}
	return b.Post(formPath, pairs...)
}

func filled(username string) []string {
	return []string{"username", username, "email", "anna@posta.example", "email-again", "Anna@posta.example", "lang", "hu", "years", "3"}
}

// wrong is a well-formed code that is not this one.
func wrong(t *testing.T, right string) string {
	t.Helper()
	for {
		if c, err := papercode.New(); err != nil {
			t.Fatal(err)
		} else if c.Groups() != right {
			return c.Groups()
		}
	}
}

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestSamplesShowInBothLanguages(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	b, n := w.Browser(t), 0
	for _, s := range w.Shell.Samples() {
		if s.Room != "fromhome" {
			continue
		}
		n++
		for _, lang := range web.Langs {
			b.Visit(s.Path() + "?lang=" + string(lang)).See(http.StatusOK)
			if strings.Contains(b.Body, "fromhome.") || strings.Contains(b.Body, "no value") || strings.Contains(b.Body, "{{") {
				t.Errorf("%s in %s:\n%s", s.Path(), lang, b.Body)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d samples", n)
	}
}
