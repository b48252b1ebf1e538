package provisional

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
)

// world is a gateway with the room of this package.
type world struct {
	*roomtest.Gateway
	t    *testing.T
	room *Room
}

func on(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	g := roomtest.New(t, db, clock)
	gate, err := throttle.New(throttle.Config{Store: g.Broker.Volatile, Key: []byte(g.Ring.Digest("throttle", "provisional")), Purpose: "provisional",
		Rules: throttle.RulesOf(law.Default()), Now: g.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	room := New(Config{Broker: g.Broker, Gate: gate, Passwords: g.Passwords, Link: roomtest.Issuer + CodePath})
	g.Add(room)
	return &world{g, t, room}
}

func open(t *testing.T) *world {
	t.Helper()
	db, clock := storetest.SQLite(t)
	return on(t, db, clock)
}

// serve puts services into the catalogue.
func (w *world) serve(services ...*catalogue.Service) {
	w.t.Helper()
	if err := w.Broker.Catalogue.Replace(services); err != nil {
		w.t.Fatal(err)
	}
}

const wait = 20 * time.Second // law.ProvisionalWait

// agnes is a form in which nothing is wrong.
func agnes(change ...string) map[string]string {
	v := map[string]string{
		"birth-family": "Próba", "birth-given": "Ágnes", "mother-family": "Minta", "mother-given": "Éva",
		"birth-place": "Hódmezővásárhely", "birth-date": "1968. 03. 14.", "nationality": "HU",
		"username": "ŐsziEső", "email": "agnes@posta.example", "lang": "hu",
	}
	for i := 0; i < len(change); i += 2 {
		v[change[i]] = change[i+1]
	}
	return v
}

func pairs(v map[string]string) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		all = append(all, name, v[name])
	}
	return all
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z-]+)" value="([^"]*)">`)

// carry is the form with what the page it is on carries.
func carry(b *roomtest.Browser, v map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range hiddenField.FindAllStringSubmatch(b.Body, -1) {
		all[m[1]] = m[2]
	}
	maps.Copy(all, v)
	return all
}

// submit sends the form of the page the browser is on.
func submit(b *roomtest.Browser, v map[string]string) *roomtest.Browser {
	return b.Post(dataPath, pairs(carry(b, v))...)
}

// begin opens the form, waits and sends it.
func (w *world) begin(b *roomtest.Browser, v map[string]string) *roomtest.Browser {
	w.t.Helper()
	b.Visit(dataPath).See(200, `name="challenge"`)
	w.Clock.Advance(wait)
	return submit(b, v)
}

// prove begins, and types the code of the letter.
func (w *world) prove(b *roomtest.Browser, v map[string]string) *roomtest.Browser {
	w.t.Helper()
	w.begin(b, v).At(CodePath)
	return b.Submit("code", w.Letter(w.t, "provisional-code").Code).At(passwordPath)
}

// solve computes what the script of a page computes.
func solve(t *testing.T, b *roomtest.Browser) string {
	t.Helper()
	m := regexp.MustCompile(`data-nonce="([^"]+)" data-bits="(\d+)"`).FindStringSubmatch(b.Body)
	if m == nil {
		t.Fatalf("no work on the page:\n%s", b.Body)
	}
	bits, _ := strconv.Atoi(m[2])
	c := challenge{Nonce: m[1]}
	for n := 0; ; n++ {
		if answer := strconv.Itoa(n); c.work(answer) >= bits {
			return answer
		}
	}
}

func (w *world) account(username string) (a identity.Account, found bool) {
	w.t.Helper()
	err := w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		a, err = tx.AccountByUsername(identity.Username(username))
		return err
	})
	if err != nil && err != store.ErrNotFound {
		w.t.Fatal(err)
	}
	return a, err == nil
}

// people is how many accounts and persons there are.
func (w *world) people() (accounts, persons int64) {
	w.t.Helper()
	err := w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		accounts, persons, err = tx.CountAccounts()
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return accounts, persons
}
