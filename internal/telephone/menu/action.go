package menu

import (
	"time"

	"kapu/internal/law"
	"kapu/internal/telephone/prompt"
)

// Action is what is to be done, in order: Say, Listen, Ask or End.
type Action interface{ action() }

// Say says prompts, one after the other.
type Say struct {
	Lang    prompt.Lang
	Prompts []prompt.ID
	Firm    bool // keys do not interrupt it: the caller must have heard it
}

// Listen waits for a key, and after For it is Silent.
type Listen struct{ For time.Duration }

// Ask asks the service; its answer is the next input.
type Ask struct{ Request Request }

// End ends the call.
type End struct{}

func (Say) action()    {}
func (Listen) action() {}
func (Ask) action()    {}
func (End) action()    {}

// Request is what the service is asked. The service knows whose call it is: it
// keeps what was opened and who was found.
type Request interface{ request() }

// The requests.
type (
	// Open asks which positions to ask of whoever has the identifier.
	Open struct{ Identifier string }
	// Check tries the digits for the positions.
	Check struct{ Digits string }
	// Remind asks for the reminder questions of the identifier that was opened.
	Remind struct{}
	// Unlock tries the answers to them, in their order.
	Unlock struct{ Answers []string }
	// Change changes the password.
	Change struct{ Password string }
	// Recall asks for the last identifications.
	Recall struct{}
	// List asks for the methods and what may be done with them.
	List struct{}
	// Decide forbids a method, or allows it.
	Decide struct {
		Method law.Method
		Forbid bool
	}
	// Code asks for a one-time code.
	Code struct{}
	// Find asks whose number of a desk it is.
	Find struct{ Number string }
	// Show shows the clerk of the desk that was found who is calling.
	Show struct{}
)

func (Open) request()   {}
func (Check) request()  {}
func (Remind) request() {}
func (Unlock) request() {}
func (Change) request() {}
func (Recall) request() {}
func (List) request()   {}
func (Decide) request() {}
func (Code) request()   {}
func (Find) request()   {}
func (Show) request()   {}

// Outcome is what came of a request.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Right   Outcome = "right"   // identified
	First   Outcome = "first"   // identified, by the one-time password: another must be chosen now
	Wrong   Outcome = "wrong"   // not the right digits or answers, or nobody's identifier, or locked: all alike
	Later   Outcome = "later"   // too many attempts
	Moved   Outcome = "moved"   // other positions are asked meanwhile
	Lapsed  Outcome = "lapsed"  // the first password was not changed in time
	Paused  Outcome = "paused"  // others may know the password
	Shut    Outcome = "shut"    // its owner has forbidden the telephone
	Weak    Outcome = "weak"    // no password to choose
	None    Outcome = "none"    // there is none of what was asked for
	Refused Outcome = "refused" // not by telephone
	Gone    Outcome = "gone"    // who was identified is no more
	Failed  Outcome = "failed"  // a fault of the machine
)

// Answer is what the service answers.
type Answer struct {
	Outcome   Outcome
	Positions []int      // of Open and of Moved
	Digits    int        // of Right and First: how many a password has
	Last      bool       // of Right: the password is worth nothing over the line any more
	Minutes   int        // of Later: until the next attempt
	Questions []Reminder // of Remind
	Past      []Past     // of Recall, latest first
	Ways      []Way      // of List
	Code      string     // of Code
	Office    string     // of Find: kind of office
	Fault     string     // of Failed: by which an operator finds it in the log
}

// Reminder is a reminder question, by its number on the list that is offered.
type Reminder struct {
	Number int
	Date   bool // the answer is a day, in eight digits
}

// Past is an identification of the past, in the time of Budapest.
type Past struct {
	Year         int // 0: this year
	Month, Day   int
	Hour, Minute int
	Kind         string     // of the service, as the catalogue has it; "" at the gateway itself
	Method       law.Method // "" if there is none to name
}

// Way is a method and what may be done with it in this call.
type Way struct {
	Method    law.Method
	Forbidden bool
	Closed    bool // it is forbidden and cannot be allowed by telephone
	Own       bool // it is the telephone itself
}
