package wire

import (
	"bytes"
	"compress/flate"
	"crypto/x509"
	"io"
	"strings"
	"sync"
)

const redirecting = "SAML Bindings, 3.4.4"

// deflate is the one encoding of the Redirect binding (SAML Bindings, 3.4.4.1).
const deflate = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"

// detached is the signature of a query: over octets, not over XML.
type detached struct {
	method    method
	octets    string // what is signed, as it was sent
	signature []byte
}

// verify tells whether one of the pinned keys made it.
func (d *detached) verify(certificates []*x509.Certificate) error {
	if !d.method.by(certificates, []byte(d.octets), d.signature) {
		return wrongSignature()
	}
	return nil
}

// ReadRedirect opens the query of a request as it was sent (SAML Bindings, 3.4):
// raw, since the signature is over the octets and not over what they mean. It
// wants SAMLRequest or SAMLResponse, each parameter at most once. Parameters
// that are not SAML's are left alone.
func ReadRedirect(rawQuery string) (*Message, error) {
	if len(rawQuery) > MaxEncoded {
		return nil, broken(redirecting, "the query is too large")
	}
	p, err := parametersOf(rawQuery, "SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding")
	if err != nil {
		return nil, err
	}
	if e := p["SAMLEncoding"]; e.raw != "" && e.text != deflate {
		return nil, broken("SAML Bindings, 3.4.4", "SAMLEncoding is not DEFLATE")
	}
	name, err := p.carried()
	if err != nil {
		return nil, err
	}
	m, err := p.message(name)
	if err != nil {
		return nil, err
	}
	m.detached, err = p.signature(name)
	return m, err
}

// message reads the message of that parameter.
func (p parameters) message(name string) (*Message, error) {
	text, err := inflate(octets(p[name].text))
	if err != nil {
		return nil, err
	}
	root, err := parse(text, ofMessage)
	if err != nil {
		return nil, err
	}
	m, err := newMessage(root, RedirectBinding)
	if err != nil {
		return nil, err
	}
	if m.signatures > 0 {
		return nil, broken("SAML Bindings, 3.4.4.1", "a message in a query must not be signed inside")
	}
	m.RelayState = p["RelayState"].text
	return m, m.fits(name)
}

// signature reads the signature of the query, if there is one. The order is that
// of the standard, whatever that of the query was (SAML Bindings, 3.4.4.1).
func (p parameters) signature(name string) (*detached, error) {
	algorithm, signed := p["SigAlg"], p["Signature"]
	if !algorithm.present && !signed.present {
		return nil, nil
	}
	value := octets(signed.text)
	if value == nil {
		return nil, broken(redirecting, "Signature is missing or is not base64")
	}
	if !isMethod(algorithm.text) {
		return nil, broken(redirecting, "SigAlg is missing or is no algorithm that is accepted")
	}
	text := name + "=" + p[name].raw
	if r := p["RelayState"]; r.present {
		text += "&RelayState=" + r.raw
	}
	return &detached{methods[algorithm.text], text + "&SigAlg=" + algorithm.raw, value}, nil
}

// inflaters are kept for the next message: each has a window of 32 KiB.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// inflate undoes DEFLATE (RFC 1951) and stops at the limit.
func inflate(packed []byte) ([]byte, error) {
	if packed == nil {
		return nil, broken(redirecting, "the message is not base64")
	}
	in, r := bytes.NewReader(packed), inflaters.Get().(io.Reader)
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(in, nil); err != nil {
		return nil, err
	}
	const usual = 4 // times as long as deflated
	text := bytes.NewBuffer(make([]byte, 0, min(usual*len(packed), MaxMessage)+bytes.MinRead))
	_, err := text.ReadFrom(io.LimitReader(r, MaxMessage+1))
	switch {
	case err != nil:
		return nil, broken("SAML Bindings, 3.4.4.1", "the message is not deflated")
	case text.Len() > MaxMessage:
		return nil, broken("", "the message is too large when inflated")
	case in.Len() > 0:
		return nil, broken("SAML Bindings, 3.4.4.1", "something follows the deflated message")
	}
	return text.Bytes(), nil
}

// parameter is a parameter of a query or form.
type parameter struct {
	raw     string // as it was sent
	text    string // what it means
	present bool
}

type parameters map[string]parameter

// parametersOf reads those parameters that have one of the names. One that occurs
// twice is refused, and so is a name that is encoded: other readers may see it
// where we do not.
func parametersOf(raw string, known ...string) (parameters, error) {
	if strings.Count(raw, "&") >= maxPairs || strings.ContainsRune(raw, ';') {
		return nil, broken(redirecting, "there are too many parameters")
	}
	p := parameters{}
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		meant, ok := decoded(name)
		if !ok || !isText(meant) {
			return nil, broken(redirecting, "a parameter is malformed")
		}
		i := indexFold(known, meant)
		if i < 0 {
			continue
		}
		if name != known[i] || p[name].present {
			return nil, broken(redirecting, "%s occurs more than once or is spelt in an unusual way", known[i])
		}
		text, ok := decoded(value)
		if !ok {
			return nil, broken(redirecting, "%s is malformed", name)
		}
		p[name] = parameter{value, text, true}
	}
	return p, nil
}

// decoded undoes percent-encoding as url.QueryUnescape does; messages are long,
// and this is several times faster.
func decoded(s string) (text string, ok bool) {
	s = strings.ReplaceAll(s, "+", " ")
	at := strings.IndexByte(s, '%')
	if at < 0 {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for at >= 0 {
		octet, ok := octetAt(s[at:])
		if !ok {
			return "", false
		}
		b = append(append(b, s[:at]...), octet)
		s = s[at+3:]
		at = strings.IndexByte(s, '%')
	}
	return string(append(b, s...)), true
}

// octetAt is the octet that s, which begins with "%", has encoded (RFC 3986, 2.1).
func octetAt(s string) (octet byte, ok bool) {
	if len(s) < len("%00") {
		return 0, false
	}
	high, okHigh := digit(s[1])
	low, okLow := digit(s[2])
	return high<<4 | low, okHigh && okLow
}

// digit is the value of a hexadecimal digit.
func digit(c byte) (value byte, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// indexFold finds a name whatever its case, since some readers ignore case.
func indexFold(known []string, name string) int {
	for i, k := range known {
		if strings.EqualFold(k, name) {
			return i
		}
	}
	return -1
}

// carried is the name of the parameter that carries the message.
func (p parameters) carried() (string, error) {
	request, response := p["SAMLRequest"], p["SAMLResponse"]
	switch {
	case request.present == response.present:
		return "", broken(redirecting, "there must be either SAMLRequest or SAMLResponse")
	case len(p["RelayState"].text) > MaxRelay || !isText(p["RelayState"].text):
		return "", broken("SAML Bindings, 3.4.3", "RelayState is too long or is not text")
	case request.present:
		return "SAMLRequest", nil
	}
	return "SAMLResponse", nil
}

// fits refuses a response that came as a request, and the other way round.
func (m *Message) fits(name string) error {
	if (m.Kind() == KindLogoutResponse) != (name == "SAMLResponse") {
		return broken(redirecting, "the message came under the wrong name")
	}
	return nil
}
