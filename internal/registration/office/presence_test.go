package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/life"
	"kapu/internal/registration"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// village is a desk with people who have accounts, and clerks of two offices.
type village struct {
	desk   *Desk
	clock  *storetest.Clock
	people []population.Entry
	owners []identity.Account // of people, in their order
	clerks []Clerk
}

func newVillage(t *testing.T) *village {
	t.Helper()
	db, clock := storetest.SQLite(t)
	ring := storetest.Ring(t)
	people := population.New(population.Options{Now: clock.Now, Size: 60})
	book := ledger.New(ledger.Config{DB: db, Ring: ring})
	w := &village{clock: clock, people: people.In(population.Ordinary)[:3]}
	w.desk = New(Config{DB: db, Ledger: book, Law: law.Default(), Population: people, Now: clock.Now, Services: Services{
		Dispositions: disposition.Register{Ledger: book, Home: "https://kapu.example/account"},
		Life:         life.New(life.Config{DB: db, Ledger: book, Law: law.Default(), Ring: ring, Issuer: "https://kapu.example", Now: clock.Now}),
		ResetLetter: func(tx *store.Tx, _ identity.Account) (time.Time, error) {
			return tx.Now.Add(time.Hour), nil
		},
	}})
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for i, e := range append(slices.Clone(w.people), people.In(population.Clerk)[:2]...) {
			office := []string{"kisfalud", "nagyfalu"}[i%2]
			if err := tx.PutOffice(identity.Office{ID: office, Kind: identity.GovernmentWindow, Name: office}); err != nil {
				return err
			}
			person, err := tx.SavePerson(string(e.Reference), e.Person)
			if err != nil {
				return err
			}
			a, err := tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Office: office, Lang: "hu", ValidUntil: tx.Now.AddDate(4, 0, 0),
				Username: identity.Username("Ember" + string(rune('a'+i))), Email: identity.Email(fmt.Sprintf("e%d@example.hu", i))})
			if err != nil {
				return err
			}
			if i < len(w.people) {
				w.owners = append(w.owners, a)
			} else {
				w.clerks = append(w.clerks, Clerk{Account: a.ID, Person: person, Office: office})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// version is what the clerk's page would carry; a clerk without a visit makes one up.
func (w *village) version(k Clerk, a identity.Account) int64 {
	o, err := w.desk.Visited(context.Background(), k, a.ID)
	if err != nil {
		return 1
	}
	return o.Visit.Version
}

func (w *village) stated(i int) registration.Stated {
	e := w.people[i]
	s := statedOf(e.Person)
	s.Document = e.Documents[0].Document
	return s
}

// presenceOf says of which account, by which clerk, on which day an owner was proved.
type presenceOf struct {
	clerk, account string
	day            identity.Date
}

// TestNoActWithoutAPresence lets two clerks do anything in any order over days,
// and keeps book of whom they proved: acts succeed only after that, and what the
// ledger says agrees.
func TestNoActWithoutAPresence(t *testing.T) {
	w := newVillage(t)
	ctx := context.Background()
	acted := 0
	rapid.Check(t, func(rt *rapid.T) {
		proved := map[presenceOf]bool{}
		at := func(k Clerk, a identity.Account) presenceOf {
			return presenceOf{k.Account, a.ID, law.Day(w.clock.Now())}
		}
		w.clock.Advance(48 * time.Hour) // what the run before proved is over
		for range rapid.IntRange(3, 25).Draw(rt, "steps") {
			k := rapid.SampledFrom(w.clerks).Draw(rt, "clerk")
			i := rapid.IntRange(0, len(w.owners)-1).Draw(rt, "owner")
			a := w.owners[i]
			switch rapid.SampledFrom([]string{"receive", "prove", "prove", "other", "leave", "time", "act", "act", "act", "borrow"}).Draw(rt, "step") {
			case "receive":
				nothingWrong(rt, w.desk.Receive(ctx, k, a.ID, ""))
			case "prove":
				v, err := w.desk.Prove(ctx, k, a.ID, w.version(k, a), w.stated(i))
				if err == nil && v.Stands() == Present {
					proved[at(k, a)] = true
				}
			case "other": // somebody else's documents
				v, err := w.desk.Prove(ctx, k, a.ID, w.version(k, a), w.stated((i+1)%len(w.people)))
				if err == nil && v.Stands() == Present {
					rt.Fatal("somebody else was taken for the owner")
				}
				if err == nil {
					delete(proved, at(k, a))
				}
			case "leave":
				nothingWrong(rt, w.desk.Dismiss(ctx, k, a.ID))
				delete(proved, at(k, a))
			case "time":
				w.clock.Advance(time.Duration(rapid.IntRange(1, 30).Draw(rt, "hours")) * time.Hour)
			case "borrow": // a version that another clerk's page carries
				w.try(rt, k, a, w.version(w.clerks[0], a), proved[at(k, a)])
			case "act":
				if w.try(rt, k, a, w.version(k, a), proved[at(k, a)]) {
					acted++
				}
			}
		}
	})
	if acted == 0 {
		t.Error("nothing was ever done: the test tests nothing")
	}
	w.everyActWasProved(t)
}

func nothingWrong(rt *rapid.T, err error) {
	if err != nil {
		rt.Fatal(err)
	}
}

// dispositions are some of the changes that a desk records.
var dispositions = []disposition.Change{{Act: disposition.Forbid, Method: law.TOTP}, {Act: disposition.Allow, Method: law.TOTP},
	{Act: disposition.Least, Level: law.High}, {Act: disposition.Least}, {Act: disposition.Lock}, {Act: disposition.Unlock}}

// try does any act, and fails if it happens without a proof.
func (w *village) try(rt *rapid.T, k Clerk, a identity.Account, version int64, proved bool) (done bool) {
	o := Order{Act: rapid.SampledFrom(Acts()).Draw(rt, "act"), Reason: "request", Years: 5, Email: "uj@example.hu",
		Kind:   rapid.SampledFrom([]string{life.Delete, life.Email}).Draw(rt, "kind"),
		Change: rapid.SampledFrom(dispositions).Draw(rt, "disposition")}
	_, err := w.desk.Act(context.Background(), k, a.ID, version, o)
	switch {
	case err == nil && !proved:
		rt.Fatalf("%s happened without a presence", o.Act)
	case errors.Is(err, ErrAway) && proved:
		rt.Fatalf("%s was refused in spite of the presence", o.Act)
	}
	return err == nil
}

// everyActWasProved asks the ledger, which knows nothing of this test's book.
func (w *village) everyActWasProved(t *testing.T) {
	t.Helper()
	err := w.desk.DB.View(t.Context(), func(tx *store.Tx) error {
		for _, a := range w.owners {
			records, err := w.desk.Ledger.History(tx, a.PersonID, "", 1_000_000)
			if err != nil {
				return err
			}
			slices.Reverse(records)
			proved := map[string]identity.Date{} // by clerk: the day of the last check, if it agreed
			for _, r := range records {
				switch e := r.Event.(type) {
				case ledger.RegisterChecked:
					delete(proved, e.Clerk)
					if e.Verdict == verdictAgrees {
						proved[e.Clerk] = law.Day(r.At)
					}
				case ledger.DeskActed:
					if proved[e.Clerk] != law.Day(r.At) {
						t.Errorf("%s at %s: the ledger has no check of that day before it", e.Act, r.At)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
