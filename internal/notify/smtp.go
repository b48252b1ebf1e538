package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"kapu/internal/identity"
)

// TLSPolicy says whether a mail may travel unencrypted.
type TLSPolicy string

// Policies. All but Mandatory are refused for a server that is not on this machine.
const (
	TLSMandatory     TLSPolicy = "mandatory" // STARTTLS with a trusted certificate, or nothing is sent; also when empty
	TLSOpportunistic TLSPolicy = "opportunistic"
	TLSNone          TLSPolicy = "none"
)

// SMTPConfig says which server takes our mail and in whose name we write.
type SMTPConfig struct {
	Host     string
	Port     int
	TLS      TLSPolicy
	Roots    *x509.CertPool // nil: the system's
	Username string         // empty: no authentication; needs TLS
	Password string
	Hello    string       // the name we give in EHLO; empty: the domain of From
	From     mail.Address // the name may have any letters
	Envelope string       // where bounces go; empty: From
	DKIM     *DKIM        // nil: unsigned
	Timeout  time.Duration
}

const (
	smtpTimeout = 30 * time.Second // for one conversation, if the configuration says nothing
	lastPort    = 65535
)

// SMTP hands mails to a mail server (RFC 5321, RFC 3207). It is safe for concurrent use; each mail is a conversation
// of its own, so no mail is lost in another's trouble.
type SMTP struct {
	config  SMTPConfig
	options []gomail.Option
}

var _ Sender = (*SMTP)(nil)

// NewSMTP checks the configuration; it does not speak to the server yet. Its errors hold no password.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	options := []gomail.Option{
		gomail.WithPort(c.Port), gomail.WithTimeout(c.Timeout), gomail.WithHELO(c.Hello), gomail.WithoutSMTPUTF8(),
		gomail.WithTLSPolicy(map[TLSPolicy]gomail.TLSPolicy{TLSMandatory: gomail.TLSMandatory,
			TLSOpportunistic: gomail.TLSOpportunistic, TLSNone: gomail.NoTLS}[c.TLS]),
		gomail.WithTLSConfig(&tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}),
	}
	if c.Username != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(c.Username), gomail.WithPassword(c.Password))
	}
	if _, err := gomail.NewClient(c.Host, options...); err != nil {
		return nil, fmt.Errorf("notify: mail server: %w", err)
	}
	return &SMTP{config: c, options: options}, nil
}

// complete fills in what was left out and refuses what cannot work.
func (c *SMTPConfig) complete() error {
	if c.Host == "" || c.Port < 1 || c.Port > lastPort {
		return errors.New("notify: the mail server needs a host and a port")
	}
	if c.TLS == "" {
		c.TLS = TLSMandatory
	}
	switch {
	case c.TLS != TLSMandatory && c.TLS != TLSOpportunistic && c.TLS != TLSNone:
		return fmt.Errorf("notify: no TLS policy %q", c.TLS)
	case c.TLS != TLSMandatory && !isLoopback(c.Host):
		return errors.New("notify: mail to another machine must be encrypted: TLS policy mandatory")
	case c.TLS != TLSMandatory && c.Username != "":
		return errors.New("notify: the password of the mail server must travel encrypted: TLS policy mandatory")
	}
	if c.Envelope == "" {
		c.Envelope = c.From.Address
	}
	for _, a := range []string{c.From.Address, c.Envelope} {
		if _, err := identity.ParseEmail(a); err != nil {
			return fmt.Errorf("notify: sender of the mails: %w", err)
		}
	}
	if c.Hello == "" {
		c.Hello = domainOf(c.From.Address)
	}
	if c.Timeout <= 0 {
		c.Timeout = smtpTimeout
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send speaks with the server once. The error is a *Fault.
func (s *SMTP) Send(ctx context.Context, m Outgoing) error {
	mail, err := format(s.config.From, m)
	if err != nil {
		return faultOf(err)
	}
	if s.config.DKIM != nil {
		if mail, err = s.config.DKIM.sign(mail); err != nil {
			return &Fault{Kind: FaultOther}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	return s.converse(ctx, m.To, mail)
}

// converse dials, hands the mail over and hangs up.
func (s *SMTP) converse(ctx context.Context, to string, mail []byte) error {
	line, err := gomail.NewClient(s.config.Host, append(slices.Clip(s.options), gomail.WithDialContextFunc(dialUntil(ctx)))...)
	if err != nil {
		return &Fault{Kind: FaultOther}
	}
	client, err := line.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return greetingFault(ctx, err)
	}
	if err := s.hand(client, to, mail); err != nil {
		return mailFault(ctx, err)
	}
	_ = client.Quit() // the mail is theirs already; a rude goodbye changes nothing
	return nil
}

// dialUntil dials connections that the end of ctx closes, in the middle of whatever they wait for. The client closes
// none of those whose greeting fails, and holds a lock while it waits, so it is not asked to.
func dialUntil(ctx context.Context) gomail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(dialing, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { conn.Close() })
		}
		return conn, err
	}
}

func (s *SMTP) hand(client *smtp.Client, to string, mail []byte) error {
	if err := client.Mail("<" + s.config.Envelope + ">"); err != nil {
		return err
	}
	if err := client.Rcpt("<" + to + ">"); err != nil {
		return err
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(mail); err != nil {
		return err
	}
	return w.Close()
}
