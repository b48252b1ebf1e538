package ledger

import (
	"time"

	"kapu/internal/law"
)

var change = topic{"Changes and losses", []Event{
	EmailChangeRequested{}, EmailChanged{}, EmailChangeStopped{}, PasswordResetRequested{}, UsernameSent{},
	FactorRemovalRequested{}, FactorRemovalStopped{}, AccountClosed{}, DispositionChanged{},
}}

// EmailChangeRequested is recorded when a new e-mail address has been asked for.
type EmailChangeRequested struct {
	By      string `public:"by"`        // "citizen" or "office"
	Office  string `public:"office"`    // id of the office, where there is one
	Clerk   string `personal:"clerk"`   // id of the clerk's account, where there is one
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (EmailChangeRequested) Kind() string { return "email.requested" }

// EmailChanged is recorded when the new e-mail address counts.
type EmailChanged struct {
	By      string `public:"by"`        // who asked: "citizen" or "office"
	Office  string `public:"office"`    // id of the office, where there is one
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (EmailChanged) Kind() string { return "email.changed" }

// EmailChangeStopped is recorded when the old address remains: somebody called
// the change off, or it was not confirmed in time.
type EmailChangeStopped struct {
	By      string `public:"by"`        // "citizen" (signed in), "link" (from the notice), "office" or "law" (its time ran out)
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (EmailChangeStopped) Kind() string { return "email.stopped" }

// PasswordResetRequested is recorded when a link to a new password has been sent.
type PasswordResetRequested struct {
	By      string `public:"by"`        // "citizen" or "office"
	Office  string `public:"office"`    // id of the office, where there is one
	Clerk   string `personal:"clerk"`   // id of the clerk's account, where there is one
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (PasswordResetRequested) Kind() string { return "password.reset-requested" }

// UsernameSent is recorded when a letter with the username has been sent to the
// account's own address.
type UsernameSent struct {
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (UsernameSent) Kind() string { return "username.sent" }

// FactorRemovalRequested is recorded when the removal of a means has been
// announced. Until it is due it can be stopped.
type FactorRemovalRequested struct {
	Method  law.Method `public:"method"`    // which means
	By      string     `public:"by"`        // "citizen" or "office"
	Office  string     `public:"office"`    // id of the office, where there is one
	Due     time.Time  `public:"due"`       // when it will be carried out
	Clerk   string     `personal:"clerk"`   // id of the clerk's account, where there is one
	Account string     `personal:"account"` // id of the account
}

// Kind names the event.
func (FactorRemovalRequested) Kind() string { return "factor.removal-requested" }

// FactorRemovalStopped is recorded when an announced removal has been called off.
type FactorRemovalStopped struct {
	Method  law.Method `public:"method"`    // which means
	By      string     `public:"by"`        // "citizen" (signed in), "link" (from the notice) or "office"
	Account string     `personal:"account"` // id of the account
}

// Kind names the event.
func (FactorRemovalStopped) Kind() string { return "factor.removal-stopped" }

// AccountClosed is recorded when somebody who received notice of a change has
// said that it was not their doing, and nobody can sign in until the owner has
// opened the account again with a code from the mailbox.
type AccountClosed struct {
	By      string `public:"by"`        // "link" (from the notice)
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (AccountClosed) Kind() string { return "account.closed" }

// DispositionChanged is recorded when a person has laid down anew how they may be
// identified (R23).
type DispositionChanged struct {
	Act    string     `public:"act"`     // "forbid", "allow", "limit" to kinds of services, "least" level, "lock", "unlock", or "free" of all
	Method law.Method `public:"method"`  // which means, where it is about one
	Kinds  []string   `public:"kinds"`   // to which kinds of services it is limited
	Level  law.Level  `public:"level"`   // the least level that identifies them
	By     string     `public:"by"`      // by what way: "online", "office", "telephone" or "link" (from a notice)
	Office string     `public:"office"`  // id of the office, where there is one
	Clerk  string     `personal:"clerk"` // id of the clerk's account, where there is one
}

// Kind names the event.
func (DispositionChanged) Kind() string { return "disposition.changed" }
