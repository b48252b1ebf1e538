package notify

import "time"

// PhonePassword brings the one-time password of a telephone identifier (R20), by mail or as a short text, never beside
// the identifier.
type PhonePassword struct {
	Code  string // digits
	Link  string // where it is changed
	Until time.Time
}

// PhonePasswordChanged says that the telephone password is another.
type PhonePasswordChanged struct {
	At   time.Time
	Link string // where it is looked after
}

// PhoneLocked says that wrong answers locked the telephone identifier.
type PhoneLocked struct {
	At   time.Time
	Link string // where it is unlocked
}

// PhoneUnlocked says that the telephone identifier can be used again.
type PhoneUnlocked struct {
	At   time.Time
	Link string // where it is looked after
}

// PhonePaused says that another telephone password must be chosen first.
type PhonePaused struct {
	At   time.Time
	Link string // where it is chosen
}

// PhoneLapsed says that the one-time telephone password was not changed in time.
type PhoneLapsed struct {
	Until time.Time // the deadline that passed
}

// PhoneEnded says that the telephone identifier ended.
type PhoneEnded struct{ At time.Time }

// PhoneUsed says that somebody signed in with the telephone identifier of a receiver who has no account.
type PhoneUsed struct {
	At   time.Time
	Why  string // of package notice's reasons, if it is suspicious
	Link string // where it is looked after
}

// PhoneRefused says the same of somebody with right digits whom the receiver's own ban has refused.
type PhoneRefused struct{ At time.Time }

func (PhonePassword) kind() string        { return "phone-password" }
func (PhonePasswordChanged) kind() string { return "phone-password-changed" }
func (PhoneLocked) kind() string          { return "phone-locked" }
func (PhoneUnlocked) kind() string        { return "phone-unlocked" }
func (PhonePaused) kind() string          { return "phone-paused" }
func (PhoneLapsed) kind() string          { return "phone-lapsed" }
func (PhoneEnded) kind() string           { return "phone-ended" }
func (PhoneUsed) kind() string            { return "phone-used" }
func (PhoneRefused) kind() string         { return "phone-refused" }

func (m PhonePassword) facts() facts        { return facts{Code: m.Code, Link: m.Link, Until: m.Until} }
func (m PhonePasswordChanged) facts() facts { return facts{At: m.At, Link: m.Link} }
func (m PhoneLocked) facts() facts          { return facts{At: m.At, Link: m.Link} }
func (m PhoneUnlocked) facts() facts        { return facts{At: m.At, Link: m.Link} }
func (m PhonePaused) facts() facts          { return facts{At: m.At, Link: m.Link} }
func (m PhoneLapsed) facts() facts          { return facts{Until: m.Until} }
func (m PhoneEnded) facts() facts           { return facts{At: m.At} }
func (m PhoneUsed) facts() facts            { return facts{At: m.At, Why: m.Why, Link: m.Link} }
func (m PhoneRefused) facts() facts         { return facts{At: m.At} }
