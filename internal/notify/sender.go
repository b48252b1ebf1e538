package notify

import (
	"context"
	"errors"
	"time"
)

// Outgoing is a message in words, ready to be handed to whoever carries it.
type Outgoing struct {
	ID      string // of the outbox: the same at every try, so that a copy can be told from a second message
	To      string // mail address, or phone number in international form
	Lang    string // "hu" or "en"
	Subject string // mail only
	Plain   string
	HTML    string // mail only
	Created time.Time
	Expires time.Time // when it is worth nothing any more; zero for never
}

// A Sender carries messages of one medium: [SMTP] mails, [Gateway] text messages.
type Sender interface {
	// Send returns once the message is in others' hands. It may be called by several goroutines, and more than once
	// for one message. A *Fault says what went wrong; any other error is taken for a passing one.
	Send(ctx context.Context, m Outgoing) error
}

// Kinds of faults: they are kept in the outbox, in the log and in metrics, where the words of a mail server, which
// like to quote addresses, must never be.
const (
	FaultUnreachable = "unreachable" // nobody answers
	FaultTimeout     = "timeout"     // the answer did not come in time, or we are shutting down
	FaultTLS         = "tls"         // no encryption, or not with whom we meant to speak
	FaultAuth        = "auth"        // our own name and password were refused
	FaultLater       = "later"       // asked to come back (4yz, RFC 5321, section 4.2.1)
	FaultRefused     = "refused"     // refused for good (5yz)
	FaultAddress     = "address"     // an address that no mail can go to
	FaultText        = "text"        // no words for this kind of message, or broken data
	FaultMedium      = "medium"      // nobody carries this medium here
	FaultExpired     = "expired"     // a code that would come too late to be of use
	FaultOther       = "other"
)

// Fault is why a message was not sent.
type Fault struct {
	Kind      string // one of the Fault constants
	Permanent bool   // trying again would not help
}

func (f *Fault) Error() string { return "notify: not sent: " + f.Kind }

// faultOf reads any sender's error.
func faultOf(err error) *Fault {
	var f *Fault
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &Fault{Kind: FaultTimeout}
	}
	return &Fault{Kind: FaultOther}
}
