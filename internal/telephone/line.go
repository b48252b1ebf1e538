package telephone

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Config of a Line.
type Config struct {
	Listen    string      // address and port of UDP and TCP
	TLSListen string      // address and port of TLS; empty for none
	TLS       *tls.Config // certificate for TLSListen
	Trunks    []Trunk
	FirstPort uint16     // of RTP
	LastPort  uint16     // two are taken for each call
	Public    netip.Addr // what we call ourselves behind NAT; not valid for the address that packets leave from
	Calls     int        // at once
	Ring      time.Duration

	Open   func(Call) Conversation    // a conversation for a new call
	Digest func(number string) string // what stands for a caller's number; nil for one that is good until the line closes
	Now    func() time.Time
	Log    *slog.Logger
}

// Line answers calls. It is safe for concurrent use.
type Line struct {
	Counts Counts

	config Config
	gate   *gate
	ports  *ports
	secret [32]byte // of tags, and of numbers if nobody else digests them

	udp     *net.UDPConn
	tcp     net.Listener
	tls     net.Listener
	streams chan struct{} // places for connections

	mu      sync.Mutex
	calls   map[string]*call // by the dialog
	invites map[string]*call // by the INVITE that began them
	open    map[net.Conn]bool
	closing bool
	running sync.WaitGroup // of calls
	reading sync.WaitGroup // of sockets
}

// ErrConfig: something of the configuration is missing or makes no sense.
var ErrConfig = errors.New("telephone: incomplete configuration")

// Open takes the addresses and ports; nothing is answered before Run.
func Open(c Config) (*Line, error) {
	if c.Open == nil || c.Now == nil || c.Log == nil || c.Calls <= 0 || len(c.Trunks) == 0 || c.FirstPort < lowestPort || c.LastPort < c.FirstPort || (c.TLSListen != "") != (c.TLS != nil) {
		return nil, ErrConfig
	}
	l := &Line{config: c, gate: newGate(c.Trunks, c.Calls, c.Now), ports: newPorts(c.FirstPort, c.LastPort), streams: make(chan struct{}, mostStreams),
		calls: map[string]*call{}, invites: map[string]*call{}, open: map[net.Conn]bool{}}
	_, _ = rand.Read(l.secret[:]) // never fails; see crypto/rand
	if l.config.Digest == nil {
		l.config.Digest = l.digest
	}
	if err := l.listen(); err != nil {
		l.Close()
		return nil, fmt.Errorf("telephone: %w", err)
	}
	return l, nil
}

func (l *Line) listen() (err error) {
	at, err := net.ResolveUDPAddr("udp", l.config.Listen)
	if err != nil {
		return err
	}
	if err := l.listenTwice(at); err != nil {
		return err
	}
	if l.config.TLS != nil {
		l.tls, err = net.Listen("tcp", l.config.TLSListen)
	}
	return err
}

// choices bounds how often the system is asked for a port that is free for both.
const choices = 16

// listenTwice takes a port for UDP and TCP alike, also where the system chooses it
// for one and it is taken for the other.
func (l *Line) listenTwice(at *net.UDPAddr) (err error) {
	for range choices {
		if l.udp, err = net.ListenUDP("udp", at); err != nil {
			return err
		}
		if l.tcp, err = net.Listen("tcp", l.udp.LocalAddr().String()); err == nil || at.Port != 0 {
			return err
		}
		l.udp.Close()
	}
	return err
}

// Address is where UDP and TCP are listened to.
func (l *Line) Address() netip.AddrPort { return l.udp.LocalAddr().(*net.UDPAddr).AddrPort() }

// SecureAddress is where TLS is; not valid if it is not.
func (l *Line) SecureAddress() netip.AddrPort {
	if l.tls == nil {
		return netip.AddrPort{}
	}
	return l.tls.Addr().(*net.TCPAddr).AddrPort()
}

// farewell is how long calls may take to end when the line closes.
const farewell = 1 * time.Second

// Run answers calls until ctx ends. Then those that are held are ended with
// BYE, and Run returns when every conversation has hung up.
func (l *Line) Run(ctx context.Context) {
	l.reading.Go(l.readDatagrams)
	l.reading.Go(func() { l.accept(l.tcp, nil) })
	if l.tls != nil {
		l.reading.Go(func() { l.accept(l.tls, l.config.TLS) })
	}
	<-ctx.Done()
	l.mu.Lock()
	l.closing = true
	for _, c := range l.calls {
		c.hurry()
	}
	l.mu.Unlock()
	ended := make(chan struct{})
	go func() { l.running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(farewell):
		l.mu.Lock()
		for _, c := range l.calls {
			c.drop()
		}
		l.mu.Unlock()
		<-ended
	}
	l.Close()
	l.reading.Wait()
}

// Close gives up the addresses of a line that is not run.
func (l *Line) Close() {
	if l.udp != nil {
		l.udp.Close()
	}
	for _, listener := range []net.Listener{l.tcp, l.tls} {
		if listener != nil {
			listener.Close()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		c.Close()
	}
}

// digest is an HMAC under the secret of this line.
func (l *Line) digest(text string) string {
	mac := hmac.New(sha256.New, l.secret[:])
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// add enters a call; false if the line closes or the call is there already.
func (l *Line) add(c *call) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing || l.invites[c.key] != nil {
		return false
	}
	l.calls[c.id], l.invites[c.key] = c, c
	l.Counts.Calls.Add(1)
	l.running.Go(c.run)
	return true
}

// remove forgets a call that is over.
func (l *Line) remove(c *call) {
	l.mu.Lock()
	delete(l.calls, c.id)
	delete(l.invites, c.key)
	l.mu.Unlock()
	l.Counts.Calls.Add(-1)
	l.gate.free(c.trunk, c.caller)
}

func (l *Line) find(in map[string]*call, key string) *call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return in[key]
}
