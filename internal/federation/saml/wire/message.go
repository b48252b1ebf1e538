package wire

import (
	"crypto/x509"
	"strings"
	"time"
)

// Message is a message as it came: well-formed, within the limits, from nobody
// in particular. The only things to ask it are who claims to have sent it and
// what kind it is, so as to find the certificates to verify it by.
type Message struct {
	Binding    Binding
	RelayState string // given back to the byte; "" for none (SAML Bindings, 3.4.3)

	root       *element
	detached   *detached // the signature in the query; nil for none
	signatures int       // signatures in the XML
}

// newMessage takes the root of a message and refuses what no message is.
func newMessage(root *element, b Binding) (*Message, error) {
	m := &Message{Binding: b, root: root}
	switch m.Kind() {
	case KindAuthnRequest, KindLogoutRequest, KindLogoutResponse, KindArtifactResolve:
	default:
		return nil, &Error{Code: Responder, Sub: RequestUnsupported, Section: "SAML Core, 3.2.2.2",
			Description: "this is no message that is on offer"}
	}
	if root.space != nsProtocol {
		return nil, broken("SAML Core, 1.2", "the message is not in the protocol's namespace")
	}
	if m.signatures = count(root); m.signatures > 1 {
		return nil, broken("SAML Core, 5.4", "there is more than one signature")
	}
	return m, unique(root)
}

// count counts signatures, wherever they are.
func count(root *element) (n int) {
	root.walk(func(e *element) {
		if e.is(nsSignature, "Signature") {
			n++
		}
	})
	return n
}

// unique refuses a document in which an identifier occurs twice. What is taken for
// one differs between parsers, so anything that may be counts.
func unique(root *element) (err error) {
	seen := map[string]bool{}
	root.walk(func(e *element) {
		for _, a := range e.attributes {
			switch a.local {
			case "ID", "Id", "id":
				if seen[a.value] {
					err = broken("SAML Core, 1.3.4", "an identifier occurs twice")
				}
				seen[a.value] = true
			}
		}
	})
	return err
}

// Kind is the name of the root element; it is one of the constants.
func (m *Message) Kind() Kind { return Kind(m.root.local) }

// Issuer is the entity ID of who claims to have sent it, "" when it doesn't say.
func (m *Message) Issuer() string {
	if e := m.root.child(nsAssertion, "Issuer"); e != nil && isIssuer(e.value()) {
		return e.value()
	}
	return ""
}

// ID is the message's claimed ID: an NCName, or "".
func (m *Message) ID() string {
	if id := m.root.attr("ID"); isID(id) {
		return id
	}
	return ""
}

// Signed tells whether the message bears a signature of any kind, good or bad.
func (m *Message) Signed() bool { return m.detached != nil || m.signatures > 0 }

// Document is a message that may be read: its signature was verified, or it bears
// none and need not (see [Message.Verify], [Message.Unsigned]).
type Document struct {
	root   *element
	signed bool
}

// Signed tells whether a signature was verified.
func (d *Document) Signed() bool { return d.signed }

// Verify gives the document when its signature is by the key of one of the
// certificates. The certificates are pinned: their dates and issuers don't count
// (SAML Metadata Interoperability Profile 1.0, 2.6.1). A message without signature
// is refused.
func (m *Message) Verify(certificates ...*x509.Certificate) (*Document, error) {
	if m.detached != nil {
		if err := m.detached.verify(certificates); err != nil {
			return nil, err
		}
		return &Document{m.root, true}, nil
	}
	const afterIssuer = 1
	root, err := verified(m.root, afterIssuer, ofMessage, certificates)
	if err != nil {
		return nil, err
	}
	return &Document{root, true}, nil
}

// Unsigned gives the document when the message bears no signature. One that does
// is refused: who signs wants to be verified.
func (m *Message) Unsigned() (*Document, error) {
	if m.Signed() {
		return nil, broken("SAML Core, 5.1", "the message is signed, but no certificate is known for it")
	}
	return &Document{m.root, false}, nil
}

// Header is what all messages have in common (SAML Core, 3.2.1 and 3.2.2).
type Header struct {
	ID           string    // xs:ID
	InResponseTo string    // responses only; "" for none
	IssueInstant time.Time // UTC
	Destination  string    // "" for none
	Consent      string    // "" for none
	Issuer       string    // entity ID
}

// How far IssueInstant may lie from now.
const (
	MaxSkew = 3 * time.Minute  // into the future
	MaxAge  = 10 * time.Minute // into the past
)

// Check refuses a message that was sent to somebody else or is not of now.
// destination is the address where it arrived; a message that is signed must name
// it when it came through the browser (SAML Bindings, 3.4.5.2 and 3.5.5.2),
// another may.
func (h Header) Check(destination string, named bool, now time.Time) error {
	const section = "SAML Core, 3.2.1"
	switch {
	case h.Destination == "" && named:
		return Refuse(Requester, "", "SAML Bindings, 3.5.5.2", "the message is signed and lacks Destination")
	case h.Destination != "" && h.Destination != destination:
		return Refuse(Requester, RequestDenied, section, "Destination is another address than the one where the message arrived")
	case h.IssueInstant.After(now.Add(MaxSkew)):
		return Refuse(Requester, RequestDenied, section, "IssueInstant lies in the future")
	case h.IssueInstant.Before(now.Add(-MaxAge)):
		return Refuse(Requester, RequestDenied, section, "IssueInstant lies too far in the past")
	}
	return nil
}

// read opens a document of that kind: the header first, so that an error can be
// answered, then the shape.
func (d *Document) read(k Kind, s *shape) (Header, error) {
	if Kind(d.root.local) != k {
		return Header{}, broken("SAML Core, 3.2", "the message is no %s", k)
	}
	h, err := headerOf(d.root)
	if err != nil {
		return h, err
	}
	return h, s.conforms(d.root)
}

// headerOf reads the header. Without an issuer there is nobody to answer to.
func headerOf(root *element) (Header, error) {
	h := Header{
		ID: root.attr("ID"), InResponseTo: root.attr("InResponseTo"), IssueInstant: instantOf(root.attr("IssueInstant")),
		Destination: root.attr("Destination"), Consent: root.attr("Consent"),
	}
	if !isID(h.ID) {
		h.ID = "" // it cannot be determined, so the answer leaves it out (SAML Core, 3.2.2)
	}
	issuer := root.child(nsAssertion, "Issuer")
	if issuer == nil {
		return h, broken("SAML Profiles, 4.1.4.1", "Issuer is missing")
	}
	if err := issuerShape.conforms(issuer); err != nil {
		return h, broken("SAML Profiles, 4.1.4.1", "Issuer is not the entity ID of a service")
	}
	h.Issuer = issuer.value()
	return h, checkVersion(root.attr("Version"))
}

// checkVersion has a status of its own for each way to be wrong (SAML Core, 3.2.2.2 and 4.1.3.2).
func checkVersion(v string) error {
	const section = "SAML Core, 4.1.3.2"
	before, after, ok := strings.Cut(v, ".")
	major, minor := numberOf(before), numberOf(after)
	switch {
	case v == "2.0":
		return nil
	case v == "":
		return Refuse(Requester, "", "SAML Core, 3.2.1", "Version is missing")
	case !ok || major < 0 || minor < 0:
		return Refuse(VersionMismatch, "", section, "Version is not a version")
	case major < 2:
		return Refuse(VersionMismatch, RequestVersionTooLow, section, "Version is lower than 2.0")
	}
	return Refuse(VersionMismatch, RequestVersionTooHigh, section, "Version is higher than 2.0")
}
