package statute_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/law"
	"kapu/internal/statute"
)

func overridden(t *testing.T) law.Table {
	t.Helper()
	table, err := law.Default().With(law.Row{Rule: "account.longest-life", Value: "3 years", From: day("2027-01-01"), Source: "town hall"})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestAnOverrideIsMarkedWhereverItIsPrinted(t *testing.T) {
	var text, page strings.Builder
	lines := statute.All(overridden(t))
	if err := statute.Text(&text, lines); err != nil || !strings.Contains(text.String(), "account.longest-life*") {
		t.Errorf("%v: %s", err, text.String())
	}
	if err := statute.Markdown(&page, lines); err != nil || !strings.Contains(page.String(), "| `account.longest-life` (override) | 3 years | 2027-01-01 | – | town hall |") {
		t.Errorf("%v: %s", err, page.String())
	}
	if strings.Count(text.String(), "account.longest-life") != 2 {
		t.Error("the law's own row is not shown beside the override")
	}
}

func TestARuleWithoutARowOnTheDayIsShownAsNotInForce(t *testing.T) {
	var text strings.Builder
	if err := statute.Text(&text, statute.On(law.Default(), at("2008-05-01 12:00"))); err != nil {
		t.Fatal(err)
	}
	for rule, want := range map[string]string{
		"account.longest-life": "5 years", "password.opens-service": "yes", "account.further-fee": "not in force", "totp.digits": "not in force",
	} {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(rule) + ` +` + want + `  `).MatchString(text.String()) {
			t.Errorf("%s was not %q on that day", rule, want)
		}
	}
}

func TestJSONTellsProgramsAll(t *testing.T) {
	var text strings.Builder
	if err := statute.JSON(&text, statute.On(overridden(t), at("2027-01-01 12:00"))); err != nil {
		t.Fatal(err)
	}
	var lines []struct {
		Rule, Value, From, Until, Source, Meaning, Topic string
		Override                                         bool
	}
	if err := json.Unmarshal([]byte(text.String()), &lines); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, l := range lines {
		switch l.Rule {
		case "account.longest-life":
			seen++
			if l.Value != "3 years" || l.From != "2027-01-01" || !l.Override || l.Meaning == "" || l.Topic != "Accounts" {
				t.Errorf("%+v", l)
			}
		case "password.opens-service":
			seen++
			if l.Value != "" || l.Override {
				t.Errorf("%+v", l)
			}
		}
	}
	if seen != 2 {
		t.Errorf("%d of two rules", seen)
	}
}
