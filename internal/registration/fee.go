package registration

import (
	"strings"
	"time"
	"unicode/utf8"

	"kapu/internal/identity"
)

// Fee is what was paid for a further account (R7), as the clerk read it from the receipt.
type Fee struct {
	Forints int       `json:"forints"`
	Receipt string    `json:"receipt"` // its number, as ParseReceipt wrote it
	At      time.Time `json:"at"`      // when it was recorded in the case
}

// longestReceipt is in characters; no till prints more.
const longestReceipt = 40

// ParseReceipt reads the number of a receipt: letters, digits, and what stands
// between them. Capitals and blanks do not tell two receipts apart, so that one
// cannot be used twice by another spelling. It errs with *identity.Invalid on
// "receipt": empty, long or alphabet.
func ParseReceipt(s string) (string, error) {
	s = strings.ToUpper(strings.Join(strings.Fields(s), " "))
	switch {
	case strings.Trim(s, " -/.") == "":
		return "", &identity.Invalid{Field: "receipt", Reason: identity.ReasonEmpty}
	case utf8.RuneCountInString(s) > longestReceipt:
		return "", &identity.Invalid{Field: "receipt", Reason: identity.ReasonLong}
	case strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZÁÉÍÓÖŐÚÜŰ0123456789 -/.") != "":
		return "", &identity.Invalid{Field: "receipt", Reason: identity.ReasonAlphabet}
	}
	return s, nil
}
