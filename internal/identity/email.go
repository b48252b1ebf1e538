package identity

import "strings"

// Lengths in octets (RFC 5321, section 4.5.3.1; RFC 3696, erratum 1690).
const (
	longestEmail     = 254
	longestLocalPart = 64
	longestLabel     = 63
)

const (
	digits = "0123456789"
	// atext of RFC 5322, section 3.2.3. Quoted local parts are refused: nobody has one, and many mail servers err on them.
	atext = latinLetters + digits + "!#$%&'*+-/=?^_`{|}~"
)

// Email is an address that mail can be sent to: local part as written, domain in lower case.
type Email string

// ParseEmail reads an address of the shape local@domain.tld. It errs with *Invalid: empty, long, alphabet or format.
// Whether the mailbox exists is proved by the activation code, not here.
func ParseEmail(s string) (Email, error) {
	s = strings.Trim(s, " \t")
	if s == "" {
		return "", &Invalid{"email", ReasonEmpty}
	}
	if len(s) > longestEmail {
		return "", &Invalid{"email", ReasonLong}
	}
	local, domain, found := strings.Cut(s, "@")
	if !found || strings.Contains(domain, "@") {
		return "", &Invalid{"email", ReasonFormat}
	}
	if reason := localPartRefused(local); reason != "" {
		return "", &Invalid{"email", reason}
	}
	domain = strings.ToLower(domain)
	if reason := domainRefused(domain); reason != "" {
		return "", &Invalid{"email", reason}
	}
	return Email(local + "@" + domain), nil
}

func localPartRefused(local string) string {
	if len(local) > longestLocalPart {
		return ReasonLong
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" {
			return ReasonFormat
		}
		if !consistsOf(atom, atext) {
			return ReasonAlphabet
		}
	}
	return ""
}

func domainRefused(domain string) string {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || consistsOf(labels[len(labels)-1], digits) {
		return ReasonFormat
	}
	for _, label := range labels {
		switch {
		case label == "", strings.HasPrefix(label, "-"), strings.HasSuffix(label, "-"):
			return ReasonFormat
		case len(label) > longestLabel:
			return ReasonLong
		case !consistsOf(label, latinLetters+digits+"-"):
			return ReasonAlphabet
		}
	}
	return ""
}

func consistsOf(s, alphabet string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(alphabet, r) })
}

// Canonical is the address for look-up: all in lower case, for no mail server in use tells Anna@ from anna@.
func (e Email) Canonical() string { return strings.ToLower(string(e)) }

func (e Email) String() string { return string(e) }
