package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// crowd makes accounts to count: a person each, unless ofPerson names an earlier one's number.
func crowd(t *testing.T, db *store.DB, accounts []identity.Account, ofPerson map[int]int) (ids []string) {
	t.Helper()
	persons := map[int]string{}
	update(t, db, func(tx *store.Tx) error {
		for i, a := range accounts {
			whose, shared := ofPerson[i]
			if !shared {
				whose = i
			}
			if persons[whose] == "" {
				id, err := tx.SavePerson(fmt.Sprint("ref-", whose), identity.Person{})
				if err != nil {
					return err
				}
				persons[whose] = id
			}
			a.PersonID, a.Username, a.Email, a.Lang = persons[whose], identity.Username("Nevem"+string(rune('a'+i))), "anna@example.hu", "hu"
			a, err := tx.AddAccount(a)
			if err != nil {
				return err
			}
			ids = append(ids, a.ID)
			if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: "password", Secret: "x"}); err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

func TestCountsOfACrowd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		soon, late := clock.Now().AddDate(1, 0, 0), clock.Now().AddDate(5, 0, 0)
		ids := crowd(t, db, []identity.Account{
			{State: identity.Active, ValidUntil: soon}, {State: identity.Active, ValidUntil: late}, {State: identity.Active, ValidUntil: late},
			{State: identity.Active, Provisional: true, ValidUntil: soon}, {State: identity.Closed, ValidUntil: late},
		}, map[int]int{2: 1, 4: 1})
		clock.Advance(time.Hour)
		update(t, db, func(tx *store.Tx) error {
			return tx.PutCredential(store.Credential{Account: ids[0], Kind: "totp", Secret: "y"})
		})
		view(t, db, func(tx *store.Tx) error {
			for _, c := range []struct {
				crowd store.Crowd
				want  int64
			}{
				{store.Crowd{}, 5},
				{store.Crowd{State: identity.Active}, 4},
				{store.Crowd{State: identity.Pending}, 0},
				{store.Crowd{State: identity.Active, Final: true}, 3},
				{store.Crowd{Provisional: true}, 1},
				{store.Crowd{EndsAfter: soon}, 3},
				{store.Crowd{EndsBefore: soon}, 2},
				{store.Crowd{EndsAfter: soon, EndsBefore: late.Add(-time.Millisecond)}, 0},
				{store.Crowd{CreatedBefore: clock.Now().Add(-time.Hour)}, 5},
				{store.Crowd{CreatedBefore: clock.Now().Add(-2 * time.Hour)}, 0},
				{store.Crowd{With: "totp"}, 1},
				{store.Crowd{State: identity.Active, With: "password", Without: "totp"}, 3},
			} {
				if n, err := tx.CountCrowd(c.crowd); err != nil || n != c.want {
					t.Errorf("%+v: %d, %v; want %d", c.crowd, n, err, c.want)
				}
			}
			for number, want := range map[int][2]int64{0: {2, 4}, 1: {1, 2}, 2: {1, 1}, 3: {0, 0}} {
				if persons, accounts, err := tx.CountBeyond(number); err != nil || persons != want[0] || accounts != want[1] {
					t.Errorf("beyond %d: %d persons, %d accounts, %v", number, persons, accounts, err)
				}
			}
			return nil
		})
	})
}

func TestASnapshotSeesOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		crowd(t, db, []identity.Account{{State: identity.Active}}, nil)
		err := db.Snapshot(context.Background(), func(tx *store.Tx) error {
			before, err := tx.CountCrowd(store.Crowd{})
			if err != nil {
				return err
			}
			account(t, db, "ref-later", "KisAnna", "anna@example.hu")
			after, err := tx.CountCrowd(store.Crowd{})
			if before != after {
				t.Errorf("%d, then %d in one look", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatWaitsAndRestsIsCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ids := crowd(t, db, []identity.Account{{State: identity.Active}, {State: identity.Active}}, nil)
		update(t, db, func(tx *store.Tx) error {
			if _, err := tx.PutAct(store.PendingAct{Account: ids[0], Kind: "delete", Due: tx.Now.Add(time.Hour)}); err != nil {
				return err
			}
			a, err := tx.Account(ids[1])
			if err != nil {
				return err
			}
			return tx.EndAccount(a, "expired", tx.Now.AddDate(5, 0, 0))
		})
		view(t, db, func(tx *store.Tx) error {
			if n, err := tx.CountActs("delete"); err != nil || n != 1 {
				t.Errorf("%d deletions wait, %v", n, err)
			}
			if n, err := tx.CountActs("email"); err != nil || n != 0 {
				t.Errorf("%d changes of address wait, %v", n, err)
			}
			if n, err := tx.CountResting(); err != nil || n != 1 {
				t.Errorf("%d names rest, %v", n, err)
			}
			return nil
		})
	})
}
