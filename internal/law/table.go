package law

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // the day in Budapest must not depend on what the machine has installed

	"kapu/internal/identity"
)

// Rule names a rule, as configuration and `kapu law` write it: "activation.period".
type Rule string

// Row says what a rule's value is from one day to another, both included. A zero Until is "still in force".
type Row struct {
	Rule   Rule          `json:"rule"`
	Value  string        `json:"value"` // as people write it: "5 days", "2001-01-01", "yes"
	From   identity.Date `json:"from"`
	Until  identity.Date `json:"until"`
	Source string        `json:"source"` // documents 000 to 004, a standard's section, or "ours"
}

func (r Row) covers(on identity.Date) bool {
	return !on.Before(r.From) && (r.Until.IsZero() || !on.After(r.Until))
}

// rule is one rule as its topic's file declares it.
type rule struct {
	name    Rule
	meaning string
	read    reader
	rows    []Row // without Rule
}

// entry is a row with its value read.
type entry struct {
	Row
	value any
}

// Table answers what the law says at a moment. It is a value: With gives another table and leaves this one alone.
// The zero Table knows no rule and permits nothing.
type Table struct {
	entries   map[Rule][]entry // in order of precedence: overrides before the law
	overrides []Row
}

// topics in the order in which `kapu law` prints them.
var topics = []struct {
	title string
	rules []rule
}{
	{"Registration and activation", activationRules},
	{"Accounts", accountRules},
	{"Provisional registration", provisionalRules},
	{"Registration code of an electronic identity card", cardCodeRules},
	{"Changes, deletion and recovery", changeRules},
	{"Documents", documentRules},
	{"Usernames", usernameRules},
	{"Passwords", passwordRules},
	{"Ügyfélkapu+", totpRules},
	{"Passkeys", passkeyRules},
	{"Mailed codes", mailCodeRules},
	{"Telephone", telephoneRules},
	{"Levels of assurance and references", levelRules},
	{"Wrong secrets", attemptRules},
	{"Attacks on many accounts", stuffingRules},
	{"Mandates", mandateRules},
	{"Notices", noticeRules},
	{"Attribute match", matchRules},
	{"Sessions", sessionRules},
}

var (
	definitions  = sync.OnceValue(collect)
	inOrder      = sync.OnceValue(everyRule)
	defaultTable = sync.OnceValue(compile)
)

// Default is the law as it stands in this program.
func Default() Table { return defaultTable() }

// everyRule is all rules, by topic.
func everyRule() (all []rule) {
	for _, topic := range topics {
		all = append(all, topic.rules...)
	}
	return all
}

func collect() map[Rule]rule {
	all := map[Rule]rule{}
	for _, rule := range inOrder() {
		if _, twice := all[rule.name]; twice {
			panic("law: declared twice: " + rule.name)
		}
		all[rule.name] = rule
	}
	return all
}

// compile panics on a row that cannot be read: a mistake in this package, which its tests find.
func compile() Table {
	t := Table{entries: map[Rule][]entry{}}
	for name, rule := range definitions() {
		for _, row := range rule.rows {
			row.Rule = name
			value, err := rule.read(row.Value)
			if err != nil {
				panic(fmt.Sprintf("law: %s: %v", name, err))
			}
			t.entries[name] = append(t.entries[name], entry{row, value})
		}
	}
	return t
}

// With is the table with a local operator's rows put before the law's: on the days of an override its value counts,
// on other days the law's. A zero From means since ever. It errs on an unknown rule, an unreadable value, one outside
// the rule's bounds, and a last day before the first.
func (t Table) With(overrides ...Row) (Table, error) {
	changed := Table{entries: maps.Clone(t.entries), overrides: slices.Concat(t.overrides, overrides)}
	for _, row := range overrides {
		rule, known := definitions()[row.Rule]
		if !known || t.entries == nil {
			return Table{}, fmt.Errorf("law: unknown rule %q", row.Rule)
		}
		value, err := rule.read(row.Value)
		if err != nil {
			return Table{}, fmt.Errorf("law: %s: %w", row.Rule, err)
		}
		if !row.Until.IsZero() && row.Until.Before(row.From) {
			return Table{}, fmt.Errorf("law: %s: ends before it begins", row.Rule)
		}
		changed.entries[row.Rule] = slices.Insert(slices.Clone(changed.entries[row.Rule]), 0, entry{row, value})
	}
	return changed, nil
}

// Overrides are the rows put before the law's, for the start-up message and the ledger.
func (t Table) Overrides() []Row { return slices.Clone(t.overrides) }

// Rows are all rows, by topic; within a rule, overrides first.
func (t Table) Rows() []Row {
	var rows []Row
	for _, rule := range inOrder() {
		for _, entry := range t.entries[rule.name] {
			rows = append(rows, entry.Row)
		}
	}
	return rows
}

// Meaning says in a few words what the rule governs, or nothing for an unknown rule.
func Meaning(name Rule) string { return definitions()[name].meaning }

// Topic is the heading under which the rule is printed, or nothing for an unknown rule.
func Topic(name Rule) string {
	for _, topic := range topics {
		if slices.ContainsFunc(topic.rules, func(r rule) bool { return r.name == name }) {
			return topic.title
		}
	}
	return ""
}

// Budapest is where the days of the law begin and end.
var Budapest = budapest()

func budapest() *time.Location {
	place, err := time.LoadLocation("Europe/Budapest")
	if err != nil {
		panic(err) // cannot happen: tzdata is linked in
	}
	return place
}

// Day is the calendar day in Budapest at the given moment.
func Day(at time.Time) identity.Date { return identity.DateOf(at.In(Budapest)) }

// at is the rule's entry in force at the moment; ok is false when there is none.
func (t Table) at(name Rule, at time.Time) (found entry, ok bool) {
	day := Day(at)
	for _, entry := range t.entries[name] {
		if entry.covers(day) {
			return entry, true
		}
	}
	return entry{Row: Row{Rule: name}}, false
}

// lookup is the rule's value at the moment; ok is false when no row is in force.
func lookup[T any](t Table, name Rule, at time.Time) (value T, ok bool) {
	found, ok := t.at(name, at)
	if !ok {
		return value, false
	}
	value, ok = found.value.(T)
	return value, ok
}

// valueAt is lookup for rules whose zero value says enough.
func valueAt[T any](t Table, name Rule, at time.Time) T {
	value, _ := lookup[T](t, name, at)
	return value
}
