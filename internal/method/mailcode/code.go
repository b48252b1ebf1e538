package mailcode

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"math/big"
	"strings"
	"time"

	"kapu/internal/keys"
)

// sent is a code that was sent. It travels sealed with the visit.
type sent struct {
	Account string    `json:"a"`
	Digest  string    `json:"d"` // of the code, for this visit
	Number  string    `json:"n"` // shown on the page and in the letter
	Until   time.Time `json:"u"`
}

// numberDigits is how long the number is that people compare.
const numberDigits = 3

// draw draws decimal digits.
func draw(digits int) (string, error) {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		return "", err
	}
	text := n.String()
	return strings.Repeat("0", digits-len(text)) + text, nil
}

// digestOf is what a visit keeps of a code.
func digestOf(ring *keys.Ring, visit, account, code string) string {
	return ring.Digest("mailcode", visit+" "+account+" "+code)
}

// fits compares what was typed; blanks and hyphens do not count.
func (s sent) fits(ring *keys.Ring, visit, typed string) bool {
	code := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(typed)
	return subtle.ConstantTimeCompare([]byte(digestOf(ring, visit, s.Account, code)), []byte(s.Digest)) == 1
}

// counts tells whether the code of the visit's state can still be typed for the account.
func (s sent) counts(account string, now time.Time) bool {
	return s.Account == account && s.Digest != "" && now.Before(s.Until)
}

// readSent is the state of a visit; zero for none.
func readSent(state []byte) (s sent) {
	if json.Unmarshal(state, &s) != nil {
		return sent{}
	}
	return s
}
