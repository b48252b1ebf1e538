package identity

import "fmt"

// TAJ is the social security number (TAJ szám): eight digits and a check digit.
type TAJ string

// ParseTAJ reads a number with or without blanks and hyphens (123 456 788).
// It errs with *Invalid: empty, long, alphabet, format or check-digit.
func ParseTAJ(s string) (TAJ, error) {
	number, err := digitsOnly("taj", s, 9)
	if err != nil {
		return "", err
	}
	if tajCheck(number[:8]) != int(number[8]-'0') {
		return "", &Invalid{"taj", ReasonCheckDigit}
	}
	return TAJ(number), nil
}

// NewTAJ composes the number with the given serial, 0 to 99,999,999. It errs with *Invalid (format).
func NewTAJ(serial int) (TAJ, error) {
	if serial < 0 || serial > 99_999_999 {
		return "", &Invalid{"taj", ReasonFormat}
	}
	body := fmt.Sprintf("%08d", serial)
	return TAJ(fmt.Sprintf("%s%d", body, tajCheck(body))), nil
}

// tajCheck weighs the digits on odd places by 3, on even places by 7, modulo 10.
func tajCheck(body string) int {
	sum := 0
	for i := range body {
		weight := 3
		if i%2 == 1 {
			weight = 7
		}
		sum += weight * int(body[i]-'0')
	}
	return sum % 10
}

func (n TAJ) String() string { return string(n) }

// UnmarshalText reads a checked number, or none.
func (n *TAJ) UnmarshalText(text []byte) error { return unmarshal(n, text, ParseTAJ) }
