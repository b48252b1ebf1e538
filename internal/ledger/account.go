package ledger

import "kapu/internal/law"

var account = topic{"Account", []Event{
	AccountActivated{}, PasswordSet{}, FactorRequested{}, FactorAdded{}, FactorRemoved{}, FactorRevoked{}, PasskeySuspected{},
}}

// AccountActivated is recorded when the one-time code from the message has been
// used, which makes the account valid.
type AccountActivated struct {
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (AccountActivated) Kind() string { return "account.activated" }

// PasswordSet is recorded when a password of one's own has been set.
type PasswordSet struct {
	Occasion string `public:"occasion"`  // "activation", "first" (in place of the office's), "change" or "reset"
	Account  string `personal:"account"` // id of the account
}

// Kind names the event.
func (PasswordSet) Kind() string { return "password.set" }

// FactorRequested is recorded when a further means of identification is asked for.
type FactorRequested struct {
	Method  law.Method `public:"method"`    // which means
	Account string     `personal:"account"` // id of the account, where the means belongs to one
}

// Kind names the event.
func (FactorRequested) Kind() string { return "factor.requested" }

// FactorAdded is recorded when a further means has been proved to work, and counts.
type FactorAdded struct {
	Method  law.Method `public:"method"`    // which means
	Account string     `personal:"account"` // id of the account, where the means belongs to one
}

// Kind names the event.
func (FactorAdded) Kind() string { return "factor.added" }

// FactorRemoved is recorded when a means has been taken off.
type FactorRemoved struct {
	Method  law.Method `public:"method"`    // which means
	By      string     `public:"by"`        // "code" (a removal code), "citizen" or "office"
	Account string     `personal:"account"` // id of the account, where the means belongs to one
}

// Kind names the event.
func (FactorRemoved) Kind() string { return "factor.removed" }

// FactorRevoked is recorded when somebody who received notice of a new means
// has said that it was not their doing.
type FactorRevoked struct {
	Method  law.Method `public:"method"`    // which means
	Account string     `personal:"account"` // id of the account, where the means belongs to one
}

// Kind names the event.
func (FactorRevoked) Kind() string { return "factor.revoked" }

// PasskeySuspected is recorded when a passkey has shown a counter that it had
// passed before: there are two of it. It signs nobody in any more.
type PasskeySuspected struct {
	Account string `personal:"account"` // id of the account
	Address string `personal:"address"` // from where it was shown
}

// Kind names the event.
func (PasskeySuspected) Kind() string { return "passkey.suspected" }
