// Package registration owns the case of a registration: its states and what
// each allows (a table), what the case holds while it is open, and what makes an
// account of it: the one-time code, or the username and first password that an
// office issues. Channels (office, consulate, provisional, card) stand on it.
//
// It refuses to know pages, and to keep personal data in a case once the
// account holds them.
package registration

import (
	"errors"
	"slices"
)

// State is where a case stands. The store keeps it in Case.State.
type State string

// The states of a case.
const (
	Data        State = "data"        // typed; the register was not asked yet
	Unchecked   State = "unchecked"   // typed; the register did not answer
	Differs     State = "differs"     // the register's answer stops the case (R2)
	Checked     State = "checked"     // everything agrees; username and e-mail are next
	Declaration State = "declaration" // chosen; the signature on the declaration is next (R4)
	Finished    State = "finished"    // the account waits for its activation (R5)
	Activated   State = "activated"
	Lapsed      State = "lapsed"    // not activated in time
	Withdrawn   State = "withdrawn" // given up at the desk
)

// Event is what happens to a case.
type Event string

// The events.
const (
	Typed      Event = "typed"      // data were corrected
	Unanswered Event = "unanswered" // the register could not be asked
	Differed   Event = "differed"
	Agreed     Event = "agreed"
	Paid       Event = "paid"   // the fee of a further account is recorded (R7)
	Chosen     Event = "chosen" // username, e-mail, language, validity; or which provisional account becomes final
	Signed     Event = "signed"
	Withdrew   Event = "withdrew"
	CodeUsed   Event = "code-used"
	CodeLapsed Event = "code-lapsed"
)

// ErrStep is returned for an event that the state does not allow.
var ErrStep = errors.New("registration: not possible in this state")

// answers are the three ways in which asking the register ends, possible from
// every open state: an answer of another day is asked for again.
func answers(agreed State, more map[Event]State) map[Event]State {
	row := map[Event]State{Typed: Data, Unanswered: Unchecked, Differed: Differs, Agreed: agreed, Withdrew: Withdrawn}
	for e, s := range more {
		row[e] = s
	}
	return row
}

var table = map[State]map[Event]State{
	Data:        answers(Checked, nil),
	Unchecked:   answers(Checked, nil),
	Differs:     answers(Checked, nil),
	Checked:     answers(Checked, map[Event]State{Paid: Checked, Chosen: Declaration}),
	Declaration: answers(Declaration, map[Event]State{Paid: Declaration, Chosen: Declaration, Signed: Finished}),
	Finished:    {CodeUsed: Activated, CodeLapsed: Lapsed},
	Activated:   {},
	Lapsed:      {},
	Withdrawn:   {},
}

// Next is the state after an event. It errs with ErrStep and stays where it is.
func Next(s State, e Event) (State, error) {
	next, ok := table[s][e]
	if !ok {
		return s, ErrStep
	}
	return next, nil
}

// Allows says whether the event can happen in the state.
func (s State) Allows(e Event) bool { _, ok := table[s][e]; return ok }

// Open says whether the case still waits for the desk.
func (s State) Open() bool { return slices.Contains(OpenStates(), s) }

// OpenStates are the states in which a case waits for the desk.
func OpenStates() []State { return []State{Data, Unchecked, Differs, Checked, Declaration} }
