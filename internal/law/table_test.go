package law_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/law"
)

// on is noon in Budapest of the given day.
func on(day string) time.Time {
	date, err := identity.ParseDate(day)
	if err != nil {
		panic(err)
	}
	return date.In(law.Budapest).Add(12 * time.Hour)
}

func TestPasswordAloneEndsWithTheFifteenthOfJanuary2025(t *testing.T) {
	midnight := time.Date(2025, time.January, 15, 23, 0, 0, 0, time.UTC) // already the 16th in Budapest
	for _, c := range []struct {
		name string
		at   time.Time
		want bool
	}{
		{"before there was a gateway", on("2005-03-31"), false},
		{"its first day", on("2005-04-01"), true},
		{"the last day", on("2025-01-15"), true},
		{"the last second in Budapest", midnight.Add(-time.Second), true},
		{"midnight in Budapest", midnight, false},
		{"the next day", on("2025-01-16"), false},
		{"today and on", on("2040-01-01"), false},
	} {
		if got := law.Default().PasswordOpensService(c.at); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

func TestTheLawToday(t *testing.T) {
	table, now := law.Default(), on("2026-05-04")
	digits, step, skew := table.TOTP(now)
	shortest, longest := table.UsernameLength(now)
	shortestPassword, longestPassword := table.PasswordLength(now)
	fee, feeSet := table.FurtherAccountFee(now)
	asked, of := table.TelephoneDigits(now)
	got := []any{
		table.ActivationPeriod(now), table.ActivationCodeDigits(now), table.ESignConfirmation(now),
		table.LongestLife(now), table.ReminderDays(now), table.FreeAccounts(now), fee, feeSet, table.EarliestAge(now),
		table.ProvisionalLife(now), table.EarliestLicenceIssue(now).String(), table.EarliestElectronicCardIssue(now).String(),
		digits, step, skew, table.PlusRevocation(now), shortest, longest, shortestPassword, longestPassword,
		table.TelephoneFirstChange(now), asked, of, table.WrongSecretsBeforeLock(now),
	}
	want := []any{
		120 * time.Hour, 8, 24 * time.Hour,
		5, []int{30, 7, 1}, 1, 3000, true, 14,
		720 * time.Hour, "2001-01-01", "2016-01-01",
		6, 30 * time.Second, 1, 72 * time.Hour, 4, 64, 12, 128,
		120 * time.Hour, 3, 6, 5,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFurtherAccountFeeBeginsInOctober2009(t *testing.T) {
	if _, set := law.Default().FurtherAccountFee(on("2009-09-30")); set {
		t.Error("set before its first day")
	}
	if fee, set := law.Default().FurtherAccountFee(on("2009-10-01")); !set || fee != 3000 {
		t.Error(fee, set)
	}
}

func TestOutsideItsDaysALookUpPermitsNothing(t *testing.T) {
	early := on("1990-01-01")
	for _, table := range []law.Table{law.Default(), {}} {
		digits, _, _ := table.TOTP(early)
		switch {
		case digits != 0, table.ActivationPeriod(early) != 0, table.LongestLife(early) != 0, table.SessionLife(early) != 0:
			t.Error("a period before the law")
		case table.EarliestAge(early) < 100, table.EarliestLicenceIssue(early).Year != 9999:
			t.Error("a person or a document accepted before the law")
		case table.Level(law.Card, early) != law.NoLevel, len(table.AMR(law.Card, early)) != 0:
			t.Error("a method accepted before the law")
		}
	}
}

func TestOverrideCountsOnItsDaysOnly(t *testing.T) {
	from, until := law.Day(on("2026-01-01")), law.Day(on("2026-12-31"))
	table, err := law.Default().With(law.Row{Rule: "account.further-fee", Value: "500 HUF", From: from, Until: until, Source: "town hall"})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]int{"2025-12-31": 3000, "2026-01-01": 500, "2026-12-31": 500, "2027-01-01": 3000} {
		if fee, _ := table.FurtherAccountFee(on(day)); fee != want {
			t.Errorf("%s: %d forints, want %d", day, fee, want)
		}
	}
	if fee, _ := law.Default().FurtherAccountFee(on("2026-06-01")); fee != 3000 {
		t.Error("the override changed the table it was made from")
	}
	if len(table.Overrides()) != 1 || len(law.Default().Overrides()) != 0 {
		t.Error("overrides are not told apart")
	}
}

func TestTheLastOverrideWins(t *testing.T) {
	table, err := law.Default().With(
		law.Row{Rule: "session.idle", Value: "10 min"}, law.Row{Rule: "session.idle", Value: "20 min"})
	if err != nil || table.SessionIdle(on("2026-01-01")) != 20*time.Minute {
		t.Error(err, table.SessionIdle(on("2026-01-01")))
	}
}

func TestBadOverridesAreRefused(t *testing.T) {
	early, late := law.Day(on("2026-01-01")), law.Day(on("2026-01-02"))
	for _, row := range []law.Row{
		{Rule: "no.such-rule", Value: "1"},
		{Rule: "activation.period", Value: "5"},
		{Rule: "activation.period", Value: "5 weeks"},
		{Rule: "activation.period", Value: "-5 days"},
		{Rule: "activation.period", Value: "0 days"},
		{Rule: "activation.period", Value: "9223372036854775807 days"},
		{Rule: "activation.period", Value: "5 days", From: late, Until: early},
		{Rule: "username.shortest", Value: "1"},
		{Rule: "username.longest", Value: "65"},
		{Rule: "password.shortest", Value: "4"},
		{Rule: "account.further-fee", Value: "3000"},
		{Rule: "account.reminders", Value: "1, 7, 30 days"},
		{Rule: "password.opens-service", Value: "true"},
		{Rule: "document.earliest-licence-issue", Value: "2001-02-30"},
		{Rule: "document.kinds", Value: "library-card"},
		{Rule: "document.kinds", Value: ""},
		{Rule: "level.totp", Value: "none"},
		{Rule: "amr.totp", Value: "pwd magic"},
	} {
		if _, err := law.Default().With(row); err == nil {
			t.Errorf("accepted %+v", row)
		}
	}
}

// Every row must say where it comes from, and two rows of a rule must not be in force at once.
func TestEveryRowHasItsSourceAndItsOwnDays(t *testing.T) {
	rows := law.Default().Rows()
	for i, row := range rows {
		if row.Source == "" || row.From.IsZero() || law.Meaning(row.Rule) == "" {
			t.Errorf("%s lacks a source, a first day or a meaning", row.Rule)
		}
		if strings.ToLower(string(row.Rule)) != string(row.Rule) || !strings.Contains(string(row.Rule), ".") {
			t.Errorf("%s is not named like the others", row.Rule)
		}
		for _, other := range rows[i+1:] {
			if other.Rule == row.Rule && (row.Until.IsZero() || !other.From.After(row.Until)) {
				t.Errorf("%s: rows from %s and %s overlap", row.Rule, row.From, other.From)
			}
		}
	}
}

// What `kapu law` prints can be fed back as an override without changing anything.
func TestEveryRowCanBeWrittenAsAnOverride(t *testing.T) {
	if _, err := law.Default().With(law.Default().Rows()...); err != nil {
		t.Error(err)
	}
}

func TestEveryMethodHasALevelAndReferences(t *testing.T) {
	now := on("2026-05-04")
	want := map[law.Method]law.Level{
		law.Password: law.Low, law.TOTP: law.Substantial, law.MailCode: law.Substantial, law.Passkey: law.Substantial,
		law.Phone: law.Low, law.Face: law.Substantial, law.Card: law.High,
	}
	for _, method := range law.Methods() {
		if got := law.Default().Level(method, now); got != want[method] {
			t.Errorf("%s: %s, want %s", method, got, want[method])
		}
		if len(law.Default().AMR(method, now)) == 0 {
			t.Errorf("%s has no references", method)
		}
	}
	if amr := law.Default().AMR(law.TOTP, now); !slices.Equal(amr, []string{"pwd", "otp", "mfa"}) {
		t.Error(amr)
	}
}
