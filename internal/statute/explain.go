package statute

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
)

// Life is what is known of an account's dates.
type Life struct {
	Account   identity.Account
	CodeGood  time.Time // until when the activation code can be used; zero: none waits
	Extended  time.Time // when it was last given more time; zero: never
	Finalised time.Time // when a provisional registration became a full one; zero: never
	Acts      []Act
}

// Act is something announced that waits for its time.
type Act struct {
	Kind           string // as [kapu/internal/store.PendingAct] has it: "delete", "email" or "remove-totp"
	Announced, Due time.Time
}

// Statement is one date of an account in words, with the row of the law that gives it.
type Statement struct {
	At   time.Time
	Text string
	Row  law.Row // no Rule: the date is a fact, no rule gives it
}

// Explain says in the order of time which rule gives an account's dates, as the law stands at each of them. Reminders
// are those that are still to come.
func Explain(t law.Table, life Life, now time.Time) []Statement {
	said := slices.Concat(beginning(t, life), middle(life), reminders(t, life, now), waiting(t, life), ending(t, life, now))
	slices.SortStableFunc(said, func(a, b Statement) int { return a.At.Compare(b.At) })
	return said
}

var channels = map[string]string{
	identity.ChannelOffice:      "registered at a desk",
	identity.ChannelConsulate:   "registered at a consulate",
	identity.ChannelProvisional: "registered provisionally on the web",
	identity.ChannelCard:        "registered from home with an electronic identity card",
}

func beginning(t law.Table, life Life) []Statement {
	a := life.Account
	row := t.Row("activation.period", a.Created)
	said := []Statement{{At: a.Created, Text: cmp.Or(channels[a.Channel], "registered")}}
	deadline := a.Created.Add(t.ActivationPeriod(a.Created))
	switch {
	case a.State == identity.Pending:
		return append(said, Statement{cmp.Or(life.CodeGood, deadline), "must be activated before; otherwise the registration is deleted", row})
	case a.Activated.IsZero():
		return said
	}
	said = append(said, Statement{At: a.Activated, Text: "activated"})
	if !a.Activated.After(deadline) && a.Channel != identity.ChannelProvisional { // those are made of a confirmed address
		said = append(said, Statement{deadline, "had to be activated before", row})
	}
	if a.State == identity.Closed && !life.CodeGood.IsZero() {
		said = append(said, Statement{life.CodeGood, "closed; the mailed code opens it again until then", t.Row("activation.period", life.CodeGood)})
	}
	return said
}

// middle is what moved the end since.
func middle(life Life) (said []Statement) {
	if !life.Finalised.IsZero() {
		said = append(said, Statement{At: life.Finalised, Text: "made final at a desk"})
	}
	if !life.Extended.IsZero() {
		said = append(said, Statement{At: life.Extended, Text: "given more time"})
	}
	return said
}

func reminders(t law.Table, life Life, now time.Time) (said []Statement) {
	if life.Account.State != identity.Active { // nobody can sign in to the others, to extend them
		return nil
	}
	text := "the next reminder"
	for _, days := range t.ReminderDays(now) {
		at := life.Account.ValidUntil.In(law.Budapest).AddDate(0, 0, -days)
		if at.Before(now) {
			continue
		}
		said = append(said, Statement{at, text + ", " + plural(days, "day") + " before the end", t.Row("account.reminders", now)})
		text = "a reminder"
	}
	return said
}

// announced says of each kind of act what it does when it is due, and by which rule it is due then.
var announced = map[string]struct {
	text string
	rule law.Rule
}{
	"delete":      {"the deletion announced on %s will be carried out, unless it is stopped", "deletion.cooling-off"},
	"remove-totp": {"the authenticator will be taken off as announced on %s, unless that is stopped", "change.stop-period"},
	"email":       {"the change of address asked for on %s takes effect, or is forgotten where a confirmation is missing", "change.link-life"},
}

func waiting(t law.Table, life Life) (said []Statement) {
	for _, act := range life.Acts {
		if a, known := announced[act.Kind]; known {
			said = append(said, Statement{act.Due, fmt.Sprintf(a.text, clock(act.Announced)), t.Row(a.rule, act.Announced)})
		}
	}
	return said
}

func ending(t law.Table, life Life, now time.Time) []Statement {
	a := life.Account
	if a.ValidUntil.IsZero() {
		return nil
	}
	if a.Provisional {
		return []Statement{{a.ValidUntil, "ends, unless it is made final at a desk; all its data are deleted", t.Row("provisional.life", a.Created)}, rest(t, a)}
	}
	text := "ends, unless it is extended; its personal data are deleted"
	switch {
	case !a.ValidUntil.After(now):
		text = "its time is over; the next run of the job that ends accounts deletes its data"
	case a.State == identity.Pending:
		text = "ends then, once it is activated"
	}
	since := slices.MaxFunc([]time.Time{a.Created, life.Finalised, life.Extended}, time.Time.Compare)
	said := []Statement{{a.ValidUntil, text + ": " + chosen(t, since, a.ValidUntil), t.Row("account.longest-life", since)}}
	if a.State == identity.Pending { // a registration that lapses lets its name go at once
		return said
	}
	return append(said, rest(t, a))
}

// chosen compares the years that were chosen with the most that could be.
func chosen(t law.Table, since, until time.Time) string {
	longest := t.LongestLife(since)
	for years := 1; years <= longest; years++ {
		switch {
		case law.Day(since).AddYears(years) != law.Day(until):
		case years == longest:
			return fmt.Sprintf("%s from %s, the longest allowed", plural(years, "year"), law.Day(since))
		default:
			return fmt.Sprintf("%d of %s from %s, as was chosen", years, plural(longest, "year"), law.Day(since))
		}
	}
	return fmt.Sprintf("a day that was set; at most %s from %s were allowed", plural(longest, "year"), law.Day(since))
}

// rest is until when nobody gets the username. It is said as of the account's end.
func rest(t law.Table, a identity.Account) Statement {
	freed := law.Day(a.ValidUntil).AddYears(t.UsernameRest(a.ValidUntil)).In(law.Budapest)
	return Statement{freed, "the username can be chosen again by anybody, if the account ends on its day", t.Row("username.rest", a.ValidUntil)}
}

// Words writes the statements for a terminal, one line a date, in the time of Budapest. Rules in the overrides are marked.
func Words(w io.Writer, said []Statement, overrides []law.Row) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range said {
		fmt.Fprintf(columns, "%s\t%s%s\n", clock(s.At), s.Text, ground(s.Row, overrides))
	}
	return columns.Flush()
}

// ground names a row with its days and its source.
func ground(row law.Row, overrides []law.Row) string {
	switch {
	case row.Rule == "":
		return ""
	case !row.InForce():
		return fmt.Sprintf(" (%s: not in force then)", row.Rule)
	}
	var b strings.Builder
	fmt.Fprintf(&b, " (%s: %s", row.Rule, row.Value)
	if !row.From.IsZero() {
		fmt.Fprintf(&b, ", since %s", row.From)
	}
	if !row.Until.IsZero() {
		fmt.Fprintf(&b, ", until %s", row.Until)
	}
	if row.Source != "" {
		fmt.Fprintf(&b, "; source: %s", row.Source)
	}
	if slices.Contains(overrides, row) {
		b.WriteString("; an override of this gateway")
	}
	return b.String() + ")"
}

func clock(at time.Time) string { return at.In(law.Budapest).Format("2006-01-02 15:04") }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
