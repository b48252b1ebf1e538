package wire

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// start reads a start tag after its "<" and resolves the names in it.
func (p *parser) start() (e *element, empty bool, err error) {
	e = &element{}
	var ok bool
	if e.prefix, e.local, ok = p.name(); !ok {
		return nil, false, broken("Namespaces in XML 1.0, 4", "a name is not as SAML's names are")
	}
	outside := len(p.scope)
	for !p.takes(">") {
		blank := p.blank()
		if p.takes("/>") {
			empty = true
			break
		}
		if p.takes(">") {
			break
		}
		if !blank || len(e.attributes)+len(p.scope)-outside >= maxAttributes {
			return nil, false, broken("XML 1.0, 3.1", "a start tag is malformed or has too many attributes")
		}
		if err := p.attribute(e, outside); err != nil {
			return nil, false, err
		}
	}
	return e, empty, p.resolve(e)
}

// attribute reads an attribute or a namespace declaration.
func (p *parser) attribute(e *element, outside int) error {
	prefix, local, ok := p.name()
	p.blank()
	if !ok || !p.takes("=") {
		return broken("XML 1.0, 3.1", "an attribute is malformed")
	}
	p.blank()
	value, ok := p.quoted()
	if !ok {
		return broken("XML 1.0, 3.1", "the value of an attribute is malformed")
	}
	switch {
	case prefix == "xmlns":
		return p.declare(outside, local, value)
	case prefix == "" && local == "xmlns":
		return p.declare(outside, "", value)
	}
	e.attributes = append(e.attributes, attribute{prefix: prefix, local: local, value: value})
	return nil
}

// declare takes a namespace into scope. Names of namespaces that are relative, or
// no URIs at all, are refused: libraries differ on their canonical form.
func (p *parser) declare(outside int, prefix, space string) error {
	switch {
	case prefix == "xml", prefix == "xmlns", space == nsXML, space == "http://www.w3.org/2000/xmlns/":
		return broken(names, "a reserved namespace is declared")
	case space == "" && prefix != "":
		return broken("Namespaces in XML 1.0, 5", "a prefix is declared without a namespace")
	case len(space) > maxNamespace:
		return broken(names, "a namespace is too long")
	case len(p.scope) >= maxScope:
		return broken("", "there are too many namespaces at one place")
	case space != "" && !isNamespace(space):
		return broken("Canonical XML 1.0, 1.3", "a namespace is not an absolute URI")
	}
	for _, b := range p.scope[outside:] {
		if b.prefix == prefix {
			return broken("XML 1.0, 3.1", "a namespace is declared twice")
		}
	}
	p.scope = append(p.scope, binding{prefix, space})
	return nil
}

// resolve gives the names of a start tag their namespaces and refuses attributes
// that occur twice.
func (p *parser) resolve(e *element) error {
	var ok bool
	if e.space, ok = p.meaning(e.prefix); !ok || e.prefix == "xml" { // which has no elements, and no declaration to sign
		return broken("Namespaces in XML 1.0, 5", "a prefix is not declared")
	}
	for i := range e.attributes {
		a := &e.attributes[i]
		if a.prefix != "" {
			if a.space, ok = p.meaning(a.prefix); !ok {
				return broken("Namespaces in XML 1.0, 5", "a prefix is not declared")
			}
		}
		for _, b := range e.attributes[:i] {
			if a.local == b.local && a.space == b.space {
				return broken("Namespaces in XML 1.0, 6.3", "an attribute occurs twice")
			}
		}
	}
	return nil
}

// meaning is the namespace of a prefix; no prefix and no declaration is none.
func (p *parser) meaning(prefix string) (space string, ok bool) {
	for i := len(p.scope) - 1; i >= 0; i-- {
		if p.scope[i].prefix == prefix {
			return p.scope[i].space, true
		}
	}
	return "", prefix == ""
}

// name reads a name with at most one prefix. Only ASCII letters, digits, ".",
// "-" and "_" are taken: SAML has no other names, and parsers differ on them.
func (p *parser) name() (prefix, local string, ok bool) {
	first := p.part()
	if p.i < len(p.s) && p.s[p.i] == ':' {
		p.i++
		second := p.part()
		return first, second, first != "" && second != ""
	}
	return "", first, first != ""
}

func (p *parser) part() string {
	n := p.i
	for n < len(p.s) && isNameOctet(p.s[n], n == p.i) {
		n++
	}
	found := p.s[p.i:n]
	if len(found) > maxName {
		return ""
	}
	p.i = n
	return found
}

// isNameOctet tells whether an octet may be part of a name, or begin one.
func isNameOctet(c byte, first bool) bool {
	if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' {
		return true
	}
	return !first && ('0' <= c && c <= '9' || c == '-' || c == '.')
}

// isAbsolute tells whether a URI has a scheme and no blanks.
func isAbsolute(uri string) bool {
	scheme, _, ok := strings.Cut(uri, ":")
	if !ok || scheme == "" || strings.ContainsAny(uri, blanks) {
		return false
	}
	return !strings.ContainsFunc(scheme, func(c rune) bool { return c >= utf8.RuneSelf || !isNameOctet(byte(c), false) && c != '+' })
}

// isNamespace tells whether a URI has a scheme and only what URIs have (RFC 3986, 2 and 3.1).
func isNamespace(uri string) bool {
	switch uri {
	case nsAssertion, nsProtocol, nsSignature: // nearly all that come
		return true
	}
	for i := 0; i < len(uri); i++ {
		switch c := uri[i]; {
		case c <= ' ', c > '~', strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			return false
		case c == '%':
			if _, ok := octetAt(uri[i:]); !ok {
				return false
			}
		}
	}
	return uri != "" && isNameOctet(uri[0], true) && uri[0] != '_' && isAbsolute(uri)
}

// quoted reads the value of an attribute with its quotes.
func (p *parser) quoted() (value string, ok bool) {
	if p.i >= len(p.s) || p.s[p.i] != '"' && p.s[p.i] != '\'' {
		return "", false
	}
	n := strings.IndexByte(p.s[p.i+1:], p.s[p.i])
	if n < 0 {
		return "", false
	}
	raw := p.s[p.i+1 : p.i+1+n]
	p.i += n + len(`""`)
	if strings.IndexByte(raw, '<') >= 0 {
		return "", false
	}
	if strings.ContainsAny(raw, "\t\r\n") {
		if !p.allowed.metadata {
			return "", false
		}
		raw = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ").Replace(raw)
	}
	return unescape(raw)
}

// unescape resolves references and line ends (XML 1.0, 2.11 and 4.6).
func unescape(raw string) (text string, ok bool) {
	if strings.IndexByte(raw, '\r') >= 0 {
		raw = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(raw)
	}
	at := strings.IndexByte(raw, '&')
	if at < 0 {
		return raw, true
	}
	b := make([]byte, 0, len(raw))
	for at >= 0 {
		b = append(b, raw[:at]...)
		raw = raw[at+1:]
		end := strings.IndexByte(raw, ';')
		if end < 0 {
			return "", false
		}
		c, ok := character(raw[:end])
		if !ok {
			return "", false
		}
		b = utf8.AppendRune(b, c)
		raw = raw[end+1:]
		at = strings.IndexByte(raw, '&')
	}
	return string(append(b, raw...)), true
}

// character is what a reference refers to.
func character(reference string) (c rune, ok bool) {
	switch reference {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "apos":
		return '\'', true
	case "quot":
		return '"', true
	}
	const longest = len("#x10FFFF")
	digits, ok := strings.CutPrefix(reference, "#")
	if !ok || len(reference) > longest || strings.ContainsAny(digits, "+-_") {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	c = rune(n)
	return c, err == nil && utf8.ValidRune(c) && isText(string(c))
}
