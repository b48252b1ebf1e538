package notify

import "time"

// Messages about passkeys.

// PasskeyAdded says that a passkey was added, and how to close the account if somebody else did it.
type PasskeyAdded struct {
	At          time.Time
	RevokeLink  string
	RevokeUntil time.Time
}

// PasskeyRemoved says that a passkey was taken off.
type PasskeyRemoved struct {
	At   time.Time
	Link string // where the account is looked after
}

// PasskeySuspected says that a copy of a passkey was used, and that it signs nobody in any more.
type PasskeySuspected struct {
	At   time.Time
	Link string // where the passkeys are looked after
}

func (PasskeyAdded) kind() string     { return "passkey-added" }
func (PasskeyRemoved) kind() string   { return "passkey-removed" }
func (PasskeySuspected) kind() string { return "passkey-suspected" }

func (m PasskeyAdded) facts() facts     { return facts{At: m.At, Link: m.RevokeLink, Until: m.RevokeUntil} }
func (m PasskeyRemoved) facts() facts   { return facts{At: m.At, Link: m.Link} }
func (m PasskeySuspected) facts() facts { return facts{At: m.At, Link: m.Link} }
