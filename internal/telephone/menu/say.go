package menu

import (
	"fmt"

	"kapu/internal/law"
	"kapu/internal/telephone/prompt"
)

const (
	// answerDigits is how long an answer to a reminder question may be.
	answerDigits = 10
	deskDigits   = 4
	// most is how many identifications of the past are told.
	most = 5
)

func fixed(n int) func(State) int { return func(State) int { return n } }
func asked(s State) int           { return len(s.Positions) }
func passwordDigits(s State) int  { return s.Digits }

func to(m move) func(State) move { return func(State) move { return m } }

func speak(lang prompt.Lang) func(*State, Answer) {
	return func(s *State, _ Answer) { s.Lang = lang }
}

func open(s State) Request  { return Open{s.Typed} }
func check(s State) Request { return Check{s.Typed} }
func remind(State) Request  { return Remind{} }
func find(s State) Request  { return Find{s.Typed} }
func decide(s State) Request {
	w := s.Ways[s.Way]
	return Decide{Method: w.Method, Forbid: !w.Forbidden}
}

func askPositions(s *State, a Answer) { s.Positions = a.Positions }
func askQuestions(s *State, a Answer) { s.Questions, s.Answers = a.Questions, nil }
func identify(s *State, a Answer)     { s.Identified, s.Digits = true, a.Digits }
func choose(s *State, _ Answer)       { s.Chosen = s.Typed }

func identifyFirst(s *State, a Answer) {
	identify(s, a)
	s.First = true
}

// twice goes on when the new password was typed once more.
func twice(s State) move {
	if s.Typed != s.Chosen {
		return move{to: New, say: says("mismatch")}
	}
	return move{to: Changing, ask: func(s State) Request { return Change{s.Typed} }}
}

// nextQuestion goes on when a question was answered.
func nextQuestion(s State) move {
	answers := append(append([]string(nil), s.Answers...), s.Typed)
	if len(answers) < len(s.Questions) {
		return move{to: Question, keep: func(s *State, _ Answer) { s.Answers = answers }}
	}
	return move{to: Unlocking, ask: func(State) Request { return Unlock{answers} }}
}

func position(s State) []prompt.ID {
	if len(s.Typed) >= len(s.Positions) {
		return nil
	}
	n := s.Positions[len(s.Typed)]
	if id := prompt.ID(fmt.Sprintf("position.%d", n)); prompt.Text(s.Lang, id) != "" {
		return says(id)
	}
	return append(says("position"), prompt.Number(s.Lang, n)...)
}

func question(s State) []prompt.ID {
	if len(s.Answers) >= len(s.Questions) {
		return nil
	}
	q := s.Questions[len(s.Answers)]
	all := says(prompt.ID(fmt.Sprintf("question.%d", q.Number)))
	if q.Date {
		all = append(all, "question.date")
	}
	return all
}

func newPassword(s State) []prompt.ID {
	return append(says("new"), prompt.Number(s.Lang, s.Digits)...)
}

// consent says where the clerk is before it asks: who typed the number of another
// desk hears it.
func consent(s State) []prompt.ID {
	at := prompt.ID("desk.at." + s.Office)
	if prompt.Text(prompt.Hungarian, at) == "" {
		at = "desk.at.other"
	}
	return says(at, "desk.consent")
}

func minutes(lang prompt.Lang, a Answer) []prompt.ID { return prompt.Number(lang, max(a.Minutes, 1)) }

func fault(lang prompt.Lang, a Answer) []prompt.ID { return prompt.Spell(lang, a.Fault) }

func lastUse(_ prompt.Lang, a Answer) []prompt.ID {
	if a.Last {
		return says("last")
	}
	return nil
}

func code(_ prompt.Lang, a Answer) (all []prompt.ID) {
	all = append(says("code"), prompt.Digits(a.Code)...)
	return append(append(all, "code.again"), prompt.Digits(a.Code)...)
}

// past tells the last identifications: when, where, by what.
func past(lang prompt.Lang, a Answer) (all []prompt.ID) {
	for _, p := range a.Past[:min(len(a.Past), most)] {
		year, day := []prompt.ID(nil), prompt.Day(lang, p.Month, p.Day)
		if p.Year != 0 {
			year = prompt.Year(lang, p.Year)
		}
		if lang == prompt.Hungarian {
			all = append(append(all, year...), day...)
		} else {
			all = append(append(all, day...), year...)
		}
		all = append(all, prompt.Clock(lang, p.Hour, p.Minute)...)
		all = append(all, where(p.Kind), by(p.Method))
	}
	return all
}

func where(kind string) prompt.ID {
	if kind == "" {
		return "at.own"
	}
	if id := prompt.ID("at." + kind); prompt.Text(prompt.Hungarian, id) != "" {
		return id
	}
	return "at.other"
}

func by(method law.Method) prompt.ID {
	if id := prompt.ID("by." + method); prompt.Text(prompt.Hungarian, id) != "" {
		return id
	}
	return "by.other"
}

// ways lists the methods, each with its state and the key that changes it.
func ways(s State) (all []prompt.ID) {
	for i, w := range s.Ways {
		all = append(all, prompt.ID("way."+w.Method))
		key := prompt.ID(fmt.Sprintf("key.%d", i+1))
		switch {
		case w.Closed:
			all = append(all, "way.shut")
		case w.Forbidden:
			all = append(all, "way.forbidden", key)
		default:
			all = append(all, "way.allowed", key)
		}
	}
	return append(all, "ways.end")
}

// chooseWay goes on with the key of a method.
func chooseWay(s State, key rune) (move, bool) {
	i := int(key - '1')
	if i < 0 || i >= len(s.Ways) {
		return move{}, false
	}
	m := move{to: Confirm, keep: func(s *State, _ Answer) { s.Way = i }}
	switch w := s.Ways[i]; {
	case w.Closed:
		return move{to: Ways, say: says("refused")}, true
	case w.Own && !w.Forbidden:
		m.to = ConfirmOwn
	}
	return m, true
}

func confirm(s State) []prompt.ID {
	w := s.Ways[s.Way]
	if w.Forbidden {
		return says("confirm.allow", prompt.ID("way."+w.Method), "confirm")
	}
	return says("confirm.forbid", prompt.ID("way."+w.Method), "confirm")
}

func confirmOwn(s State) []prompt.ID {
	return says("confirm.forbid", prompt.ID("way."+s.Ways[s.Way].Method), "confirm.own", "confirm")
}
