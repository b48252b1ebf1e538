package mailbox

import (
	"encoding/json"
	"net"
	"net/http"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/notify"
)

// smsSender is what the phones of the demo show.
const smsSender = "Ugyfelkapu"

const (
	longestSMS   = 8 << 10 // bytes of a request
	carrierTimes = 10 * time.Second
)

// carrier is the company that carries text messages: the interface of docs/operations.md, spoken on loopback.
type carrier struct {
	http  *http.Server
	addr  net.Addr
	token string
}

// openCarrier starts it on a free port.
func (b *Box) openCarrier() error {
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	b.carrier = &carrier{addr: line.Addr(), token: keys.RandomToken()}
	b.carrier.http = &http.Server{Handler: http.HandlerFunc(b.takeSMS), ReadTimeout: carrierTimes, WriteTimeout: carrierTimes}
	go func() { _ = b.carrier.http.Serve(line) }() // ends by Close, with nothing to tell
	return nil
}

// SMS is how a gateway reaches the phones of this mailbox.
func (b *Box) SMS() notify.GatewayConfig {
	return notify.GatewayConfig{URL: "http://" + b.carrier.addr.String() + "/messages", Token: b.carrier.token, Sender: smsSender}
}

// sms is a text message as the carrier is given it.
type sms struct {
	ID       string    `json:"id"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Text     string    `json:"text"`
	Encoding string    `json:"encoding"`
	Segments int       `json:"segments"`
	Expires  time.Time `json:"expires"`
}

// takeSMS keeps a text message once, however often it is posted, or refuses it as the mood is.
func (b *Box) takeSMS(w http.ResponseWriter, r *http.Request) {
	switch b.Mood() {
	case RefusingNow:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case RefusingAlways:
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	case Down:
		panic(http.ErrAbortHandler)
	}
	var m sms
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestSMS))
	d.DisallowUnknownFields()
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/messages":
		w.WriteHeader(http.StatusNotFound)
	case r.Header.Get("Authorization") != "Bearer "+b.carrier.token:
		w.WriteHeader(http.StatusUnauthorized)
	case d.Decode(&m) != nil || !m.sound() || r.Header.Get("Idempotency-Key") != m.ID:
		w.WriteHeader(http.StatusBadRequest)
	default:
		b.keepSMS(m)
		w.WriteHeader(http.StatusAccepted)
	}
}

// sound tells whether a real carrier would send it as it is.
func (m sms) sound() bool {
	phone, err := identity.ParsePhone(m.To)
	encoding, segments := notify.Segments(m.Text)
	return err == nil && phone.String() == m.To && m.ID != "" && m.Encoding == encoding && m.Segments == segments && segments > 0
}

func (b *Box) keepSMS(m sms) {
	for _, kept := range b.Messages(m.To) {
		if kept.Medium == SMS && kept.MessageID == m.ID {
			return
		}
	}
	b.keep(Message{Medium: SMS, To: m.To, From: m.From, Text: m.Text, Links: linksIn(m.Text), Code: codeInSMS(m.Text), MessageID: m.ID, Encoding: m.Encoding, Segments: m.Segments})
}
