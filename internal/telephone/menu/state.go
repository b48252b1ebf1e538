package menu

import "kapu/internal/telephone/prompt"

// Step is where a call stands.
type Step string

// The steps at which the caller is heard.
const (
	Greeting   Step = "greeting"   // the language
	Identifier Step = "identifier" // eight digits
	Position   Step = "position"   // the asked digits of the password, one by one
	Stuck      Step = "stuck"      // after a wrong answer: once more, or unlock
	Question   Step = "question"   // the reminder questions, one by one
	Menu       Step = "menu"
	New        Step = "new" // password
	Again      Step = "again"
	Ways       Step = "ways"        // which method to forbid or allow
	Confirm    Step = "confirm"     // that it is to be so
	ConfirmOwn Step = "confirm-own" // that the telephone is to be forbidden
	Desk       Step = "desk"        // the number that a clerk told
	Consent    Step = "consent"     // that the clerk may see who calls
	Ended      Step = "ended"
)

// The steps at which the service is asked, and keys and silence do nothing.
const (
	Opening     Step = "opening"
	Checking    Step = "checking"
	Reminding   Step = "reminding"
	Unlocking   Step = "unlocking"
	Changing    Step = "changing"
	Recalling   Step = "recalling"
	Listing     Step = "listing"
	Deciding    Step = "deciding"
	DecidingOwn Step = "deciding-own"
	Coding      Step = "coding"
	Finding     Step = "finding"
	Showing     Step = "showing"
)

// Rules are what the law says of a call.
type Rules struct {
	Identifier int // digits of an identifier
	Tries      int // wrong answers that end a call
}

// State is where a call stands and what is known in it. It is a value: Next never
// changes the one it was given.
type State struct {
	Step       Step
	Rules      Rules
	Lang       prompt.Lang
	Identified bool // in this call
	First      bool // only the change of the first password is possible
	Silent     int  // silences in a row
	Failures   int  // attempts to be identified that failed in this call

	Typed     string     // digits of an entry that is not complete yet
	Positions []int      // of the password that are asked
	Digits    int        // of a password
	Chosen    string     // new password, typed once
	Questions []Reminder // that are asked
	Answers   []string   // to those that were asked so far
	Ways      []Way      // that were listed
	Way       int        // the one that the caller chose
	Office    string     // kind of office where that desk is
}

// Input is what happens in a call.
type Input struct {
	Key     rune    // '0' to '9', '*' or '#'; 0 for what is no key
	HungUp  bool    // the caller is gone
	Answer  *Answer // of the service
	Silence bool    // nobody typed anything for as long as Listen said
}

// Pressed, Silent and HungUp are the inputs that come over the line.
var (
	Silent = Input{Silence: true}
	HungUp = Input{HungUp: true}
)

// Pressed is the input of a key.
func Pressed(key rune) Input { return Input{Key: key} }

// Answered is the input of what the service answers.
func Answered(a Answer) Input { return Input{Answer: &a} }
