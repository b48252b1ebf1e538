package wire

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// parser reads the XML that SAML needs: elements, attributes, text, the five
// predefined entities and references to characters. It reads every octet once
// and everything it accepts, every other parser reads alike (the tests hold it
// against encoding/xml, a round-trip validator and libxml2).
type parser struct {
	s        string
	i        int
	allowed  allowance
	elements int
	scope    []binding // namespaces in scope, innermost last
}

// binding is a namespace prefix and what it stands for.
type binding struct{ prefix, space string }

const (
	xml10 = "XML 1.0, 2.1"
	names = "Namespaces in XML 1.0, 3"
)

// parse reads a document.
func parse(text []byte, a allowance) (*element, error) {
	if a.metadata {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	if len(text) > a.octets {
		return nil, broken("", "the message is too large")
	}
	p := &parser{s: string(text), allowed: a, scope: []binding{{"xml", nsXML}}}
	if !isText(p.s) {
		return nil, broken("XML 1.0, 2.2", "the message is not UTF-8 text of XML characters")
	}
	if err := p.declaration(); err != nil {
		return nil, err
	}
	if err := p.between(); err != nil {
		return nil, err
	}
	if !p.takes("<") {
		return nil, broken(xml10, "the message is not XML")
	}
	root, err := p.element(1)
	if err != nil {
		return nil, err
	}
	if err := p.between(); err != nil {
		return nil, err
	}
	if p.i < len(p.s) {
		return nil, broken(xml10, "something follows the message")
	}
	return root, nil
}

// isText tells whether s is UTF-8 of characters that XML has (XML 1.0, 2.2).
func isText(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf {
			return isWideText(s[i:])
		} else if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}

// isWideText is the same for text beyond ASCII.
func isWideText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool {
		return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xfffe || c == 0xffff
	})
}

// declaration reads the XML declaration, if any: version 1.0 and, if it names
// one, the encoding UTF-8.
func (p *parser) declaration() error {
	if !p.takes("<?xml") {
		return nil
	}
	if v, ok := p.declared("version"); !ok || v != "1.0" {
		return broken("XML 1.0, 2.8", "the XML declaration has another version than 1.0")
	}
	if v, ok := p.declared("encoding"); ok && !strings.EqualFold(v, "utf-8") {
		return broken("XML 1.0, 4.3.3", "the encoding is not UTF-8")
	}
	if v, ok := p.declared("standalone"); ok && v != "yes" && v != "no" {
		return broken("XML 1.0, 2.8", "the XML declaration is malformed")
	}
	if p.blank(); !p.takes("?>") {
		return broken("XML 1.0, 2.8", "the XML declaration is malformed")
	}
	return nil
}

// declared reads a word of the XML declaration, if it comes next.
func (p *parser) declared(word string) (value string, ok bool) {
	from := p.i
	if p.blank() && p.takes(word+"=") {
		if value, ok = p.quoted(); ok && !strings.Contains(p.s[from:p.i], "&") { // no references here
			return value, true
		}
	}
	p.i = from
	return "", false
}

// between skips what may stand outside of the root.
func (p *parser) between() error {
	for {
		p.blank()
		switch {
		case strings.HasPrefix(p.s[p.i:], "<!"), strings.HasPrefix(p.s[p.i:], "<?"):
			p.i++
			if err := p.special(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// special reads, after "<", what is no element: comments where they are allowed.
func (p *parser) special() error {
	switch {
	case p.takes("!--") && p.allowed.metadata:
		end := strings.Index(p.s[p.i:], "--")
		if end < 0 || !strings.HasPrefix(p.s[p.i+end:], "-->") {
			return broken("XML 1.0, 2.5", "a comment does not end")
		}
		p.i += end + len("-->")
		return nil
	case strings.HasPrefix(p.s[p.i:], "?"):
		return broken("XML 1.0, 2.6", "processing instructions are not accepted")
	case strings.HasPrefix(p.s[p.i:], "![CDATA["):
		return broken("XML 1.0, 2.7", "CDATA sections are not accepted")
	case strings.HasPrefix(p.s[p.i:], "!"):
		return broken("XML 1.0, 2.8", "document types are not accepted")
	}
	return broken("XML 1.0, 2.5", "comments are not accepted in messages")
}

// element reads an element after its "<".
func (p *parser) element(depth int) (*element, error) {
	if p.elements++; p.elements > p.allowed.elements || depth > maxDepth {
		return nil, broken("", "the message has too many elements, or too deep ones")
	}
	outside := len(p.scope)
	e, empty, err := p.start()
	if err != nil {
		return nil, err
	}
	if !empty {
		if err := p.inside(e, depth); err != nil {
			return nil, err
		}
	}
	p.scope = p.scope[:outside]
	return e, nil
}

// inside reads the content of an element and its end tag.
func (p *parser) inside(e *element, depth int) error {
	for {
		if err := p.text(e); err != nil {
			return err
		}
		switch {
		case p.takes("</"):
			return p.end(e)
		case strings.HasPrefix(p.s[p.i:], "<!"), strings.HasPrefix(p.s[p.i:], "<?"):
			p.i++
			if err := p.special(); err != nil {
				return err
			}
		default:
			p.i++
			inner, err := p.element(depth + 1)
			if err != nil {
				return err
			}
			e.content = append(e.content, node{element: inner})
		}
	}
}

// end reads the end tag after its "</".
func (p *parser) end(e *element) error {
	prefix, local, ok := p.name()
	p.blank()
	if !ok || prefix != e.prefix || local != e.local || !p.takes(">") {
		return broken("XML 1.0, 3.1", "an end tag does not fit its start tag")
	}
	return nil
}

// text reads text up to the next "<". Text that a comment divides is refused,
// since some parsers see the first piece only.
func (p *parser) text(e *element) error {
	n := strings.IndexByte(p.s[p.i:], '<')
	if n < 0 {
		return broken("XML 1.0, 3", "an element does not end")
	}
	raw := p.s[p.i : p.i+n]
	p.i += n
	if raw == "" {
		return nil
	}
	if strings.Contains(raw, "]]>") {
		return broken("XML 1.0, 2.4", "text contains the end of a CDATA section")
	}
	text, ok := unescape(raw)
	if !ok {
		return broken("XML 1.0, 4.1", "a reference is to no character and to none of the five predefined entities")
	}
	if k := len(e.content) - 1; k >= 0 && e.content[k].element == nil {
		if strings.Trim(text, blanks) != "" || strings.Trim(e.content[k].text, blanks) != "" {
			return broken("XML 1.0, 2.5", "a comment divides text")
		}
		e.content[k].text += text
		return nil
	}
	e.content = append(e.content, node{text: text})
	return nil
}

// takes skips what is given, if it comes next.
func (p *parser) takes(what string) bool {
	if !strings.HasPrefix(p.s[p.i:], what) {
		return false
	}
	p.i += len(what)
	return true
}

// blank skips white space and tells whether there was any.
func (p *parser) blank() bool {
	from := p.i
	for p.i < len(p.s) && strings.IndexByte(blanks, p.s[p.i]) >= 0 {
		p.i++
	}
	return p.i > from
}
