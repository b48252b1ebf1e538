package catalogue

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// DN is a distinguished name, from the outermost part to the innermost; a part
// has several attributes if they are joined with "+".
type DN [][]Attribute

// Attribute is one attribute of a distinguished name.
type Attribute struct{ OID, Value string }

// attributeTypes are the names of attribute types that have one (RFC 4514, 3;
// RFC 4519, 2; RFC 2985, 5.2.1).
var attributeTypes = map[string]string{
	"CN": "2.5.4.3", "SN": "2.5.4.4", "SERIALNUMBER": "2.5.4.5", "C": "2.5.4.6", "L": "2.5.4.7", "ST": "2.5.4.8", "STREET": "2.5.4.9", "O": "2.5.4.10", "OU": "2.5.4.11",
	"TITLE": "2.5.4.12", "POSTALCODE": "2.5.4.17", "GIVENNAME": "2.5.4.42", "ORGANIZATIONIDENTIFIER": "2.5.4.97",
	"DC": "0.9.2342.19200300.100.1.25", "UID": "0.9.2342.19200300.100.1.1", "EMAILADDRESS": "1.2.840.113549.1.9.1",
}

// Bounds of a distinguished name.
const longestDN, maxAttributes = 1024, 32

var errDN = errors.New("it is not a distinguished name as RFC 4514 writes them, like CN=client,O=Office,C=HU")

// ParseDN reads a distinguished name as it is written in text, the innermost
// part first (RFC 4514, 2.1).
func ParseDN(text string) (DN, error) {
	if text == "" || len(text) > longestDN {
		return nil, errDN
	}
	name := DN{{}}
	for rest, more := text, true; more; {
		var a Attribute
		var stop byte
		var err error
		if a, stop, rest, err = readAttribute(rest); err != nil || len(name) > maxAttributes {
			return nil, errDN
		}
		last := len(name) - 1
		name[last] = append(name[last], a)
		if more = stop != 0; stop == ',' {
			name = append(name, nil)
		}
	}
	slices.Reverse(name)
	return name, nil
}

// readAttribute reads TYPE=VALUE up to a comma or a plus, which it returns; 0 at
// the end.
func readAttribute(text string) (a Attribute, stop byte, rest string, err error) {
	kind, rest, ok := strings.Cut(strings.TrimLeft(text, " "), "=")
	if a.OID, ok = oidOf(strings.TrimSpace(kind), ok); !ok {
		return a, 0, "", errDN
	}
	end := endOfValue(rest)
	raw := rest[:end]
	if end < len(rest) {
		stop, rest = rest[end], rest[end+1:]
	}
	a.Value, err = unescape(strings.TrimLeft(raw, " "))
	return a, stop, rest, err
}

func oidOf(kind string, ok bool) (string, bool) {
	if oid := attributeTypes[strings.ToUpper(kind)]; oid != "" {
		return oid, ok
	}
	dotted := strings.Contains(kind, ".") && strings.Trim(kind, "0123456789.") == "" && !strings.Contains("."+kind+".", "..")
	return kind, ok && dotted
}

// endOfValue is where the first separator stands that is not escaped.
func endOfValue(text string) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ',', '+':
			return i
		}
	}
	return len(text)
}

// unescape reads a value: characters after a backslash, bytes as two
// hexadecimal digits after one, or all of it in BER after a "#" (RFC 4514, 2.4).
func unescape(raw string) (string, error) {
	if strings.HasPrefix(raw, "#") {
		return unescapeBER(raw[1:])
	}
	var b strings.Builder
	blanks := 0 // at the end, unless they are escaped
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		blanks++
		if c != ' ' {
			blanks = 0
		}
		switch {
		case strings.IndexByte(`";<>`, c) >= 0 || c == 0:
			return "", errDN
		case c != '\\':
			b.WriteByte(c)
			continue
		case i+1 == len(raw):
			return "", errDN
		}
		i++
		blanks = 0
		if strings.IndexByte(`\"+,;<>= #`, raw[i]) >= 0 {
			b.WriteByte(raw[i])
			continue
		}
		if i+1 == len(raw) {
			return "", errDN
		}
		code, err := strconv.ParseUint(raw[i:i+2], 16, 8)
		if err != nil {
			return "", errDN
		}
		b.WriteByte(byte(code))
		i++
	}
	return b.String()[:b.Len()-blanks], nil
}

func unescapeBER(digits string) (string, error) {
	der, err := hex.DecodeString(strings.TrimRight(digits, " "))
	if err != nil {
		return "", errDN
	}
	var value string
	if rest, err := asn1.Unmarshal(der, &value); err != nil || len(rest) > 0 {
		return "", errDN
	}
	return value, nil
}

// subjectOf is the subject of a certificate.
func subjectOf(c *x509.Certificate) (DN, bool) {
	var parts pkix.RDNSequence
	if rest, err := asn1.Unmarshal(c.RawSubject, &parts); err != nil || len(rest) > 0 {
		return nil, false
	}
	var name DN
	for _, part := range parts {
		var attributes []Attribute
		for _, a := range part {
			value, ok := a.Value.(string)
			if !ok {
				return nil, false
			}
			attributes = append(attributes, Attribute{a.Type.String(), value})
		}
		name = append(name, attributes)
	}
	return name, true
}

// Equal compares part by part; within a part the order means nothing (RFC 4517,
// 4.2.15). Values must be the same to the byte.
func (d DN) Equal(other DN) bool {
	return slices.EqualFunc(d, other, func(a, b []Attribute) bool { return len(a) == len(b) && among(a, b) && among(b, a) })
}

func among(some, others []Attribute) bool {
	return !slices.ContainsFunc(some, func(a Attribute) bool { return !slices.Contains(others, a) })
}

// HasCertificate tells whether a certificate, which somebody must vouch for, has
// the one name that is registered for tls_client_auth (RFC 8705, 2.1.2).
func (o *OIDC) HasCertificate(c *x509.Certificate) bool {
	if o.TLSName != "" {
		return slices.ContainsFunc(c.DNSNames, func(name string) bool { return strings.EqualFold(name, o.TLSName) })
	}
	registered, err := ParseDN(o.TLSSubject)
	if err != nil {
		return false
	}
	subject, ok := subjectOf(c)
	return ok && subject.Equal(registered)
}
