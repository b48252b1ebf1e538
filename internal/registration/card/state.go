package card

import (
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
)

// State is where a code stands. The store keeps it in CardCode.State.
type State string

// The states of a code. In the last four it is over and opens nothing any more.
const (
	Issued     State = "issued"
	Reserved   State = "reserved" // checked, and kept for the browser that checked it
	Used       State = "used"
	Blocked    State = "blocked"    // tried wrongly too often
	Superseded State = "superseded" // the desk has issued another for the same card
	Expired    State = "expired"
)

// Event is what happens to a code.
type Event string

// The events. Whether a reservation is one's own is asked before Checked and
// Registered happen; see [current].
const (
	Checked    Event = "checked"    // the right code was typed
	Mistaken   Event = "mistaken"   // a wrong code was typed
	Exhausted  Event = "exhausted"  // the last wrong code that the law suffers
	Released   Event = "released"   // the reservation has run out
	Registered Event = "registered" // an account was made
	Replaced   Event = "replaced"   // the desk issued another
	RanOut     Event = "ran-out"    // the code's own time is over
)

// ErrStep is returned for an event that the state does not allow.
var ErrStep = errors.New("card: not possible in this state")

var table = map[State]map[Event]State{
	Issued: {Checked: Reserved, Mistaken: Issued, Exhausted: Blocked, Replaced: Superseded, RanOut: Expired},
	Reserved: {Checked: Reserved, Mistaken: Reserved, Exhausted: Blocked, Released: Issued, Registered: Used,
		Replaced: Superseded, RanOut: Expired},
	Used:       {},
	Blocked:    {},
	Superseded: {},
	Expired:    {},
}

// Next is the state after an event. It errs with ErrStep and stays where it is.
func Next(s State, e Event) (State, error) {
	next, ok := table[s][e]
	if !ok {
		return s, ErrStep
	}
	return next, nil
}

// Over says whether the code opens nothing any more.
func (s State) Over() bool { return len(table[s]) == 0 }

// openStates are those in which a code can still be used.
func openStates() []string { return []string{string(Issued), string(Reserved)} }

func stateOf(c store.CardCode) State { return State(c.State) }

// step moves a code by an event; one that is over forgets its holder. It errs
// with ErrStep.
func step(c store.CardCode, e Event) (store.CardCode, error) {
	next, err := Next(stateOf(c), e)
	if err != nil {
		return c, err
	}
	c.State = string(next)
	if next.Over() {
		c.Reference, c.Document = "", identity.Document{}
	}
	return c, nil
}

// current is a stored code as it stands now: time may have ended it, or its
// reservation. The browser of a reservation that ran out stays known.
func current(c store.CardCode, now time.Time) store.CardCode {
	if !stateOf(c).Over() && !now.Before(c.Expires) {
		c, _ = step(c, RanOut) // allowed in every state that is not over
	}
	if stateOf(c) == Reserved && !now.Before(c.ReservedUntil) {
		c, _ = step(c, Released)
	}
	return c
}
