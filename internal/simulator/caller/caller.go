// Package caller owns a telephone that calls the line: for tests and
// measurements. It dials, hears, types keys as events or as tones, and hangs
// up. Its messages are written by hand and read by eye, so that it leans on
// nothing that the line is made of but G.711.
package caller

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"kapu/internal/telephone/g711"
)

// Config of a call.
type Config struct {
	Line     netip.AddrPort // of the SIP line
	Network  string         // "udp", "tcp" or "tls"
	TLS      *tls.Config
	Dial     string // the user part of the address that is called
	MuLaw    bool
	Events   int                                          // the payload type of keys; 0 for tones within the sound
	Sealed   bool                                         // SRTP
	Headers  string                                       // more header lines of the INVITE, each with its end
	Patience time.Duration                                // for an answer; 0 for 5 s
	Heard    func(at time.Time, seq uint16, sound []byte) // called with every packet, if not nil; sound is A-law or µ-law as agreed
	Now      func() time.Time
}

// Call is a call that was answered.
type Call struct {
	Took time.Duration // from the INVITE to its answer

	config Config
	sip    net.Conn
	lines  *bufio.Reader
	rtp    *net.UDPConn
	seal   *seal
	id     string
	to     string // with the line's tag
	target string

	mu      sync.Mutex
	heard   []byte
	keys    []rune
	ended   chan struct{} // the line said BYE, or we did
	once    sync.Once
	running sync.WaitGroup
}

// ErrRefused: the line answered with another status than 200.
type ErrRefused struct{ Status int }

func (e *ErrRefused) Error() string { return fmt.Sprintf("caller: refused with %d", e.Status) }

const patience = 5 * time.Second

// Dial calls, and returns when the call is answered.
func Dial(c Config) (*Call, error) {
	if c.Patience == 0 {
		c.Patience = patience
	}
	conn, err := connect(c)
	if err != nil {
		return nil, err
	}
	rtp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IP(c.Line.Addr().AsSlice())})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	x := &Call{config: c, sip: conn, lines: bufio.NewReader(conn), rtp: rtp, id: fmt.Sprintf("%d-%d", rtp.LocalAddr().(*net.UDPAddr).Port, c.Now().UnixNano()), ended: make(chan struct{})}
	if err := x.dial(); err != nil {
		return nil, errors.Join(err, conn.Close(), rtp.Close())
	}
	x.running.Go(x.listen)
	x.running.Go(x.speak)
	x.running.Go(x.obey)
	return x, nil
}

func connect(c Config) (net.Conn, error) {
	if c.Network == "tls" {
		return tls.Dial("tcp", c.Line.String(), c.TLS)
	}
	return net.Dial(c.Network, c.Line.String())
}

// dial sends the INVITE, again while nothing comes, and the ACK.
func (x *Call) dial() (err error) {
	if x.config.Sealed {
		if x.seal, err = newSeal(); err != nil {
			return err
		}
	}
	begun := x.config.Now()
	if err := x.request("INVITE", 1, x.id, x.description(), x.config.Headers); err != nil {
		return err
	}
	for {
		if err := x.sip.SetReadDeadline(begun.Add(x.config.Patience)); err != nil {
			return err
		}
		m, err := x.read()
		if err != nil {
			return err
		}
		if m.status < 200 {
			continue
		}
		x.Took = x.config.Now().Sub(begun)
		x.to, x.target = m.header("To"), m.contact()
		if m.status != 200 {
			_ = x.request("ACK", 1, x.id, "", "") // the refusal counts, whether it is heard or not
			return &ErrRefused{m.status}
		}
		if err := x.agree(m.body); err != nil {
			return err
		}
		return errors.Join(x.request("ACK", 1, x.id+"a", "", ""), x.sip.SetReadDeadline(time.Time{}))
	}
}

// description is our side of the sound.
func (x *Call) description() string {
	home := x.rtp.LocalAddr().(*net.UDPAddr).AddrPort()
	profile, law, more := "AVP", int(g711.ALaw), ""
	if x.seal != nil {
		profile, more = "SAVP", x.seal.attribute()
	}
	if x.config.MuLaw {
		law = int(g711.MuLaw)
	}
	formats := strconv.Itoa(law)
	if x.config.Events > 0 {
		formats += " " + strconv.Itoa(x.config.Events)
		more += fmt.Sprintf("a=rtpmap:%d telephone-event/8000\r\n", x.config.Events)
	}
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %[1]s\r\ns=-\r\nc=IN IP4 %[1]s\r\nt=0 0\r\nm=audio %[2]d RTP/%[3]s %[4]s\r\n%[5]s", home.Addr(), home.Port(), profile, formats, more)
}

var mediaLine = regexp.MustCompile(`(?m)^m=audio (\d+) `)

// agree reads where the line wants to hear us. The address is the line's own.
func (x *Call) agree(body string) error {
	m := mediaLine.FindStringSubmatch(body)
	if m == nil {
		return errors.New("caller: the answer has no sound")
	}
	port, err := strconv.ParseUint(m[1], 10, 16)
	if err != nil {
		return err
	}
	if x.seal != nil {
		if err := x.seal.open(body); err != nil {
			return err
		}
	}
	home := x.rtp.LocalAddr().(*net.UDPAddr)
	if err := x.rtp.Close(); err != nil {
		return err
	}
	x.rtp, err = net.DialUDP("udp", home, net.UDPAddrFromAddrPort(netip.AddrPortFrom(x.config.Line.Addr(), uint16(port))))
	return err
}

func (x *Call) request(method string, seq int, branch, body, more string) error {
	to, target := x.to, x.target
	if to == "" {
		to = "<sip:" + x.config.Dial + "@" + x.config.Line.String() + ">"
	}
	if target == "" {
		target = "sip:" + x.config.Dial + "@" + x.config.Line.String()
	}
	kind := ""
	if body != "" {
		kind = "Content-Type: application/sdp\r\n"
	}
	_, err := fmt.Fprintf(x.sip, "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=z9hG4bK%s;rport\r\nMax-Forwards: 70\r\nFrom: <sip:caller@%[4]s>;tag=%[6]s\r\nTo: %[7]s\r\n"+
		"Call-ID: %[6]s\r\nCSeq: %[8]d %[1]s\r\nContact: <sip:caller@%[4]s>\r\n%[9]s%[10]sContent-Length: %[11]d\r\n\r\n%[12]s",
		method, target, strings.ToUpper(x.config.Network), x.sip.LocalAddr(), branch, x.id, to, seq, more, kind, len(body), body)
	return err
}

// HangUp says BYE, unless the line has, and waits until all is quiet.
func (x *Call) HangUp() error {
	x.once.Do(func() {
		_ = x.request("BYE", 2, x.id+"b", "", "") // a line that has gone need not hear it
		close(x.ended)
	})
	err := errors.Join(x.sip.Close(), x.rtp.Close())
	x.running.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Ended is closed when the call is over.
func (x *Call) Ended() <-chan struct{} { return x.ended }

// obey answers the line's BYE.
func (x *Call) obey() {
	for {
		m, err := x.read()
		if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || err != nil {
			return
		}
		if strings.HasPrefix(m.first, "BYE ") {
			_, _ = fmt.Fprintf(x.sip, "SIP/2.0 200 OK\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContent-Length: 0\r\n\r\n",
				m.header("Via"), m.header("From"), m.header("To"), m.header("Call-ID"), m.header("CSeq")) // it asks again
			x.once.Do(func() { close(x.ended) })
		}
	}
}
