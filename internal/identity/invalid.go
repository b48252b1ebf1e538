package identity

// Reasons are short, stable identifiers; a page translates them as identity.reason.<field>.<reason>.
const (
	ReasonEmpty      = "empty"       // nothing was stated
	ReasonShort      = "short"       // fewer characters than required
	ReasonLong       = "long"        // more characters than allowed
	ReasonAlphabet   = "alphabet"    // a character that this field never holds
	ReasonFormat     = "format"      // the right characters in a wrong shape
	ReasonDate       = "date"        // a day that does not exist, or not in the range the field can hold
	ReasonCheckDigit = "check-digit" // the last digit does not follow from the others
	ReasonKind       = "kind"        // a kind of document that is not known
)

// Invalid says which field was refused and why. It never carries the refused value, so it may be logged.
type Invalid struct {
	Field  string // "username", "email", "birth-date", …
	Reason string // one of the Reason constants
}

func (e *Invalid) Error() string { return "identity: " + e.Field + " is invalid: " + e.Reason }
