package registration

import (
	"crypto/rand"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/store"
)

// What an office issues (R13) is read from paper and typed, perhaps by somebody
// who seldom types: no letter looks like another.
const (
	consonants = "bdfghjkmnprstvz"
	vowels     = "aeou"
	syllables  = 5 // of a username: ten letters

	firstAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"
	firstGroups   = 3
	firstGroup    = 5 // symbols: fifteen of 31, 74 bits
)

// IssuedUsername draws a username that can be said aloud. Somebody may have it
// already. It is no secret.
func IssuedUsername() (identity.Username, error) {
	var name strings.Builder
	last := ""
	for name.Len() < 2*syllables {
		next, err := drawn(consonants, vowels)
		if err != nil {
			return "", err
		}
		if next != last { // no syllable follows itself: kaka is no name
			name.WriteString(next)
		}
		last = next
	}
	return identity.Username(name.String()), nil
}

// FirstPassword draws the password under which an office hands an account out:
// "k7m4x-9rtph-2wnca".
func FirstPassword() (string, error) {
	groups := make([]string, firstGroups)
	for i := range groups {
		var err error
		if groups[i], err = drawn(slices.Repeat([]string{firstAlphabet}, firstGroup)...); err != nil {
			return "", err
		}
	}
	return strings.Join(groups, "-"), nil
}

// CanonicalFirst is a first password as it is hashed, whichever way it was
// typed: blanks, hyphens and capitals make no difference.
func CanonicalFirst(typed string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) {
			return -1
		}
		return unicode.ToLower(c)
	}, typed)
}

// drawn takes one letter of each alphabet, uniformly.
func drawn(alphabets ...string) (string, error) {
	letters := make([]byte, len(alphabets))
	for i, alphabet := range alphabets {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", err
		}
		letters[i] = alphabet[n.Int64()]
	}
	return string(letters), nil
}

// Await gives an account that was handed out with a first password the time of
// a mailed code: a code that nobody knows, in place of any other, stands for the
// deadline, so that the account lapses like every registration (R5). It errs
// with ErrNotPending and ErrLapsed.
func (a Activation) Await(tx *store.Tx, account identity.Account) (until time.Time, err error) {
	if until, err = a.open(tx, account); err != nil {
		return until, err
	}
	return until, tx.PutCode(store.Code{Account: account.ID, Purpose: ActivationPurpose, Digest: keys.RandomToken(), Expires: until})
}
