package authn

import (
	"slices"
	"time"

	"kapu/internal/law"
)

// Factor is one thing that a person proves in one room: a password, a code, a key.
type Factor string

// The factors, each with a room of its own.
const (
	Password Factor = "password"
	TOTP     Factor = "totp"
	Passkey  Factor = "passkey"
	MailCode Factor = "mailcode" // a code sent to the account's own address
	Phone    Factor = "phone"    // some digits of the telephone password; belongs to the person, not to an account
)

// Method is an authentication method as a citizen chooses it on the chooser
// page (R19): one or more factors in their order, worth one level.
type Method struct {
	Name    law.Method
	Factors []Factor
	Level   law.Level // NoLevel: leads to requesting a stronger method, to no service (R18)
	AMR     []string  // RFC 8176; an [Achievement] has what its events add
}

// Rules are what the law says at a moment about signing in.
type Rules struct {
	Methods         []Method      // strongest claim first, as the chooser lists them
	Forbidden       []Method      // those that the person has forbidden here; none before the person is known
	SessionLife     time.Duration // from the first event
	SessionIdle     time.Duration // from the last request
	TransactionLife time.Duration // from a service's request to the answer
	Provisional     law.Level     // the highest that a provisional registration reaches
}

// factors says which factors each method that this program offers consists of.
var factors = map[law.Method][]Factor{
	law.Password: {Password},
	law.TOTP:     {Password, TOTP},
	law.Passkey:  {Passkey},
	law.MailCode: {Password, MailCode},
	law.Phone:    {Phone},
}

// isFactor tells whether some method asks for the factor.
func isFactor(f Factor) bool {
	for _, parts := range factors {
		if slices.Contains(parts, f) {
			return true
		}
	}
	return false
}

// RulesAt reads the rules from the law as it is at now.
func RulesAt(table law.Table, now time.Time) Rules {
	r := Rules{
		SessionLife:     table.SessionLife(now),
		SessionIdle:     table.SessionIdle(now),
		TransactionLife: table.TransactionLife(now),
		Provisional:     table.ProvisionalLevel(now),
	}
	for _, name := range law.Methods() {
		parts, offered := factors[name]
		if !offered {
			continue
		}
		m := Method{Name: name, Factors: parts, Level: table.Level(name, now), AMR: table.AMR(name, now)}
		if name == law.Password && !table.PasswordOpensService(now) {
			m.Level = law.NoLevel
		}
		r.Methods = append(r.Methods, m)
	}
	return r
}

// Method returns the method of that name.
func (r Rules) Method(name law.Method) (Method, bool) {
	i := slices.IndexFunc(r.Methods, func(m Method) bool { return m.Name == name })
	if i < 0 {
		return Method{}, false
	}
	return r.Methods[i], true
}
