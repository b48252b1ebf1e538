package statute_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/statute"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// settle makes a small town: two full accounts of one person (the later without a second factor), one that ends soon,
// one provisional and two that wait for activation, one of them for four days.
func settle(t *testing.T, db *store.DB, clock *storetest.Clock) {
	t.Helper()
	add := func(person string, a identity.Account, kinds ...string) {
		err := db.Update(context.Background(), func(tx *store.Tx) (err error) {
			if a.PersonID, err = tx.SavePerson(person, identity.Person{}); err != nil {
				return err
			}
			a.Username, a.Email, a.Lang = identity.Username("Lakos"+strings.Repeat("a", len(person))+string(rune('a'+clock.Now().Minute()))), "lakos@example.hu", "hu"
			if a, err = tx.AddAccount(a); err != nil {
				return err
			}
			for _, kind := range kinds {
				if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: kind, Secret: "x"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
	}
	now := clock.Now()
	add("a", identity.Account{State: identity.Pending, ValidUntil: now.AddDate(5, 0, 0)})
	clock.Advance(4 * 24 * time.Hour)
	add("bb", identity.Account{State: identity.Active, ValidUntil: now.AddDate(5, 0, 0)}, "password", "totp")
	add("bb", identity.Account{State: identity.Active, ValidUntil: now.AddDate(5, 0, 0)}, "password")
	add("ccc", identity.Account{State: identity.Active, ValidUntil: now.AddDate(0, 2, 0)}, "password", "totp")
	add("dddd", identity.Account{State: identity.Active, Provisional: true, ValidUntil: now.AddDate(0, 1, 0)}, "password")
	add("eeeee", identity.Account{State: identity.Pending, ValidUntil: now.AddDate(2, 0, 0)})
}

// rehearse returns the effects of one row as "number: words".
func rehearse(t *testing.T, db *store.DB, now, on time.Time, rows ...law.Row) (said []string) {
	t.Helper()
	table, err := law.Default().With(rows...)
	if err != nil {
		t.Fatal(err)
	}
	r := statute.Rehearsal{Now: now, On: on, Before: law.Default(), After: table}
	err = db.Snapshot(context.Background(), func(tx *store.Tx) error {
		effects, err := r.Effects(tx)
		for _, e := range effects {
			said = append(said, fmt.Sprintf("%d %s", e.Accounts, e.Text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func TestARehearsalCountsWhomAChangeBearsOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		settle(t, db, clock)
		now := clock.Now() // 6 March 2026
		for _, c := range []struct {
			rule  law.Rule
			value string
			want  []string
		}{
			{"account.longest-life", "5 years", nil},
			{"account.longest-life", "3 years", []string{"3 end after 2029-04-01, later than the new longest life allows from 2026-04-01; they keep their end, and none can be extended beyond the new one"}},
			{"account.longest-life", "10 years", []string{"3 keep their end; at their next extension they can be given up to 10 years"}},
			{"account.reminders", "60, 7, 1 days", []string{
				"2 get an additional reminder, 60 days before their end",
				"2 end so soon that the day of that reminder is past by 2026-04-01",
				"3 are not reminded 30 days before their end any more",
				"2 get their first reminder 60 days before their end rather than 30"}},
			{"account.free", "2", []string{"0 are beyond the new number; they belong to 0 persons, and stay without another fee"}},
			{"account.further-fee", "5000 HUF", []string{"1 are further accounts of 1 person; their fees are paid, only the next account costs the new one"}},
			{"activation.period", "3 days", []string{
				"2 wait for activation and keep the deadline of the day they registered; counted anew, it would move for all of these",
				"1 of them would be over already, were it counted anew"}},
			{"provisional.life", "60 days", []string{
				"1 are provisional and keep the end of the day they registered; counted anew, it would move for all of these",
				"0 of them would be over already, were it counted anew"}},
			{"password.opens-service", "yes", []string{"2 have no second factor: what their password alone opens changes with this rule"}},
			{"level.totp", "high", []string{"2 have Ügyfélkapu+: their sign-ins are worth this level from then on"}},
			{"level.face", "low", []string{"0 have this method: it counts from their next sign-in"}},
			{"username.shortest", "6", []string{"-1 usernames are sealed; names chosen under the old length stay good"}},
			{"deletion.cooling-off", "48 h", []string{"0 a deletion is announced for these; it keeps its day"}},
			{"username.rest", "9 years", []string{"0 ended accounts whose username rests: each rests until the day it was given; accounts that end from then on go by the new rule"}},
			{"session.idle", "10 min", []string{"0 it counts from then on; no account that exists changes"}},
		} {
			got := rehearse(t, db, now, at("2026-04-01 00:00"), law.Row{Rule: c.rule, Value: c.value, From: day("2026-04-01")})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s = %s: %s", c.rule, c.value, diff)
			}
		}
	})
}

func TestARehearsalBeforeTheRuleBeginsFindsNothing(t *testing.T) {
	db, clock := storetest.SQLite(t)
	settle(t, db, clock)
	row := law.Row{Rule: "account.longest-life", Value: "3 years", From: day("2027-01-01")}
	if got := rehearse(t, db, clock.Now(), at("2026-12-31 23:59"), row); len(got) != 0 {
		t.Error(got)
	}
}

// Every rule can be rehearsed: whatever the change, the operator is told something of each rule.
func TestEveryRuleCanBeRehearsed(t *testing.T) {
	db, clock := storetest.SQLite(t)
	settle(t, db, clock)
	before := at("1990-01-01 12:00")
	r := statute.Rehearsal{Now: before, On: clock.Now(), Before: law.Default(), After: law.Default()}
	seen := map[law.Rule]bool{}
	err := db.Snapshot(context.Background(), func(tx *store.Tx) error {
		effects, err := r.Effects(tx)
		for _, e := range effects {
			seen[e.Rule] = seen[e.Rule] || e.Text != ""
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range law.Default().On(clock.Now()) {
		if row.InForce() && !seen[row.Rule] {
			t.Errorf("nothing is said of %s", row.Rule)
		}
	}
}

func TestTheTableOfARehearsal(t *testing.T) {
	change := law.Change{Rule: "account.longest-life", Before: law.Row{Value: "5 years"}, After: law.Row{Value: "3 years"}}
	ended := law.Change{Rule: "username.shortest", Before: law.Row{Value: "4"}}
	var b strings.Builder
	err := statute.Table(&b, []statute.Effect{{change, 1234567, "end late"}, {change, 12, "end soon"}, {ended, statute.Uncountable, "are sealed"}})
	want := "RULE                  NOW      THEN          ACCOUNTS   IN WHICH WAY\n" +
		"account.longest-life  5 years  3 years       1 234 567  end late\n" +
		"                                             12         end soon\n" +
		"username.shortest     4        not in force  unknown    are sealed\n"
	if diff := cmp.Diff(want, b.String()); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
