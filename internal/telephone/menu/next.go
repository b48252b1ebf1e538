package menu

import (
	"time"

	"kapu/internal/telephone/prompt"
)

const (
	// silences in a row end a call.
	silences = 3
	// listening is how long we wait for a key, and finished for a key after a
	// number that may be complete.
	listening = 8 * time.Second
	finished  = 4 * time.Second
)

// Start is how a call begins.
func Start(r Rules) (State, []Action) {
	s := State{Step: Greeting, Rules: r, Lang: prompt.Hungarian}
	return s, s.here(nil)
}

// Next is the state after an input and what is to be done. It is defined for every
// state and every input; in Ended nothing leads anywhere.
func Next(s State, in Input) (State, []Action) {
	stage := table[s.Step]
	switch {
	case s.Step == Ended, in.HungUp:
		return State{Step: Ended}, nil
	case stage.answers != nil && in.Answer != nil:
		return answered(s, *in.Answer)
	case stage.answers != nil, in.Answer != nil:
		return s, nil // a key while we ask, or an answer that nobody asked for
	case in.Silence:
		return silence(s)
	case !isKey(in.Key):
		return s, nil
	case stage.entry != nil:
		return typed(s, in.Key)
	}
	return chosen(s, in.Key)
}

func isKey(r rune) bool { return '0' <= r && r <= '9' || r == '*' || r == '#' }

// answered goes on with what the service answered.
func answered(s State, a Answer) (State, []Action) {
	m, known := table[s.Step].answers[a.Outcome]
	if !known {
		return failed(s, a)
	}
	if m.fails {
		if s.Failures++; s.Failures >= s.Rules.Tries {
			return s.end(s.say(m, a), "wrong.often")
		}
	}
	return s.move(m, a)
}

// failed goes on after a fault of the machine: where nobody is identified yet, the
// call ends.
func failed(s State, a Answer) (State, []Action) {
	m := move{to: Menu, say: says("failed"), tell: fault}
	switch {
	case !s.Identified:
		m.to = Ended
	case s.First:
		m.to = New
	}
	return s.move(m, a)
}

// silence repeats, and in the end says goodbye.
func silence(s State) (State, []Action) {
	stage := table[s.Step]
	if stage.silence != nil {
		return s.move(*stage.silence, Answer{})
	}
	if stage.entry != nil && !stage.entry.instant && stage.entry.complete(s) {
		return s.move(stage.entry.next(s), Answer{}) // as if # had followed
	}
	if s.Silent++; s.Silent >= silences {
		return s.end(nil, "silent.end")
	}
	s.Typed = ""
	return s, s.here(says("silent"))
}

// chosen goes on with a key of a choice.
func chosen(s State, key rune) (State, []Action) {
	stage := table[s.Step]
	s.Silent = 0
	if m, ok := stage.keys[key]; ok {
		return s.move(m, Answer{})
	}
	if stage.choose != nil {
		if m, ok := stage.choose(s, key); ok {
			return s.move(m, Answer{})
		}
	}
	switch {
	case key == '*' && stage.back != "":
		return s.move(move{to: stage.back}, Answer{})
	case key == '*', key == '0', key == '#':
		return s, s.here(nil)
	}
	return s, s.here(says("unused"))
}

// typed goes on with a key of a number.
func typed(s State, key rune) (State, []Action) {
	stage := table[s.Step]
	e := stage.entry
	s.Silent = 0
	switch {
	case key == '*' && s.Typed == "" && stage.back != "" && !(s.First && stage.back == Menu):
		return s.move(move{to: stage.back}, Answer{})
	case key == '*':
		s.Typed = ""
		return s, s.here(nil)
	case key == '#' && e.complete(s):
		return s.move(e.next(s), Answer{})
	case key == '#' && e.instant:
		return s, s.here(nil)
	case key == '#':
		s.Typed = ""
		return s, s.here(says(e.short))
	}
	return digit(s, e, key)
}

// digit adds a digit to a number. One more than there may be is kept, so that it is
// seen to be too long; further ones are not.
func digit(s State, e *entry, key rune) (State, []Action) {
	if len(s.Typed) <= e.longest(s) {
		s.Typed += string(key)
	}
	switch {
	case e.instant && e.complete(s):
		return s.move(e.next(s), Answer{})
	case e.instant:
		return s, s.here(nil)
	case e.complete(s):
		return s, []Action{Listen{finished}}
	}
	return s, []Action{Listen{listening}}
}

func (e *entry) longest(s State) int {
	if e.length != nil {
		return e.length(s)
	}
	return e.most
}

func (e *entry) complete(s State) bool {
	if e.length != nil {
		return len(s.Typed) == e.length(s)
	}
	return 0 < len(s.Typed) && len(s.Typed) <= e.most
}

// move makes a move.
func (s State) move(m move, a Answer) (State, []Action) {
	before := s.say(m, a)
	if m.to == Ended {
		return s.end(before)
	}
	var request Request
	if m.ask != nil {
		request = m.ask(s)
	}
	if m.keep != nil {
		m.keep(&s, a)
	}
	s = s.at(m.to)
	if request != nil {
		return s, append(s.saying(before, false), Ask{request})
	}
	return s, s.here(before)
}

// at is the state at another step, without what only the steps before it needed.
func (s State) at(step Step) State {
	s.Step, s.Typed, s.Silent = step, "", 0
	if step == Greeting {
		s.Lang = prompt.Hungarian
	}
	if step != Position && step != Checking {
		s.Positions = nil
	}
	if step != Question {
		s.Questions, s.Answers = nil, nil
	}
	if step != Again {
		s.Chosen = ""
	}
	if step != Ways && step != Confirm && step != ConfirmOwn {
		s.Ways, s.Way = nil, 0
	}
	if step != Consent {
		s.Office = ""
	}
	return s
}

// say is what a move says.
func (s State) say(m move, a Answer) []prompt.ID {
	all := append([]prompt.ID(nil), m.say...)
	if m.tell != nil {
		all = append(all, m.tell(s.Lang, a)...)
	}
	return all
}

// end says goodbye. Nothing of the call is kept.
func (s State) end(before []prompt.ID, more ...prompt.ID) (State, []Action) {
	all := append(append(before, more...), "goodbye")
	return State{Step: Ended}, append(s.saying(all, false), End{})
}

// here says what is said at a step, after something else, and listens.
func (s State) here(before []prompt.ID) []Action {
	stage := table[s.Step]
	actions := s.saying(append(append([]prompt.ID(nil), before...), stage.says(s)...), stage.firm)
	if stage.english != "" {
		actions = append(actions, Say{Lang: prompt.English, Prompts: says(stage.english)})
	}
	return append(actions, Listen{listening})
}

func (s State) saying(all []prompt.ID, firm bool) []Action {
	if len(all) == 0 {
		return nil
	}
	return []Action{Say{Lang: s.Lang, Prompts: all, Firm: firm}}
}
