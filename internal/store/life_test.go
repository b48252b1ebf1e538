package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// provisional registers an active account of somebody whom nobody checked.
func provisional(t testing.TB, db *store.DB, p identity.Person, username string) identity.Account {
	t.Helper()
	var a identity.Account
	update(t, db, func(tx *store.Tx) error {
		person, err := tx.AddProvisionalPerson(p)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(username), Provisional: true,
			Channel: identity.ChannelProvisional, Email: identity.Email(username + "@example.hu"), Lang: "hu", ValidUntil: tx.Now.AddDate(0, 0, 30)})
		return err
	})
	return a
}

// add tries to register a username for a person.
func add(db *store.DB, person, username string) error {
	return db.Update(context.Background(), func(tx *store.Tx) error {
		_, err := tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(username), Email: "x@example.hu", Lang: "hu"})
		return err
	})
}

func TestTheNameOfAnEndedAccountRests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		a, other := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBéla", "bela@example.hu")
		rests := clock.Now().AddDate(5, 0, 0)
		update(t, db, func(tx *store.Tx) error { return tx.EndAccount(a, "expired", rests) })
		view(t, db, func(tx *store.Tx) error {
			if taken, err := tx.UsernameTaken("kisANNA"); err != nil || !taken {
				t.Errorf("a resting name is not taken: %v", err)
			}
			if _, err := tx.PersonalKey(a.PersonID); !errors.Is(err, store.ErrNotFound) && !errors.Is(err, keys.ErrSealed) {
				t.Errorf("the person's key is still there: %v", err)
			}
			stone, err := tx.Tombstone(a.ID)
			want := store.Tombstone{Account: a.ID, Person: a.PersonID, Office: "kisfalud", Channel: "office", Reason: "expired",
				Created: a.Created, Ended: tx.Now, RestsUntil: rests}
			if diff := cmp.Diff(want, stone); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err := add(db, other.PersonID, "kisanna"); !errors.Is(err, store.ErrTaken) {
			t.Errorf("a resting name was given away: %v", err)
		}
		clock.Advance(rests.Sub(clock.Now()))
		update(t, db, func(tx *store.Tx) error {
			n, err := tx.FreeNames(10)
			if n != 1 {
				t.Errorf("%d names are free, not 1", n)
			}
			return err
		})
		if err := add(db, other.PersonID, "kisanna"); err != nil {
			t.Errorf("after its rest the name is free: %v", err)
		}
	})
}

func TestAFurtherAccountKeepsThePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		first, second := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-1", "MásikAnna", "anna@example.hu")
		update(t, db, func(tx *store.Tx) error { return tx.EndAccount(first, "deleted", tx.Now) })
		view(t, db, func(tx *store.Tx) error {
			if got, err := tx.Person(second.PersonID); err != nil || !cmp.Equal(got, anna) {
				t.Errorf("the person of the other account: %v", err)
			}
			return nil
		})
	})
}

func TestOnlyDueAccountsAreSwept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		a, b := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBéla", "bela@example.hu")
		update(t, db, func(tx *store.Tx) error { return tx.Schedule(b.ID, tx.Now.Add(time.Hour)) })
		due := func() (ids []string) {
			update(t, db, func(tx *store.Tx) error {
				ids = nil
				found, err := tx.DueAccounts(10)
				for _, d := range found {
					ids = append(ids, d.ID)
				}
				return err
			})
			return ids
		}
		if got := due(); !cmp.Equal(got, []string{a.ID}) { // never scheduled
			t.Errorf("due: %v", got)
		}
		clock.Advance(time.Hour)
		update(t, db, func(tx *store.Tx) error { return tx.Schedule(a.ID, tx.Now.Add(time.Minute)) })
		if got := due(); !cmp.Equal(got, []string{b.ID}) {
			t.Errorf("an hour later: %v", got)
		}
		update(t, db, func(tx *store.Tx) error { return tx.ExtendAccount(a.ID, tx.Now.AddDate(3, 0, 0)) })
		if got := due(); !cmp.Equal(got, []string{a.ID, b.ID}) { // an extended account is scheduled anew
			t.Errorf("extended: %v", got)
		}
	})
}

func TestAProvisionalPersonIsConfirmed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		stated := anna
		stated.TaxNumber, stated.BirthPlace = "", "GYŐR"
		a := provisional(t, db, stated, "KisAnna")
		view(t, db, func(tx *store.Tx) error {
			like, err := tx.ProvisionalLike(anna.Core)
			if len(like) != 1 || like[0].ID != a.ID || !like[0].Provisional || like[0].Channel != identity.ChannelProvisional {
				t.Errorf("found %+v", like)
			}
			other := anna.Core
			other.MotherBirthName.Given = "Mária"
			if like, _ := tx.ProvisionalLike(other); len(like) != 0 {
				t.Error("found under another mother's name")
			}
			s, _ := tx.Standing(a.ID)
			if !s.Provisional {
				t.Error("the standing does not say so")
			}
			return err
		})
		update(t, db, func(tx *store.Tx) error {
			if err := tx.ConfirmPerson(a.PersonID, "ref-1", anna); err != nil {
				return err
			}
			return tx.FinaliseAccount(a.ID, a.PersonID, "kisfalud", tx.Now.AddDate(5, 0, 0))
		})
		view(t, db, func(tx *store.Tx) error {
			found, err := tx.PersonByReference("ref-1")
			got, _ := tx.AccountByUsername("KisAnna")
			if found != a.PersonID || got.Provisional || got.Office != "kisfalud" || got.Email != a.Email {
				t.Errorf("%+v", got)
			}
			return err
		})
		err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.ConfirmPerson(a.PersonID, "ref-2", anna) })
		if !errors.Is(err, store.ErrStale) {
			t.Errorf("confirmed twice: %v", err)
		}
	})
}

func TestAProvisionalOwnerIsAClerkNowhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		a := provisional(t, db, anna, "KisAnna")
		update(t, db, func(tx *store.Tx) error {
			err := tx.PutOffice(identity.Office{ID: "varos", Kind: identity.Municipality, Name: "Város", Address: "Fő tér 1."})
			return errors.Join(err, tx.AppointClerk(a.ID, "varos"))
		})
		view(t, db, func(tx *store.Tx) error {
			s, err := tx.Standing(a.ID)
			if s.Office != "" {
				t.Errorf("somebody whom nobody has checked is a clerk at %q", s.Office)
			}
			return err
		})
	})
}

func TestAProvisionalAccountMovesToAKnownPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		first, a := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), provisional(t, db, anna, "MásikAnna")
		err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.ConfirmPerson(a.PersonID, "ref-1", anna) })
		if !errors.Is(err, store.ErrTaken) {
			t.Fatalf("one reference, two persons: %v", err)
		}
		update(t, db, func(tx *store.Tx) error {
			if err := tx.FinaliseAccount(a.ID, first.PersonID, "kisfalud", tx.Now.AddDate(5, 0, 0)); err != nil {
				return err
			}
			erased, err := tx.ErasePerson(a.PersonID)
			if !erased {
				t.Error("the provisional person stays")
			}
			return err
		})
		view(t, db, func(tx *store.Tx) error {
			got, err := tx.AccountsOf(first.PersonID)
			if len(got) != 2 || got[1].Username != "MásikAnna" || got[1].Email != a.Email {
				t.Errorf("%+v", got)
			}
			return err
		})
	})
}

func TestAnActWaitsUntilItIsDueOrStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		a := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
		var first, second store.PendingAct
		update(t, db, func(tx *store.Tx) (err error) {
			first, err = tx.PutAct(store.PendingAct{Account: a.ID, Kind: "delete", Digest: "d1", Due: tx.Now.Add(time.Hour)})
			return err
		})
		update(t, db, func(tx *store.Tx) (err error) {
			second, err = tx.PutAct(store.PendingAct{Account: a.ID, Kind: "delete", Data: []byte("anna@example.hu"), Digest: "d2", Due: tx.Now.Add(2 * time.Hour)})
			return err
		})
		view(t, db, func(tx *store.Tx) error {
			if _, err := tx.ActByDigest("d1"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the replaced act is still found: %v", err)
			}
			got, err := tx.ActByDigest("d2")
			if got.ID != second.ID || string(got.Data) != "anna@example.hu" {
				t.Errorf("%+v", got)
			}
			return err
		})
		if err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.DropAct(first.ID) }); !errors.Is(err, store.ErrStale) {
			t.Errorf("a replaced act was dropped: %v", err)
		}
		clock.Advance(2 * time.Hour)
		update(t, db, func(tx *store.Tx) error {
			due, err := tx.DueActs(5)
			if len(due) != 1 || due[0].ID != second.ID {
				t.Errorf("due: %+v", due)
			}
			return err
		})
		update(t, db, func(tx *store.Tx) error { return tx.EndAccount(a, "deleted", tx.Now) })
		if err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.SaveAct(second) }); !errors.Is(err, store.ErrStale) {
			t.Errorf("an act outlived its account: %v", err)
		}
	})
}
