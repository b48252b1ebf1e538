package wire

import (
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
)

// The transforms of a signature (XMLDSig, 6.6.4; Exclusive XML Canonicalization).
const (
	enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
	exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
)

// A signature as SAML profiles it (SAML Core, 5.4). There is no Object, no second
// reference, and nothing inside a transform: neither XPath nor a list of prefixes.
// What KeyInfo says is never read.
var (
	transformShape = &shape{section: "SAML Core, 5.4.4", attributes: []wanted{must("Algorithm", oneOf(enveloped, exclusive))}}
	referenceShape = &shape{section: "SAML Core, 5.4.2", attributes: []wanted{must("URI", anything)}, content: []particle{
		one(nsSignature, "Transforms", &shape{section: "SAML Core, 5.4.4", content: []particle{
			{2, 2, []named{{nsSignature, "Transform", transformShape}}},
		}}),
		one(nsSignature, "DigestMethod", &shape{section: "SAML Core, 5.4.1", attributes: []wanted{must("Algorithm", isDigest)}}),
		one(nsSignature, "DigestValue", &shape{section: "XMLDSig, 4.3.3.6", text: isBase64}),
	}}
	signedInfoShape = &shape{section: "XMLDSig, 4.3", attributes: []wanted{may("Id", isID)}, content: []particle{
		one(nsSignature, "CanonicalizationMethod", &shape{section: "SAML Core, 5.4.3", attributes: []wanted{must("Algorithm", oneOf(exclusive))}}),
		one(nsSignature, "SignatureMethod", &shape{section: "SAML Core, 5.4.1", attributes: []wanted{must("Algorithm", isMethod)}}),
		one(nsSignature, "Reference", referenceShape),
	}}
	keyShape     = &shape{section: "SAML Core, 5.4.5", open: true, attributes: []wanted{may("Id", isID)}}
	keyInfoShape = &shape{section: "SAML Core, 5.4.5", attributes: []wanted{may("Id", isID)}, content: []particle{{0, -1, []named{
		{nsSignature, "KeyName", keyShape}, {nsSignature, "KeyValue", keyShape}, {nsSignature, "X509Data", keyShape},
	}}}}
	signatureShape = &shape{section: "SAML Core, 5.4", attributes: []wanted{may("Id", isID)}, content: []particle{
		one(nsSignature, "SignedInfo", signedInfoShape),
		one(nsSignature, "SignatureValue", &shape{section: "XMLDSig, 4.2", attributes: []wanted{may("Id", isID)}, text: isBase64}),
		optional(nsSignature, "KeyInfo", keyInfoShape),
	}}
)

// verified gives what was signed, parsed anew from the octets that were digested.
// at is the place of the signature among the elements of the root.
func verified(root *element, at int, a allowance, certificates []*x509.Certificate) (*element, error) {
	s, err := signatureOf(root, at)
	if err != nil {
		return nil, err
	}
	info := s.child(nsSignature, "SignedInfo")
	m := methods[info.child(nsSignature, "SignatureMethod").attr("Algorithm")]
	if !m.by(certificates, canonical(info, nil), octets(s.child(nsSignature, "SignatureValue").value())) {
		return nil, wrongSignature()
	}
	reference := info.child(nsSignature, "Reference")
	text := canonical(root, s)
	digest := hashOf(digests[reference.child(nsSignature, "DigestMethod").attr("Algorithm")], text)
	if subtle.ConstantTimeCompare(digest, octets(reference.child(nsSignature, "DigestValue").value())) != 1 {
		return nil, wrongSignature()
	}
	const growth = 8 // canonical form repeats namespaces and writes references out
	return parse(text, allowance{a.octets * growth, a.elements, a.metadata})
}

func wrongSignature() error {
	return &Error{Code: Requester, Sub: RequestDenied, Section: "SAML Core, 5.4", Description: "the signature is not by a key that is pinned for this service"}
}

// signatureOf finds the signature at its place and holds it against its shape.
func signatureOf(root *element, at int) (*element, error) {
	var s *element
	i := 0
	root.children(func(c *element) {
		if i == at && c.is(nsSignature, "Signature") {
			s = c
		}
		i++
	})
	if s == nil {
		return nil, broken("SAML Core, 5.4", "the message is not signed at the place where it must be")
	}
	var fault *Error
	if errors.As(signatureShape.conforms(s), &fault) {
		return nil, broken(fault.Section, "%s", fault.Description)
	}
	reference := s.child(nsSignature, "SignedInfo").child(nsSignature, "Reference")
	if id := root.attr("ID"); !isID(id) || reference.attr("URI") != "#"+id {
		return nil, broken("SAML Core, 5.4.2", "the signature does not refer to the message by its ID")
	}
	order := reference.child(nsSignature, "Transforms").all(nsSignature, "Transform")
	if order[0].attr("Algorithm") != enveloped || order[1].attr("Algorithm") != exclusive {
		return nil, broken("SAML Core, 5.4.4", "the transforms must be enveloped-signature and exclusive canonicalization")
	}
	return s, nil
}

// isBase64 tells whether text is base64, perhaps broken into lines (RFC 2045, 6.8).
func isBase64(s string) bool { return len(octets(s)) > 0 }

// octets reads base64 that may be broken into lines; nil for anything else.
func octets(s string) []byte {
	b, err := base64.StdEncoding.Strict().DecodeString(s) // it skips ends of lines, not indents
	if err != nil && strings.ContainsAny(s, " \t") {
		b, err = base64.StdEncoding.Strict().DecodeString(strings.NewReplacer(" ", "", "\t", "").Replace(s))
	}
	if err != nil {
		return nil
	}
	return b
}
