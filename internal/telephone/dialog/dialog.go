// Package dialog owns how a call goes on the side of SIP, as a table: in which
// state what makes which, and what is to be done about it (RFC 3261, 13 and
// 17.2; 200 is repeated by us until its ACK, 13.3.1.4). It is pure: no clock,
// no network; ticks of a clock are events like all others.
//
// What the table has no entry for changes nothing.
package dialog

// State is how far a call is.
type State uint8

const (
	Ringing  State = iota // the INVITE was taken, and is not answered yet
	Answered              // 200 was sent, and is not acknowledged
	Talking               // it was
	Renewing              // another INVITE within the call was answered, and that is not acknowledged
	Leaving               // we have said BYE, and wait for the answer
	Over                  // nothing follows
	states
)

// Event is what happens to a call.
type Event uint8

const (
	Repeated    Event = iota // the same INVITE once more
	RungEnough               // it is time to answer
	Acked                    // ACK
	Cancelled                // CANCEL
	ByeHeard                 // BYE
	Reinvited                // another INVITE within the call
	Unacked                  // the wait for an ACK: time to repeat the 200
	NeverAcked               // the wait for an ACK was too long
	Enough                   // we want to end: nothing more is said, nobody is there, a limit was reached
	ByeUnheard               // the wait for an answer to BYE: time to repeat it
	ByeAnswered              // it came
	NeverHeard               // it never came
	Broken                   // nothing can be sent to the caller any more
	events
)

// Act is one thing to do.
type Act uint8

const (
	SayRinging   Act = iota // send 180
	SayOK                   // send 200 with the description of our side
	SayOKAgain              // send that once more
	RefuseEnded             // 487 to the INVITE
	AnswerBye               // 200 to the BYE
	AnswerCancel            // 200 to the CANCEL
	RefuseLater             // 491 to an INVITE within the call
	SayBye                  // send BYE
	SayByeAgain             // send it once more
	Begin                   // the caller can hear: let the conversation begin
	Stop                    // no sound any more, and the conversation hangs up
)

// Step is what an event leads to.
type Step struct {
	To State
	Do []Act
}

// table has every entry; Next reads it.
var table = map[State]map[Event]Step{
	Ringing: {
		Repeated:   {Ringing, []Act{SayRinging}},
		RungEnough: {Answered, []Act{SayOK}},
		Cancelled:  {Over, []Act{AnswerCancel, RefuseEnded, Stop}},
		ByeHeard:   {Over, []Act{AnswerBye, RefuseEnded, Stop}},
		Reinvited:  {Ringing, []Act{RefuseLater}},
		Enough:     {Over, []Act{RefuseEnded, Stop}},
		Broken:     {Over, []Act{Stop}},
	},
	Answered: {
		Repeated:   {Answered, []Act{SayOKAgain}},
		Acked:      {Talking, []Act{Begin}},
		Cancelled:  {Answered, []Act{AnswerCancel}}, // too late (9.2): the caller will say BYE
		ByeHeard:   {Over, []Act{AnswerBye, Stop}},
		Reinvited:  {Answered, []Act{RefuseLater}},
		Unacked:    {Answered, []Act{SayOKAgain}},
		NeverAcked: {Leaving, []Act{Stop, SayBye}},
		Enough:     {Leaving, []Act{Stop, SayBye}},
		Broken:     {Over, []Act{Stop}},
	},
	Talking: {
		Cancelled: {Talking, []Act{AnswerCancel}},
		ByeHeard:  {Over, []Act{AnswerBye, Stop}},
		Reinvited: {Renewing, []Act{SayOK}},
		Enough:    {Leaving, []Act{Stop, SayBye}},
		Broken:    {Over, []Act{Stop}},
	},
	Renewing: {
		Repeated:   {Renewing, []Act{SayOKAgain}},
		Acked:      {Talking, nil},
		Cancelled:  {Renewing, []Act{AnswerCancel}},
		ByeHeard:   {Over, []Act{AnswerBye, Stop}},
		Reinvited:  {Renewing, []Act{RefuseLater}},
		Unacked:    {Renewing, []Act{SayOKAgain}},
		NeverAcked: {Leaving, []Act{Stop, SayBye}},
		Enough:     {Leaving, []Act{Stop, SayBye}},
		Broken:     {Over, []Act{Stop}},
	},
	Leaving: {
		Cancelled:   {Leaving, []Act{AnswerCancel}},
		ByeHeard:    {Over, []Act{AnswerBye}}, // ours and theirs have crossed
		Reinvited:   {Leaving, []Act{RefuseLater}},
		ByeUnheard:  {Leaving, []Act{SayByeAgain}},
		ByeAnswered: {Over, nil},
		NeverHeard:  {Over, nil},
		Broken:      {Over, nil},
	},
	Over: {},
}

// Next is what an event leads to in a state.
func Next(s State, e Event) Step {
	if step, ok := table[s][e]; ok {
		return step
	}
	return Step{To: s}
}

// Waits says what a state waits for when it has sent something.
func (s State) Waits() (again, never Event, waits bool) {
	switch s {
	case Answered, Renewing:
		return Unacked, NeverAcked, true
	case Leaving:
		return ByeUnheard, NeverHeard, true
	}
	return 0, 0, false
}
