package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

var anna = identity.Person{
	CurrentName: identity.Name{Family: "Őri", Given: "Anna Tünde"},
	Core: identity.Core{
		BirthName: identity.Name{Family: "Kiss", Given: "Anna"}, MotherBirthName: identity.Name{Family: "Nagy", Given: "Borbála"},
		BirthPlace: "Győr", BirthDate: identity.Date{Year: 1968, Month: time.March, Day: 14},
	},
	Address:     identity.Address{Country: "HU", PostalCode: "9021", Settlement: "Győr", Street: "Fő utca 3."},
	Nationality: "HU", PersonalID: "26803141234", TaxNumber: "8123456789", TAJ: "123456788",
}

func update(t testing.TB, db *store.DB, f func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *store.DB, f func(tx *store.Tx) error) {
	t.Helper()
	if err := db.View(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// account registers an active account of a person whom the register calls ref.
func account(t testing.TB, db *store.DB, ref, username, email string) identity.Account {
	t.Helper()
	var a identity.Account
	update(t, db, func(tx *store.Tx) error {
		person, err := tx.SavePerson(ref, anna)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(username),
			Email: identity.Email(email), Lang: "hu", Office: "kisfalud", ValidUntil: tx.Now.AddDate(5, 0, 0)})
		return err
	})
	return a
}

func TestAPersonIsKeptWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		var first, second string
		update(t, db, func(tx *store.Tx) (err error) { first, err = tx.SavePerson("ref-1", anna); return err })
		moved := anna
		moved.Address.Street = "Új utca 1."
		update(t, db, func(tx *store.Tx) (err error) { second, err = tx.SavePerson("ref-1", moved); return err })
		if first != second {
			t.Error("the same reference became two persons")
		}
		view(t, db, func(tx *store.Tx) error {
			got, err := tx.Person(first)
			if diff := cmp.Diff(moved, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

func TestAUsernameTakenOnlyInCaseIsTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		a := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
		view(t, db, func(tx *store.Tx) error {
			if _, err := tx.AccountByUsername("kisanna"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("signing in must be exact: %v", err)
			}
			if taken, err := tx.UsernameTaken("kisANNA"); err != nil || !taken {
				t.Errorf("UsernameTaken = %v, %v", taken, err)
			}
			got, err := tx.AccountByUsername("KisAnna")
			if got.ID != a.ID || got.Email != "anna@example.hu" {
				t.Errorf("AccountByUsername = %+v", got)
			}
			return err
		})
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			_, err := tx.AddAccount(identity.Account{PersonID: a.PersonID, Username: "kisanna", Email: "x@example.hu"})
			return err
		})
		if !errors.Is(err, store.ErrTaken) {
			t.Errorf("AddAccount = %v", err)
		}
	})
}

func TestAccountsAreFoundAndPaged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		const all = 7
		for i := range all {
			account(t, db, fmt.Sprint("ref-", i), "Polgar"+string(rune('a'+i)), fmt.Sprintf("p%d@example.hu", i))
		}
		find := func(s store.AccountSearch) (found []identity.Account) {
			view(t, db, func(tx *store.Tx) (err error) { found, err = tx.FindAccounts(s); return err })
			return found
		}
		seen := map[string]bool{}
		for after := ""; ; {
			page := find(store.AccountSearch{Office: "kisfalud", After: after, Limit: 3})
			for _, a := range page {
				if seen[a.ID] {
					t.Errorf("%s came twice", a.Username)
				}
				seen[a.ID] = true
			}
			if len(page) < 3 {
				break
			}
			after = page[2].ID
		}
		if len(seen) != all {
			t.Errorf("paged through %d of %d", len(seen), all)
		}
		if got := find(store.AccountSearch{Email: "P3@EXAMPLE.hu", Limit: 5}); len(got) != 1 || got[0].Username != "Polgard" {
			t.Errorf("by e-mail: %+v", got)
		}
		if got := find(store.AccountSearch{BirthName: identity.Name{Family: "KISS", Given: "anna"}, BirthDate: anna.BirthDate, Limit: 50}); len(got) != all {
			t.Errorf("by birth: %d", len(got))
		}
		if got := find(store.AccountSearch{Office: "elsewhere", Limit: 5}); len(got) != 0 {
			t.Errorf("another office's: %+v", got)
		}
	})
}

func TestACodeIsSpentOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		a := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
		put := func(digest string) {
			update(t, db, func(tx *store.Tx) error {
				return tx.PutCode(store.Code{Account: a.ID, Purpose: "activation", Digest: digest, Expires: tx.Now.Add(time.Hour)})
			})
		}
		put("one")
		put("two")
		var code store.Code
		view(t, db, func(tx *store.Tx) (err error) { code, err = tx.Code(a.ID, "activation"); return err })
		if code.Digest != "two" {
			t.Errorf("a new code must replace the old: %q", code.Digest)
		}
		clock.Advance(time.Hour)
		view(t, db, func(tx *store.Tx) error {
			lapsed, err := tx.LapsedCodes("activation", 10)
			if len(lapsed) != 1 || lapsed[0].Account != a.ID {
				t.Errorf("lapsed: %+v", lapsed)
			}
			return err
		})
		update(t, db, func(tx *store.Tx) error { return tx.SpendCode(code.ID) })
		if err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.SpendCode(code.ID) }); !errors.Is(err, store.ErrStale) {
			t.Errorf("spent twice: %v", err)
		}
	})
}

func TestAStepOfAOneTimeCodeIsSpentOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		a := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
		var c store.Credential
		update(t, db, func(tx *store.Tx) error {
			return tx.PutCredential(store.Credential{Account: a.ID, Kind: "totp", Secret: "s3cret", Counter: 10})
		})
		view(t, db, func(tx *store.Tx) (err error) { c, err = tx.Credential(a.ID, "totp"); return err })
		if c.Secret != "s3cret" {
			t.Errorf("secret = %q", c.Secret)
		}
		var wg sync.WaitGroup
		won := make(chan bool, 8)
		for range 8 {
			wg.Go(func() {
				won <- db.Update(context.Background(), func(tx *store.Tx) error { return tx.SpendStep(c.ID, 11) }) == nil
			})
		}
		wg.Wait()
		close(won)
		n := 0
		for w := range won {
			if w {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d of 8 spent the same step", n)
		}
	})
}

func TestASavedCaseDetectsASecondTab(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		var c store.Case
		update(t, db, func(tx *store.Tx) (err error) {
			c, err = tx.AddCase(store.Case{Channel: "office", Office: "kisfalud", State: "data", Data: []byte(`{"a":1}`), Name: anna.BirthName})
			return err
		})
		mine, theirs := c, c
		mine.State = "checked"
		update(t, db, func(tx *store.Tx) (err error) { mine, err = tx.SaveCase(mine); return err })
		if err := db.Update(context.Background(), func(tx *store.Tx) error { _, err := tx.SaveCase(theirs); return err }); !errors.Is(err, store.ErrStale) {
			t.Errorf("SaveCase = %v", err)
		}
		view(t, db, func(tx *store.Tx) error {
			found, err := tx.FindCases(store.CaseSearch{Office: "kisfalud", Name: identity.Name{Family: "kiss", Given: "ANNA"}, Limit: 5})
			if len(found) != 1 || found[0].State != "checked" || string(found[0].Data) != `{"a":1}` {
				t.Errorf("%+v", found)
			}
			return err
		})
	})
}

func TestAMessageIsClaimedByOneProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		for range 10 {
			update(t, db, func(tx *store.Tx) error {
				return tx.Post(store.Message{Medium: "mail", Recipient: "anna@example.hu", Template: "t", Lang: "hu", Data: []byte("{}")})
			})
		}
		var mu sync.Mutex
		seen := map[string]int{}
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				update(t, db, func(tx *store.Tx) error {
					got, err := tx.ClaimMessages(3, time.Minute)
					mu.Lock()
					defer mu.Unlock()
					for _, m := range got {
						seen[m.ID]++
					}
					return err
				})
			})
		}
		wg.Wait()
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s was claimed %d times", id, n)
			}
		}
		clock.Advance(2 * time.Minute)
		update(t, db, func(tx *store.Tx) error {
			got, err := tx.ClaimMessages(100, time.Minute)
			if len(got) != 10 {
				t.Errorf("%d came back after the claims ran out", len(got))
			}
			return err
		})
	})
}

func TestDeletingTheLastAccountErasesThePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		a, b := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-1", "NagyAnna", "anna@example.hu")
		update(t, db, func(tx *store.Tx) error {
			if err := tx.DeleteAccount(a.ID); err != nil {
				return err
			}
			erased, err := tx.ErasePerson(a.PersonID)
			if erased {
				t.Error("a person with an account was erased")
			}
			return err
		})
		update(t, db, func(tx *store.Tx) error {
			if err := tx.DeleteAccount(b.ID); err != nil {
				return err
			}
			erased, err := tx.ErasePerson(b.PersonID)
			if !erased {
				t.Error("a person without an account was kept")
			}
			return err
		})
		view(t, db, func(tx *store.Tx) error {
			if _, err := tx.PersonalKey(a.PersonID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the person's key is still there: %v", err)
			}
			return nil
		})
	})
}

func TestNoPersonalDataInTheFile(t *testing.T) {
	dsn := storetest.SQLiteDSN(t)
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: storetest.Ring(t), Now: storetest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	a := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
	update(t, db, func(tx *store.Tx) error {
		if err := tx.Post(store.Message{Medium: "mail", Recipient: "anna@example.hu", Data: []byte(`{"code":"Borbála"}`)}); err != nil {
			return err
		}
		_, err := tx.AddCase(store.Case{Office: "kisfalud", Account: a.ID, Data: []byte("Borbála"), Name: anna.BirthName})
		return err
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(strings.TrimPrefix(dsn, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"KisAnna", "kisanna", "anna@example.hu", "Borbála", "Tünde", "Győr", "1968-03-14", "8123456789", "ref-1"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("%q lies in the file in clear", secret)
		}
	}
	if !strings.Contains(string(raw), "kisfalud") {
		t.Error("the office is not in the file: the test reads nothing")
	}
}

func TestManyWritersNeverFindItLocked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		a := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for n := range 25 {
					key := fmt.Sprintf("k%d-%d", i, n)
					if err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.PutVolatile(key, []byte("v"), tx.Now.Add(time.Hour)) }); err != nil {
						t.Error(err)
					}
					if err := db.View(context.Background(), func(tx *store.Tx) error { _, err := tx.Standing(a.ID); return err }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		wrong := errors.New("wrong")
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			if _, err := tx.SavePerson("ref-1", anna); err != nil {
				return err
			}
			return wrong
		})
		if !errors.Is(err, wrong) {
			t.Fatal(err)
		}
		view(t, db, func(tx *store.Tx) error {
			if _, err := tx.PersonByReference("ref-1"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("PersonByReference = %v", err)
			}
			return nil
		})
	})
}

func TestAnUnknownAddressIsRefused(t *testing.T) {
	if _, err := store.Open(context.Background(), "mysql://x", store.Options{}); err == nil {
		t.Error("opened")
	}
}
