package telephone

import (
	"context"
	"time"
)

// Call is what a conversation may know of the call it is held in.
type Call struct {
	Dialled string // the user part of the address that was called: our own number
	// Caller stands for the caller's number: the same for the same number, of
	// use to count attempts by and nothing else. It is empty if the trunk is not
	// trusted with numbers, or did not tell one.
	Caller string
}

// Conversation is one caller's talk with the gateway. The line calls its
// methods one at a time, never two at once, and performs what they return.
//
// A key or a silence puts what it leads to in the place of everything that was
// left to do: so a caller who knows the way interrupts a prompt by typing.
// Keys that are typed while an Await is under way are kept, and delivered after it.
type Conversation interface {
	// Start is called once, when the caller can hear.
	Start() []Action
	// Digit is called for each key: '0' to '9', '*' and '#'.
	Digit(key rune) []Action
	// Silence is called when a Collect has lapsed without a key.
	Silence() []Action
	// HangUp is called exactly once, as the last thing, whoever ended the call
	// and whenever: also before Start, and after End. An Await that is under
	// way is let finish first.
	HangUp()
}

// Action is one thing for the line to do: Say, Collect, Await or End. They are
// done in order. When nothing is left, the line waits for a key as if the last
// had been Collect{}.
type Action interface{ action() }

// Say plays sound.
type Say struct {
	// Parts are G.711 A-law at 8000 bytes a second, played without a gap. They
	// are read only, and may be shared by all calls.
	Parts [][]byte
	// Firm is heard to its end: keys neither interrupt it nor outlive it; what
	// was typed before and during it is forgotten.
	Firm bool
}

// Collect waits for the next key, and after Timeout says Silence. Zero stands
// for UsualSilence.
type Collect struct{ Timeout time.Duration }

// Await does work that may take its time, with nothing to be heard meanwhile,
// and then what the work says. Work runs while no method of the conversation
// does, so both may use the same state. Its context ends after AwaitLimit, not
// when the caller hangs up: what was begun is brought to an end. A panic ends
// the call.
type Await struct {
	Work func(ctx context.Context) []Action
}

// End hangs up, politely, when everything before it has been heard.
type End struct{}

func (Say) action()     {}
func (Collect) action() {}
func (Await) action()   {}
func (End) action()     {}

const (
	// UsualSilence is how long the line waits for a key if nobody says how long.
	UsualSilence = 8 * time.Second
	// AwaitLimit bounds the work of an Await.
	AwaitLimit = 10 * time.Second
	// keysKept bounds what is typed ahead.
	keysKept = 32
)
