package wire

// ReadRedirect opens the query of a request as it was sent (SAML Bindings, 3.4):
// raw, since the signature is over the octets and not over what they mean. It
// wants SAMLRequest or SAMLResponse, each parameter at most once.
func ReadRedirect(rawQuery string) (*Message, error) { return nil, errNotYet }

// ReadPost opens the body of a form (SAML Bindings, 3.5).
func ReadPost(body []byte) (*Message, error) { return nil, errNotYet }

// ReadSOAP opens a SOAP 1.1 envelope with one message in its body and no header
// that must be understood (SAML Bindings, 3.2).
func ReadSOAP(body []byte) (*Message, error) { return nil, errNotYet }

// Carried is a message on its way to a service through the browser.
type Carried struct {
	Response   bool   // goes as SAMLResponse, not SAMLRequest
	Message    []byte // as a Write of this package gave it
	RelayState string // at most 80 octets where we make it (SAML Bindings, 3.4.3)
}

// RedirectURL is the address to send the browser to, signed by s unless that is
// nil (SAML Bindings, 3.4.4). The message must not be signed in itself.
func (c Carried) RedirectURL(endpoint string, s *Signer) (string, error) { return "", errNotYet }

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// PostFields are the fields of the form that the browser posts (SAML Bindings, 3.5.4).
func (c Carried) PostFields() []Field { return nil }

// SOAP wraps a message into a SOAP 1.1 envelope.
func SOAP(message []byte) []byte { return nil }

// SOAPFault is what answers a SOAP request that is not understood (SAML Bindings,
// 3.2.3.3): the fault is the client's when client is true, else ours.
func SOAPFault(client bool, text string) []byte { return nil }
