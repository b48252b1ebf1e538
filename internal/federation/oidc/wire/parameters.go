package wire

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a request. They are far above what libraries send.
const (
	MaxRequest   = 16 << 10 // bytes of a query or a form
	maxPairs     = 64       // parameters in a request
	maxParameter = 2 << 10  // bytes of one parameter, where it has no limit of its own
	maxToken     = 8 << 10  // bytes of a parameter that is a token or JSON: id_token_hint, claims, code
	maxWords     = 32       // words of a list: scope, prompt, acr_values
)

// longer are the parameters that may be longer than the others.
var longer = []string{"client_assertion", "id_token_hint", "claims", "code", "access_token", "refresh_token", "token", "request", "request_uri"}

// Parameters are the parameters of a request, each at most once. A parameter
// that is sent empty is as good as omitted (RFC 6749, 3.1).
type Parameters struct{ values url.Values }

// ParseParameters reads application/x-www-form-urlencoded text. On an error it
// returns those parameters that are sound nonetheless, so that the error can be
// sent to where it belongs.
func ParseParameters(raw string) (Parameters, error) {
	const section = "RFC 6749, 3.1"
	if len(raw) > MaxRequest || strings.Count(raw, "&") >= maxPairs {
		return Parameters{}, Refuse(InvalidRequest, section, "the request is too large")
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return Parameters{}, Refuse(InvalidRequest, section, "the parameters are not form-urlencoded")
	}
	p := Parameters{values}
	for name, v := range values {
		if fault := sound(name, v); fault != "" {
			delete(values, name)
			err = Refuse(InvalidRequest, section, "%s %s", printable(name), fault)
		}
	}
	return p, err
}

// sound says what is wrong with a parameter, if anything.
func sound(name string, values []string) string {
	v, limit := values[0], maxParameter
	if slices.Contains(longer, name) {
		limit = maxToken
	}
	switch {
	case len(values) > 1:
		return "occurs more than once"
	case len(v) > limit:
		return "is too long"
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
		return "is not plain text"
	}
	return ""
}

// printable is a parameter's name as an error may show it.
func printable(name string) string {
	const longest = 40
	ours := func(c rune) bool { return c == '_' || 'a' <= c && c <= 'z' }
	if len(name) > longest || strings.ContainsFunc(name, func(c rune) bool { return !ours(c) }) {
		return "a parameter"
	}
	return name
}

// Get returns a parameter, or "".
func (p Parameters) Get(name string) string { return p.values.Get(name) }

// Fields are the parameters in the order of their names.
func (p Parameters) Fields() (fields []Field) {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		fields = append(fields, Field{name, p.values.Get(name)})
	}
	return fields
}

// Encode writes the parameters as a query.
func (p Parameters) Encode() string { return p.values.Encode() }

// words splits a list of words separated by blanks (RFC 6749, 3.3).
func (p Parameters) words(name string) ([]string, error) {
	found := strings.Fields(p.Get(name))
	if len(found) > maxWords {
		return nil, Refuse(InvalidRequest, "", "%s has too many values", name)
	}
	return found, nil
}
