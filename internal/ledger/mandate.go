package ledger

import (
	"time"

	"kapu/internal/law"
)

var mandates = topic{"Mandates", []Event{
	MandateOffered{}, MandateAnswered{}, MandateGiven{}, MandateEnded{}, MandateUsed{},
}}

// MandateOffered is recorded when somebody has offered to let another act for
// them. It gives nothing yet.
type MandateOffered struct {
	Services []string  `public:"services"`  // ids of the services
	Until    time.Time `public:"until"`     // until when it would be given
	By       string    `public:"by"`        // by what way: "online" or "office"
	Office   string    `public:"office"`    // id of the office, where there is one
	Clerk    string    `personal:"clerk"`   // id of the clerk's account, where there is one
	Mandate  string    `personal:"mandate"` // id of the mandate
}

// Kind names the event.
func (MandateOffered) Kind() string { return "mandate.offered" }

// MandateAnswered is recorded for each of the two when an offered mandate was
// accepted, which gives nothing until the principal confirms it, or came to nothing.
type MandateAnswered struct {
	Role    string `public:"role"`      // whose entry it is: "principal" or "representative"
	Answer  string `public:"answer"`    // "accepted", "refused", "withdrawn" or "lapsed"
	By      string `public:"by"`        // who did it: "principal", "representative" or "time"
	Office  string `public:"office"`    // id of the office, where there is one
	With    string `personal:"with"`    // name of the other, where there is one
	Clerk   string `personal:"clerk"`   // id of the clerk's account, where there is one
	Mandate string `personal:"mandate"` // id of the mandate
}

// Kind names the event.
func (MandateAnswered) Kind() string { return "mandate.answered" }

// MandateGiven is recorded for each of the two when a mandate has come into force.
type MandateGiven struct {
	Role     string    `public:"role"`      // whose entry it is: "principal" or "representative"
	Services []string  `public:"services"`  // ids of the services
	Until    time.Time `public:"until"`     // until when it is given
	By       string    `public:"by"`        // by what way: "online" or "office"
	Office   string    `public:"office"`    // id of the office, where there is one
	With     string    `personal:"with"`    // name of the other
	Clerk    string    `personal:"clerk"`   // id of the clerk's account, where there is one
	Mandate  string    `personal:"mandate"` // id of the mandate
}

// Kind names the event.
func (MandateGiven) Kind() string { return "mandate.given" }

// MandateEnded is recorded for each of the two when a mandate that was in force is
// over. From that moment nothing counts that was issued under it.
type MandateEnded struct {
	Role     string   `public:"role"`      // whose entry it is: "principal" or "representative"
	Services []string `public:"services"`  // ids of the services
	By       string   `public:"by"`        // who ended it: "principal", "representative", "time" or "account" (that of one of the two ended)
	Office   string   `public:"office"`    // id of the office, where there is one
	With     string   `personal:"with"`    // name of the other
	Clerk    string   `personal:"clerk"`   // id of the clerk's account, where there is one
	Mandate  string   `personal:"mandate"` // id of the mandate
}

// Kind names the event.
func (MandateEnded) Kind() string { return "mandate.ended" }

// MandateUsed is recorded for each of the two when a representative has reached a
// service under a mandate. The principal's entry says what it was told of them.
type MandateUsed struct {
	Role    string     `public:"role"`      // whose entry it is: "principal" or "representative"
	Service string     `public:"service"`   // id of the service
	Data    []string   `public:"data"`      // which of the principal's data it was told
	Ground  string     `public:"ground"`    // the law that lets it have them
	Method  law.Method `public:"method"`    // how the representative was identified
	Level   law.Level  `public:"level"`     // level of assurance that was told
	With    string     `personal:"with"`    // name of the other
	Mandate string     `personal:"mandate"` // id of the mandate
}

// Kind names the event.
func (MandateUsed) Kind() string { return "mandate.used" }
