// Package papercode owns the codes that a gateway hands out on paper or a screen and
// people type again elsewhere: eleven symbols of which none looks like another, the
// last of them a check on the rest. It refuses to know what a code opens, and to
// keep one: whoever hands codes out keeps digests.
package papercode

import (
	"crypto/rand"
	"errors"
	"math/big"
	"strings"
	"unicode"
)

// Code is one of them: ten drawn symbols and a check symbol, in
// capitals without blanks. The ten carry 49.5 bits.
type Code string

// alphabet are the digits and the capital letters without 0, 1, I, L and O,
// which are taken for one another in every hand and typeface. That leaves 31, a
// prime number: so the check symbol can find every slip of the kinds below.
// What may still look alike (2 and Z, 5 and S, 8 and B) it finds.
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

const (
	modulus = len(alphabet)
	// radix is a primitive root of 31: its first ten powers all differ, none is 0.
	radix = 3

	drawn = 10
	// Length is how many symbols a code has.
	Length    = drawn + 1
	groupSize = 4 // symbols shown together: 4, 4, 3
)

// What is wrong with a typed code, before anybody looks it up.
var (
	ErrFormat   = errors.New("papercode: not eleven symbols of a code")
	ErrMistyped = errors.New("papercode: the check symbol does not agree")
)

// New draws a code.
func New() (Code, error) {
	var symbols [drawn]byte
	for i := range symbols {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(modulus)))
		if err != nil {
			return "", err
		}
		symbols[i] = alphabet[n.Int64()]
	}
	return withCheck(string(symbols[:])), nil
}

// withCheck adds the check symbol: the one that makes the sum 1, as in the pure
// systems of ISO/IEC 7064 (modulus 31, radix 3). A change of one symbol changes
// the sum, since no weight is a multiple of 31; so does an exchange of any two
// different symbols, since no two weights are alike.
func withCheck(symbols string) Code {
	missing := (1 - sum(symbols) + modulus) % modulus
	return Code(symbols + alphabet[missing:missing+1])
}

// sum is that of the symbols before the last: each times the radix as often as
// there are symbols after it.
func sum(symbols string) (total int) {
	for _, c := range []byte(symbols) {
		total = (total + strings.IndexByte(alphabet, c)) * radix % modulus
	}
	return total
}

// Parse reads a code as people type it: in any case, with blanks and
// hyphens of every kind. It errs with ErrFormat and ErrMistyped.
func Parse(typed string) (Code, error) {
	if len(typed) > longestTyped {
		return "", ErrFormat
	}
	code := strings.ToUpper(strings.Map(symbolsOnly, typed))
	if len(code) != Length || strings.Trim(code, alphabet) != "" {
		return "", ErrFormat
	}
	if withCheck(code[:drawn]) != Code(code) {
		return "", ErrMistyped
	}
	return Code(code), nil
}

const longestTyped = 256 // bytes, with all that people put between symbols

func symbolsOnly(c rune) rune {
	if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) {
		return -1
	}
	return c
}

// Groups is the code as it is printed: "ABCD-EFGH-JKM".
func (c Code) Groups() string {
	var parts []string
	for s := string(c); s != ""; {
		n := min(groupSize, len(s))
		parts, s = append(parts, s[:n]), s[n:]
	}
	return strings.Join(parts, "-")
}
