package phone

import (
	"strings"
	"time"

	"kapu/internal/identity"
	"kapu/internal/registration"
)

// Fields of [identity.Invalid], and the reasons that are the telephone's own.
const (
	FieldIdentifier = "phone-identifier"
	FieldPassword   = "phone-password"
	FieldAnswer     = "phone-answer"

	ReasonWeak = "weak" // among the first that anybody would try
	ReasonOld  = "old"  // the one before
)

// ParseIdentifier reads an identifier as people write it, with blanks and hyphens.
// There is no check digit: whoever guesses one learns nothing about which exist.
func (g *Register) ParseIdentifier(typed string) (string, error) {
	return parseDigits(FieldIdentifier, typed, g.Law.TelephoneIdentifierDigits(g.Now()))
}

// parseDigits reads exactly so many digits. It errs with *identity.Invalid.
func parseDigits(field, typed string, length int) (string, error) {
	text := registration.DigitsOf(typed)
	reason := ""
	switch {
	case text == "":
		reason = identity.ReasonEmpty
	case strings.Trim(text, "0123456789") != "":
		reason = identity.ReasonAlphabet
	case len(text) < length:
		reason = identity.ReasonShort
	case len(text) > length:
		reason = identity.ReasonLong
	default:
		return text, nil
	}
	return "", &identity.Invalid{Field: field, Reason: reason}
}

// weak tells whether a password is among the first that a stranger would try: few
// different digits, a run up or down, a pattern that repeats, or the day of birth in
// one of its usual orders.
func weak(password string, birth identity.Date) bool {
	return different(password) < 3 || runs(password) || repeats(password) || isBirthday(password, birth)
}

func different(digits string) int {
	seen := map[rune]bool{}
	for _, d := range digits {
		seen[d] = true
	}
	return len(seen)
}

// runs is true of 345678, 987654 and 246802: each digit follows by the same step.
func runs(digits string) bool {
	for i := 2; i < len(digits); i++ {
		if (digits[i]+10-digits[i-1])%10 != (digits[1]+10-digits[0])%10 {
			return false
		}
	}
	return true
}

// repeats is true of 147147: its second half is its first.
func repeats(digits string) bool {
	half := len(digits) / 2
	return digits[:half] == digits[half:2*half]
}

func isBirthday(digits string, birth identity.Date) bool {
	if birth.IsZero() {
		return false
	}
	day := birth.In(time.UTC)
	for _, order := range []string{"060102", "020106", "010206", "200601", "012006", "20060102", "02012006"} {
		if digits == day.Format(order) {
			return true
		}
	}
	return false
}
