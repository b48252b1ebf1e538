package mailbox

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// Options of a mailbox.
type Options struct {
	Addr    string            // where the mail server listens; empty: a free port on 127.0.0.1
	Now     func() time.Time  // when messages are received
	Records map[string]string // TXT records for checking DKIM signatures, name to value; there is no other DNS
}

const (
	recipientsAtMost = 50
	talkTimeout      = time.Minute // for each line of the conversation
	hostname         = "localhost"
)

type server struct {
	smtp  *smtp.Server
	addr  *net.TCPAddr
	roots *x509.CertPool
}

// Open starts the mail server and the carrier of text messages. They answer when Open returns.
func Open(o Options) (*Box, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	certificate, roots, err := selfMade()
	if err != nil {
		return nil, err
	}
	line, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, err
	}
	b := &Box{now: o.Now, records: o.Records}
	b.server = &server{smtp: b.newServer(certificate), addr: line.Addr().(*net.TCPAddr), roots: roots}
	go func() { _ = b.server.smtp.Serve(moody{line, b}) }() // ends by Close, with nothing to tell
	if err := b.openCarrier(); err != nil {
		return nil, errors.Join(err, b.server.smtp.Close())
	}
	return b, nil
}

func (b *Box) newServer(certificate tls.Certificate) *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{box: b, conn: c}, nil
	}))
	s.Domain = hostname
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	s.MaxMessageBytes, s.MaxRecipients = longestMessage, recipientsAtMost
	s.ReadTimeout, s.WriteTimeout = talkTimeout, talkTimeout
	s.ErrorLog = silent{}
	return s
}

// Close stops both servers; what was received stays readable.
func (b *Box) Close() error { return errors.Join(b.server.smtp.Close(), b.carrier.http.Close()) }

// Host is where the mail server listens.
func (b *Box) Host() string { return b.server.addr.IP.String() }

// Port is where the mail server listens.
func (b *Box) Port() int { return b.server.addr.Port }

// Roots holds the root of the mail server's own certificate, made afresh at every Open, for a client to trust.
func (b *Box) Roots() *x509.CertPool { return b.server.roots }

// silent drops the server's log: it quotes addresses.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// moody hangs up on everybody while the mood is Down.
type moody struct {
	net.Listener
	box *Box
}

func (l moody) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil || l.box.Mood() != Down {
			return conn, err
		}
		conn.Close()
	}
}

// session is one conversation.
type session struct {
	box  *Box
	conn *smtp.Conn
	to   []string
}

var (
	later = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Come back later"}
	never = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"}
	noise = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "That is not a mail"}
)

func (s *session) Reset()                               { s.to = nil }
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch s.box.Mood() {
	case RefusingNow:
		return later
	case RefusingAlways:
		return never
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := read(raw, s.box.lookUp)
	if err != nil {
		return noise
	}
	_, m.Encrypted = s.conn.TLSConnectionState()
	for _, to := range s.to {
		m.To = to
		s.box.keep(m)
	}
	return nil
}

// errNoRecord is the answer to a name that is not in the records.
var errNoRecord = errors.New("mailbox: no such record")

func (b *Box) lookUp(name string) ([]string, error) {
	if record, ok := b.records[name]; ok {
		return []string{record}, nil
	}
	return nil, errNoRecord
}
