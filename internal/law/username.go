package law

import (
	"time"
	"unicode/utf8"

	"kapu/internal/identity"
)

// The bounds of identity.ParseUsername can be narrowed here, never widened.
var usernameRules = []rule{
	{"username.shortest", "fewest letters of a username", number(identity.ShortestUsername, identity.LongestUsername, ""),
		[]Row{{Value: "4", From: start2005, Source: "003"}}},
	{"username.longest", "most letters of a username", number(identity.ShortestUsername, identity.LongestUsername, ""),
		[]Row{{Value: "64", From: start2005, Source: "ours"}}},
	{"username.rest", "time for which the username of an ended account is given to nobody", number(0, longestRest, "years"),
		[]Row{{Value: "5 years", From: start2005, Source: "ours"}}},
}

const longestRest = 100 // years

// UsernameRest is for how many years after an account's end its username is given to nobody, so that no stranger
// steps into a name that others still know (R6).
func (t Table) UsernameRest(at time.Time) int {
	if years, set := lookup[int](t, "username.rest", at); set {
		return years
	}
	return longestRest
}

// UsernameLength is the fewest and the most letters of a username (R12).
func (t Table) UsernameLength(at time.Time) (shortest, longest int) {
	return valueAt[int](t, "username.shortest", at), valueAt[int](t, "username.longest", at)
}

// NewUsername reads the name a citizen chooses for a new account: the grammar of identity.ParseUsername and the
// lengths in force. Names chosen under earlier lengths stay good, so signing in uses identity.ParseUsername alone.
func (t Table) NewUsername(s string, at time.Time) (identity.Username, error) {
	name, err := identity.ParseUsername(s)
	if err != nil {
		return "", err
	}
	shortest, longest := t.UsernameLength(at)
	switch length := utf8.RuneCountInString(string(name)); {
	case length < shortest:
		return "", &identity.Invalid{Field: "username", Reason: identity.ReasonShort}
	case length > longest:
		return "", &identity.Invalid{Field: "username", Reason: identity.ReasonLong}
	}
	return name, nil
}
