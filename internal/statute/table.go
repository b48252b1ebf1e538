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

// Line is a row of the law's table as it is printed.
type Line struct {
	law.Row
	Meaning  string `json:"meaning"`
	Topic    string `json:"topic"`
	Override bool   `json:"override"` // a local operator's, put before the law's
	InForce  bool   `json:"in_force"` // false: the rule has no row on the day asked for
}

// All are all rows of the table, those of the past and of days to come too.
func All(t law.Table) []Line { return lines(t, t.Rows()) }

// On is every rule as it stands at the moment, those not in force too.
func On(t law.Table, at time.Time) []Line { return lines(t, t.On(at)) }

func lines(t law.Table, rows []law.Row) (all []Line) {
	overrides := t.Overrides()
	for _, row := range rows {
		all = append(all, Line{row, law.Meaning(row.Rule), law.Topic(row.Rule), slices.Contains(overrides, row), row.InForce()})
	}
	return all
}

// value is the line's value, or that there is none.
func (l Line) value() string {
	if l.InForce {
		return l.Value
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
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\t%s\n", l.name(), l.value(), l.From, l.Until, l.Source, l.Meaning)
	}
	return columns.Flush()
}

// JSON writes the lines as one array.
func JSON(w io.Writer, lines []Line) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(lines)
}

// Markdown writes the lines as tables, one a topic.
func Markdown(w io.Writer, lines []Line) error {
	var b strings.Builder
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
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", rule, l.value(), l.From, until, l.Source, l.Meaning)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
