package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func apply(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func TestOfManyWhoRotateAFamilyOneDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		apply(t, db, func(tx *store.Tx) error { return tx.AddFamily("g", tx.Now.Add(time.Hour)) })
		clock.Advance(time.Second)
		var done atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := db.Apply(context.Background(), func(tx *store.Tx) error { return tx.RotateFamily("g", 0) })
				if err == nil {
					done.Add(1)
				} else if !errors.Is(err, store.ErrStale) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		apply(t, db, func(tx *store.Tx) error {
			f, err := tx.Family("g")
			if done.Load() != 1 || f.Generation != 1 || !f.Rotated.Equal(clock.Now()) {
				t.Errorf("%d rotated it, it is %+v", done.Load(), f)
			}
			return err
		})
	})
}

func TestAnEndedGrantTakesItsFamilyAlong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		soon := clock.Now().Add(time.Hour)
		apply(t, db, func(tx *store.Tx) error { return tx.AddFamily("g", soon) })
		apply(t, db, func(tx *store.Tx) error { return errors.Join(tx.EndGrant("g", soon), tx.EndGrant("session", soon)) })
		apply(t, db, func(tx *store.Tx) error {
			if _, err := tx.Family("g"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the family is still there: %v", err)
			}
			for _, c := range []struct {
				grant, session string
				want           bool
			}{{"g", "", true}, {"g", "other", true}, {"h", "session", true}, {"h", "other", false}, {"h", "", false}} {
				if got, err := tx.GrantEnded(c.grant, c.session); err != nil || got != c.want {
					t.Errorf("GrantEnded(%q, %q) = %t, %v", c.grant, c.session, got, err)
				}
			}
			_, _, err := tx.StandingOf("nobody", "g", "")
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the standing of nobody: %v", err)
			}
			return nil
		})
	})
}

// The sweep takes what is over, a batch at a time, and nothing else; ending a
// grant again never shortens how long that is remembered.
func TestGrantsAreSwept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		apply(t, db, func(tx *store.Tx) error {
			for _, id := range []string{"a", "b", "c"} {
				if err := errors.Join(tx.AddFamily(id, tx.Now.Add(time.Minute)), tx.EndGrant("ended-"+id, tx.Now.Add(time.Minute))); err != nil {
					return err
				}
			}
			return errors.Join(tx.AddFamily("later", tx.Now.Add(time.Hour)), tx.EndGrant("long", tx.Now.Add(time.Hour)), tx.EndGrant("long", tx.Now))
		})
		clock.Advance(time.Minute)
		for _, want := range []int64{4, 2, 0} {
			apply(t, db, func(tx *store.Tx) error {
				n, err := tx.SweepGrants(2)
				if n != want {
					t.Errorf("swept %d, want %d", n, want)
				}
				return err
			})
		}
		apply(t, db, func(tx *store.Tx) error {
			ended, err := tx.GrantEnded("long", "")
			_, missing := tx.Family("later")
			if !ended || missing != nil {
				t.Errorf("swept what still counts: %t, %v", ended, missing)
			}
			return err
		})
	})
}

// What is read by one question is what is read by several.
func TestStandingWith(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		who := identity.Person{CurrentName: identity.Name{Family: "Kis", Given: "Anna"}, TaxNumber: "8000000001",
			Core: identity.Core{BirthDate: identity.Date{Year: 1980, Month: 2, Day: 29}}}
		var a identity.Account
		apply(t, db, func(tx *store.Tx) error {
			id, err := tx.SavePerson("ref", who)
			if err != nil {
				return err
			}
			if err := tx.AddFamily("g", tx.Now.Add(time.Hour)); err != nil {
				return err
			}
			a, err = tx.AddAccount(identity.Account{PersonID: id, State: identity.Active, Username: "kisanna", Email: "a@posta.example", Lang: "hu", ValidUntil: tx.Now.AddDate(1, 0, 0)})
			if err != nil {
				return err
			}
			return errors.Join(tx.PutCredential(store.Credential{Account: a.ID, Kind: "totp", Secret: "x"}), tx.PutCredential(store.Credential{Account: a.ID, Kind: "password", Secret: "x"}))
		})
		family := func(tx *store.Tx) (authn.Standing, error) {
			s, _, f, err := tx.StandingInFamily(a.ID, "g", "")
			if err == nil && (f.Generation != 0 || !f.Rotated.Equal(clock.Now())) {
				t.Errorf("%+v", f)
			}
			return s, err
		}
		apply(t, db, func(tx *store.Tx) error {
			want, err := tx.Standing(a.ID)
			if err != nil {
				return err
			}
			got, err := family(tx)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
		for _, end := range []bool{false, true} {
			if end {
				apply(t, db, func(tx *store.Tx) error { return tx.EndGrant("g", tx.Now.Add(time.Hour)) })
			}
			apply(t, db, func(tx *store.Tx) error {
				want, err := tx.Standing(a.ID)
				if err != nil {
					return err
				}
				want.Has = nil
				if _, err := family(tx); end != errors.Is(err, store.ErrNotFound) {
					t.Errorf("family: %v", err)
				}
				alone, ended, err := tx.StandingOf(a.ID, "g", "")
				if err != nil {
					return err
				}
				together, endedToo, sealed, err := tx.StandingWith(a.ID, "g", "")
				if err != nil {
					return err
				}
				got, err := sealed.Person()
				if err != nil {
					return err
				}
				email, err := sealed.Email()
				if email != "a@posta.example" {
					t.Errorf("address %q", email)
				}
				if diff := cmp.Diff([]authn.Standing{want, want}, []authn.Standing{alone, together}); diff != "" || ended != end || endedToo != end || got.TaxNumber != who.TaxNumber {
					t.Errorf("%s\n%t, %t, %+v", diff, ended, endedToo, got)
				}
				return err
			})
		}
		apply(t, db, func(tx *store.Tx) error {
			if _, _, _, err := tx.StandingWith("nobody", "g", ""); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("of nobody: %v", err)
			}
			return nil
		})
	})
}

// What a crash may empty is written without a log; nothing else is.
func TestTablesWithoutLog(t *testing.T) {
	dsn := storetest.PostgresDSN(t)
	storetest.Open(t, dsn, storetest.Ring(t), storetest.NewClock())
	got := storetest.Column(t, dsn, "SELECT relname::text FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r' ORDER BY relname")
	if diff := cmp.Diff([]string{"ended_grants", "refresh_families", "volatile"}, got); diff != "" {
		t.Error(diff)
	}
}
