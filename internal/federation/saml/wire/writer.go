package wire

import (
	"errors"
	"slices"
	"strings"
	"sync"
)

// writer writes XML that is in exclusive canonical form from the start, so that
// what is written is what is digested: attributes in order, namespaces declared
// where they are first used, every element with an end tag. Only the prefixes of
// [spaceOf] are used, and attributes that are "" are left out.
type writer struct {
	b         []byte
	elements  []unclosed
	declared  []string // prefixes declared around, innermost last
	inclusive []string // prefixes that only values use; the signature lists them
	fault     error
}

// writers that have written what was signed, and so copied, write again.
var writers = sync.Pool{New: func() any {
	const usual, deep = 4 << 10, 8
	return &writer{b: make([]byte, 0, usual), elements: make([]unclosed, 0, deep), declared: make([]string, 0, deep)}
}}

func newWriter() *writer { return writers.Get().(*writer) }

// done lets the writer write again. Nothing of what it wrote may be in use.
func (w *writer) done() {
	const large = 64 << 10
	if cap(w.b) > large {
		return
	}
	clear(w.b) // it may be about somebody
	*w = writer{b: w.b[:0], elements: w.elements[:0], declared: w.declared[:0]}
	writers.Put(w)
}

// unclosed is an element whose end is still to be written.
type unclosed struct {
	name    string
	outside int // prefixes declared around it
}

var errUnwritable = errors.New("saml: text cannot be written as XML")

// spaceOf is what the prefixes stand for.
func spaceOf(prefix string) string {
	switch prefix {
	case "samlp":
		return nsProtocol
	case "saml":
		return nsAssertion
	case "md":
		return nsMetadata
	case "mdui":
		return nsUI
	case "mdattr":
		return nsAttr
	case "ds":
		return nsSignature
	case "ec":
		return nsExclusive
	case "xenc":
		return nsXMLEnc
	case "eidas":
		return nsEIDAS
	case "natural":
		return nsPerson
	case "representative":
		return nsActor
	case "xs":
		return nsSchema
	case "xsi":
		return nsInstance
	case "soap":
		return nsSOAP
	case "xml":
		return nsXML
	}
	panic("saml: no such prefix: " + prefix)
}

// open writes a start tag; attributes are names and values in turn.
func (w *writer) open(name string, attributes ...string) { w.start(name, nil, attributes) }

// start writes a start tag that also declares prefixes which only values use.
func (w *writer) start(name string, also, attributes []string) {
	outside := len(w.declared)
	prefix, _, _ := strings.Cut(name, ":")
	w.use(prefix)
	for _, p := range also {
		w.use(p)
	}
	for i := 0; i < len(attributes); i += 2 {
		if p, _, ok := strings.Cut(attributes[i], ":"); ok && p != "xml" && attributes[i+1] != "" {
			w.use(p)
		}
	}
	w.b = append(append(w.b, '<'), name...)
	slices.Sort(w.declared[outside:])
	for _, p := range w.declared[outside:] {
		w.b = append(append(w.b, " xmlns:"...), p...)
		w.b = append(append(append(w.b, `="`...), spaceOf(p)...), '"')
	}
	w.attributes(attributes)
	w.b = append(w.b, '>')
	w.elements = append(w.elements, unclosed{name, outside})
}

// use declares a prefix unless it is declared already.
func (w *writer) use(prefix string) {
	if !slices.Contains(w.declared, prefix) {
		w.declared = append(w.declared, prefix)
	}
}

// attributes writes them in canonical order.
func (w *writer) attributes(list []string) {
	const most = 16
	var order [most]int
	sorted := order[:0]
	for i := 0; i < len(list); i += 2 {
		if list[i+1] != "" {
			sorted = append(sorted, i)
		}
	}
	slices.SortFunc(sorted, func(a, b int) int { return compareNames(list[a], list[b]) })
	for _, i := range sorted {
		w.check(list[i+1])
		w.b = append(append(append(w.b, ' '), list[i]...), `="`...)
		w.b = append(appendValue(w.b, list[i+1]), '"')
	}
}

// compareNames compares attributes by namespace, then by name (Canonical XML 1.0, 2.2).
func compareNames(a, b string) int {
	spaceA, localA := split(a)
	spaceB, localB := split(b)
	if n := strings.Compare(spaceA, spaceB); n != 0 {
		return n
	}
	return strings.Compare(localA, localB)
}

func split(name string) (space, local string) {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		return "", name
	}
	return spaceOf(prefix), local
}

// check notes text that no XML can hold.
func (w *writer) check(text string) {
	if !isText(text) {
		w.fault = errUnwritable
	}
}

// text writes text.
func (w *writer) text(s string) {
	w.check(s)
	w.b = appendText(w.b, s)
}

// close writes the end tag of the innermost element.
func (w *writer) close() {
	last := w.elements[len(w.elements)-1]
	w.elements = w.elements[:len(w.elements)-1]
	w.declared = w.declared[:last.outside]
	w.b = append(append(append(w.b, "</"...), last.name...), '>')
}

// leaf writes an element with text only.
func (w *writer) leaf(name, text string, attributes ...string) {
	w.open(name, attributes...)
	w.text(text)
	w.close()
}

// raw writes what is canonical already.
func (w *writer) raw(b []byte) { w.b = append(w.b, b...) }
