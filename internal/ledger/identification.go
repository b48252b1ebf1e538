package ledger

import "kapu/internal/law"

var identification = topic{"Identification", []Event{
	Identified{}, Released{}, ConsentDecided{}, ConsentWithdrawn{}, IdentifierStated{}, Matched{}, AccessRevoked{}, ForbiddenUsed{}, SignedOut{}, DeviceForgotten{}, Throttled{}, CodeSent{}, NoticeSent{},
}}

// Identified is recorded when a person has proved who they are.
type Identified struct {
	Method  law.Method `public:"method"`    // by which means
	Level   law.Level  `public:"level"`     // what the means is worth
	Account string     `personal:"account"` // id of the account that was used
	Device  string     `personal:"device"`  // browser and system, in words
	Address string     `personal:"address"` // network address
}

// Kind names the event.
func (Identified) Kind() string { return "signin.succeeded" }

// Released is recorded when a service has been told who the person is. It says
// which data it received, never what they were.
type Released struct {
	Service   string     `public:"service"`   // id of the service
	Data      []string   `public:"data"`      // names of the data it received
	Method    law.Method `public:"method"`    // the means by which the person was identified
	Level     law.Level  `public:"level"`     // the level that was asserted
	Ground    string     `public:"ground"`    // the law that lets it have them
	Consented []string   `public:"consented"` // names of those of them that it received because the person lets it
}

// Kind names the event.
func (Released) Kind() string { return "service.reached" }

// ConsentDecided is recorded when a person has decided what a service may have
// that no law gives it.
type ConsentDecided struct {
	Service string   `public:"service"` // id of the service
	Allowed []string `public:"allowed"` // names of the data that it may have
	Refused []string `public:"refused"` // names of the data that it may not
}

// Kind names the event.
func (ConsentDecided) Kind() string { return "consent.decided" }

// ConsentWithdrawn is recorded when a person no longer lets a service have
// anything that no law gives it.
type ConsentWithdrawn struct {
	Service string `public:"service"` // id of the service
}

// Kind names the event.
func (ConsentWithdrawn) Kind() string { return "consent.withdrawn" }

// IdentifierStated is recorded when a person has stated an identifier that a
// service demands, and the register has confirmed it.
type IdentifierStated struct {
	Service string `public:"service"` // id of the service
	Name    string `public:"name"`    // which identifier: "tax_number" or "taj"
}

// Kind names the event.
func (IdentifierStated) Kind() string { return "identifier.stated" }

// Matched is recorded when a service has asked whether the data that it holds
// about a person are right (attribute match).
type Matched struct {
	Service   string   `public:"service"`     // id of the service
	Asked     []string `public:"asked"`       // names of the data it holds
	Agreed    []string `personal:"agreed"`    // those that are right
	Differing []string `personal:"differing"` // those that are not
}

// Kind names the event.
func (Matched) Kind() string { return "attributes.matched" }

// AccessRevoked is recorded when something with which a service may come only once
// came again, and may be in two hands: what the service was given then counts no
// more.
type AccessRevoked struct {
	Service string `public:"service"` // id of the service
	What    string `public:"what"`    // what came again: "code" or "refresh-token"
}

// Kind names the event.
func (AccessRevoked) Kind() string { return "access.revoked" }

// ForbiddenUsed is recorded when somebody has begun, with a right secret, to
// identify by a means that the person has forbidden. It led nowhere.
type ForbiddenUsed struct {
	Method  law.Method `public:"method"`    // which means
	Account string     `personal:"account"` // id of the account that was used
	Address string     `personal:"address"` // network address
}

// Kind names the event.
func (ForbiddenUsed) Kind() string { return "signin.forbidden" }

// SignedOut is recorded when a session ends before its time.
type SignedOut struct {
	Reason  string `public:"reason"`    // "citizen", "service", "operator", "password-changed", "elsewhere" (by the citizen, in another session) or "too-many"
	Account string `personal:"account"` // id of the account
	Device  string `personal:"device"`  // browser and system on which it was, in words
}

// Kind names the event.
func (SignedOut) Kind() string { return "session.ended" }

// DeviceForgotten is recorded when a person wants a device of theirs to be
// remembered no more.
type DeviceForgotten struct {
	Account string `personal:"account"` // id of the account that had signed in on it
	Device  string `personal:"device"`  // browser and system, in words
}

// Kind names the event.
func (DeviceForgotten) Kind() string { return "device.forgotten" }

// Throttled is recorded when wrong attempts at somebody's account are delayed.
// Attempts at names that belong to nobody leave no trace here.
type Throttled struct {
	Method law.Method `public:"method"` // which means was tried; left out for an identifier
	Scope  string     `public:"scope"`  // what is delayed: "account", or "identifier": stating one that a service demands
}

// Kind names the event.
func (Throttled) Kind() string { return "signin.throttled" }

// CodeSent is recorded when a one-time code has been put into the outbox.
type CodeSent struct {
	Purpose string `public:"purpose"`   // "activation", "signin", "phone", …
	Medium  string `public:"medium"`    // "mail" or "sms"
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (CodeSent) Kind() string { return "code.sent" }

// NoticeSent is recorded when a notice has been put into the outbox.
type NoticeSent struct {
	Template string `public:"template"`  // which notice
	Medium   string `public:"medium"`    // "mail" or "sms"
	Account  string `personal:"account"` // id of the account
}

// Kind names the event.
func (NoticeSent) Kind() string { return "notice.sent" }
