package authn

import (
	"strconv"
	"strings"

	"kapu/internal/law"
)

// Names of levels begin with acrPrefix (eIDAS SAML Message Format 1.2, 3.2),
// names of methods with methodPrefix, as in the KAÜ; the digit of the method's
// level follows, and then the method's own part.
const (
	acrPrefix    = "http://eidas.europa.eu/LoA/"
	methodPrefix = "urn:eksz.gov.hu:1.0:azonositas:kau:"
)

// parts are the methods' own parts of their names: who keeps the method, and
// what is proved.
var parts = map[law.Method]string{
	law.Password: "uk:uidpwd",
	law.TOTP:     "uk:totp",
	law.MailCode: "uk:email",
	law.Passkey:  "uk:passkey",
	law.Phone:    "ta:pin",
	law.Face:     "ak:face",
	law.Card:     "eszig:pin",
}

// ACR is the name of a level in OpenID Connect and SAML.
func ACR(l law.Level) string { return acrPrefix + l.String() }

// ParseACR reads the name of a level.
func ParseACR(s string) (law.Level, bool) {
	if len(s) <= len(acrPrefix) || s[:len(acrPrefix)] != acrPrefix {
		return law.NoLevel, false
	}
	l, err := law.ParseLevel(s[len(acrPrefix):])
	return l, err == nil
}

// ACR is the method's own name in OpenID Connect and SAML, with its level
// within: "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp".
func (m Method) ACR() string {
	return methodPrefix + strconv.Itoa(int(m.Level)) + ":" + parts[m.Name]
}

// ParseMethodACR reads the name of a method; level is the one that the name
// says, whatever the method is worth at the moment.
func ParseMethodACR(s string) (method law.Method, level law.Level, ok bool) {
	rest, ok := strings.CutPrefix(s, methodPrefix)
	if !ok {
		return "", law.NoLevel, false
	}
	digit, part, _ := strings.Cut(rest, ":")
	for _, l := range []law.Level{law.Low, law.Substantial, law.High} {
		if digit == strconv.Itoa(int(l)) {
			level = l
		}
	}
	for _, m := range law.Methods() {
		if level != law.NoLevel && parts[m] == part {
			return m, level, true
		}
	}
	return "", law.NoLevel, false
}

// Names tells whether s names what was reached: the method, with a level that it
// has, or a level that it is not below.
func (m Method) Names(s string) bool {
	if name, level, ok := ParseMethodACR(s); ok {
		return name == m.Name && level <= m.Level
	}
	level, ok := ParseACR(s)
	return ok && level <= m.Level
}
