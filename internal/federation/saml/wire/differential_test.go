package wire

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/beevik/etree"
	validator "github.com/mattermost/xml-roundtrip-validator"
	dsig "github.com/russellhaering/goxmldsig"
)

// oddities are sound XML in which canonical forms have gone wrong before.
var oddities = []string{
	`<a xmlns="urn:a" b="c&#x9;d"><b xmlns="" c='"'>&lt;&amp;&gt;&#13;]]</b></a>`,
	`<a xmlns="urn:a" b="c&#x9;d"><b xmlns="urn:b" c='"'>&lt;&amp;&gt;&#13;]]</b></a>`,
	`<p:a xmlns:p="urn:p" xmlns:q="urn:q" q:z="1" p:a="2" a="3"><p:a xmlns:p="urn:r" p:b=""/><q:a/></p:a>`,
	"<?xml version='1.0' encoding='UTF-8'?>\r\n<a>\r\n<b xml:lang=\"hu\">é\U0001f600</b>\r</a>\n",
	`<a xmlns="urn:a"><b xmlns="urn:b"><c xmlns="urn:a" xmlns:d="urn:d"/></b></a>`,
	`<a><b xmlns="urn:b"/><c xmlns:x="urn:x"><x:d/><x:e/></c></a>`,
	`<p:a xmlns:p="x:"><A xml:c="" p:A=""></A></p:a>`,
	`<p:a xmlns:p="urnp:" xmlns:q="urn:q" q:z="1" p:a="2" a="3"><p:a xmlns:p="urn:r" p:r=""/><q5a/></p:a>`,
	`<a b="c"><b xmlns="" c='"'>d</b></a>`,
}

// What we accept, others accept and read alike: Go's own parser, a validator that
// looks for text which changes when it is read and written, and the canonical form
// of a library for signatures.
func FuzzDifferential(f *testing.F) {
	for _, seed := range oddities {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := parse([]byte(text), ofMessage)
		if err != nil {
			return
		}
		if err := validator.Validate(strings.NewReader(text)); err != nil && !prefixed(root) {
			t.Fatalf("does not survive being read and written: %v", err)
		}
		alike(t, root, text)
		ours := canonical(root, nil)
		again, err := parse(ours, allowance{octets: len(ours), elements: maxElements})
		if err != nil || !bytes.Equal(canonical(again, nil), ours) {
			t.Fatalf("canonical form is not stable: %v %q", err, ours)
		}
		if mixed(root) || undeclared.MatchString(text) {
			return
		}
		d := etree.NewDocument()
		if err := d.ReadFromString(text); err != nil {
			t.Fatalf("etree: %v", err)
		}
		if theirs, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("").Canonicalize(d.Root()); err != nil || !bytes.Equal(theirs, ours) {
			t.Fatalf("%v\nours   %q\ntheirs %q", err, ours, theirs)
		}
	})
}

// libxml2 has the same canonical form; services verify with it most of all.
func TestCanonicalForm(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: what others take for the canonical form is not tried")
	}
	for _, text := range oddities {
		root, err := parse([]byte(text), ofMessage)
		if err != nil {
			t.Fatal(err)
		}
		lint := exec.Command(xmllint, "--exc-c14n", "-")
		lint.Stdin = strings.NewReader(text)
		theirs, err := lint.Output()
		if ours := canonical(root, nil); err != nil || !bytes.Equal(theirs, ours) {
			t.Errorf("%v\nours   %q\ntheirs %q", err, ours, theirs)
		}
	}
}

// prefixed tells whether an attribute has a prefix: Go's encoder does not write
// such ones as they were, so the validator minds sound XML.
func prefixed(root *element) (found bool) {
	root.walk(func(e *element) {
		for _, a := range e.attributes {
			found = found || a.prefix != ""
		}
	})
	return found
}

// undeclared is where a text says that there is no namespace; goxmldsig repeats
// that even where it goes without saying.
var undeclared = regexp.MustCompile(`xmlns\s*=\s*(""|'')`)

// mixed tells whether an element has attributes of two prefixes: goxmldsig sorts
// those by name, where canonical form sorts them by namespace.
func mixed(root *element) (found bool) {
	root.walk(func(e *element) {
		prefix := ""
		for _, a := range e.attributes {
			found = found || prefix != "" && a.prefix != "" && a.prefix != prefix
			prefix = max(prefix, a.prefix)
		}
	})
	return found
}

// alike walks through a text with Go's parser and holds it against our tree.
func alike(t *testing.T, root *element, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	open := []*element{{content: []node{{element: root}}}}
	at := []int{0}
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("Go's parser: %v", err)
		}
		top := len(open) - 1
		switch token := token.(type) {
		case xml.StartElement:
			e := open[top].content[at[top]].element
			if e == nil || e.local != token.Name.Local || e.space != token.Name.Space {
				t.Fatalf("%v is not %+v", token.Name, e)
			}
			at[top]++
			sameAttributes(t, e, token.Attr)
			open, at = append(open, e), append(at, 0)
		case xml.EndElement:
			if at[top] != len(open[top].content) {
				t.Fatal("there is more inside")
			}
			open, at = open[:top], at[:top]
		case xml.CharData:
			if top == 0 {
				continue // around the root
			}
			if n := open[top].content[at[top]]; n.element != nil || n.text != string(token) {
				t.Fatalf("%q is not %q", token, n.text)
			}
			at[top]++
		}
	}
}

func sameAttributes(t *testing.T, e *element, theirs []xml.Attr) {
	t.Helper()
	i := 0
	for _, a := range theirs {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		if ours := e.attributes[i]; ours.local != a.Name.Local || ours.space != a.Name.Space || ours.value != a.Value {
			t.Fatalf("%+v is not %+v", a, ours)
		}
		i++
	}
	if i != len(e.attributes) {
		t.Fatal("there are more attributes")
	}
}

// What the writer writes is in canonical form and says what it was told.
func FuzzWriter(f *testing.F) {
	f.Add("a", "b<&>\"'\r\n\t", "urn:x")
	f.Fuzz(func(t *testing.T, text, value, name string) {
		w := &writer{}
		w.open("samlp:Response", "ID", value, "xml:lang", value, "Destination", name, "xsi:type", name)
		w.leaf("saml:Issuer", text, "Format", value)
		w.leaf("samlp:Status", value)
		w.close()
		if w.fault != nil {
			return
		}
		root, err := parse(w.b, allowance{octets: len(w.b), elements: maxElements})
		if err != nil {
			t.Fatalf("%v: %q", err, w.b)
		}
		if !bytes.Equal(canonical(root, nil), w.b) {
			t.Fatalf("%q", w.b)
		}
		if root.attr("ID") != value || root.child(nsAssertion, "Issuer").value() != text || root.child(nsProtocol, "Status").value() != value {
			t.Fatalf("%q", w.b)
		}
	})
}

// Percent-encoding is read as the standard library reads it.
func FuzzDecoded(f *testing.F) {
	f.Add("a+b%2F%2f%")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := decoded(s)
		want, err := url.QueryUnescape(s)
		if ok != (err == nil) || ok && got != want {
			t.Errorf("%q %v, want %q %v", got, ok, want, err)
		}
	})
}
