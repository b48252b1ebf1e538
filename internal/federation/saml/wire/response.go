package wire

import "time"

// Response answers an AuthnRequest, or is sent of the portal's own accord when
// InResponseTo is "" (SAML Core, 3.3.3).
type Response struct {
	Header
	Status    Status
	Assertion *Assertion // nil unless the status is Success
}

// Assertion is what we say about a subject (SAML Core, 2.3.3).
type Assertion struct {
	ID           string
	IssueInstant time.Time
	Issuer       string
	Subject      NameID
	Recipient    string // the AssertionConsumerService it is for
	InResponseTo string // "" when nobody asked
	NotBefore    time.Time
	NotOnOrAfter time.Time // of the conditions and of the bearer's confirmation
	Audiences    []string
	AuthnInstant time.Time
	SessionIndex string
	SessionUntil time.Time // SessionNotOnOrAfter; zero for none
	Context      string    // AuthnContextClassRef
	Authorities  []string  // AuthenticatingAuthority: who else had a part
	Attributes   []Attribute
}

// Attribute is an attribute of the subject (SAML Core, 2.7.3.1).
type Attribute struct {
	Name         string
	NameFormat   string // "" for none
	FriendlyName string // "" for none
	Type         ValueType
	Values       []string
}

// ValueType is the xsi:type of an attribute's values; "" for none.
type ValueType string

// Types of values. Those of eIDAS come with [EIDASAttribute].
const (
	TypeString  ValueType = "xs:string"
	TypeDate    ValueType = "xs:date"
	TypeBoolean ValueType = "xs:boolean"
	TypeInteger ValueType = "xs:integer"
)

// Protection is what is done to a response on its way out. A Success must be
// signed somewhere.
type Protection struct {
	SignResponse  *Signer    // nil for no
	SignAssertion *Signer    // nil for no
	Encrypt       *Recipient // nil for no
}
