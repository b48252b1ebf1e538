package wire

import (
	"net/url"
	"strings"
)

// Response is an authorization response (RFC 6749, 4.1.2): a code, or an error.
type Response struct {
	Issuer string // who answers, so that answers cannot be mixed up (RFC 9207)
	State  string
	Code   string
	Err    *Error // in place of a code
}

// Field is a name and a value of a form.
type Field struct{ Name, Value string }

// Fields are the parameters of the response, for a form (form_post).
func (r Response) Fields() []Field {
	f := make([]Field, 0, 4)
	if r.Err != nil {
		f = append(f, Field{"error", r.Err.Code}, Field{"error_description", r.Err.Full()})
	} else {
		f = append(f, Field{"code", r.Code})
	}
	if r.State != "" {
		f = append(f, Field{"state", r.State})
	}
	return append(f, Field{"iss", r.Issuer})
}

// URL adds the parameters to an address, which may have a query of its own.
func (r Response) URL(redirectURI string) string { return addQuery(redirectURI, r.Fields()...) }

// addQuery leaves what is there as it is, to the byte (RFC 6749, 3.1.2).
func addQuery(address string, fields ...Field) string {
	var b strings.Builder
	b.WriteString(address)
	separator := byte('?')
	if strings.Contains(address, "?") {
		separator = '&'
	}
	for _, f := range fields {
		b.WriteByte(separator)
		b.WriteString(f.Name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(f.Value))
		separator = '&'
	}
	return b.String()
}
