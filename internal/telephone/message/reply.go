package message

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/emiago/sipgo/sip"
)

const allow = "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS"

// Abilities are the header lines that say what we can do.
var Abilities = []string{allow, "Accept: " + sdpType, "Accept-Encoding: identity", "Accept-Language: hu, en"}

// reasons are the words to the numbers (RFC 3261, 21).
var reasons = map[int]string{
	sip.StatusTrying: "Trying", sip.StatusRinging: "Ringing", sip.StatusOK: "OK",
	sip.StatusBadRequest: "Bad Request", sip.StatusForbidden: "Forbidden", sip.StatusNotFound: "Not Found", sip.StatusMethodNotAllowed: "Method Not Allowed",
	sip.StatusNotAcceptable: "Not Acceptable", sip.StatusRequestURITooLong: "Request-URI Too Long", sip.StatusUnsupportedMediaType: "Unsupported Media Type",
	unsupportedScheme: "Unsupported URI Scheme", sip.StatusBadExtension: "Bad Extension", sip.StatusCallTransactionDoesNotExists: "Call/Transaction Does Not Exist",
	sip.StatusBusyHere: "Busy Here", sip.StatusRequestTerminated: "Request Terminated", sip.StatusNotAcceptableHere: "Not Acceptable Here",
	sip.StatusRequestPending: "Request Pending", sip.StatusInternalServerError: "Server Internal Error", sip.StatusNotImplemented: "Not Implemented",
	sip.StatusServiceUnavailable: "Service Unavailable", sip.StatusVersionNotSupported: "Version Not Supported",
}

// Reply writes an answer to the message that came from source. The tag is
// added to To if that has none, except to 100 (RFC 3261, 8.2.6.2).
func (h *Head) Reply(status int, source netip.AddrPort, tag string, more []string, body []byte) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d %s\r\n", status, reasons[status])
	for i, via := range h.Vias {
		if i == 0 {
			via = received(via, source)
		}
		line(&b, "Via", via)
	}
	if status > sip.StatusTrying && status < 300 {
		for _, r := range h.Routes {
			line(&b, "Record-Route", r)
		}
	}
	line(&b, "From", h.From)
	to := h.To
	if TagOf(to) == "" && status != sip.StatusTrying {
		to += ";tag=" + tag
	}
	line(&b, "To", to)
	line(&b, "Call-ID", h.CallID)
	line(&b, "CSeq", h.CSeq)
	for _, m := range more {
		b.WriteString(m + "\r\n")
	}
	if body != nil {
		line(&b, "Content-Type", sdpType)
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return []byte(b.String())
}

func line(b *strings.Builder, name, value string) {
	if value != "" {
		b.WriteString(name + ": " + value + "\r\n")
	}
}

// received writes into the topmost Via where the message really came from
// (RFC 3261, 18.2.1; RFC 3581, 4).
func received(via string, source netip.AddrPort) string {
	top, rest := topmost(via)
	parts := strings.Split(top, ";")
	for i, p := range parts {
		if strings.EqualFold(strings.TrimSpace(p), "rport") {
			parts[i] = fmt.Sprintf("rport=%d", source.Port())
		}
	}
	return strings.Join(parts, ";") + ";received=" + source.Addr().Unmap().WithZone("").String() + rest
}

// topmost splits the first of several Via values off.
func topmost(via string) (top, rest string) {
	quoted := false
	for i := range len(via) {
		switch {
		case via[i] == '"':
			quoted = !quoted
		case via[i] == ',' && !quoted:
			return via[:i], via[i:]
		}
	}
	return via, ""
}

// Top is the topmost Via as it was written: the same in a request, its
// repetitions, its CANCEL and, unless it had none, in no other.
func (h *Head) Top() string {
	top, _ := topmost(h.Vias[0])
	return top
}

// TagOf is the tag of a From or To value, empty for none.
func TagOf(value string) string {
	params := value
	if i := strings.LastIndexByte(value, '>'); i >= 0 {
		params = value[i+1:]
	}
	for p := range strings.SplitSeq(params, ";") {
		name, tag, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(name), "tag") {
			return strings.TrimSpace(tag)
		}
	}
	return ""
}

// ReplyPort is the port, at the source's own address, that an answer over UDP
// goes to: the one the request came from if its sender asks for that (RFC
// 3581), else the one it names.
func (r *Request) ReplyPort(source uint16) uint16 {
	via := r.Via()
	if via.Params.Has("rport") {
		return source
	}
	if via.Port > 0 && via.Port < 1<<16 {
		return uint16(via.Port)
	}
	return usualPort
}

// usualPort is SIP's (RFC 3261, 19.1.2).
const usualPort = 5060
