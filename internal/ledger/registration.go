package ledger

var registration = topic{"Registration", []Event{
	RegistrationOpened{}, RegisterChecked{}, RegistrationFinished{}, RegistrationWithdrawn{}, RegistrationLapsed{},
}}

// RegistrationOpened is recorded when a registration begins. There is no person
// yet; the case's id leads to what follows.
type RegistrationOpened struct {
	Case    string `public:"case"`    // id of the case
	Channel string `public:"channel"` // "office", "consulate", "provisional", …
	Office  string `public:"office"`  // id of the office, where there is one
	Clerk   string `personal:"clerk"` // id of the clerk's account
}

// Kind names the event.
func (RegistrationOpened) Kind() string { return "registration.opened" }

// RegisterChecked is recorded when the population register has been asked. The
// person is whom it confirmed, if the gateway knows them already.
type RegisterChecked struct {
	Case    string   `public:"case"`      // id of the case
	Trace   string   `public:"trace"`     // the register's own name for the inquiry
	Verdict string   `public:"verdict"`   // "agrees", "differs", "unknown", "down" or, where a clerk began their own, "own"
	Office  string   `public:"office"`    // id of the office, where there is one
	Clerk   string   `personal:"clerk"`   // id of the clerk's account
	Differs []string `personal:"differs"` // names of the data that differ
}

// Kind names the event.
func (RegisterChecked) Kind() string { return "registration.checked" }

// RegistrationFinished is recorded when a registration has led to an account
// that waits for its activation.
type RegistrationFinished struct {
	Case    string `public:"case"`      // id of the case
	Channel string `public:"channel"`   // as it was opened
	Office  string `public:"office"`    // id of the office, where there is one
	Clerk   string `personal:"clerk"`   // id of the clerk's account
	Account string `personal:"account"` // id of the new account
}

// Kind names the event.
func (RegistrationFinished) Kind() string { return "registration.finished" }

// RegistrationWithdrawn is recorded when a desk has given a registration up
// before it led to an account, and its data have been deleted.
type RegistrationWithdrawn struct {
	Case    string `public:"case"`    // id of the case
	Channel string `public:"channel"` // as it was opened
	Office  string `public:"office"`  // id of the office, where there is one
	Clerk   string `personal:"clerk"` // id of the clerk's account; left out where it lay untouched too long
}

// Kind names the event.
func (RegistrationWithdrawn) Kind() string { return "registration.withdrawn" }

// RegistrationLapsed is recorded when an account was not activated in time and
// its data have been deleted.
type RegistrationLapsed struct {
	Case    string `public:"case"`    // id of the case, where it is known
	Channel string `public:"channel"` // as it was opened
	Office  string `public:"office"`  // id of the office, where there is one
}

// Kind names the event.
func (RegistrationLapsed) Kind() string { return "registration.lapsed" }
