package activation_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func lapse(t *testing.T, g *roomtest.Gateway) {
	t.Helper()
	if err := g.Activation.Lapse(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// count is how many accounts and persons there are.
func count(t *testing.T, g *roomtest.Gateway) (accounts, persons int64) {
	t.Helper()
	err := g.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		accounts, persons, err = tx.CountAccounts()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return accounts, persons
}

// kept is a case that led to the account, as the desk leaves it.
func kept(t *testing.T, g *roomtest.Gateway, account string) (id string) {
	t.Helper()
	update(t, g, func(tx *store.Tx) error {
		c, err := tx.AddCase(store.Case{Channel: "office", Office: "office", State: "finished", Account: account, Data: []byte(`{"paper":{"document":"123456AA"}}`)})
		id = c.ID
		return err
	})
	return id
}

func TestLapse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Pending(t, "KisAnna")
		file := kept(t, g, anna.ID)
		g.Letters(t)
		g.Clock.Advance(5*day - time.Second)
		lapse(t, g)
		if accounts, _ := count(t, g); accounts != 1 {
			t.Fatal("deleted before its time")
		}
		g.Clock.Advance(time.Second)
		lapse(t, g)
		lapse(t, g) // again, and nothing more happens
		if accounts, persons := count(t, g); accounts != 0 || persons != 0 {
			t.Errorf("%d accounts and %d persons left", accounts, persons)
		}
		letters := g.Letters(t)
		if len(letters) != 1 || letters[0].Kind != "registration-lapsed" || letters[0].To != string(anna.Email) {
			t.Errorf("letters: %v", letters)
		}
		if events := g.Events(t, anna.PersonID); len(events) != 1 || events[0] != "registration.lapsed" {
			t.Errorf("ledger: %v", events)
		}
		update(t, g, func(tx *store.Tx) error {
			c, err := tx.Case(file)
			if c.State != "lapsed" || len(c.Data) > 0 {
				t.Errorf("case: %s, %s", c.State, c.Data)
			}
			return err
		})
		again := g.Pending(t, "KisAnna") // the name is free
		if again.ID == anna.ID {
			t.Error("the same account")
		}
	})
}

func TestLapseLeavesOthersAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		active := g.Citizen(t, "NyitottAnna")
		closed := g.Citizen(t, "ZárAnna")
		second := active.Account
		second.State, second.Username, second.Email = identity.Pending, "MásodikAnna", "masodik@posta.example"
		update(t, g, func(tx *store.Tx) (err error) {
			if err := tx.CloseAccount(closed.ID); err != nil {
				return err
			}
			if _, err := g.Codes.Reopen(tx, closed.Account); err != nil {
				return err
			}
			if second, err = tx.AddAccount(second); err != nil {
				return err
			}
			_, err = g.Codes.Issue(tx, second, false)
			return err
		})
		g.Clock.Advance(5 * day)
		lapse(t, g)
		if accounts, persons := count(t, g); accounts != 2 || persons != 2 {
			t.Errorf("%d accounts and %d persons, not 2 and 2", accounts, persons)
		}
		if a := account(t, g, closed.ID); a.State != identity.Closed {
			t.Errorf("the closed account is %s", a.State)
		}
		update(t, g, func(tx *store.Tx) error {
			if _, err := tx.Code(closed.ID, "activation"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("its code is still there: %v", err)
			}
			_, err := tx.Person(active.PersonID)
			return err
		})
	})
}

func TestLapseInBatches(t *testing.T) {
	g := open(t)
	for i := range 130 {
		g.Pending(t, "Tömeg"+string(rune('a'+i/26))+string(rune('a'+i%26)))
	}
	g.Clock.Advance(5 * day)
	lapse(t, g)
	if accounts, persons := count(t, g); accounts != 0 || persons != 0 {
		t.Errorf("%d accounts and %d persons left", accounts, persons)
	}
}

func TestActivatedInTimeDoesNotLapse(t *testing.T) {
	g := open(t)
	anna := g.Pending(t, "KisAnna")
	b := g.Browser(t).Visit("/activate").Submit("username", "KisAnna", "code", g.Letter(t, "activation-code").Code)
	b.Submit("password", anna.Password).At("/signin/enrol/totp")
	g.Clock.Advance(6 * day)
	lapse(t, g)
	if a := account(t, g, anna.ID); a.State != identity.Active {
		t.Errorf("account is %s", a.State)
	}
}

// What is deleted must be gone from the file itself, not only from the answers:
// the key of the person's data above all.
func TestNothingOfALapsedRegistrationIsLeftInTheFile(t *testing.T) {
	dsn, clock := storetest.SQLiteDSN(t), storetest.NewClock()
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: storetest.Ring(t), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	g := roomtest.New(t, db, clock)
	anna := g.Pending(t, "KisAnna")
	kept(t, g, anna.ID)
	path := strings.TrimPrefix(dsn, "sqlite:")
	secrets := sealed(t, path)
	if raw := read(t, path); !bytes.Contains(raw, []byte(secrets[0])) {
		t.Fatal("the test looks in the wrong place: the key is not there while it should be")
	}
	g.Clock.Advance(5 * day)
	lapse(t, g)
	g.Letters(t) // sent, and forgotten
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw := read(t, path)
	for _, s := range append(secrets, "KisAnna", "Próba", string(anna.Email), roomtest.BirthPlace, "123456AA", "1980-04-09") {
		if bytes.Contains(raw, []byte(s)) {
			t.Errorf("left in the file: %.20s…", s)
		}
	}
}

// sealed is the wrapped key of the person and what is encrypted under it and beside it.
func sealed(t *testing.T, path string) (found []string) {
	t.Helper()
	outside, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Close()
	for _, query := range []string{
		"SELECT key FROM persons", "SELECT birth_place FROM persons", "SELECT username FROM accounts", "SELECT email FROM accounts",
		"SELECT username_index FROM accounts", "SELECT digest FROM codes", "SELECT data FROM cases",
	} {
		var s string
		if err := outside.QueryRow(query).Scan(&s); err != nil {
			t.Fatal(err)
		}
		found = append(found, s)
	}
	return found
}

// read is everything on the disk: the file and its log.
func read(t *testing.T, path string) (all []byte) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw...)
	}
	return all
}

// An account that was in use before it had to be activated anew ends like one in
// use: its name rests, and a tombstone tells that there was one.
func TestLapseOfAnAccountThatWasInUse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Citizen(t, "KisAnna")
		update(t, g, func(tx *store.Tx) error {
			if err := errors.Join(tx.CloseAccount(anna.ID), tx.Activate(anna.ID, anna.ValidUntil), tx.AwaitActivation(anna.ID)); err != nil {
				return err
			}
			waiting, err := tx.Account(anna.ID)
			if err != nil {
				return err
			}
			_, err = g.Codes.Issue(tx, waiting, false)
			return err
		})
		file := kept(t, g, anna.ID)
		g.Clock.Advance(5 * day)
		lapse(t, g)
		update(t, g, func(tx *store.Tx) error {
			taken, err := tx.UsernameTaken("kisanna")
			grave, missing := tx.Tombstone(anna.ID)
			c, _ := tx.Case(file)
			if !taken || missing != nil || grave.Reason != "lapsed" || c.State != "lapsed" || len(c.Data) > 0 {
				t.Errorf("taken %t, %+v, case %s", taken, grave, c.State)
			}
			return err
		})
		if accounts, persons := count(t, g); accounts != 0 || persons != 0 {
			t.Errorf("%d accounts and %d persons left", accounts, persons)
		}
	})
}
