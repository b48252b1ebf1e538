package ledger

import "kapu/internal/law"

var notices = topic{"Notices", []Event{
	NoticesSet{}, PhoneProven{}, PhoneRemoved{}, Disowned{}, ReportTaken{}, ReportClosed{},
}}

// NoticesSet is recorded when a person has laid down anew what they wish to be told.
type NoticesSet struct {
	Wish      string `personal:"wish"`      // "none", "important" or "every"
	Media     string `personal:"media"`     // "mail", "sms" or "mail sms"
	Statement string `personal:"statement"` // "monthly", or left out
	Account   string `personal:"account"`   // id of the account that was used
}

// Kind names the event.
func (NoticesSet) Kind() string { return "notices.set" }

// PhoneProven is recorded when a person has typed the code that was sent to their phone.
type PhoneProven struct {
	Account string `personal:"account"` // id of the account that was used
}

// Kind names the event.
func (PhoneProven) Kind() string { return "phone.proven" }

// PhoneRemoved is recorded when a person's phone has been forgotten.
type PhoneRemoved struct {
	Account string `personal:"account"` // id of the account that was used
}

// Kind names the event.
func (PhoneRemoved) Kind() string { return "phone.removed" }

// Disowned is recorded when somebody has said, by the link in a notice, that what it
// tells of was not their doing.
type Disowned struct {
	Report  string     `public:"report"`    // id of the desk's case
	What    string     `public:"what"`      // what the notice was about: "signin", "forbidden", "settings" or "change"
	Method  law.Method `public:"method"`    // by which means it was done, where that is known
	Account string     `personal:"account"` // id of the account
}

// Kind names the event.
func (Disowned) Kind() string { return "signin.disowned" }

// ReportTaken is recorded when a clerk has taken what somebody reported.
type ReportTaken struct {
	Report string `public:"report"`  // id of the case
	Office string `public:"office"`  // id of the office
	Clerk  string `personal:"clerk"` // id of the clerk's account
}

// Kind names the event.
func (ReportTaken) Kind() string { return "report.taken" }

// ReportClosed is recorded when a clerk has closed what somebody reported.
type ReportClosed struct {
	Report string `public:"report"`  // id of the case
	Result string `public:"result"`  // "restored", "misuse" or "unanswered"
	Office string `public:"office"`  // id of the office
	Words  string `personal:"words"` // what the clerk wrote
	Clerk  string `personal:"clerk"` // id of the clerk's account
}

// Kind names the event.
func (ReportClosed) Kind() string { return "report.closed" }
