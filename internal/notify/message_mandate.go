package notify

import "time"

// Messages about mandates. None names the other person: who reads a mailbox need not know for whom somebody acts.

// MandateAccepted says to the principal that somebody has accepted what they offered, and waits for their confirmation.
type MandateAccepted struct {
	Link  string // where they see who it is
	Until time.Time
}

// MandateGiven says to both that a mandate has come into force.
type MandateGiven struct {
	At    time.Time
	Until time.Time
	Link  string // where it is seen and ended
}

// MandateEnded says to both that a mandate is over.
type MandateEnded struct {
	At   time.Time
	Link string // where mandates are seen
}

func (MandateAccepted) kind() string { return "mandate-accepted" }
func (MandateGiven) kind() string    { return "mandate-given" }
func (MandateEnded) kind() string    { return "mandate-ended" }

func (m MandateAccepted) facts() facts { return facts{Link: m.Link, Until: m.Until} }
func (m MandateGiven) facts() facts    { return facts{At: m.At, Until: m.Until, Link: m.Link} }
func (m MandateEnded) facts() facts    { return facts{At: m.At, Link: m.Link} }
