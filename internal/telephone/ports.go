package telephone

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
)

// ErrNoPort: all RTP ports are taken.
var ErrNoPort = errors.New("telephone: no RTP port is free")

// ports are those of a range that no call has, in no order that a stranger
// could count on. What was given back last is given out last, so that late
// packets of one call do not reach the next.
type ports struct {
	mu   sync.Mutex
	free []uint16
}

// newPorts takes the even ones of a range (RFC 3550, 11).
func newPorts(first, last uint16) *ports {
	p := &ports{}
	for n := uint32(first) + uint32(first)%2; n <= uint32(last); n += 2 {
		p.free = append(p.free, uint16(n))
	}
	rand.Shuffle(len(p.free), func(i, j int) { p.free[i], p.free[j] = p.free[j], p.free[i] })
	return p
}

func (p *ports) take() (uint16, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 {
		return 0, ErrNoPort
	}
	n := p.free[0]
	p.free = p.free[1:]
	return n, nil
}

func (p *ports) give(n uint16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, n)
}

// socketBuffer bounds what the kernel keeps of a call that speaks faster than
// we listen, in bytes.
const socketBuffer = 32 << 10

// dial opens a port towards one address: the kernel lets nobody else's packets
// in, and nothing out to anybody else.
func dial(port uint16, remote netip.AddrPort) (*net.UDPConn, error) {
	conn, err := net.DialUDP("udp", &net.UDPAddr{Port: int(port)}, net.UDPAddrFromAddrPort(remote))
	if err != nil {
		return nil, err
	}
	return conn, errors.Join(conn.SetReadBuffer(socketBuffer), conn.SetWriteBuffer(socketBuffer))
}

// homeTowards is the address of ours from which packets to another one leave.
func homeTowards(remote netip.Addr) (netip.Addr, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(remote, 9)))
	if err != nil {
		return netip.Addr{}, err
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(), nil
}
