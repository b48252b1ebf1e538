package wire

import "strings"

// element is an element as it was read. Names are resolved, so that nothing that
// follows depends on prefixes; prefixes are kept only to write it canonically.
type element struct {
	prefix, local, space string
	attributes           []attribute
	content              []node
}

// attribute is an attribute; namespace declarations are none.
type attribute struct {
	prefix, local, space string
	value                string
}

// node is an element or, when that is nil, text.
type node struct {
	element *element
	text    string
}

func (e *element) is(space, local string) bool { return e.space == space && e.local == local }

// attr is the value of an attribute without namespace.
func (e *element) attr(local string) string {
	for i := range e.attributes {
		if a := &e.attributes[i]; a.space == "" && a.local == local {
			return a.value
		}
	}
	return ""
}

// children calls see with each element inside.
func (e *element) children(see func(*element)) {
	for _, n := range e.content {
		if n.element != nil {
			see(n.element)
		}
	}
}

// all are the elements inside of that name.
func (e *element) all(space, local string) (found []*element) {
	if e == nil {
		return nil
	}
	e.children(func(c *element) {
		if c.is(space, local) {
			found = append(found, c)
		}
	})
	return found
}

// child is the first element inside of that name, or nil.
func (e *element) child(space, local string) *element {
	if e == nil {
		return nil
	}
	for _, n := range e.content {
		if n.element != nil && n.element.is(space, local) {
			return n.element
		}
	}
	return nil
}

// only is the one element inside, or nil if there is none or more than one.
func (e *element) only() (found *element) {
	n := 0
	e.children(func(c *element) { found, n = c, n+1 })
	if n != 1 {
		return nil
	}
	return found
}

// value is the text inside. Since comments and CDATA are refused, it is one piece.
func (e *element) value() string {
	if e == nil || len(e.content) == 0 {
		return ""
	}
	return e.content[0].text
}

// token is the text inside as xs:anyURI and xs:token have it.
func (e *element) token() string { return strings.Trim(e.value(), blanks) }

// blanks is the white space of XML (XML 1.0, 2.3).
const blanks = " \t\r\n"

// hasText tells whether there is text besides white space.
func (e *element) hasText() bool {
	for _, n := range e.content {
		if n.element == nil && strings.Trim(n.text, blanks) != "" {
			return true
		}
	}
	return false
}

// walk calls see with the element and all below, in document order.
func (e *element) walk(see func(*element)) {
	see(e)
	e.children(func(c *element) { c.walk(see) })
}
