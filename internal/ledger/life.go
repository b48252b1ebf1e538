package ledger

import "time"

var life = topic{"Life of an account", []Event{
	AccountExtended{}, AccountReminded{}, AccountEnded{}, DeletionRequested{}, DeletionStopped{}, AccountFinalised{},
	PersonUpdated{}, FeeRecorded{},
}}

// AccountExtended is recorded when an account has been given more time (R6).
type AccountExtended struct {
	By      string `public:"by"`        // "citizen" or "office"
	Office  string `public:"office"`    // id of the office, where there is one
	Until   string `public:"until"`     // the new last day, 2031-03-04
	Clerk   string `personal:"clerk"`   // id of the clerk's account, where there is one
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (AccountExtended) Kind() string { return "account.extended" }

// AccountReminded is recorded when a person has been reminded that an account
// of theirs will end.
type AccountReminded struct {
	Days    int    `public:"days"`      // which reminder: so many days before the end
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (AccountReminded) Kind() string { return "account.reminded" }

// AccountEnded is recorded when an account has ended and its data are about to
// be deleted. It is the last entry that speaks of the account.
type AccountEnded struct {
	Reason  string `public:"reason"`    // "expired", "deleted", "provisional" (never made final) or "closed-out" (a consulate's registration took its place)
	Office  string `public:"office"`    // id of the office that kept the account, where there is one
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (AccountEnded) Kind() string { return "account.ended" }

// DeletionRequested is recorded when the deletion of an account has been
// announced. Until it is due it can be stopped.
type DeletionRequested struct {
	By      string    `public:"by"`        // "citizen" or "office"
	Office  string    `public:"office"`    // id of the office, where there is one
	Due     time.Time `public:"due"`       // when it will be carried out
	Clerk   string    `personal:"clerk"`   // id of the clerk's account, where there is one
	Account string    `personal:"account"` // id of the account
}

// Kind names the event.
func (DeletionRequested) Kind() string { return "deletion.requested" }

// DeletionStopped is recorded when an announced deletion has been called off.
type DeletionStopped struct {
	By      string `public:"by"`        // "citizen" (signed in), "link" (from the notice) or "office"
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (DeletionStopped) Kind() string { return "deletion.stopped" }

// AccountFinalised is recorded when a provisional account has become a full one
// at a desk (R8).
type AccountFinalised struct {
	Case    string `public:"case"`      // id of the case at the desk
	Office  string `public:"office"`    // id of the office
	Clerk   string `personal:"clerk"`   // id of the clerk's account
	Account string `personal:"account"` // id of the account
}

// Kind names the event.
func (AccountFinalised) Kind() string { return "account.finalised" }

// PersonUpdated is recorded when data of a person have been taken over anew
// from the population register (R14).
type PersonUpdated struct {
	Office string   `public:"office"`   // id of the office, where there is one
	Trace  string   `public:"trace"`    // the register's own name for the inquiry
	Fields []string `personal:"fields"` // names of the data that changed, never their values
	Clerk  string   `personal:"clerk"`  // id of the clerk's account, where there is one
}

// Kind names the event.
func (PersonUpdated) Kind() string { return "person.updated" }

// FeeRecorded is recorded when the fee of a further account has been paid (R7).
type FeeRecorded struct {
	Forints int    `public:"forints"`   // how much, by the law of the day
	Office  string `public:"office"`    // id of the office
	Receipt string `personal:"receipt"` // number of the receipt
	Clerk   string `personal:"clerk"`   // id of the clerk's account
	Account string `personal:"account"` // id of the account it was paid for
}

// Kind names the event.
func (FeeRecorded) Kind() string { return "fee.recorded" }
