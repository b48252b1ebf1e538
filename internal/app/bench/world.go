package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/method/totp"
	"kapu/internal/notify"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
)

const (
	clientID    = "bench"
	redirectURI = "http://127.0.0.1:1/callback" // nobody listens: the client takes the code out of the redirect
	password    = "Nyitva-a-kapu-26"
)

// world is what the client and the server of a measurement share, kept in
// world.json of its folder.
type world struct {
	Dir      string    `json:"dir"`
	Database string    `json:"database"`
	Issuer   string    `json:"issuer"`
	Listen   string    `json:"listen"`
	Secret   string    `json:"secret"` // of the client
	Citizens []citizen `json:"citizens"`
	Proxied  bool      `json:"proxied,omitempty"` // visitors say by X-Forwarded-For where they come from
	// Of the nightly work: how many accounts were made, and some of them to look up.
	Residents int      `json:"residents,omitempty"`
	Samples   []sample `json:"samples,omitempty"`

	verifier *oidc.IDTokenVerifier
}

type citizen struct {
	Username string `json:"username"`
	Key      string `json:"key"`

	secret totp.Secret
}

// sample is an account that is looked up.
type sample struct {
	ID       string `json:"id"`
	Username string `json:"username"`
}

const worldFile = "world.json"

func (w *world) keep() error {
	data, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.Dir, worldFile), data, 0o600)
}

// openWorld is the world of a folder, or a new one in it, at a free address.
func openWorld(dir, database string) (*world, error) {
	w, err := readWorld(dir)
	if errors.Is(err, os.ErrNotExist) {
		w, err = &world{Dir: dir, Database: database, Secret: keys.RandomToken()}, nil
		if database == "" {
			w.Database = "sqlite:" + filepath.Join(dir, "kapu.db")
		}
	}
	if err != nil {
		return nil, err
	}
	w.Listen, err = freeAddress()
	_, port, _ := strings.Cut(w.Listen, ":")
	w.Issuer = "http://localhost:" + port // a name: passkeys belong to names, not to addresses
	return w, err
}

// readWorld reads the world of a folder.
func readWorld(dir string) (*world, error) {
	data, err := os.ReadFile(filepath.Join(dir, worldFile))
	if err != nil {
		return nil, err
	}
	w := &world{}
	if err := json.Unmarshal(data, w); err != nil {
		return nil, err
	}
	for i := range w.Citizens {
		if w.Citizens[i].secret, err = totp.ParseSecret(w.Citizens[i].Key); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// parts are the gateway of a measurement: everything real but mail and the
// register, which no measured flow needs.
func (w *world) parts() (app.Parts, error) {
	ring, err := keys.OpenOrCreate(filepath.Join(w.Dir, "keys.json"), true)
	if err != nil {
		return app.Parts{}, err
	}
	return app.Parts{
		Issuer: w.Issuer, Database: w.Database, Ring: ring, Law: law.Default(), Services: w.services(ring),
		Population: population.New(population.Options{Size: 21}), Senders: map[string]notify.Sender{"mail": post{}}, Origin: "bench.kapu.example/ledger", Witness: filepath.Join(w.Dir, "ledger.heads"), Now: time.Now, Log: quiet, Proxied: w.Proxied,
	}, nil
}

// post is a mail server that takes its time and keeps nothing.
type post struct{}

// postTime is how long it takes a letter.
const postTime = 50 * time.Millisecond

// Send implements notify.Sender.
func (post) Send(ctx context.Context, _ notify.Outgoing) error { return rest(ctx, postTime) }

// settle makes the accounts of the measurement. All have one password, hashed
// once; each has a key of its own.
func (w *world) settle(ctx context.Context, accounts int) error {
	parts, err := w.parts()
	if err != nil {
		return err
	}
	a, err := app.New(ctx, parts)
	if err != nil {
		return err
	}
	defer a.Close()
	hash, err := a.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	people := population.New(population.Options{Size: accounts + besideCrowd}).In(population.Crowd)
	if len(people) < accounts {
		return fmt.Errorf("bench: the population has only %d people", len(people))
	}
	for from := 0; from < accounts; from += settleBatch {
		batch := people[from:min(from+settleBatch, accounts)]
		if err := a.DB.Update(ctx, func(tx *store.Tx) error { return w.addAll(tx, a, batch, from, hash) }); err != nil {
			return err
		}
	}
	return w.keep()
}

// besideCrowd is at least how many of a population have a part of their own.
const besideCrowd = 100

// settleBatch is how many accounts go in one transaction.
const settleBatch = 100

func (w *world) addAll(tx *store.Tx, a *app.App, people []population.Entry, from int, hash string) error {
	w.Citizens = w.Citizens[:from]
	for i, entry := range people {
		person, err := tx.SavePerson(string(entry.Reference), entry.Person)
		if err != nil {
			return err
		}
		name := username(from + i)
		account, err := tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(name),
			Email: identity.Email(fmt.Sprintf("bench%d@posta.example", from+i)), Lang: "hu", Activated: tx.Now, ValidUntil: tx.Now.AddDate(1, 0, 0)})
		if err != nil {
			return err
		}
		if err := tx.PutCredential(store.Credential{Account: account.ID, Kind: "password", Secret: hash}); err != nil {
			return err
		}
		secret := totp.NewSecret()
		if err := a.EquipPlus(tx, account.ID, secret); err != nil {
			return err
		}
		w.Citizens = append(w.Citizens, citizen{Username: name, Key: secret.Text(), secret: secret})
	}
	return nil
}

// username is the name of the citizen with that number.
func username(n int) string { return spelt("Meres", n) }

// spelt spells a number in letters after a word, since usernames have no digits.
func spelt(word string, n int) string {
	letters := []byte(word)
	for _, d := range fmt.Sprintf("%05d", n) {
		letters = append(letters, byte('a'+d-'0'))
	}
	return string(letters)
}
