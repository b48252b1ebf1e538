package statute

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"kapu/internal/law"
	"kapu/internal/store"
)

// Rehearsal compares the rules of one moment with those of another, perhaps in a table with rows that nobody has
// enacted, and counts what the difference would mean for the accounts there are now.
type Rehearsal struct {
	Now    time.Time
	On     time.Time // the moment that is rehearsed
	Before law.Table // as of Now
	After  law.Table // as of On
}

// Uncountable stands for a number of accounts that nobody can know, because what it hangs on is sealed or hashed.
const Uncountable = -1

// Effect is one way in which a changed rule bears on accounts.
type Effect struct {
	law.Change
	Accounts int64 // how many, or Uncountable
	Text     string
}

// Effects counts in the given look, which should be a [store.DB.Snapshot]; it touches nothing. Every rule that differs
// has one effect at least, be it that it bears on no account there is.
func (r Rehearsal) Effects(tx *store.Tx) (all []Effect, err error) {
	for _, change := range law.Changes(r.Now, r.On, r.Before, r.After) {
		c := count{r, tx, change}
		measure, known := measures[change.Rule]
		if !known {
			measure = ofTopic(change.Rule)
		}
		effects, err := measure(c)
		if err != nil {
			return nil, err
		}
		all = append(all, effects...)
	}
	return all, nil
}

// count is a rehearsal at work on one rule.
type count struct {
	Rehearsal
	tx     *store.Tx
	change law.Change
}

// measure finds how a changed rule bears on the accounts there are.
type measure func(count) ([]Effect, error)

// crowd is the effect on a crowd.
func (c count) crowd(who store.Crowd, format string, args ...any) (Effect, error) {
	n, err := c.tx.CountCrowd(who)
	return c.effect(n, format, args...), err
}

func (c count) effect(n int64, format string, args ...any) Effect {
	return Effect{c.change, n, fmt.Sprintf(format, args...)}
}

// one makes a list of a single effect.
func one(e Effect, err error) ([]Effect, error) { return []Effect{e}, err }

// Table writes the effects as a table in words.
func Table(w io.Writer, effects []Effect) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "RULE\tNOW\tTHEN\tACCOUNTS\tIN WHICH WAY")
	var last law.Rule
	for _, e := range effects {
		rule, before, after := string(e.Rule), value(e.Before), value(e.After)
		if e.Rule == last {
			rule, before, after = "", "", ""
		}
		last = e.Rule
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\n", rule, before, after, number(e.Accounts), e.Text)
	}
	return columns.Flush()
}

// number writes thousands apart.
func number(n int64) string {
	if n == Uncountable {
		return "unknown"
	}
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + " " + text[i:]
	}
	return text
}
