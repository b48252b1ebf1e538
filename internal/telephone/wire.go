package telephone

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"kapu/internal/telephone/message"
)

// path is the way a message came, and back.
type path interface {
	send([]byte) error
	source() netip.AddrPort
	transport() string // as Via names it
}

// Limits of connections.
const (
	mostStreams = 256
	helloTime   = 10 * time.Second // for TLS
	idleTime    = 15 * time.Minute // between two messages: providers keep connections open
	messageTime = 10 * time.Second // from a message's first byte to its last
	writeTime   = 200 * time.Millisecond
)

// datagram is the way back of one that came by UDP.
type datagram struct {
	conn *net.UDPConn
	from netip.AddrPort
	port uint16 // that answers go to, at the same address
}

func (d datagram) send(data []byte) error {
	_, err := d.conn.WriteToUDPAddrPort(data, netip.AddrPortFrom(d.from.Addr(), d.port))
	return err
}

func (d datagram) source() netip.AddrPort { return d.from }

func (d datagram) transport() string { return "UDP" }

func (l *Line) readDatagrams() {
	var buffer [message.Largest + 1]byte
	for {
		n, from, err := l.udp.ReadFromUDPAddrPort(buffer[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // of a packet of ours that did not arrive
			continue
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		l.handle(buffer[:n], datagram{l.udp, from, from.Port()})
	}
}

// stream is a connection by TCP or TLS.
type stream struct {
	conn   net.Conn
	from   netip.AddrPort
	secure bool
	mu     sync.Mutex
}

func (s *stream) send(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(time.Time{}); err != nil {
		return err
	}
	timer := time.AfterFunc(writeTime, func() { s.conn.Close() }) // who does not read is not waited for
	defer timer.Stop()
	_, err := s.conn.Write(data)
	return err
}

func (s *stream) source() netip.AddrPort { return s.from }

func (s *stream) transport() string {
	if s.secure {
		return "TLS"
	}
	return "TCP"
}

// accept takes connections of trunks. All others are closed without a word,
// before TLS.
func (l *Line) accept(listener net.Listener, certificates *tls.Config) {
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		from := conn.RemoteAddr().(*net.TCPAddr).AddrPort()
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if l.gate.trunk(from.Addr()) == nil || !l.enter(conn) {
			l.Counts.refused[stranger].Add(1)
			conn.Close()
			continue
		}
		l.reading.Go(func() {
			defer l.exit(conn)
			l.converse(conn, from, certificates)
		})
	}
}

// enter takes a place for a connection; false if there is none.
func (l *Line) enter(conn net.Conn) bool {
	select {
	case l.streams <- struct{}{}:
	default:
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[conn] = true
	return true
}

func (l *Line) exit(conn net.Conn) {
	conn.Close()
	l.mu.Lock()
	delete(l.open, conn)
	l.mu.Unlock()
	<-l.streams
}

// converse reads messages of one connection until it ends or makes no sense.
func (l *Line) converse(conn net.Conn, from netip.AddrPort, certificates *tls.Config) {
	s := &stream{conn: conn, from: from, secure: certificates != nil}
	if s.secure {
		secured := tls.Server(conn, certificates)
		hello := time.AfterFunc(helloTime, func() { conn.Close() })
		err := secured.Handshake()
		if !hello.Stop() || err != nil {
			return
		}
		s.conn = secured
	}
	r := bufio.NewReader(s.conn)
	for {
		idle := time.AfterFunc(idleTime, func() { conn.Close() })
		_, err := r.Peek(1)
		idle.Stop()
		if err != nil {
			return
		}
		whole := time.AfterFunc(messageTime, func() { conn.Close() })
		data, err := next(r)
		whole.Stop()
		if err != nil {
			l.Counts.refused[malformed].Add(1)
			return
		}
		if len(data) > 0 {
			l.handle(data, s)
		}
	}
}

var errFrame = errors.New("telephone: a stream without lengths")

// next reads one message of a stream: its head, and as much as Content-Length
// says (RFC 3261, 18.3). Blank lines between messages are nothing.
func next(r *bufio.Reader) ([]byte, error) {
	var data []byte
	length := -1
	for {
		line, err := r.ReadSlice('\n')
		if err != nil || len(data)+len(line) > message.Largest {
			return nil, errors.Join(errFrame, err)
		}
		bare := bytes.TrimRight(line, "\r\n")
		if len(bare) == 0 && len(data) == 0 {
			return nil, nil
		}
		data = append(data, line...)
		if len(bare) == 0 {
			break
		}
		if name, value, found := bytes.Cut(bare, []byte(":")); found && isLength(name) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil || length < 0 {
				return nil, errFrame
			}
		}
	}
	if length < 0 || len(data)+length > message.Largest {
		return nil, errFrame
	}
	head := len(data)
	data = append(data, make([]byte, length)...)
	_, err := io.ReadFull(r, data[head:])
	return data, err
}

func isLength(name []byte) bool {
	name = bytes.TrimSpace(name)
	return bytes.EqualFold(name, []byte("Content-Length")) || bytes.EqualFold(name, []byte("l"))
}
