package totp

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Params come from law.Table.TOTP: how many digits, how long a step lasts, and
// how many steps before and after now are forgiven (RFC 6238 section 5.2).
type Params struct {
	Digits int
	Period time.Duration
	Skew   int
}

const (
	minDigits = 6 // RFC 4226 section 5.3
	maxDigits = 8
	maxSkew   = 10
	maxTyped  = 64 // bytes of a code as typed, blanks and hyphens included
)

func (p Params) valid() bool {
	return p.Digits >= minDigits && p.Digits <= maxDigits && p.Period >= time.Second &&
		p.Skew >= 0 && p.Skew <= maxSkew
}

// Verify says whether the code is the secret's for a step near now that is
// later than lastStep, and for which. The caller stores that step as the new
// lastStep in the same transaction (zero: none used yet), compare-and-set, so
// that no code is good twice.
//
// Blanks and hyphens in the code are ignored. Every step of tolerance is
// computed and compared in constant time, whichever matches. Params out of
// bounds match nothing.
func Verify(secret Secret, code string, now time.Time, lastStep int64, p Params) (step int64, ok bool) {
	typed, wellFormed := parseCode(code, p.Digits)
	if !wellFormed || !p.valid() {
		return 0, false
	}
	current := stepAt(now, p)
	for s := current - int64(p.Skew); s <= current+int64(p.Skew); s++ {
		same := subtle.ConstantTimeCompare([]byte(codeOf(secret, s, p.Digits)), []byte(typed)) == 1
		if same && s > lastStep {
			step, ok = s, true
		}
	}
	return step, ok
}

// Code is the code an app shows at that time; for tests, demo and bench.
func Code(secret Secret, at time.Time, p Params) string {
	return codeOf(secret, stepAt(at, p), p.Digits)
}

// stepAt is T of RFC 6238 section 4.2, with T0 = 0.
func stepAt(at time.Time, p Params) int64 {
	return at.Unix() / int64(p.Period/time.Second)
}

// codeOf is HOTP of RFC 4226 section 5.3.
func codeOf(secret Secret, step int64, digits int) string {
	mac := hmac.New(sha1.New, secret.key[:])
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	text := fmt.Sprintf("%010d", number)
	return text[len(text)-digits:]
}

// parseCode strips what people type between digits and wants exactly so many.
func parseCode(code string, digits int) (string, bool) {
	if len(code) > maxTyped {
		return "", false
	}
	code = strip(code)
	isDigits := !strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' })
	return code, isDigits && len(code) == digits
}

// strip drops blanks of every width, hyphens and dashes.
func strip(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, text)
}
