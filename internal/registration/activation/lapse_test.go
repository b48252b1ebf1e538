package activation_test

import (
	"context"
	"errors"
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

// What is deleted must be gone from the disk itself, not only from the answers:
// the key of the person's data above all.
func TestNothingOfALapsedRegistrationIsLeft(t *testing.T) {
	storetest.EachAt(t, func(t *testing.T, dsn string) {
		clock := storetest.NewClock()
		db := storetest.Open(t, dsn, storetest.Ring(t), clock)
		g := roomtest.New(t, db, clock)
		anna := g.Pending(t, "KisAnna")
		kept(t, g, anna.ID)
		secrets := sealed(t, dsn, anna.PersonID)
		if !strings.Contains(storetest.Disk(t, dsn), secrets[0]) {
			t.Fatal("the test looks in the wrong place: the key is not there while it should be")
		}
		g.Clock.Advance(5 * day)
		lapse(t, g)
		g.Letters(t) // sent, and forgotten
		if err := db.Forget(context.Background()); err != nil {
			t.Fatal(err)
		}
		disk := storetest.Disk(t, dsn)
		for _, s := range append(secrets, "KisAnna", "Próba", string(anna.Email), roomtest.BirthPlace, "123456AA", "1980-04-09") {
			if strings.Contains(disk, s) {
				t.Errorf("left on the disk: %.20s…", s)
			}
		}
	})
}

// sealed is the wrapped key of the person and what is encrypted under it and beside it.
func sealed(t *testing.T, dsn, person string) []string {
	t.Helper()
	found := storetest.Sealed(t, dsn, person)
	for _, query := range []string{"SELECT digest FROM codes", "SELECT data FROM cases"} {
		found = append(found, storetest.Column(t, dsn, query)...)
	}
	return found
}
