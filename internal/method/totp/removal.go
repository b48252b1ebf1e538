package totp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
)

// removalAlphabet has 32 symbols and neither 0 nor O, neither 1 nor I.
const removalAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

const (
	removalSymbols = 20 // 19 random ones (95 bits) and the check symbol
	removalGroup   = 4
)

// ErrRemovalCode: the text is no removal code; it was mistyped. It says so
// before anything is looked up, and costs no attempt.
var ErrRemovalCode = errors.New("totp: not a removal code")

// RemovalCode (törlőkód) takes the second factor off when the app is lost. It
// is shown once. Printing it by accident prints nothing: only Text does.
type RemovalCode struct{ symbols [removalSymbols]byte } // each 0–31

// NewRemovalCode draws a code.
func NewRemovalCode() RemovalCode {
	var c RemovalCode
	rand.Read(c.symbols[:]) // never fails: crypto/rand ends the program instead
	for i := range c.symbols {
		c.symbols[i] %= 32 // of 256: no symbol is likelier than another
	}
	last := removalSymbols - 1
	c.symbols[last] = double(checksum(c.symbols[:last]))
	return c
}

// ParseRemovalCode reads a code as people copy it: either case, with or
// without blanks, hyphens and dashes. A single wrong symbol or two neighbours
// swapped are always noticed. The only error is ErrRemovalCode.
func ParseRemovalCode(text string) (RemovalCode, error) {
	var c RemovalCode
	if len(text) > maxTyped {
		return c, ErrRemovalCode
	}
	text = strings.ToUpper(strip(text))
	if len(text) != removalSymbols {
		return c, ErrRemovalCode
	}
	for i := range removalSymbols {
		symbol := strings.IndexByte(removalAlphabet, text[i])
		if symbol < 0 {
			return RemovalCode{}, ErrRemovalCode
		}
		c.symbols[i] = byte(symbol)
	}
	if checksum(c.symbols[:]) != 0 {
		return RemovalCode{}, ErrRemovalCode
	}
	return c, nil
}

// Text is the code for the citizen: five groups of four.
func (c RemovalCode) Text() string {
	var b strings.Builder
	for _, symbol := range c.symbols {
		b.WriteByte(removalAlphabet[symbol])
	}
	return group(b.String(), removalGroup, "-")
}

// String keeps the code out of logs and error texts.
func (c RemovalCode) String() string { return "[removal code]" }

// GoString does the same for %#v.
func (c RemovalCode) GoString() string { return c.String() }

// Hash is what to store: HMAC-SHA256 under a key from outside the database. A
// code of 95 random bits needs no slow hash.
func (c RemovalCode) Hash(key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("kapu totp removal code\x00"))
	mac.Write(c.symbols[:])
	return mac.Sum(nil)
}

// Matches compares with a stored hash in constant time.
func (c RemovalCode) Matches(key, stored []byte) bool {
	return hmac.Equal(c.Hash(key), stored)
}

// checksum is the polynomial with the symbols as coefficients, at x = 2, over
// GF(32): every coefficient has another weight, so that a wrong symbol or two
// swapped ones change it. A whole code gives 0.
func checksum(symbols []byte) byte {
	var sum byte
	for _, symbol := range symbols {
		sum = double(sum) ^ symbol
	}
	return sum
}

// double multiplies by 2 in GF(32) = GF(2)[x]/(x^5+x^2+1), where 2 is primitive.
func double(a byte) byte {
	a <<= 1
	if a&32 != 0 {
		a ^= 0b100101
	}
	return a
}
