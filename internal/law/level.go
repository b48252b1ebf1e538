package law

import (
	"fmt"
	"slices"
	"time"
)

// Level is a level of assurance (Regulation (EU) 910/2014, article 8). Greater is stronger.
type Level int

// The levels of eIDAS, and none below them.
const (
	NoLevel Level = iota
	Low
	Substantial
	High
)

var levelNames = []string{"none", "low", "substantial", "high"}

func (l Level) String() string {
	if l < NoLevel || l > High {
		return fmt.Sprintf("level %d", int(l))
	}
	return levelNames[l]
}

// ParseLevel reads "low", "substantial" or "high".
func ParseLevel(s string) (Level, error) {
	if i := slices.Index(levelNames, s); i > 0 {
		return Level(i), nil
	}
	return NoLevel, fmt.Errorf("%q is not a level of assurance", s)
}

func readLevel(text string) (any, error) {
	level, err := ParseLevel(text)
	return level, err
}

// Method names an authentication method.
type Method string

// The authentication methods.
const (
	Password Method = "password"
	TOTP     Method = "totp"     // Ügyfélkapu+: password and code
	MailCode Method = "mailcode" // password and mailed code
	Passkey  Method = "passkey"  // with user verification
	Phone    Method = "phone"
	Face     Method = "face"
	Card     Method = "card" // eSzemélyi
)

// Methods are all methods, in the order of the chooser.
func Methods() []Method { return []Method{TOTP, Passkey, MailCode, Face, Phone, Card, Password} }

// Authentication method references: those of RFC 8176, and "email", which it lacks.
var readAMR = words("pwd", "otp", "mfa", "email", "user", "tel", "kba", "face", "sc", "pin")

var levelRules = []rule{
	{"level.password", "level of a password", readLevel, []Row{{Value: "low", From: start2005, Source: "002"}}},
	{"level.totp", "level of Ügyfélkapu+", readLevel, []Row{{Value: "substantial", From: plus2022, Source: "004"}}},
	{"level.mailcode", "level of password and mailed code", readLevel, []Row{{Value: "substantial", From: plus2022, Source: "ours"}}},
	{"level.passkey", "level of a passkey with user verification", readLevel, []Row{{Value: "substantial", From: plus2022, Source: "ours"}}},
	{"level.phone", "level of the telephone", readLevel, []Row{{Value: "low", From: phone2012, Source: "004"}}},
	{"level.face", "level of face identification", readLevel, []Row{{Value: "substantial", From: plus2022, Source: "004"}}},
	{"level.card", "level of the electronic identity card", readLevel, []Row{{Value: "high", From: card2016, Source: "004"}}},
	{"amr.password", "references of a password", readAMR, []Row{{Value: "pwd", From: start2005, Source: "RFC 8176"}}},
	{"amr.totp", "references of Ügyfélkapu+", readAMR, []Row{{Value: "pwd otp mfa", From: plus2022, Source: "RFC 8176"}}},
	{"amr.mailcode", "references of password and mailed code", readAMR, []Row{{Value: "pwd email", From: plus2022, Source: "ours"}}},
	{"amr.passkey", "references of a passkey, beside hwk or swk", readAMR, []Row{{Value: "user", From: plus2022, Source: "RFC 8176"}}},
	{"amr.phone", "references of the telephone", readAMR, []Row{{Value: "tel kba", From: phone2012, Source: "RFC 8176"}}},
	{"amr.face", "references of face identification", readAMR, []Row{{Value: "face", From: plus2022, Source: "RFC 8176"}}},
	{"amr.card", "references of the electronic identity card", readAMR, []Row{{Value: "sc pin", From: card2016, Source: "RFC 8176"}}},
}

// Level is what the method is worth at the moment, or NoLevel when it is unknown or not in force. That a password
// alone opens no service any more is told by PasswordOpensService.
func (t Table) Level(method Method, at time.Time) Level {
	return valueAt[Level](t, Rule("level."+method), at)
}

// AMR are the method's authentication method references, as an ID token carries them (OpenID Connect Core, section 2).
// For a passkey the room adds hwk or swk, as the authenticator is bound to a device or synchronised.
func (t Table) AMR(method Method, at time.Time) []string {
	return slices.Clone(valueAt[[]string](t, Rule("amr."+method), at))
}
