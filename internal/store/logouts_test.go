package store_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// due claims what is due, and returns it as "session service", in order.
func due(t *testing.T, db *store.DB, limit int) (names []string) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		claimed, err := tx.ClaimLogouts("", limit, time.Minute)
		for _, l := range claimed {
			names = append(names, l.Session+" "+l.Service)
			if l.Ended.IsZero() || l.Ended.After(tx.Now) {
				t.Errorf("%s ended at %v", l.Session, l.Ended)
			}
		}
		return err
	})
	slices.Sort(names)
	return names
}

func TestHoweverSessionsEndServicesAreTold(t *testing.T) {
	ends := map[string]func(tx *store.Tx, a identity.Account) error{
		"signing out":           func(tx *store.Tx, a identity.Account) error { return tx.EndSession("of " + a.ID) },
		"another password":      func(tx *store.Tx, a identity.Account) error { return tx.EndSessions(a.ID) },
		"closing":               func(tx *store.Tx, a identity.Account) error { return tx.CloseAccount(a.ID) },
		"registering anew":      func(tx *store.Tx, a identity.Account) error { return tx.AwaitActivation(a.ID) },
		"deletion and expiry":   func(tx *store.Tx, a identity.Account) error { return tx.EndAccount(a, "expired", tx.Now) },
		"a factor is taken off": func(tx *store.Tx, a identity.Account) error { return tx.RemoveCredential(a.ID, "totp") },
		"a person is checked": func(tx *store.Tx, a identity.Account) error {
			return tx.FinaliseAccount(a.ID, a.PersonID, "kisfalud", tx.Now.AddDate(1, 0, 0))
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
				a := provisional(t, db, anna, "KisAnna")
				other := provisional(t, db, anna, "NagyBéla")
				update(t, db, func(tx *store.Tx) error {
					err := tx.PutCredential(store.Credential{Account: a.ID, Kind: "totp", Secret: "x"})
					for _, one := range []identity.Account{a, other} {
						for _, service := range []string{"tax", "tax"} { // reached twice, told once
							l := store.Logout{Session: "of " + one.ID, Service: service, Account: one.ID, Person: one.PersonID}
							err = errors.Join(err, tx.AwaitLogout(l, tx.Now.Add(time.Hour)))
						}
					}
					return err
				})
				clock.Advance(time.Second)
				if got := due(t, db, 10); got != nil {
					t.Fatalf("told before the end: %q", got)
				}
				update(t, db, func(tx *store.Tx) error { return end(tx, a) })
				clock.Advance(time.Hour) // over by itself, but that does not matter any more
				update(t, db, func(tx *store.Tx) error {
					n, err := tx.SweepLogouts(10)
					if n != 1 {
						t.Errorf("swept %d, want only the session that nobody ended", n)
					}
					return err
				})
				if diff := cmp.Diff([]string{"of " + a.ID + " tax"}, due(t, db, 10)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestALogoutIsClaimedByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		const all = 20
		update(t, db, func(tx *store.Tx) error {
			for i := range all {
				l := store.Logout{Session: strconv.Itoa(i), Service: "tax", Account: "a", Person: "p"}
				if err := errors.Join(tx.AwaitLogout(l, tx.Now), tx.EndSession(l.Session)); err != nil {
					return err
				}
			}
			return nil
		})
		var mu sync.Mutex
		seen := map[string]int{}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					var some []store.Logout
					err := db.Update(context.Background(), func(tx *store.Tx) (err error) {
						some, err = tx.ClaimLogouts("", 3, time.Minute)
						return err
					})
					if err != nil {
						t.Error(err)
					}
					if len(some) == 0 {
						return
					}
					mu.Lock()
					for _, l := range some {
						seen[l.Session]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(seen) != all {
			t.Errorf("%d of %d were claimed", len(seen), all)
		}
		for session, n := range seen {
			if n != 1 {
				t.Errorf("%s was claimed %d times", session, n)
			}
		}
		clock.Advance(time.Minute)
		if got := due(t, db, 5); len(got) != 5 {
			t.Errorf("what a dead process held never came back: %q", got)
		}
	})
}

func TestAServiceThatIsSilentWaitsAndIsGivenUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		update(t, db, func(tx *store.Tx) (err error) {
			for _, service := range []string{"tax", "town", "desk"} {
				err = errors.Join(err, tx.AwaitLogout(store.Logout{Session: "s", Service: service, Account: "a"}, tx.Now),
					tx.AwaitLogout(store.Logout{Session: "t", Service: service, Account: "b"}, tx.Now))
			}
			return errors.Join(err, tx.EndSession("s"))
		})
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.PostponeLogouts("", "tax", tx.Now.Add(time.Hour)),
				tx.PostponeLogout(store.Logout{Session: "s", Service: "town"}, tx.Now.Add(time.Minute)),
				tx.PostponeLogout(store.Logout{Session: "t", Service: "town"}, tx.Now.Add(-time.Minute))) // lives: nothing to postpone
		})
		if diff := cmp.Diff([]string{"s desk"}, due(t, db, 10)); diff != "" {
			t.Error(diff)
		}
		clock.Advance(time.Hour)
		update(t, db, func(tx *store.Tx) error {
			n, err := tx.GiveUpLogouts("", "tax", tx.Now.Add(-time.Hour))
			if n != 1 {
				t.Errorf("gave up %d", n)
			}
			waiting, fault := tx.CountLogouts()
			if waiting != 2 {
				t.Errorf("%d wait", waiting)
			}
			return errors.Join(err, fault, tx.ForgetLogout(store.Logout{Session: "s", Service: "town"}))
		})
		if diff := cmp.Diff([]string{"s desk"}, due(t, db, 10)); diff != "" {
			t.Error(diff)
		}
	})
}
