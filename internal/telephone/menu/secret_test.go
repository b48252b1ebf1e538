package menu

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// heard is what a listener hears of the line: everything said.
func heard(actions []Action) (all []Action) {
	for _, a := range actions {
		if _, says := a.(Say); says {
			all = append(all, a)
		}
	}
	return all
}

// other is another digit, the same for the same.
func other(key rune, by int) rune {
	if key < '0' || key > '9' {
		return key
	}
	return '0' + (key-'0'+rune(by))%10
}

// Two callers who do the same, but type other digits of numbers and passwords, hear
// the same, are asked the same, and end alike: so no digit that was typed is ever
// said, and the way does not depend on it.
func TestNothingTypedIsEverSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.IntRange(1, 9).Draw(t, "by")
		one, said := Start(usual)
		two, same := Start(usual)
		for range rapid.IntRange(1, 80).Draw(t, "length") {
			if diff := cmp.Diff(heard(said), heard(same)); diff != "" || one.Step != two.Step {
				t.Fatalf("at %s and %s: %s", one.Step, two.Step, diff)
			}
			in := rapid.SampledFrom(inputs(one)).Draw(t, "input")
			alike := in
			if table[one.Step].entry != nil {
				alike.Key = other(in.Key, by)
			}
			one, said = Next(one, in)
			two, same = Next(two, alike)
		}
	})
}

// walk is a caller who knows the way: digits and keys as typed, and what the service
// answers to each request.
func walk(t *testing.T, script ...any) (s State, asked []Request, last []Action) {
	t.Helper()
	s, last = Start(usual)
	for _, entry := range script {
		switch e := entry.(type) {
		case string:
			for _, key := range e {
				s, last = Next(s, Pressed(key))
			}
		case Input:
			s, last = Next(s, e)
		case Answer:
			if table[s.Step].answers == nil {
				t.Fatalf("nobody asked at %s", s.Step)
			}
			s, last = Next(s, Answered(e))
		}
		for _, a := range last {
			if ask, is := a.(Ask); is {
				asked = append(asked, ask.Request)
			}
		}
	}
	return s, asked, last
}

var (
	opened = Answer{Outcome: Done, Positions: []int{1, 4, 6}}
	right  = Answer{Outcome: Right, Digits: 6}
	done   = Answer{Outcome: Done}
)

func TestWalks(t *testing.T) {
	in := []any{"1", "12345678#", opened, "146", right}
	identified := []Request{Open{"12345678"}, Check{"146"}}
	for _, c := range []struct {
		name   string
		script []any
		step   Step
		asked  []Request // after those of being identified
	}{
		{"the password is changed", []any{"1", "493027#", "493027#", done}, Menu, []Request{Change{"493027"}}},
		{"a slip in the second is told", []any{"1", "493027#", "493028#"}, New, nil},
		{"and nothing of the first is left", []any{"1", "493027#", "493028#", "493028#", "493028#", done}, Menu, []Request{Change{"493028"}}},
		{"a star takes digits back", []any{"1", "4930*493027#", "493027#"}, Changing, []Request{Change{"493027"}}},
		{"a silence finishes a complete number", []any{"1", "493027", Silent, "493027", Silent}, Changing, []Request{Change{"493027"}}},
		{"a silence takes back an incomplete one", []any{"1", "4930", Silent, "493027#", "493027#"}, Changing, []Request{Change{"493027"}}},
		{"a weak one is chosen again", []any{"1", "111111#", "111111#", Answer{Outcome: Weak}}, New, []Request{Change{"111111"}}},
		{"a method is forbidden after it is confirmed", []any{"3", Answer{Outcome: Done, Ways: someWays}, "11", done}, Menu, []Request{List{}, Decide{Method: "totp", Forbid: true}}},
		{"not without", []any{"3", Answer{Outcome: Done, Ways: someWays}, "1*"}, Ways, []Request{List{}}},
		{"the telephone forbids itself, and that is the end", []any{"3", Answer{Outcome: Done, Ways: someWays}, "21", done}, Ended, []Request{List{}, Decide{Method: "phone", Forbid: true}}},
		{"what the telephone cannot allow it does not try", []any{"3", Answer{Outcome: Done, Ways: someWays}, "3"}, Ways, []Request{List{}}},
		{"a clerk sees who consents", []any{"5", "4711#", Answer{Outcome: Done, Office: "nav"}, "#", done}, Menu, []Request{Find{"4711"}, Show{}}},
		{"not who does not", []any{"5", "4711#", Answer{Outcome: Done, Office: "nav"}, "1*"}, Menu, []Request{Find{"4711"}}},
		{"nor after hanging up", []any{"5", "4711#", Answer{Outcome: Done, Office: "nav"}, HungUp, "#"}, Ended, []Request{Find{"4711"}}},
		{"a fault leads back", []any{"4", Answer{Outcome: Failed, Fault: "K7"}}, Menu, []Request{Code{}}},
		{"who is not identified any more begins anew", []any{"4", Answer{Outcome: Gone}}, Identifier, []Request{Code{}}},
		{"nine ends", []any{"9"}, Ended, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, asked, _ := walk(t, append(append([]any(nil), in...), c.script...)...)
			if s.Step != c.step {
				t.Errorf("at %s, want %s", s.Step, c.step)
			}
			if diff := cmp.Diff(append(append([]Request(nil), identified...), c.asked...), asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheFirstPasswordIsChangedBeforeAnythingElse(t *testing.T) {
	first := Answer{Outcome: First, Digits: 6}
	s, asked, _ := walk(t, "1", "12345678#", opened, "146", first, "**0*3*")
	if s.Step != New || len(asked) != 2 {
		t.Errorf("at %s after %v", s.Step, asked)
	}
	s, _, _ = walk(t, "1", "12345678#", opened, "146", first, "493027#493027#", done)
	if s.Step != Menu || s.First {
		t.Errorf("at %s", s.Step)
	}
}

func TestThreeFailuresEndACall(t *testing.T) {
	wrong := Answer{Outcome: Wrong}
	s, _, last := walk(t, "1", "12345678#", opened, "146", wrong, "*", "12345678#", opened, "146", wrong, "*", "12345678#", opened, "146", wrong)
	if s.Step != Ended || last[len(last)-1] != (End{}) {
		t.Errorf("at %s: %v", s.Step, last)
	}
	s, asked, _ := walk(t, "1", "12345678#", opened, "146", wrong, "1", Answer{Outcome: Done, Questions: someQuestions}, "17#", "19900131#", done)
	if s.Step != Identifier || cmp.Diff(Unlock{[]string{"17", "19900131"}}, asked[len(asked)-1]) != "" {
		t.Errorf("at %s after %v", s.Step, asked)
	}
}
