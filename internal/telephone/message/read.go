package message

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Request is a request that makes sense, with what was written.
type Request struct {
	*sip.Request
	Head
}

// Methods are what we do.
var Methods = []sip.RequestMethod{sip.INVITE, sip.ACK, sip.BYE, sip.CANCEL, sip.OPTIONS}

// foreign are methods that exist and that we do not do; others are unknown.
var foreign = []sip.RequestMethod{sip.REGISTER, sip.SUBSCRIBE, sip.NOTIFY, sip.REFER, sip.INFO, sip.MESSAGE, sip.PRACK, sip.UPDATE, sip.PUBLISH}

// unsupportedScheme is the status of RFC 3261, 21.4.14.
const unsupportedScheme = 416

// Refusal is a request that is answered with a status and forgotten.
type Refusal struct {
	Head   Head
	Status int
	More   []string // header lines of the answer besides the usual
}

func (r *Refusal) Error() string { return fmt.Sprintf("message: refused with %d", r.Status) }

// Answer is the status code and the sequence of an answer to a request of ours.
type Answer struct {
	Head
	Status int
}

// Read reads what came from the net. Exactly one of the three is returned:
// a request that makes sense, an answer to one of ours, or an error, which is a
// *Refusal to be sent back, or says why nothing is.
func Read(data []byte) (*Request, *Answer, error) {
	head, err := headOf(data)
	if err != nil {
		return nil, nil, err
	}
	if strings.HasPrefix(head.First, "SIP/") {
		return readAnswer(head)
	}
	if !head.answerable() {
		if strings.HasSuffix(head.First, " SIP/2.0") && len(head.Vias) > 0 {
			return nil, nil, head.refuse(sip.StatusBadRequest)
		}
		return nil, nil, ErrNotSIP
	}
	if refusal := head.flaw(); refusal != nil {
		return nil, nil, refusal
	}
	parsed, err := parse(data)
	if err != nil {
		return nil, nil, head.orDrop(err)
	}
	r := &Request{parsed, head}
	if refusal := r.flaw(); refusal != nil {
		return nil, nil, refusal
	}
	return r, nil, nil
}

func readAnswer(h Head) (*Request, *Answer, error) {
	version, rest, _ := strings.Cut(h.First, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if version != "SIP/2.0" || err != nil || len(code) != 3 || status < 100 || !h.answerable() {
		return nil, nil, ErrNotSIP
	}
	return nil, &Answer{h, status}, nil
}

// parse asks sipgo. Its panics end with the message that brought them.
func parse(data []byte) (r *sip.Request, err error) {
	defer func() {
		if recover() != nil {
			r, err = nil, ErrPanic
		}
	}()
	m, err := sip.ParseMessage(data)
	if err != nil {
		return nil, err
	}
	r, ok := m.(*sip.Request)
	if !ok {
		return nil, ErrNotSIP
	}
	return r, nil
}

func (h *Head) refuse(status int, more ...string) *Refusal { return &Refusal{*h, status, more} }

// orDrop refuses what could not be parsed, if there is somebody who waits for it.
func (h *Head) orDrop(err error) error {
	if err == ErrPanic || strings.HasPrefix(h.First, "ACK ") {
		return err
	}
	return h.refuse(sip.StatusBadRequest)
}

// flaw is what is wrong with a request at first sight (RFC 3261, 8.2 and 18.3).
func (h *Head) flaw() *Refusal {
	parts := strings.Split(h.First, " ")
	if version := parts[len(parts)-1]; strings.HasPrefix(version, "SIP/") && version != "SIP/2.0" {
		return h.refuse(sip.StatusVersionNotSupported)
	}
	if len(parts) != 3 || h.crooked || h.doubled || h.From == "" || h.To == "" {
		return h.refuse(sip.StatusBadRequest)
	}
	if len(parts[1]) > longestURI {
		return h.refuse(sip.StatusRequestURITooLong)
	}
	scheme, _, _ := strings.Cut(parts[1], ":")
	if !slices.Contains([]string{"sip", "sips", "tel"}, strings.ToLower(scheme)) && !strings.HasPrefix(parts[1], "<") {
		return h.refuse(unsupportedScheme)
	}
	if n, err := strconv.ParseUint(h.length, 10, 31); h.length != "" && (err != nil || n > uint64(h.carried)) {
		return h.refuse(sip.StatusBadRequest)
	}
	return nil
}

// flaw is what is wrong with a request that could be parsed.
func (r *Request) flaw() *Refusal {
	via, seq := r.Via(), r.Request.CSeq()
	switch {
	case via == nil || via.Host == "" || seq == nil || r.Request.From() == nil || r.Request.To() == nil:
		return r.refuse(sip.StatusBadRequest)
	case seq.MethodName != r.Method && !slices.Contains(Methods, r.Method) && !slices.Contains(foreign, r.Method):
		return r.refuse(sip.StatusNotImplemented)
	case string(seq.MethodName) != string(r.Method):
		return r.refuse(sip.StatusBadRequest)
	case r.Method == sip.ACK:
		return nil // is never answered
	case slices.Contains(foreign, r.Method):
		return r.refuse(sip.StatusMethodNotAllowed, allow)
	case !slices.Contains(Methods, r.Method):
		return r.refuse(sip.StatusNotImplemented, allow)
	}
	if require := r.GetHeader("Require"); require != nil && r.Method != sip.CANCEL {
		return r.refuse(sip.StatusBadExtension, "Unsupported: "+oneLine(require.Value()))
	}
	return r.bodyFlaw()
}

const sdpType = "application/sdp"

// bodyFlaw refuses bodies that we cannot read, and askers who could not read ours.
func (r *Request) bodyFlaw() *Refusal {
	if r.Method != sip.INVITE {
		return nil
	}
	if accept := r.GetHeader("Accept"); accept != nil && !takes(accept.Value()) {
		return r.refuse(sip.StatusNotAcceptable)
	}
	if encoding := r.GetHeader("Content-Encoding"); encoding != nil && !strings.EqualFold(strings.TrimSpace(encoding.Value()), "identity") {
		return r.refuse(sip.StatusUnsupportedMediaType, "Accept-Encoding: identity")
	}
	if len(r.Body()) == 0 {
		return nil
	}
	kind := r.ContentType()
	if kind == nil {
		return r.refuse(sip.StatusBadRequest)
	}
	if bare, _, _ := strings.Cut(kind.Value(), ";"); !strings.EqualFold(strings.TrimSpace(bare), sdpType) {
		return r.refuse(sip.StatusUnsupportedMediaType, "Accept: "+sdpType)
	}
	return nil
}

func takes(accept string) bool {
	for kind := range strings.SplitSeq(strings.ToLower(accept), ",") {
		kind, _, _ = strings.Cut(kind, ";")
		if kind = strings.TrimSpace(kind); kind == sdpType || kind == "*/*" || kind == "application/*" || kind == "" {
			return true
		}
	}
	return false
}

func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }
