package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Words are those that may be shown: names and values that a protocol fixes.
// Nothing that is made of them alone can be a secret or be about a person.
type Words map[string]bool

// WordsOf makes them of lists.
func WordsOf(lists ...[]string) Words {
	w := Words{}
	for _, list := range lists {
		for _, word := range list {
			w[word] = true
		}
	}
	return w
}

// number is one that is shorter than any that people are known by.
var number = regexp.MustCompile(`^-?[0-9]{1,7}$`)

// knows tells whether a text is made of words alone, with blanks between them,
// or a short number.
func (w Words) knows(text string) bool {
	if number.MatchString(text) {
		return true
	}
	known, hidden := w.sift(text)
	return known != "" && hidden == 0
}

// sift returns the words of a text that we know, and how many characters the
// others have.
func (w Words) sift(text string) (known string, hidden int) {
	var words []string
	for _, word := range strings.Fields(text) {
		if w[word] {
			words = append(words, word)
		} else {
			hidden += utf8.RuneCountInString(word)
		}
	}
	return strings.Join(words, " "), hidden
}

// Value describes a parameter: in clear as far as we know its words, the rest by
// its length.
func (w Words) Value(name, value string) Line {
	l := Line{Name: w.name(name)}
	if number.MatchString(value) {
		l.Text = value
	} else {
		l.Text, l.Hidden = w.sift(value)
	}
	return l
}

// name is a name that we know, "" for any other: a name can hold anything, too.
func (w Words) name(name string) string {
	if w[name] {
		return name
	}
	return ""
}

// Hidden describes a parameter by its length, whatever it is.
func (w Words) Hidden(name, value string) Line {
	return Line{Name: w.name(name), Hidden: utf8.RuneCountInString(value)}
}

// Address describes an address: as it is if it is one of those registered;
// without its query if its host is one of theirs; else by its length.
func (w Words) Address(name, address string, registered []string) Line {
	if slices.Contains(registered, address) {
		return Line{Name: w.name(name), Text: address}
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Opaque != "" || !slices.ContainsFunc(registered, func(r string) bool { return sameHost(r, u.Host) }) {
		return w.Hidden(name, address)
	}
	l := Line{Name: w.name(name), Text: u.Scheme + "://" + u.Host, Hidden: utf8.RuneCountInString(strings.TrimPrefix(address, u.Scheme+"://"+u.Host))}
	if slices.ContainsFunc(registered, func(r string) bool { return samePath(r, u.Path) }) {
		l.Text, l.Hidden = l.Text+u.Path, utf8.RuneCountInString(u.RawQuery+u.Fragment)
	}
	return l
}

func sameHost(registered, host string) bool {
	u, err := url.Parse(registered)
	return err == nil && u.Host == host
}

func samePath(registered, path string) bool {
	u, err := url.Parse(registered)
	return err == nil && u.Path == path
}

// Token describes a JWT by what its header says and by the names of its claims;
// anything else by its length.
func (w Words) Token(name, token string) Line {
	l := w.Hidden(name, token)
	parts := strings.Split(token, ".")
	if len(parts) != 3 && len(parts) != 5 {
		return l
	}
	header, ok := object(parts[0])
	if !ok {
		return l
	}
	l.Token = true
	for _, key := range slices.Sorted(maps.Keys(header)) {
		if text, isText := header[key].(string); isText && w[key] && w.knows(text) {
			l.Header = append(l.Header, key+": "+text)
		}
	}
	if claims, ok := object(parts[1]); ok && len(parts) == 3 {
		l.Names, l.Others = w.names(claims)
	}
	return l
}

func object(part string) (members map[string]any, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return members, err == nil && json.Unmarshal(raw, &members) == nil && members != nil
}

// names are those of members that we know, and how many others there are.
func (w Words) names(members map[string]any) (known []string, others int) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if w[name] {
			known = append(known, name)
		} else {
			others++
		}
	}
	return known, others
}

// Members describes an object of JSON by the names in it, down to the second
// level: "id_token.tax_number".
func (w Words) Members(name string, text []byte) Line {
	l := Line{Name: w.name(name)}
	var members map[string]any
	if json.Unmarshal(text, &members) != nil {
		return w.Hidden(name, string(text))
	}
	known, others := w.names(members)
	l.Others = others
	for _, n := range known {
		l.Names = append(l.Names, n)
		if inner, ok := members[n].(map[string]any); ok {
			within, more := w.names(inner)
			l.Others += more
			for _, i := range within {
				l.Names = append(l.Names, n+"."+i)
			}
		}
	}
	return l
}

// Object describes the members of an object of JSON line by line. It is for
// answers of a protocol, never for one about a person: that is [Words.Members].
func (w Words) Object(text []byte) (lines []Line) {
	var members map[string]any
	if json.Unmarshal(text, &members) != nil {
		return []Line{w.Hidden("", string(text))}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		raw, err := json.Marshal(members[name])
		if err != nil {
			continue
		}
		switch value := members[name].(type) {
		case string:
			if w.knows(value) || value == "" {
				lines = append(lines, w.Value(name, value))
			} else {
				lines = append(lines, w.Token(name, value))
			}
		case map[string]any:
			lines = append(lines, w.Members(name, raw))
		default:
			lines = append(lines, w.Value(name, string(raw)))
		}
	}
	return lines
}
