package wire

import "strings"

// ReadPost opens the body of a form (SAML Bindings, 3.5).
func ReadPost(body []byte) (*Message, error) {
	const section = "SAML Bindings, 3.5.4"
	if len(body) > MaxForm {
		return nil, broken(section, "the form is too large")
	}
	p, err := parametersOf(string(body), "SAMLRequest", "SAMLResponse", "RelayState")
	if err != nil {
		return nil, err
	}
	name, err := p.carried()
	if err != nil {
		return nil, err
	}
	text := octets(p[name].text)
	if text == nil || len(p[name].text) > MaxEncoded {
		return nil, broken(section, "the message is not base64, or too large")
	}
	root, err := parse(text, ofMessage)
	if err != nil {
		return nil, err
	}
	m, err := newMessage(root, PostBinding)
	if err != nil {
		return nil, err
	}
	m.RelayState = p["RelayState"].text
	return m, m.fits(name)
}

const soaping = "SAML Bindings, 3.2"

// ReadSOAP opens a SOAP 1.1 envelope with one message in its body and no header
// that must be understood (SAML Bindings, 3.2).
func ReadSOAP(body []byte) (*Message, error) {
	root, err := parse(body, ofMessage)
	if err != nil {
		return nil, err
	}
	inside, err := unwrap(root)
	if err != nil {
		return nil, err
	}
	// The header is no part of the message, but identifiers in it could be taken for one of it.
	if count(root) != count(inside) {
		return nil, broken(soaping, "the envelope is signed, where only the message may be")
	}
	if err := unique(root); err != nil {
		return nil, err
	}
	return newMessage(inside, SOAPBinding)
}

// unwrap finds the message in an envelope (SOAP 1.1, 4).
func unwrap(root *element) (*element, error) {
	if !root.is(nsSOAP, "Envelope") || root.hasText() {
		return nil, broken(soaping, "this is not a SOAP 1.1 envelope")
	}
	var header, body *element
	fits := true
	root.children(func(c *element) {
		switch {
		case c.is(nsSOAP, "Header") && header == nil && body == nil:
			header = c
		case c.is(nsSOAP, "Body") && body == nil:
			body = c
		default:
			fits = false
		}
	})
	if !fits || body == nil || body.hasText() || body.only() == nil {
		return nil, broken("SOAP 1.1, 4.3", "the envelope must have one body with one message")
	}
	if header != nil && demands(header) {
		return nil, broken("SOAP 1.1, 4.2.3", "a header that must be understood is not")
	}
	return body.only(), nil
}

// demands tells whether a header must be understood. We understand none.
func demands(header *element) (found bool) {
	header.children(func(c *element) {
		for _, a := range c.attributes {
			if a.space == nsSOAP && a.local == "mustUnderstand" && strings.Trim(a.value, blanks) != "0" {
				found = true
			}
		}
	})
	return found
}
