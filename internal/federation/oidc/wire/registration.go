package wire

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a registration.
const (
	MaxRegistration = 64 << 10 // bytes
	longestName     = 160      // characters of the client's name
)

const registrationRequest = "RFC 7591, 2"

// Registration is what a client says of itself to be registered (RFC 7591, 2;
// Dynamic Client Registration 1.0, 2).
type Registration struct {
	Members map[string]json.RawMessage // all of it, by name
	Name    map[string]string          // client_name by language, "" for none said
	Home    string                     // client_uri
	ID      string                     // client_id, where it changes a registration (RFC 7592, 2.2)
	Secret  string                     // client_secret, likewise
}

// ParseRegistration reads a registration. What makes it one that we do not take
// whatever else it says is refused here.
func ParseRegistration(body []byte) (Registration, error) {
	all, err := members(body)
	if err != nil || len(body) > MaxRegistration {
		return Registration{}, Refuse(InvalidClientMetadata, registrationRequest, "the body is not a JSON object, or has a name twice, or is too large")
	}
	r := Registration{Members: all, Name: map[string]string{}}
	if all["software_statement"] != nil {
		return r, Refuse(UnapprovedStatement, "RFC 7591, 3.2.2", "software statements are not taken: nobody's word but the operator's counts here")
	}
	for name, into := range map[string]*string{"client_uri": &r.Home, "client_id": &r.ID, "client_secret": &r.Secret} {
		if !readText(all[name], into) {
			return r, Refuse(InvalidClientMetadata, registrationRequest, "%s is not a text", name)
		}
	}
	if err := r.readNames(); err != nil {
		return r, err
	}
	return r, r.checkKind()
}

// readText reads a text that may be left out.
func readText(raw json.RawMessage, into *string) bool {
	return raw == nil || json.Unmarshal(raw, into) == nil
}

// readNames reads the names, each of which people will read (RFC 7591, 2.2).
func (r *Registration) readNames() error {
	for lang, member := range map[string]string{"": "client_name", "hu": "client_name#hu", "en": "client_name#en"} {
		var name string
		if !readText(r.Members[member], &name) || !legible(name) {
			return Refuse(InvalidClientMetadata, registrationRequest, "%s must be a text of up to %d characters that show", member[:len("client_name")], longestName)
		}
		if name = strings.TrimSpace(name); name != "" {
			r.Name[lang] = name
		}
	}
	return nil
}

// legible tells whether a name shows as it is written: no control characters, and
// none that turn the direction of what follows (Unicode TR 36, 2.5).
func legible(name string) bool {
	return utf8.ValidString(name) && utf8.RuneCountInString(name) <= longestName && !strings.ContainsFunc(name, func(c rune) bool { return c != ' ' && !unicode.IsPrint(c) })
}

// checkKind refuses what we do not offer to anybody.
func (r *Registration) checkKind() error {
	var types []string
	var subject, sector string
	switch {
	case r.Members["response_types"] != nil && (json.Unmarshal(r.Members["response_types"], &types) != nil || !slices.Equal(types, []string{"code"})):
		return Refuse(InvalidClientMetadata, registrationRequest, "response_types must be code alone")
	case !readText(r.Members["subject_type"], &subject) || subject != "" && subject != "pairwise":
		return Refuse(InvalidClientMetadata, "OpenID Connect Core, 8", "subject_type must be pairwise")
	case !readText(r.Members["sector_identifier_uri"], &sector) || sector != "":
		return Refuse(InvalidClientMetadata, "OpenID Connect Core, 8.1", "sector_identifier_uri is not taken: a client that registers by itself is a sector by itself")
	}
	return nil
}

// HostOf is the host of an address, "" for one that has none.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// OriginOf is the scheme, host and port of an address.
func OriginOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Sayable makes a text one that an error may say (RFC 6749, 5.2).
func Sayable(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '"' || c == '\\' || c == '“' || c == '”':
			return '\''
		case c == '\n':
			return ';'
		case c < ' ' || c > '~':
			return '?'
		}
		return c
	}, strings.NewReplacer("…", "...", "–", "-").Replace(text))
}
