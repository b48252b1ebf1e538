package identity

import (
	"fmt"
	"time"
)

// Sex is the sex a personal identifier carries.
type Sex int

// The sexes in the order of the first digit: odd for men, even for women.
const (
	Male Sex = iota
	Female
)

// PersonalID is the personal identifier (személyi azonosító, Act XX of 1996): eleven digits. The first tells sex,
// century and citizenship, six are the birth date (YYMMDD), three a serial number, the last a check digit.
type PersonalID string

// mod11 never gives this remainder a digit: such a number is not issued.
const notIssued = 10

// cohort1997 are born on or after this day and have the weights of their check digit in descending order.
var cohort1997 = Date{1997, time.January, 1}

// ParsePersonalID reads an identifier with or without blanks and hyphens (2 850312 0017).
// It errs with *Invalid: empty, long, alphabet, format, date or check-digit.
func ParsePersonalID(s string) (PersonalID, error) {
	number, err := digitsOnly("personal-id", s, 11)
	if err != nil {
		return "", err
	}
	if number[0] < '1' || number[0] > '8' {
		return "", &Invalid{"personal-id", ReasonFormat}
	}
	id := PersonalID(number)
	born := id.BirthDate()
	if born.IsZero() {
		return "", &Invalid{"personal-id", ReasonDate}
	}
	if personalCheck(number[:10], born) != int(number[10]-'0') {
		return "", &Invalid{"personal-id", ReasonCheckDigit}
	}
	return id, nil
}

// NewPersonalID composes an identifier with a first digit of 1 to 4 for a birth between 1900 and 2099, serial 0 to 999.
// About one serial in eleven is never issued: it errs with *Invalid (check-digit); take the next.
func NewPersonalID(sex Sex, born Date, serial int) (PersonalID, error) {
	if born.Year < 1900 || born.Year > 2099 || serial < 0 || serial > 999 {
		return "", &Invalid{"personal-id", ReasonFormat}
	}
	first := 1 + int(sex)
	if born.Year >= 2000 {
		first += 2
	}
	body := fmt.Sprintf("%d%02d%02d%02d%03d", first, born.Year%100, int(born.Month), born.Day, serial)
	check := personalCheck(body, born)
	if check == notIssued {
		return "", &Invalid{"personal-id", ReasonCheckDigit}
	}
	return PersonalID(fmt.Sprintf("%s%d", body, check)), nil
}

// personalCheck is the weighted sum of the ten digits modulo 11: weights 1 to 10, descending since 1997.
func personalCheck(body string, born Date) int {
	sum := 0
	for i := range body {
		weight := i + 1
		if !born.Before(cohort1997) {
			weight = len(body) - i
		}
		sum += weight * int(body[i]-'0')
	}
	return sum % 11
}

// BirthDate is the day of birth in the identifier, or the zero Date when there is none. The first digits 1, 2 and (for
// those who are not citizens) 5, 6 are of the 20th century, 3, 4 and 7, 8 of the 21st.
func (id PersonalID) BirthDate() Date {
	if len(id) != 11 {
		return Date{}
	}
	century := 1900
	if first := id[0] - '1'; first%4 >= 2 {
		century = 2000
	}
	born, err := NewDate(century+pair(id[1:]), time.Month(pair(id[3:])), pair(id[5:]))
	if err != nil {
		return Date{}
	}
	return born
}

// Sex is the sex in the identifier.
func (id PersonalID) Sex() Sex {
	if id != "" && (id[0]-'0')%2 == 0 {
		return Female
	}
	return Male
}

func (id PersonalID) String() string { return string(id) }

// UnmarshalText reads a checked identifier, or none.
func (id *PersonalID) UnmarshalText(text []byte) error { return unmarshal(id, text, ParsePersonalID) }

func pair(s PersonalID) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// digitsOnly is s without blanks and hyphens when that is exactly so many digits.
func digitsOnly(field, s string, length int) (string, error) {
	number, err := compact(field, s)
	switch {
	case err != nil:
		return "", err
	case !consistsOf(number, digits):
		return "", &Invalid{field, ReasonAlphabet}
	case len(number) != length:
		return "", &Invalid{field, ReasonFormat}
	}
	return number, nil
}

// unmarshal lets an identifier be absent from a record, but never wrong in it.
func unmarshal[T ~string](into *T, text []byte, parse func(string) (T, error)) error {
	if len(text) == 0 {
		*into = ""
		return nil
	}
	parsed, err := parse(string(text))
	if err != nil {
		return err
	}
	*into = parsed
	return nil
}
