package menu

import (
	"fmt"
	"strings"
	"testing"

	"kapu/internal/law"
	"kapu/internal/telephone/prompt"
)

var usual = Rules{Identifier: 8, Tries: 3}

// keys are all that a telephone has, and one that it should not.
const keys = "0123456789*#A"

var someWays = []Way{{Method: law.TOTP}, {Method: law.Phone, Own: true}, {Method: law.Passkey, Forbidden: true, Closed: true}, {Method: law.Password, Forbidden: true}}

var someQuestions = []Reminder{{Number: 2}, {Number: 9, Date: true}}

// answersTo are what the service may answer at a step, and what it may not.
func answersTo() (all []Answer) {
	for _, o := range []Outcome{Done, Right, First, Wrong, Later, Moved, Lapsed, Paused, Shut, Weak, None, Refused, Gone, Failed, "nonsense"} {
		all = append(all, Answer{Outcome: o, Positions: []int{1, 4, 6}, Digits: 6, Last: true, Minutes: 62, Questions: someQuestions, Ways: someWays,
			Code: "906214", Office: "nav", Fault: "K7B4", Past: []Past{{Year: 2005, Month: 11, Day: 22, Hour: 2, Minute: 12, Kind: "tax", Method: law.TOTP}, {Month: 1, Day: 31, Hour: 23, Kind: "magic", Method: "magic"}, {Month: 3, Day: 1, Minute: 5}}})
	}
	return append(all, Answer{Outcome: Right, Digits: 6}, Answer{Outcome: Done, Positions: []int{12}})
}

func inputs(s State) (all []Input) {
	for _, k := range keys {
		all = append(all, Pressed(k))
	}
	all = append(all, Silent, HungUp, Input{})
	if table[s.Step].answers == nil {
		return append(all, Answered(Answer{Outcome: Right}))
	}
	for _, a := range answersTo() {
		all = append(all, Answered(a))
	}
	return all
}

// likeness is all of a state that the way on depends on: of digits how many there
// are, of a repeated password whether it is the same so far.
func likeness(s State) string {
	same := s.Step == Again && strings.HasPrefix(s.Chosen, s.Typed)
	return fmt.Sprint(same, s.Step, s.Lang, s.Identified, s.First, s.Silent, s.Failures, len(s.Typed), s.Positions, s.Digits, len(s.Chosen),
		s.Questions, len(s.Answers), len(s.Ways), s.Way, s.Office)
}

// edge is a step from a state to another.
type edge struct {
	from    State
	in      Input
	to      State
	actions []Action
}

// everywhere goes wherever inputs lead, and returns all states by their likeness and
// all edges.
func everywhere(t *testing.T) (states map[string]State, edges []edge) {
	t.Helper()
	first, _ := Start(usual)
	states = map[string]State{likeness(first): first}
	for open := []State{first}; len(open) > 0; open = open[1:] {
		s := open[0]
		for _, in := range inputs(s) {
			to, actions := Next(s, in)
			edges = append(edges, edge{s, in, to, actions})
			if key := likeness(to); states[key].Step == "" {
				states[key] = to
				open = append(open, to)
			}
		}
	}
	return states, edges
}

func TestEveryInputLeadsSomewhereFromEverywhere(t *testing.T) {
	states, edges := everywhere(t)
	seen := map[Step]bool{}
	for _, s := range states {
		if _, known := table[s.Step]; !known {
			t.Fatalf("%q is no step", s.Step)
		}
		seen[s.Step] = true
	}
	for step := range table {
		if !seen[step] {
			t.Errorf("nothing leads to %s", step)
		}
	}
	for _, e := range edges {
		if fault := e.fault(); fault != "" {
			t.Fatalf("%s, at %+v, by %+v: %+v", fault, e.from, e.in, e.actions)
		}
	}
	t.Logf("%d states, %d edges", len(states), len(edges))
}

// fault is what must not be in an edge.
func (e edge) fault() string {
	var asks, ends, listens bool
	for i, a := range e.actions {
		last := i == len(e.actions)-1
		switch a := a.(type) {
		case Say:
			if missing := unsaid(a); missing != "" {
				return "says what it cannot: " + string(missing)
			}
		case Ask:
			asks = last
		case End:
			ends = last
		case Listen:
			listens = last && a.For > 0
		}
	}
	waiting := table[e.to.Step].answers != nil
	switch {
	case e.in.HungUp && (e.to.Step != Ended || len(e.actions) > 0):
		return "goes on after hanging up"
	case e.to.Step == Ended && !e.in.HungUp && e.from.Step != Ended && !ends, ends && e.to.Step != Ended:
		return "ends and does not end"
	case e.to.Step == Ended && likeness(e.to) != likeness(State{Step: Ended}):
		return "keeps something after the end"
	case asks != (waiting && e.from.Step != e.to.Step):
		return "asks and does not wait, or waits and did not ask"
	case len(e.actions) > 0 && !asks && !ends && !listens:
		return "neither asks nor ends nor listens"
	case e.to.Chosen != "" && e.to.Step != Again:
		return "keeps a password"
	case len(e.to.Answers) > 0 && e.to.Step != Question:
		return "keeps answers"
	case e.in.Silence && e.in.Answer == nil && len(e.actions) == 0 && table[e.from.Step].answers == nil && e.from.Step != Ended:
		return "says nothing in a silence"
	}
	return e.changes()
}

// changes tells of a request that should not have been made there.
func (e edge) changes() string {
	for _, a := range e.actions {
		ask, is := a.(Ask)
		if !is {
			continue
		}
		switch ask.Request.(type) {
		case Open, Check, Remind, Unlock:
			if e.from.Identified && e.from.Step == Menu {
				return "identifies twice"
			}
		case Change:
			if !e.from.Identified || e.from.Step != Again || ask.Request.(Change).Password != e.from.Chosen {
				return "changes a password that was not typed twice by somebody identified"
			}
		case Decide:
			if !e.from.Identified || e.from.First || e.from.Step != Confirm && e.from.Step != ConfirmOwn {
				return "decides what nobody confirmed"
			}
		case Show:
			if !e.from.Identified || e.from.First || e.from.Step != Consent || e.in.Key != '#' {
				return "shows somebody who did not consent"
			}
		default:
			if !e.from.Identified || e.from.First {
				return "asks for somebody unknown, or before the first password was changed"
			}
		}
	}
	return ""
}

// unsaid is the first prompt that has no words in the language.
func unsaid(s Say) prompt.ID {
	for _, id := range s.Prompts {
		if prompt.Text(s.Lang, id) == "" {
			return id + " in " + prompt.ID(s.Lang)
		}
	}
	return ""
}

// Wherever a caller falls silent, the call ends soon, whatever the service answers:
// at most the silences of two steps, for a number that is complete is taken for
// finished once.
func TestSilenceEndsEveryCall(t *testing.T) {
	states, _ := everywhere(t)
	longest := 0
	for _, s := range states {
		longest = max(longest, silent(t, s, 12))
	}
	if longest > 2*silences+1 {
		t.Errorf("%d silences", longest)
	}
}

// silent is how many silences it takes at most.
func silent(t *testing.T, s State, left int) (most int) {
	t.Helper()
	if left == 0 {
		t.Fatalf("no end: %+v", s)
	}
	if s.Step == Ended {
		return 0
	}
	if table[s.Step].answers == nil {
		to, _ := Next(s, Silent)
		return 1 + silent(t, to, left-1)
	}
	for _, a := range answersTo() {
		to, _ := Next(s, Answered(a))
		most = max(most, silent(t, to, left-1))
	}
	return most
}
