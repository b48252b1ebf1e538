package registration

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"unicode"
)

// RandomDigits is a uniformly drawn number of n decimal digits, leading zeros included.
func RandomDigits(n int) (string, error) {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	drawn, err := rand.Int(rand.Reader, limit)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%0*d", n, drawn), nil
}

// DigitsOf is a code as somebody types it from a letter, without the blanks of
// every width, hyphens and dashes that they put in between.
func DigitsOf(typed string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) {
			return -1
		}
		return c
	}, typed)
}
