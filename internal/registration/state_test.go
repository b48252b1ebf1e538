package registration

import (
	"errors"
	"slices"
	"testing"
)

// allStates in the order of a case's life.
var allStates = []State{Data, Unchecked, Differs, Checked, Declaration, Finished, Activated, Lapsed, Withdrawn}

var allEvents = []Event{Typed, Unanswered, Differed, Agreed, Paid, Chosen, Signed, Withdrew, CodeUsed, CodeLapsed}

func TestEveryRoadToAnAccountPassesTheRegisterAndTheSignature(t *testing.T) {
	for _, s := range allStates {
		for _, e := range allEvents {
			next, err := Next(s, e)
			switch {
			case next == Finished && s != Finished && (s != Declaration || e != Signed):
				t.Errorf("%s leads from %s to an account", e, s)
			case next == Declaration && s != Declaration && (s != Checked || e != Chosen):
				t.Errorf("%s leads from %s to the declaration", e, s)
			case e == Paid && next != s:
				t.Errorf("a fee alone leads from %s to %s", s, next)
			case next == Checked && s != Checked && e != Agreed:
				t.Errorf("%s leads from %s past the register", e, s)
			case err != nil && next != s:
				t.Errorf("%s in %s is refused and moves", e, s)
			case err == nil != s.Allows(e):
				t.Errorf("%s in %s: Next and Allows disagree", e, s)
			}
		}
	}
}

func TestADifferenceOrASilenceStopsFromWhereverItComes(t *testing.T) {
	for _, s := range OpenStates() {
		for e, want := range map[Event]State{Differed: Differs, Unanswered: Unchecked, Typed: Data, Withdrew: Withdrawn} {
			if got, err := Next(s, e); got != want || err != nil {
				t.Errorf("%s in %s leads to %s", e, s, got)
			}
		}
	}
}

func TestAClosedCaseStaysClosed(t *testing.T) {
	for _, s := range allStates {
		if s.Open() != slices.Contains(allStates[:5], s) {
			t.Errorf("%s: open %t", s, s.Open())
		}
		for _, e := range allEvents {
			next, err := Next(s, e)
			if !s.Open() && (next.Open() || err == nil && s != Finished) {
				t.Errorf("%s opens %s again", e, s)
			}
		}
	}
	if _, err := Next("nonsense", Typed); !errors.Is(err, ErrStep) {
		t.Errorf("an unknown state: %v", err)
	}
}
