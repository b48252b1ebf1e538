package wire

import (
	"encoding/json"
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

// Payload is the response as the claims of a JWT for the client, valid until
// expires, in seconds since 1970 (JARM, 2.1).
func (r Response) Payload(client string, expires int64) ([]byte, error) {
	claims := map[string]any{"aud": client, "exp": expires}
	for _, f := range r.Fields() {
		claims[f.Name] = f.Value
	}
	return json.Marshal(claims)
}

// Secured are the parameters that carry a response which is a JWT (JARM, 2.3).
func Secured(jwt string) []Field { return []Field{{"response", jwt}} }

// AddQuery adds parameters to an address, and leaves what is there as it is, to
// the byte (RFC 6749, 3.1.2).
func AddQuery(address string, fields ...Field) string {
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
