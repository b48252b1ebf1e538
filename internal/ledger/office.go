package ledger

var office = topic{"Office", []Event{LookedUp{}, Searched{}, ClerkAppointed{}, ClerkDismissed{}}}

// LookedUp is recorded when a clerk has opened a citizen's account.
type LookedUp struct {
	Office  string `public:"office"`    // id of the office
	Reason  string `personal:"reason"`  // "presence", "phone", "letter", "error", "review" or "other"; left out where the case itself is the reason
	Words   string `personal:"words"`   // what the clerk wrote beside it
	Clerk   string `personal:"clerk"`   // id of the clerk's account
	Account string `personal:"account"` // id of the account that was opened
}

// Kind names the event.
func (LookedUp) Kind() string { return "clerk.looked-up" }

// Searched is recorded when a clerk has searched for accounts or cases. Whom
// it found is not recorded; opening one of them is.
type Searched struct {
	Office string   `public:"office"`  // id of the office
	By     []string `public:"by"`      // names of the data that were searched for, never their values
	Clerk  string   `personal:"clerk"` // id of the clerk's account
}

// Kind names the event.
func (Searched) Kind() string { return "clerk.searched" }

// ClerkAppointed is recorded when an operator lets somebody act at an office.
// The person is the clerk.
type ClerkAppointed struct {
	Office  string `public:"office"`    // id of the office
	Account string `personal:"account"` // id of the clerk's account
}

// Kind names the event.
func (ClerkAppointed) Kind() string { return "clerk.appointed" }

// ClerkDismissed is recorded when an operator ends somebody's right to act at
// an office. The person is the clerk.
type ClerkDismissed struct {
	Office  string `public:"office"`    // id of the office
	Account string `personal:"account"` // id of the clerk's account
}

// Kind names the event.
func (ClerkDismissed) Kind() string { return "clerk.dismissed" }
