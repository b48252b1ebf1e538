package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// GatewayConfig says who carries our text messages.
type GatewayConfig struct {
	URL    string         // https://…, to which messages are posted; http:// only on this machine
	Token  string         // shown as a bearer token (RFC 6750)
	Sender string         // what phones show: 1 to 11 letters and digits, or a number in international form
	Roots  *x509.CertPool // nil: the system's
}

const (
	gatewayTimeout   = 20 * time.Second // for one message
	gatewayIdle      = time.Minute
	gatewayAnswer    = 4 << 10 // bytes that are read of an answer, and not believed
	gatewayDialTime  = 5 * time.Second
	idempotencyLabel = "Idempotency-Key"
)

// Gateway hands text messages to a carrier over HTTP. docs/operations.md describes the interface. It is safe for
// concurrent use.
type Gateway struct {
	config GatewayConfig
	client *http.Client
}

var _ Sender = (*Gateway)(nil)

// senderName is what networks take as a sender (3GPP TS 23.040, section 9.1.2.5: at most 11 characters of GSM-7).
var senderName = regexp.MustCompile(`^(\+[0-9]{8,15}|[A-Za-z0-9][A-Za-z0-9 .-]{0,10})$`)

// NewGateway checks the configuration; it does not speak to the carrier yet. Its errors hold no token.
func NewGateway(c GatewayConfig) (*Gateway, error) {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, errors.New("notify: text messages to another machine must be encrypted: an https address")
	case c.Token == "":
		return nil, errors.New("notify: the carrier of text messages wants a token")
	case !senderName.MatchString(c.Sender):
		return nil, errors.New("notify: the sender of text messages is 1 to 11 letters and digits, or a number like +36301234567")
	}
	transport := &http.Transport{
		DialContext:     (&net.Dialer{Timeout: gatewayDialTime}).DialContext,
		TLSClientConfig: &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		MaxConnsPerHost: hands, IdleConnTimeout: gatewayIdle,
	}
	return &Gateway{config: c, client: &http.Client{
		Transport: transport, Timeout: gatewayTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token is for nobody else
	}}, nil
}

// posted is a text message as the carrier is given it.
type posted struct {
	ID       string `json:"id"`   // the same at every try
	From     string `json:"from"` // what the phone shows
	To       string `json:"to"`   // +36301234567
	Text     string `json:"text"`
	Encoding string `json:"encoding"` // gsm-7 or ucs-2
	Segments int    `json:"segments"` // 1 to 3
	// Expires is when the message is worth nothing any more, for codes (RFC 3339).
	Expires time.Time `json:"expires,omitzero"`
}

// Send posts a message once. The error is a *Fault.
func (g *Gateway) Send(ctx context.Context, m Outgoing) error {
	encoding, parts := Segments(m.Plain)
	if parts == 0 || parts > MostSegments {
		return &Fault{Kind: FaultText, Permanent: true}
	}
	body, err := json.Marshal(posted{ID: m.ID, From: g.config.Sender, To: m.To, Text: m.Plain, Encoding: encoding, Segments: parts, Expires: m.Expires.UTC()})
	if err != nil {
		return &Fault{Kind: FaultOther}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.config.URL, bytes.NewReader(body))
	if err != nil {
		return &Fault{Kind: FaultOther}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+g.config.Token)
	r.Header.Set(idempotencyLabel, m.ID)
	answer, err := g.client.Do(r)
	if err != nil {
		return gatewayFault(ctx, err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, gatewayAnswer) // so that the line can be used again; what it says may quote numbers
	return answerFault(answer.StatusCode)
}

// gatewayFault judges what went wrong before an answer came.
func gatewayFault(ctx context.Context, err error) *Fault {
	if isTLS(err) {
		return &Fault{Kind: FaultTLS}
	}
	return lineFault(ctx, err)
}

// answerFault judges an answer. For good are only those that say that this message cannot be sent; all that may be our
// own mistake or a passing one is tried again.
func answerFault(status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusPaymentRequired:
		return &Fault{Kind: FaultAuth}
	case status == http.StatusUnprocessableEntity:
		return &Fault{Kind: FaultAddress, Permanent: true}
	case status == http.StatusBadRequest, status == http.StatusGone, status == http.StatusRequestEntityTooLarge:
		return &Fault{Kind: FaultRefused, Permanent: true}
	case status == http.StatusConflict, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= 500:
		return &Fault{Kind: FaultLater}
	}
	return &Fault{Kind: FaultOther}
}
