package message

import (
	"fmt"
	"strings"
)

// Bye is the only request that we ever send.
type Bye struct {
	Target    string   // what the caller's Contact said
	Transport string   // "UDP", "TCP" or "TLS"
	Home      string   // our address and port
	Branch    string   // unlike any other
	Routes    []string // the Record-Route of the INVITE
	From, To  string   // the INVITE's To with our tag, and its From
	CallID    string
	Seq       uint32
}

// Write writes it (RFC 3261, 12.2.1.1).
func (b *Bye) Write() []byte {
	var t strings.Builder
	fmt.Fprintf(&t, "BYE %s SIP/2.0\r\n", b.Target)
	fmt.Fprintf(&t, "Via: SIP/2.0/%s %s;branch=z9hG4bK%s;rport\r\n", b.Transport, b.Home, b.Branch)
	for _, r := range b.Routes {
		line(&t, "Route", r)
	}
	line(&t, "Max-Forwards", "70")
	line(&t, "From", b.From)
	line(&t, "To", b.To)
	line(&t, "Call-ID", b.CallID)
	fmt.Fprintf(&t, "CSeq: %d BYE\r\nContent-Length: 0\r\n\r\n", b.Seq)
	return []byte(t.String())
}

// Target is where a request within the call goes: the caller's Contact, or
// where the call came from if there is none (RFC 2543).
func (r *Request) Target() string {
	if c := r.Contact(); c != nil && c.Address.Host != "" {
		return c.Address.String()
	}
	return r.Request.From().Address.String()
}

// Asserted is the number that the caller's network vouches for, digits and a
// leading plus only, or nothing (P-Asserted-Identity, RFC 3325, 9.1).
func (r *Request) Asserted() string {
	h := r.GetHeader("P-Asserted-Identity")
	if h == nil {
		return ""
	}
	_, user, found := strings.Cut(h.Value(), ":")
	if !found {
		return ""
	}
	if end := strings.IndexAny(user, "@;>"); end >= 0 {
		user = user[:end]
	}
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, user)
}
