package wire

import (
	"slices"
	"strings"
)

// canonical writes an element in exclusive canonical form without comments and
// with an empty list of inclusive prefixes (Exclusive XML Canonicalization 1.0,
// 3). without, if not nil, is left out: it is the signature that is enveloped
// (XMLDSig, 6.6.4).
func canonical(e, without *element) []byte {
	const usual = 8 << 10
	c := canonicalizer{without: without, b: make([]byte, 0, usual)}
	c.element(e)
	return c.b
}

type canonicalizer struct {
	b        []byte
	without  *element
	rendered []binding // declarations written around, innermost last
}

func (c *canonicalizer) element(e *element) {
	outside := len(c.rendered)
	c.b = append(c.b, '<')
	c.name(e.prefix, e.local)
	c.use(e.prefix, e.space)
	for i := range e.attributes {
		if a := &e.attributes[i]; a.prefix != "" && a.prefix != "xml" {
			c.use(a.prefix, a.space)
		}
	}
	c.declarations(outside)
	c.attributes(e.attributes)
	c.b = append(c.b, '>')
	for _, n := range e.content {
		switch {
		case n.element == nil:
			c.b = appendText(c.b, n.text)
		case n.element != c.without:
			c.element(n.element)
		}
	}
	c.b = append(c.b, "</"...)
	c.name(e.prefix, e.local)
	c.b = append(c.b, '>')
	c.rendered = c.rendered[:outside]
}

func (c *canonicalizer) name(prefix, local string) {
	if prefix != "" {
		c.b = append(append(c.b, prefix...), ':')
	}
	c.b = append(c.b, local...)
}

// use notes a prefix that must be declared here unless it is already. Where
// nothing is declared, no prefix means no namespace.
func (c *canonicalizer) use(prefix, space string) {
	around := ""
	for i := len(c.rendered) - 1; i >= 0; i-- {
		if c.rendered[i].prefix == prefix {
			around = c.rendered[i].space
			break
		}
	}
	if around != space {
		c.rendered = append(c.rendered, binding{prefix, space})
	}
}

// declarations writes what was noted for this element, in order of the prefixes.
func (c *canonicalizer) declarations(outside int) {
	here := c.rendered[outside:]
	slices.SortFunc(here, func(a, b binding) int { return strings.Compare(a.prefix, b.prefix) })
	for _, b := range here {
		c.b = append(c.b, " xmlns"...)
		if b.prefix != "" {
			c.b = append(append(c.b, ':'), b.prefix...)
		}
		c.b = append(appendValue(append(c.b, `="`...), b.space), '"')
	}
}

// attributes writes attributes in order of namespace and name.
func (c *canonicalizer) attributes(list []attribute) {
	if len(list) > 1 {
		list = slices.Clone(list)
		slices.SortFunc(list, func(a, b attribute) int {
			if n := strings.Compare(a.space, b.space); n != 0 {
				return n
			}
			return strings.Compare(a.local, b.local)
		})
	}
	for i := range list {
		c.b = append(c.b, ' ')
		c.name(list[i].prefix, list[i].local)
		c.b = append(appendValue(append(c.b, `="`...), list[i].value), '"')
	}
}

// escapes is what canonical form writes in the place of octets (Canonical XML
// 1.0, 2.3); "" for an octet that stands as it is.
type escapes [256]string

var (
	inText  = escapes{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#xD;"}
	inValue = escapes{'&': "&amp;", '<': "&lt;", '"': "&quot;", '\t': "&#x9;", '\n': "&#xA;", '\r': "&#xD;"}
)

func (e *escapes) append(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		if escaped := e[s[i]]; escaped != "" {
			b = append(append(b, s[from:i]...), escaped...)
			from = i + 1
		}
	}
	return append(b, s[from:]...)
}

// appendText writes text.
func appendText(b []byte, s string) []byte { return inText.append(b, s) }

// appendValue writes the value of an attribute.
func appendValue(b []byte, s string) []byte { return inValue.append(b, s) }
