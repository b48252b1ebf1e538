package phone

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"strconv"
	"strings"
	"time"

	"kapu/internal/keys"
)

// Positions are the places of the password that are asked, counted from 1, rising.
type Positions []int

// String is how positions are kept: "1 4 6".
func (p Positions) String() string {
	words := make([]string, len(p))
	for i, n := range p {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, " ")
}

// positionsOf reads what String wrote; nothing else is ever kept.
func positionsOf(text string) (p Positions) {
	for word := range strings.FieldsSeq(text) {
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil
		}
		p = append(p, n)
	}
	return p
}

// of are the digits at the positions; "" where the password is shorter.
func (p Positions) of(password string) string {
	digits := make([]byte, 0, len(p))
	for _, n := range p {
		if n < 1 || n > len(password) {
			return ""
		}
		digits = append(digits, password[n-1])
	}
	return string(digits)
}

// choices are all ways to ask some of the positions, in their order: 20 for three of six.
func choices(asked, of int) (all []Positions) {
	chosen := make(Positions, 0, asked)
	var choose func(from int)
	choose = func(from int) {
		if len(chosen) == asked {
			all = append(all, append(Positions(nil), chosen...))
			return
		}
		for n := from; n <= of; n++ {
			chosen = append(chosen, n)
			choose(n + 1)
			chosen = chosen[:len(chosen)-1]
		}
	}
	choose(1)
	return all
}

// draw draws positions at random.
func draw(asked, of int) (Positions, error) {
	all := choices(asked, of)
	n, err := rand.Int(rand.Reader, big.NewInt(int64(len(all))))
	if err != nil {
		return nil, err
	}
	return all[n.Int64()], nil
}

// What an identifier that nobody has is asked changes now and then, as if its owner
// had signed in: after a number of days, and at a moment, of its own.
const (
	leastRest = 3 // days
	moreRest  = 61
	day       = 24 * time.Hour
)

// decoy are the positions that an identifier is asked which nobody has: they stay
// the same for days, and without the key nobody can tell them from drawn ones.
func decoy(ring *keys.Ring, use, identifier string, now time.Time, asked, of int) Positions {
	own := keyed(ring, use, identifier)
	rest := uint64((leastRest + own%moreRest) * uint64(day/time.Second))
	turn := (uint64(now.Unix()) + own>>16%rest) / rest
	all := choices(asked, of)
	return all[keyed(ring, use, identifier+"/"+strconv.FormatUint(turn, 10))%uint64(len(all))]
}

// keyed is a number that only we can compute from a text.
func keyed(ring *keys.Ring, use, text string) uint64 {
	raw, _ := base64.RawURLEncoding.DecodeString(ring.Digest("phone/"+use, text)) // its own alphabet
	return binary.BigEndian.Uint64(raw)
}
