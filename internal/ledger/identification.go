package ledger

import "kapu/internal/law"

var identification = topic{"Identification", []Event{
	Identified{}, Released{}, SignedOut{}, Throttled{}, CodeSent{}, NoticeSent{},
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
	Service string     `public:"service"` // id of the service
	Data    []string   `public:"data"`    // names of the data it received
	Method  law.Method `public:"method"`  // the means by which the person was identified
	Level   law.Level  `public:"level"`   // the level that was asserted
}

// Kind names the event.
func (Released) Kind() string { return "service.reached" }

// SignedOut is recorded when a session ends before its time.
type SignedOut struct {
	Reason  string `public:"reason"`    // "citizen", "service", "operator" or "password-changed"
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (SignedOut) Kind() string { return "session.ended" }

// Throttled is recorded when wrong attempts at somebody's account are delayed.
// Attempts at names that belong to nobody leave no trace here.
type Throttled struct {
	Method law.Method `public:"method"` // which means was tried
	Scope  string     `public:"scope"`  // what is delayed: "account"
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
