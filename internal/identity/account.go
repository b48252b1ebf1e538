package identity

import "time"

// AccountState is where an account stands in its life.
type AccountState string

// The states of an account. An account that lapsed, expired or was deleted has no row and so no state.
const (
	Pending AccountState = "pending" // registered, waits for its activation code
	Active  AccountState = "active"
	Closed  AccountState = "closed" // shut after a notice was revoked or by the desk; a new activation opens it
)

// Account is an ügyfélkapu: a username with credentials that belongs to a person. A person may have several.
type Account struct {
	ID           string
	PersonID     string
	State        AccountState
	Username     Username
	Email        Email
	Lang         string // "hu" or "en": the language of its mails
	Office       string // id of the registering office
	Channel      string // how it was registered: one of the Channel constants
	Provisional  bool   // made on the web, and nobody has checked its owner yet (R8)
	Created      time.Time
	Activated    time.Time // zero while Pending
	ValidUntil   time.Time
	SessionsFrom time.Time // sessions begun before do not count
}

// The ways to an account.
const (
	ChannelOffice      = "office"      // at a desk (R2)
	ChannelConsulate   = "consulate"   // at a desk abroad (R11)
	ChannelProvisional = "provisional" // on the web (R8)
	ChannelCard        = "card"        // from home, with an electronic identity card (R10)
)

// OfficeKind names a kind of office (R2, R11).
type OfficeKind string

// The kinds of offices.
const (
	GovernmentWindow OfficeKind = "kormanyablak"
	DocumentOffice   OfficeKind = "okmanyiroda"
	TaxOffice        OfficeKind = "nav"
	Consulate        OfficeKind = "kulkepviselet"
	Municipality     OfficeKind = "onkormanyzat"
)

// Office is a place where clerks prove identities and keep accounts.
type Office struct {
	ID      string
	Kind    OfficeKind
	Name    string
	Address string
}

// Clerk is the right of an account's owner to act at an office.
type Clerk struct {
	AccountID string
	Office    Office
	Since     time.Time
}
