package law

import (
	"reflect"
	"time"
)

// InForce reports whether the row is one that counts: a rule without a row on the day asked for has no value.
func (r Row) InForce() bool { return r.Value != "" }

// Row is the row of the rule that counts at the moment, overrides before the law. Without one the row names the rule
// and has no value.
func (t Table) Row(name Rule, at time.Time) Row {
	found, _ := t.at(name, at)
	return found.Row
}

// On is every rule as it stands at the moment, by topic: its row in force, or one without value.
func (t Table) On(at time.Time) []Row {
	var rows []Row
	for _, rule := range inOrder() {
		rows = append(rows, t.Row(rule.name, at))
	}
	return rows
}

// Change is a rule that says one thing before and another after. A side on which no row is in force has no value.
type Change struct {
	Rule          Rule
	Before, After Row
}

// Changes are the rules that one table at one moment and another table at another say differently, by topic. Two ways
// to write one value ("3 days", "72 h") are no change, and neither is another source.
func Changes(from, to time.Time, a, b Table) []Change {
	var changes []Change
	for _, rule := range inOrder() {
		before, set := a.at(rule.name, from)
		after, still := b.at(rule.name, to)
		if set != still || !reflect.DeepEqual(before.value, after.value) {
			changes = append(changes, Change{rule.name, before.Row, after.Row})
		}
	}
	return changes
}
