package wire

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/url"
	"strings"
	"sync"
)

// Carried is a message on its way to a service through the browser.
type Carried struct {
	Response   bool   // goes as SAMLResponse, not SAMLRequest
	Message    []byte // as a Write of this package gave it
	RelayState string // at most 80 octets where we make it (SAML Bindings, 3.4.3)
}

func (c Carried) name() string {
	if c.Response {
		return "SAMLResponse"
	}
	return "SAMLRequest"
}

// RedirectURL is the address to send the browser to, signed by s unless that is
// nil (SAML Bindings, 3.4.4). The message must not be signed in itself.
func (c Carried) RedirectURL(endpoint string, s *Signer) (string, error) {
	query := c.name() + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(pack(c.Message)))
	if c.RelayState != "" {
		query += "&RelayState=" + url.QueryEscape(c.RelayState)
	}
	query, err := s.query(query)
	if err != nil {
		return "", err
	}
	mark := "?"
	if strings.Contains(endpoint, "?") {
		mark = "&"
	}
	return endpoint + mark + query, nil
}

// deflaters are kept for the next message: each holds some hundred KiB.
var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.DefaultCompression) // errs for a level that there is not
	return w
}}

// pack is a message deflated (SAML Bindings, 3.4.4.1).
func pack(message []byte) []byte {
	var packed bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&packed)
	_, _ = w.Write(message) // a buffer takes everything
	_ = w.Close()
	return packed.Bytes()
}

// query signs a query; without a signer it gives the query as it is.
func (s *Signer) query(query string) (string, error) {
	if s == nil {
		return query, nil
	}
	query += "&SigAlg=" + url.QueryEscape(s.algorithm)
	signature, err := s.sign([]byte(query))
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)), err
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// PostFields are the fields of the form that the browser posts (SAML Bindings, 3.5.4).
func (c Carried) PostFields() []Field {
	fields := []Field{{c.name(), encoded(c.Message)}}
	if c.RelayState != "" {
		fields = append(fields, Field{"RelayState", c.RelayState})
	}
	return fields
}

// encoded is base64, made in place: messages are long, and most of what an answer
// holds in memory.
func encoded(message []byte) string {
	var b strings.Builder
	b.Grow(base64.StdEncoding.EncodedLen(len(message)))
	w := base64.NewEncoder(base64.StdEncoding, &b)
	_, _ = w.Write(message) // a Builder never errs
	_ = w.Close()
	return b.String()
}

// SOAP wraps a message into a SOAP 1.1 envelope.
func SOAP(message []byte) []byte {
	w := &writer{}
	w.open("soap:Envelope")
	w.open("soap:Body")
	w.raw(message)
	w.close()
	w.close()
	return w.b
}

// SOAPFault is what answers a SOAP request that is not understood (SAML Bindings,
// 3.2.3.3): the fault is the client's when client is true, else ours. text is for
// developers, in XML characters.
func SOAPFault(client bool, text string) []byte {
	code := "soap:Server"
	if client {
		code = "soap:Client"
	}
	w := &writer{}
	w.open("soap:Envelope")
	w.open("soap:Body")
	w.open("soap:Fault")
	// These two have no namespace (SOAP 1.1, 4.4).
	w.raw([]byte("<faultcode>" + code + "</faultcode><faultstring>"))
	w.text(text)
	w.raw([]byte("</faultstring>"))
	w.close()
	w.close()
	w.close()
	return w.b
}
