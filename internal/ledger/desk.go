package ledger

var desk = topic{"Desk", []Event{
	DeskActed{}, ReviewDrawn{}, Reviewed{}, CardCodeIssued{}, CardCodeBlocked{}, CardCodeUsed{},
}}

// DeskActed is recorded beside the event that says what changed, for every
// sensitive act at a desk. The lot that picks what a second clerk reviews is
// drawn among these entries.
type DeskActed struct {
	Act     string `public:"act"`       // which act: "remove-totp", "email", "delete", "extend", "reset", "stop", "card-code", …
	Office  string `public:"office"`    // id of the office
	Reason  string `personal:"reason"`  // "request", "change", "lost", "misuse", "presence" or "other"
	Words   string `personal:"words"`   // what the clerk wrote beside it
	Clerk   string `personal:"clerk"`   // id of the clerk's account
	Account string `personal:"account"` // id of the account that was acted on, where there is one
}

// Kind names the event.
func (DeskActed) Kind() string { return "clerk.acted" }

// ReviewDrawn is recorded when the lot has fallen on an act at a desk. Whoever
// has the signed tree of that size can draw the same lot. It has no person.
type ReviewDrawn struct {
	Entry  int64  `public:"entry"`  // place of the act in the tree, counted from 0
	Size   int64  `public:"size"`   // size of the tree whose signed head decided the lot
	Office string `public:"office"` // id of the office that acted; where it has no second clerk, another of its kind reviews
}

// Kind names the event.
func (ReviewDrawn) Kind() string { return "review.drawn" }

// Reviewed is recorded when a second clerk has looked at an act that was drawn.
type Reviewed struct {
	Entry   int64  `public:"entry"`   // place of the act in the tree, counted from 0
	Verdict string `public:"verdict"` // "fine" or "doubtful"
	Office  string `public:"office"`  // id of the office that reviewed
	Clerk   string `personal:"clerk"` // id of the account of the clerk who reviewed
	Words   string `personal:"words"` // what the clerk wrote
}

// Kind names the event.
func (Reviewed) Kind() string { return "review.done" }

// CardCodeIssued is recorded when a desk has handed over the code that lets an
// electronic identity card register from home (R10). The code is not recorded.
type CardCodeIssued struct {
	Office string `public:"office"`  // id of the office
	Clerk  string `personal:"clerk"` // id of the clerk's account
}

// Kind names the event.
func (CardCodeIssued) Kind() string { return "card-code.issued" }

// CardCodeBlocked is recorded when a card's code has been tried wrongly too
// often and opens nothing any more.
type CardCodeBlocked struct{}

// Kind names the event.
func (CardCodeBlocked) Kind() string { return "card-code.blocked" }

// CardCodeUsed is recorded when a card's code has led to an account.
type CardCodeUsed struct {
	Account string `personal:"account"` // id of the new account
}

// Kind names the event.
func (CardCodeUsed) Kind() string { return "card-code.used" }
