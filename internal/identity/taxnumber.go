package identity

import (
	"fmt"
	"strconv"
	"time"
)

// TaxNumber is the tax identifier of a private person (adóazonosító jel): ten digits. The first is 8, five count the
// days from 1867-01-01 to the birth, three are a serial number, the last a check digit.
type TaxNumber string

const taxNumberFirst = '8'

var taxNumberEpoch = Date{1867, time.January, 1}

// ParseTaxNumber reads a number with or without blanks and hyphens.
// It errs with *Invalid: empty, long, alphabet, format or check-digit.
func ParseTaxNumber(s string) (TaxNumber, error) {
	number, err := digitsOnly("tax-number", s, 10)
	if err != nil {
		return "", err
	}
	if number[0] != taxNumberFirst {
		return "", &Invalid{"tax-number", ReasonFormat}
	}
	if taxNumberCheck(number[:9]) != int(number[9]-'0') {
		return "", &Invalid{"tax-number", ReasonCheckDigit}
	}
	return TaxNumber(number), nil
}

// NewTaxNumber composes the number of a person born on or after 1867-01-01, serial 0 to 999. About one serial in
// eleven is never issued: it errs with *Invalid (check-digit); take the next.
func NewTaxNumber(born Date, serial int) (TaxNumber, error) {
	days := born.DaysSince(taxNumberEpoch)
	if days < 0 || days > 99_999 || serial < 0 || serial > 999 {
		return "", &Invalid{"tax-number", ReasonFormat}
	}
	body := fmt.Sprintf("%c%05d%03d", taxNumberFirst, days, serial)
	check := taxNumberCheck(body)
	if check == notIssued {
		return "", &Invalid{"tax-number", ReasonCheckDigit}
	}
	return TaxNumber(fmt.Sprintf("%s%d", body, check)), nil
}

// taxNumberCheck is Σ i·digit modulo 11.
func taxNumberCheck(body string) int {
	sum := 0
	for i := range body {
		sum += (i + 1) * int(body[i]-'0')
	}
	return sum % 11
}

// BirthDate is the day of birth in the number, or the zero Date when there is no number.
func (n TaxNumber) BirthDate() Date {
	if len(n) != 10 {
		return Date{}
	}
	days, err := strconv.Atoi(string(n[1:6]))
	if err != nil {
		return Date{}
	}
	return taxNumberEpoch.AddDays(days)
}

func (n TaxNumber) String() string { return string(n) }

// UnmarshalText reads a checked number, or none.
func (n *TaxNumber) UnmarshalText(text []byte) error { return unmarshal(n, text, ParseTaxNumber) }
