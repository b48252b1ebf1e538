package statute_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/statute"
)

// at is a moment in Budapest.
func at(text string) time.Time {
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, law.Budapest)
	if err != nil {
		panic(err)
	}
	return moment
}

func day(text string) identity.Date { return law.Day(at(text + " 12:00")) }

func explain(t *testing.T, table law.Table, life statute.Life, now string) []string {
	t.Helper()
	var b strings.Builder
	if err := statute.Words(&b, statute.Explain(table, life, at(now)), table.Overrides()); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestAnActiveAccountIsExplained(t *testing.T) {
	account := identity.Account{State: identity.Active, Channel: identity.ChannelOffice, Created: at("2026-03-02 10:00"),
		Activated: at("2026-03-02 18:30"), ValidUntil: at("2029-03-02 00:00")}
	acts := []statute.Act{{Kind: "delete", Announced: at("2026-05-01 08:00"), Due: at("2026-05-04 08:00")},
		{Kind: "remove-totp", Announced: at("2026-05-01 09:00"), Due: at("2026-05-02 09:00")}}
	want := []string{
		"2026-03-02 10:00  registered at a desk",
		"2026-03-02 18:30  activated",
		"2026-03-07 10:00  had to be activated before (activation.period: 5 days, since 2005-04-01; source: 000 001)",
		"2026-05-02 09:00  the authenticator will be taken off as announced on 2026-05-01 09:00, unless that is stopped (change.stop-period: 24 h, since 2005-04-01; source: ours)",
		"2026-05-04 08:00  the deletion announced on 2026-05-01 08:00 will be carried out, unless it is stopped (deletion.cooling-off: 72 h, since 2005-04-01; source: ours)",
		"2029-01-31 00:00  the next reminder, 30 days before the end (account.reminders: 30, 7, 1 days, since 2011-09-30; source: press)",
		"2029-02-23 00:00  a reminder, 7 days before the end (account.reminders: 30, 7, 1 days, since 2011-09-30; source: press)",
		"2029-03-01 00:00  a reminder, 1 day before the end (account.reminders: 30, 7, 1 days, since 2011-09-30; source: press)",
		"2029-03-02 00:00  ends, unless it is extended; its personal data are deleted: 3 of 5 years from 2026-03-02, as was chosen (account.longest-life: 5 years, since 2005-04-01; source: 000 001)",
		"2034-03-02 00:00  the username can be chosen again by anybody, if the account ends on its day (username.rest: 5 years, since 2005-04-01; source: ours)",
	}
	if diff := cmp.Diff(want, explain(t, law.Default(), statute.Life{Account: account, Acts: acts}, "2026-05-01 12:00")); diff != "" {
		t.Error(diff)
	}
}

func TestTheRuleOfTheDayExplains(t *testing.T) {
	account := identity.Account{State: identity.Active, Channel: identity.ChannelOffice, Created: at("2026-03-02 10:00"),
		Activated: at("2026-03-02 18:30"), ValidUntil: at("2031-03-02 00:00")}
	pending := identity.Account{State: identity.Pending, Channel: identity.ChannelCard, Created: at("2026-03-02 10:00"), ValidUntil: at("2028-03-02 00:00")}
	provisional := identity.Account{State: identity.Active, Channel: identity.ChannelProvisional, Provisional: true, Created: at("2026-03-02 10:00"),
		Activated: at("2026-03-02 10:30"), ValidUntil: at("2026-04-01 10:00")}
	shorter, err := law.Default().With(law.Row{Rule: "account.longest-life", Value: "3 years", From: day("2027-01-01"), Source: "town hall"})
	if err != nil {
		t.Fatal(err)
	}
	extended := account
	extended.ValidUntil = at("2030-06-01 00:00")
	for _, c := range []struct {
		name  string
		table law.Table
		life  statute.Life
		now   string
		want  string // one of the lines
	}{
		{"the longest", law.Default(), statute.Life{Account: account}, "2026-05-01 12:00",
			"2031-03-02 00:00  ends, unless it is extended; its personal data are deleted: 5 years from 2026-03-02, the longest allowed (account.longest-life: 5 years, since 2005-04-01; source: 000 001)"},
		{"a later override leaves what was chosen before", shorter, statute.Life{Account: account}, "2028-05-01 12:00",
			"2031-03-02 00:00  ends, unless it is extended; its personal data are deleted: 5 years from 2026-03-02, the longest allowed (account.longest-life: 5 years, since 2005-04-01; source: 000 001)"},
		{"an extension counts by its own day", shorter, statute.Life{Account: extended, Extended: at("2027-06-01 09:00")}, "2028-05-01 12:00",
			"2030-06-01 00:00  ends, unless it is extended; its personal data are deleted: 3 years from 2027-06-01, the longest allowed (account.longest-life: 3 years, since 2027-01-01; source: town hall; an override of this gateway)"},
		{"the end has passed", law.Default(), statute.Life{Account: account}, "2031-03-02 00:00",
			"2031-03-02 00:00  its time is over; the next run of the job that ends accounts deletes its data: 5 years from 2026-03-02, the longest allowed (account.longest-life: 5 years, since 2005-04-01; source: 000 001)"},
		{"nothing is activated yet", law.Default(), statute.Life{Account: pending, CodeGood: at("2026-03-07 10:00")}, "2026-03-03 12:00",
			"2026-03-07 10:00  must be activated before; otherwise the registration is deleted (activation.period: 5 days, since 2005-04-01; source: 000 001)"},
		{"nor has it an end that counts", law.Default(), statute.Life{Account: pending, CodeGood: at("2026-03-07 10:00")}, "2026-03-03 12:00",
			"2028-03-02 00:00  ends then, once it is activated: 2 of 5 years from 2026-03-02, as was chosen (account.longest-life: 5 years, since 2005-04-01; source: 000 001)"},
		{"nobody has checked the owner", law.Default(), statute.Life{Account: provisional}, "2026-03-03 12:00",
			"2026-04-01 10:00  ends, unless it is made final at a desk; all its data are deleted (provisional.life: 30 days, since 2005-04-01; source: 000)"},
	} {
		got := explain(t, c.table, c.life, c.now)
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: does not say\n%s\nbut\n%s", c.name, c.want, strings.Join(got, "\n"))
		}
	}
}

func TestAProvisionalAccountWasNeverToBeActivated(t *testing.T) {
	account := identity.Account{State: identity.Active, Channel: identity.ChannelProvisional, Provisional: true, Created: at("2026-03-02 10:00"),
		Activated: at("2026-03-02 10:00"), ValidUntil: at("2026-04-01 10:00")}
	if lines := strings.Join(explain(t, law.Default(), statute.Life{Account: account}, "2026-03-03 12:00"), "\n"); strings.Contains(lines, "activation.period") {
		t.Error(lines)
	}
}

func TestNothingIsSaidOfRemindersThatAreOver(t *testing.T) {
	account := identity.Account{State: identity.Active, Created: at("2026-03-02 10:00"), Activated: at("2026-03-02 18:30"), ValidUntil: at("2027-03-02 00:00")}
	lines := strings.Join(explain(t, law.Default(), statute.Life{Account: account}, "2027-02-24 00:00"), "\n")
	if strings.Count(lines, "before the end") != 1 || !strings.Contains(lines, "2027-03-01 00:00  the next reminder, 1 day before the end") {
		t.Error(lines)
	}
}
