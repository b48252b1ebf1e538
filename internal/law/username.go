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
