package message

import (
	"bytes"
	"strings"
)

// Head is a message as our own eyes see it: its first line, and the headers
// that an answer repeats or that tell which call it belongs to, as they were
// written, unfolded.
type Head struct {
	First  string   // the start line
	Vias   []string // each as it was written; one may hold several
	From   string
	To     string
	CallID string
	CSeq   string
	Routes []string // Record-Route

	length  string // Content-Length
	doubled bool   // a header that may stand once stood twice
	crooked bool   // a line that is no header
	carried int    // bytes of the body
}

// compact are the short names of headers (RFC 3261, 7.3.3) that we look at.
var compact = map[string]string{"v": "via", "f": "from", "t": "to", "i": "call-id", "l": "content-length"}

var endOfHead = []byte("\r\n\r\n")

// headOf splits a message. The errors are ErrLarge and ErrNotSIP.
func headOf(data []byte) (h Head, err error) {
	if len(data) > Largest {
		return h, ErrLarge
	}
	head, body, whole := bytes.Cut(data, endOfHead)
	if !whole {
		return h, ErrNotSIP
	}
	h.carried = len(body)
	first, rest, _ := strings.Cut(string(head), "\r\n")
	h.First = first
	lines := unfolded(rest)
	if len(lines) > mostLines {
		return h, ErrLarge
	}
	for _, line := range lines {
		h.take(line)
	}
	if len(h.Vias) > mostVias {
		return h, ErrLarge
	}
	return h, nil
}

// unfolded joins continued lines with those above (RFC 3261, 7.3.1).
func unfolded(text string) (lines []string) {
	for line := range strings.SplitSeq(text, "\r\n") {
		if line != "" && (line[0] == ' ' || line[0] == '\t') && len(lines) > 0 {
			lines[len(lines)-1] = strings.TrimRight(lines[len(lines)-1], " \t") + " " + strings.TrimSpace(line)
			continue
		}
		if lines = append(lines, line); len(lines) > mostLines {
			break
		}
	}
	return lines
}

func (h *Head) take(line string) {
	name, value, found := strings.Cut(line, ":")
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	if !found || name == "" || strings.ContainsAny(value, "\r\n") {
		h.crooked = true
		return
	}
	if long, ok := compact[name]; ok {
		name = long
	}
	switch name {
	case "via":
		h.Vias = append(h.Vias, value)
	case "record-route":
		h.Routes = append(h.Routes, value)
	case "from":
		h.once(&h.From, value)
	case "to":
		h.once(&h.To, value)
	case "call-id":
		h.once(&h.CallID, value)
	case "cseq":
		h.once(&h.CSeq, value)
	case "content-length":
		h.once(&h.length, value)
	}
}

// once keeps the first of what may stand once.
func (h *Head) once(into *string, value string) {
	if *into != "" {
		h.doubled = true
		return
	}
	*into = value
}

// answerable tells whether there is enough to address an answer: whoever sends
// less cannot be told that it is too little.
func (h *Head) answerable() bool { return len(h.Vias) > 0 && h.CallID != "" && h.CSeq != "" }
