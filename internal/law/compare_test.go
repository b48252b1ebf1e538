package law_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kapu/internal/law"
)

func with(t *testing.T, rows ...law.Row) law.Table {
	t.Helper()
	table, err := law.Default().With(rows...)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestAnotherDayShowsWhatWasInForceThen(t *testing.T) {
	for _, c := range []struct {
		rule law.Rule
		at   time.Time
		want string
	}{
		{"account.further-fee", on("2008-05-01"), ""},
		{"account.further-fee", on("2009-10-01"), "3000 HUF"},
		{"password.opens-service", on("2025-01-15"), "yes"},
		{"password.opens-service", on("2025-01-16"), ""},
		{"totp.digits", on("2008-05-01"), ""},
		{"account.longest-life", on("2008-05-01"), "5 years"},
	} {
		row := law.Default().Row(c.rule, c.at)
		if row.Rule != c.rule || row.Value != c.want || row.InForce() != (c.want != "") {
			t.Errorf("%s on %s: %+v, want %q", c.rule, law.Day(c.at), row, c.want)
		}
	}
}

func TestEveryRuleStandsOnceOnEveryDay(t *testing.T) {
	seen := map[law.Rule]int{}
	for _, row := range law.Default().Rows() {
		seen[row.Rule] = 0
	}
	for _, row := range law.Default().On(on("1990-01-01")) {
		if row.InForce() {
			t.Errorf("%s was in force before there was a gateway", row.Rule)
		}
		if law.Topic(row.Rule) == "" {
			t.Errorf("%s has no topic", row.Rule)
		}
		seen[row.Rule]++
	}
	for rule, times := range seen {
		if times != 1 {
			t.Errorf("%s stands %d times", rule, times)
		}
	}
}

func TestChanges(t *testing.T) {
	now, later := on("2026-05-04"), on("2027-01-01")
	shorter := law.Row{Rule: "account.longest-life", Value: "3 years", From: law.Day(later), Source: "draft"}
	for _, c := range []struct {
		name     string
		from, to time.Time
		b        law.Table
		want     map[law.Rule][2]string
	}{
		{"nothing", now, later, law.Default(), nil},
		{"a row that begins between", now, later, with(t, shorter), map[law.Rule][2]string{"account.longest-life": {"5 years", "3 years"}}},
		{"a row that has not begun", now, later.AddDate(0, 0, -1), with(t, shorter), nil},
		{"the same in other words", now, later, with(t, law.Row{Rule: "totp.revocation", Value: "3 days"}), nil},
		{"another source only", now, later, with(t, law.Row{Rule: "account.free", Value: "1", Source: "town hall"}), nil},
		{"a rule that ends", on("2025-01-15"), on("2025-01-16"), law.Default(), map[law.Rule][2]string{"password.opens-service": {"yes", ""}}},
		{"a rule that begins", on("2009-09-30"), on("2009-10-01"), law.Default(), map[law.Rule][2]string{"account.further-fee": {"", "3000 HUF"}}},
	} {
		got := map[law.Rule][2]string{}
		for _, change := range law.Changes(c.from, c.to, law.Default(), c.b) {
			got[change.Rule] = [2]string{change.Before.Value, change.After.Value}
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Whatever day it is, a table differs from itself in nothing, and the way back is the way there reversed.
func TestChangesAreSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) time.Time {
			return on("2004-01-01").AddDate(0, 0, rapid.IntRange(0, 10_000).Draw(t, name))
		}
		from, to, table := day("from"), day("to"), law.Default()
		if c := law.Changes(from, from, table, table); len(c) != 0 {
			t.Fatalf("changed by standing still: %v", c)
		}
		there, back := law.Changes(from, to, table, table), law.Changes(to, from, table, table)
		for i := range there {
			back[i].Before, back[i].After = back[i].After, back[i].Before
		}
		if diff := cmp.Diff(there, back); diff != "" {
			t.Fatal(diff)
		}
	})
}
