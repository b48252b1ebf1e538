// Package roomtest opens a small gateway with the rooms of signing in, on a real
// database and a real server, and walks through it as a browser does. It holds
// no fakes but one: a federation door that says what a service was told.
package roomtest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/method/mailcode"
	"kapu/internal/method/passkey"
	"kapu/internal/method/password"
	"kapu/internal/method/totp"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/registration/activation"
	"kapu/internal/revocation"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
	"kapu/internal/volatile"
	"kapu/internal/web"
)

// Issuer is the gateway's address in letters.
const Issuer = "http://kapu.example"

// Gateway is a gateway with the rooms of signing in.
type Gateway struct {
	DB         *store.DB
	Clock      *storetest.Clock
	Ring       *keys.Ring
	Shell      *web.Shell
	Broker     *broker.Broker
	Hasher     *password.Hasher
	Codes      registration.Activation
	Activation *activation.Room
	Passwords  *password.Room
	Passkeys   *passkey.Room
	Revocation *revocation.Room
	URL        string

	mux *http.ServeMux
}

// New opens a gateway on the database. The hasher is cheap unless one is given.
func New(t testing.TB, db *store.DB, clock *storetest.Clock, hasher ...*password.Hasher) *Gateway {
	t.Helper()
	g := &Gateway{DB: db, Clock: clock, Ring: storetest.Ring(t)}
	if g.Hasher = Hasher(t, password.Config{Params: Cheap}); len(hasher) > 0 {
		g.Hasher = hasher[0]
	}
	g.foundation(t)
	g.mux = http.NewServeMux()
	g.mount(t, g.mux)
	server := httptest.NewServer(g.Shell.Wrap(g.mux))
	t.Cleanup(server.Close)
	g.URL = server.URL
	return g
}

// Add opens another room of the gateway.
func (g *Gateway) Add(room interface{ Mount(*http.ServeMux) }) { room.Mount(g.mux) }

// Cheap are costs of hashing that keep tests quick.
var Cheap = password.Params{Memory: 64, Passes: 1, Threads: 1}

// Hasher makes a hasher, or ends the test.
func Hasher(t testing.TB, c password.Config) *password.Hasher {
	t.Helper()
	h, err := password.NewHasher(c)
	must(t, err)
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (g *Gateway) foundation(t testing.TB) {
	t.Helper()
	var err error
	g.Shell, err = web.New(web.Config{Issuer: Issuer, Now: g.Clock.Now, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	services, err := catalogue.New(nil)
	must(t, err)
	g.Broker = broker.New(broker.Config{
		DB: g.DB, Volatile: volatile.NewSQL(g.DB), Ring: g.Ring, Ledger: ledger.New(ledger.Config{DB: g.DB, Ring: g.Ring}),
		Law: law.Default(), Catalogue: services, Shell: g.Shell, Now: g.Clock.Now,
	})
	g.Codes = registration.Activation{Ring: g.Ring, Law: law.Default(), Link: Issuer + "/activate"}
}

func (g *Gateway) mount(t testing.TB, mux *http.ServeMux) {
	t.Helper()
	g.Passwords = password.New(password.RoomConfig{Broker: g.Broker, Hasher: g.Hasher, Gate: g.Gate(t, "password"), Home: Issuer + "/account"})
	g.Revocation = revocation.New(revocation.Config{Broker: g.Broker, Issuer: Issuer, Reopen: g.Codes.Reopen, Dispositions: disposition.Register{Ledger: g.Broker.Ledger, Home: Issuer + "/account"}})
	codes := totp.New(totp.Config{Broker: g.Broker, Gate: g.Gate(t, "totp"), Confirm: g.Passwords.Confirm, Revocation: g.Revocation.Link})
	mailed := mailcode.New(mailcode.Config{Broker: g.Broker, Gate: g.Gate(t, "mailcode"), Home: Issuer + "/account", Confirm: g.Passwords.Confirm, Revocation: g.Revocation.Link})
	g.Activation = activation.New(activation.Config{Broker: g.Broker, Gate: g.Gate(t, "activation"), Passwords: g.Passwords, RestCodes: mailcode.Rest(law.Default())})
	g.Passkeys = passkey.New(passkey.Config{Broker: g.Broker, Gate: g.Gate(t, "passkey"), Issuer: Issuer, Confirm: g.Passwords.Confirm, Revocation: g.Revocation.Link})
	g.Passwords.Shortcut = g.Passkeys.Shortcut
	for _, room := range []interface{ Mount(*http.ServeMux) }{g.Shell, g.Broker, g.Passwords, codes, mailed, g.Passkeys, g.Activation, g.Revocation} {
		room.Mount(mux)
	}
	g.Broker.AddDoor(door{})
	g.Shell.Handle(mux, "GET /service", g.service)
	g.Shell.Handle(mux, "GET /account", g.Broker.Require(law.NoLevel, account))
	mux.Handle("GET /gallery/", g.Shell.Gallery())
}

// Herald tells people what happened in their name. It is the broker's only in the tests that say so.
func (g *Gateway) Herald() *herald.Herald {
	return &herald.Herald{Config: herald.Config{
		DB: g.DB, Ledger: g.Broker.Ledger, Law: law.Default(), Ring: g.Ring, Now: g.Clock.Now, Home: Issuer + "/account",
		Link: g.Revocation.Report, Service: func(id, _ string) string { return id },
		Holder: func(*store.Tx, string) (nobody notify.Recipient, home string, err error) { return nobody, "", nil },
	}}
}

// Gate delays wrong attempts at one kind of secret.
func (g *Gateway) Gate(t testing.TB, purpose string) *throttle.Gate {
	t.Helper()
	gate, err := throttle.New(throttle.Config{Store: g.Broker.Volatile, Key: []byte(g.Ring.Digest("throttle", "key")), Purpose: purpose,
		Rules: throttle.RulesOf(law.Default()), Now: g.Clock.Now})
	must(t, err)
	return gate
}

// door answers a service by saying what it was told.
type door struct{}

// Name implements broker.Door.
func (door) Name() string { return "test" }

// Reply implements broker.Door.
func (door) Reply(w http.ResponseWriter, _ *http.Request, a broker.Answer) error {
	_, err := fmt.Fprintf(w, "service: error %q, method %q, account %q, references %q", a.Error, a.Achieved.Method.Name, a.Achieved.Account, a.Achieved.Method.AMR)
	return err
}

// service is a service that asks for somebody: at level substantial, with the
// username that it was given as hint.
func (g *Gateway) service(w http.ResponseWriter, r *http.Request) error {
	return g.Broker.Open(w, r, authn.Request{Door: "test", Level: law.Substantial, Hint: r.URL.Query().Get("hint")})
}

// account stands for the portal: it says who is signed in, and how strongly.
func account(w http.ResponseWriter, r *http.Request) error {
	c := broker.Of(r.Context())
	_, err := fmt.Fprintf(w, "portal: account %q, level %s", c.Session.Account(), c.Session.Level(c.Rules))
	return err
}

// Citizen is somebody with an account, and what they know.
type Citizen struct {
	identity.Account
	Password string
	Secret   totp.Secret      // with Plus
	Removal  totp.RemovalCode // with Plus
}

// Password is what citizens of a test choose.
const Password = "hét hosszú hajó halad"

// Citizen adds a person with an open account and a password.
func (g *Gateway) Citizen(t testing.TB, username string) Citizen {
	t.Helper()
	record, err := g.Hasher.Hash(context.Background(), Password)
	must(t, err)
	c := Citizen{Password: Password}
	must(t, g.DB.Update(context.Background(), func(tx *store.Tx) (err error) {
		if c.Account, err = tx.AddAccount(g.newAccount(t, tx, username, identity.Active)); err != nil {
			return err
		}
		return tx.PutCredential(store.Credential{Account: c.ID, Kind: password.Kind, Secret: record})
	}))
	return c
}

// Pending adds a person with an account that waits for its activation, whose
// code is in the outbox.
func (g *Gateway) Pending(t testing.TB, username string) Citizen {
	t.Helper()
	c := Citizen{Password: Password}
	must(t, g.DB.Update(context.Background(), func(tx *store.Tx) (err error) {
		if c.Account, err = tx.AddAccount(g.newAccount(t, tx, username, identity.Pending)); err != nil {
			return err
		}
		_, err = g.Codes.Issue(tx, c.Account, false)
		return err
	}))
	return c
}

// BirthPlace is where everybody in a test was born: a word to look for where it
// must not be.
const BirthPlace = "Pusztaszentlőrinc"

func (g *Gateway) newAccount(t testing.TB, tx *store.Tx, username string, state identity.AccountState) identity.Account {
	t.Helper()
	name := identity.Name{Family: "Próba", Given: username}
	person, err := tx.SavePerson("ref-"+username, identity.Person{CurrentName: name, Nationality: "HU", Core: identity.Core{BirthName: name,
		MotherBirthName: name, BirthPlace: BirthPlace, BirthDate: identity.Date{Year: 1980, Month: 4, Day: 9}}})
	must(t, err)
	return identity.Account{PersonID: person, State: state, Username: identity.Username(username),
		Email: emailOf(username), Lang: "hu", Office: "office", ValidUntil: g.Clock.Now().AddDate(5, 0, 0)}
}

// emailOf is the mailbox of a username; mail knows no accents.
func emailOf(username string) identity.Email {
	return identity.Email(strings.Map(func(c rune) rune {
		if c > unicode.MaxASCII {
			return 'x'
		}
		return c
	}, username) + "@posta.example")
}

// Plus gives the citizen Ügyfélkapu+.
func (g *Gateway) Plus(t testing.TB, c Citizen) Citizen {
	t.Helper()
	c.Secret, c.Removal = totp.NewSecret(), totp.NewRemovalCode()
	must(t, g.DB.Update(context.Background(), func(tx *store.Tx) error {
		return totp.Keep(tx, c.ID, c.Secret, 0, c.Removal, g.Ring.Pepper())
	}))
	return c
}

// Params are the shape of codes.
func Params(at time.Time) totp.Params {
	digits, period, skew := law.Default().TOTP(at)
	return totp.Params{Digits: digits, Period: period, Skew: skew}
}

// Code is what the app of a secret shows now.
func (g *Gateway) Code(s totp.Secret) string {
	return totp.Code(s, g.Clock.Now(), Params(g.Clock.Now()))
}
