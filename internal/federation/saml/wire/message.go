package wire

import (
	"crypto/x509"
	"time"
)

// Message is a message as it came: well-formed, within the limits, from nobody
// in particular. The only things to ask it are who claims to have sent it and
// what kind it is, so as to find the certificates to verify it by.
type Message struct {
	Binding    Binding
	RelayState string // given back to the byte; "" for none (SAML Bindings, 3.4.3)

	kind   Kind
	id     string
	issuer string
}

// Kind is the name of the root element; it is one of the constants.
func (m *Message) Kind() Kind { return m.kind }

// Issuer is the entity ID of who claims to have sent it, "" when it doesn't say.
func (m *Message) Issuer() string { return m.issuer }

// ID is the message's claimed ID: an NCName, or "".
func (m *Message) ID() string { return m.id }

// Signed tells whether the message bears a signature of any kind, good or bad.
func (m *Message) Signed() bool { return false }

// Document is a message that may be read: its signature was verified, or it bears
// none and need not (see [Message.Verify], [Message.Unsigned]).
type Document struct {
	signed bool
	bound  Binding
}

// Signed tells whether a signature was verified.
func (d *Document) Signed() bool { return d.signed }

// Verify gives the document when its signature is by the key of one of the
// certificates. The certificates are pinned: their dates and issuers don't count
// (SAML Metadata Interoperability Profile 1.0, 2.6.1). A message without signature is refused.
func (m *Message) Verify(certificates ...*x509.Certificate) (*Document, error) {
	return nil, errNotYet
}

// Unsigned gives the document when the message bears no signature. One that does
// is refused: who signs wants to be verified.
func (m *Message) Unsigned() (*Document, error) { return nil, errNotYet }

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
// it (SAML Bindings, 3.4.5.2 and 3.5.5.2), another may.
func (h Header) Check(destination string, signed bool, now time.Time) error { return errNotYet }
