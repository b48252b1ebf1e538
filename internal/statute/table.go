package statute

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"kapu/internal/law"
)

// Line is a row of the law's table as it is printed; a rule that is not in force on the day asked for has no value.
type Line struct {
	law.Row
	Meaning  string `json:"meaning"`
	Topic    string `json:"topic"`
	Override bool   `json:"override"` // a local operator's, put before the law's
}

// All are all rows of the table, those of the past and of days to come too.
func All(t law.Table) []Line { return lines(t, t.Rows()) }

// On is every rule as it stands at the moment, those not in force too.
func On(t law.Table, at time.Time) []Line { return lines(t, t.On(at)) }

func lines(t law.Table, rows []law.Row) (all []Line) {
	overrides := t.Overrides()
	for _, row := range rows {
		all = append(all, Line{row, law.Meaning(row.Rule), law.Topic(row.Rule), slices.Contains(overrides, row)})
	}
	return all
}

// value is the row's value, or that no row is in force.
func value(r law.Row) string {
	if r.InForce() {
		return r.Value
	}
	return "not in force"
}

// name is the rule, marked where it is overridden.
func (l Line) name() string {
	if l.Override {
		return string(l.Rule) + "*"
	}
	return string(l.Rule)
}

// Text writes the lines for a terminal, with an asterisk at overrides.
func Text(w io.Writer, lines []Line) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "RULE\tVALUE\tFROM\tUNTIL\tSOURCE\tMEANING")
	for _, l := range lines {
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\t%s\n", l.name(), value(l.Row), l.From, l.Until, l.Source, l.Meaning)
	}
	return columns.Flush()
}

// JSON writes the lines as one array.
func JSON(w io.Writer, lines []Line) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(lines)
}

const preface = "# The law as the program knows it\n" + `
This page is what ` + "`kapu law --markdown`" + ` prints; ` + "`make generate`" + ` makes it anew, and a test holds it current. ` + "`kapu law`" + ` prints
the same rows as text, with ` + "`--config`" + ` those of an operator before them, and with ` + "`--at 2008-05-01`" + ` what was in force on another day.

Days are those of Budapest, the first and the last included. Sources are the documents 000 to 004 on the real system, a
standard's section, or "ours". Where no row is in force, nothing is permitted.
`

// Markdown writes the lines as a page with a table for each topic: docs/law.md.
func Markdown(w io.Writer, lines []Line) error {
	var b strings.Builder
	b.WriteString(preface)
	topic := ""
	for _, l := range lines {
		if l.Topic != topic {
			topic = l.Topic
			fmt.Fprintf(&b, "\n## %s\n\n| rule | value | from | until | source | governs |\n|---|---|---|---|---|---|\n", topic)
		}
		rule, until := "`"+string(l.Rule)+"`", l.Until.String()
		if l.Override {
			rule += " (override)"
		}
		if until == "" {
			until = "–"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", rule, value(l.Row), l.From, until, l.Source, l.Meaning)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
