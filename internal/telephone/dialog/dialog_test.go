package dialog

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever happens, in whatever order: the conversation begins once at most,
// after the ACK and before its end, and ends exactly once, when or before the
// call is over; every request is answered; nothing is said after the end.
func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, begun, stopped, byes := Ringing, 0, 0, 0
		for range rapid.IntRange(1, 60).Draw(t, "length") {
			e := Event(rapid.IntRange(0, int(events)-1).Draw(t, "event"))
			step := Next(s, e)
			for _, a := range step.Do {
				switch a {
				case Begin:
					if begun++; begun > 1 || stopped > 0 || s != Answered || e != Acked {
						t.Fatalf("begins in %d by %d", s, e)
					}
				case Stop:
					stopped++
				case SayBye:
					byes++
				case SayOK, SayOKAgain, SayRinging:
					if stopped > 0 {
						t.Fatalf("answers in %d by %d, after the end", s, e)
					}
				}
			}
			answered(t, s, e, step)
			if s == Over && (step.To != Over || len(step.Do) > 0) {
				t.Fatalf("something follows the end: %d", e)
			}
			if s = step.To; (s == Over || s == Leaving) != (stopped == 1) || stopped > 1 || byes > 1 {
				t.Fatalf("in %d: stopped %d times, said BYE %d times", s, stopped, byes)
			}
		}
	})
}

// answered checks that a request that is heard before the end gets its answer.
func answered(t *rapid.T, s State, e Event, step Step) {
	wants := map[Event][]Act{ByeHeard: {AnswerBye}, Cancelled: {AnswerCancel}, Reinvited: {SayOK, RefuseLater}}[e]
	if s == Over || wants == nil {
		return
	}
	if !slices.ContainsFunc(wants, func(a Act) bool { return slices.Contains(step.Do, a) }) {
		t.Fatalf("%d is not answered in %d", e, s)
	}
}

// From every state each way to wait ends: with silence from the caller alone a
// call that we want to end is over.
func TestSilenceEndsEveryCall(t *testing.T) {
	for s := range states {
		at := s
		for range 4 {
			at = Next(at, Enough).To
			if _, never, waits := at.Waits(); waits {
				at = Next(at, never).To
			}
		}
		if at != Over {
			t.Errorf("from %d we come to %d and stay", s, at)
		}
		if end := Next(s, Broken).To; end != Over {
			t.Errorf("in %d a broken connection leads to %d", s, end)
		}
	}
}

func TestEveryEntryIsOfAStateAndAnEvent(t *testing.T) {
	if len(table) != int(states) {
		t.Errorf("%d states in the table, of %d", len(table), states)
	}
	for s, row := range table {
		for e, step := range row {
			if s >= states || e >= events || step.To >= states {
				t.Errorf("%d, %d: %v", s, e, step)
			}
		}
	}
}
