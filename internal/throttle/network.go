package throttle

import (
	"context"
	"encoding/binary"
	"math"
	"math/bits"
	"net/netip"
	"time"

	"kapu/internal/law"
)

// What one network gets or one provider's customer holds (RFC 6177): all of it
// counts as one place to stuff from.
const (
	ipv4Group = 24
	ipv6Group = 48
)

// Group is the network around an address: the IPv4 /24 or the IPv6 /48. What is not
// an address counts as it stands.
func Group(address string) string {
	prefix, err := netip.ParsePrefix(Network(address))
	if err == nil {
		return netip.PrefixFrom(prefix.Addr(), ipv6Group).Masked().String()
	}
	ip, err := netip.ParseAddr(Network(address))
	if err != nil {
		return address
	}
	return netip.PrefixFrom(ip, ipv4Group).Masked().String()
}

// setBytes is the size of a set: enough to tell about a thousand names apart.
const setBytes = 64

// set is a set of names that can be counted and not read: a bit for each, and two
// names may have the same (linear counting, Whang et al. 1990).
type set [setBytes]byte

// add puts a name in, and tells whether that changed anything.
func (s *set) add(digest uint64) bool {
	i := digest % (8 * setBytes)
	was := s[i/8]
	s[i/8] |= 1 << (i % 8)
	return s[i/8] != was
}

// size is about how many names there are.
func (s *set) size() int {
	free := 0
	for _, b := range s {
		free += 8 - bits.OnesCount8(b)
	}
	const all = float64(8 * setBytes)
	return int(math.Round(all * math.Log(all/math.Max(1, float64(free)))))
}

// traffic is what a network was right and wrong about lately, by devices that nobody
// remembers.
type traffic struct {
	tag         uint64
	begun, last time.Time // of the window; of the last wrong attempt
	wrong       set
	right       set
}

const trafficBytes = 24 + 2*setBytes

func (t traffic) encode() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, trafficBytes), t.tag)
	b = binary.BigEndian.AppendUint64(b, uint64(t.begun.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, uint64(t.last.UnixMilli()))
	return append(append(b, t.wrong[:]...), t.right[:]...)
}

func decodeTraffic(b []byte) (t traffic, err error) {
	if len(b) != trafficBytes {
		return t, errState
	}
	t.tag = binary.BigEndian.Uint64(b)
	t.begun = time.UnixMilli(int64(binary.BigEndian.Uint64(b[8:])))
	t.last = time.UnixMilli(int64(binary.BigEndian.Uint64(b[16:])))
	copy(t.wrong[:], b[24:])
	copy(t.right[:], b[24+setBytes:])
	return t, nil
}

// wait is how long a device that nobody remembers has to wait in that network: not at
// all where names are right as often as not, however many share the network.
func (t traffic) wait(s law.Stuffing, alarmed bool, now time.Time) time.Duration {
	wrong := t.wrong.size()
	if alarmed {
		s.Before = s.Alarmed
	}
	if wrong < s.Share*t.right.size() {
		return 0
	}
	delay := s.After(wrong)
	return min(max(t.last.Add(delay).Sub(now), 0), delay)
}

// traffic reads what a network was about lately, and as it is stored; raw is nil if
// nothing is. Networks share places as accounts do, and one with few wrong names
// gives way.
func (g *Gate) traffic(ctx context.Context, address string, r Rules, now time.Time) (t traffic, raw []byte, at place, err error) {
	at = g.config.place(networks, Group(address), r.Lanes)
	fresh := traffic{tag: at.tag, begun: now, last: now}
	raw, found, err := g.config.Store.Get(ctx, at.key)
	if err != nil || !found {
		return fresh, nil, at, err
	}
	t, err = decodeTraffic(raw)
	over := !now.Before(t.begun.Add(r.Networks.Window))
	if err == nil && (over || t.tag != at.tag && t.wrong.size() < r.Networks.Alarmed) {
		return fresh, raw, at, nil
	}
	return t, raw, at, err
}

// watches tells whether there is a network to look at, and rules for it.
func (r Rules) watches(address string) bool { return r.Networks.Window > 0 && address != "" }

// networkWait is how long a stranger's network has to wait.
func (g *Gate) networkWait(ctx context.Context, address string) (time.Duration, error) {
	now := g.config.Now()
	r := g.config.Rules(now)
	if !r.watches(address) {
		return 0, nil
	}
	t, _, _, err := g.traffic(ctx, address, r, now)
	if err != nil {
		return 0, err
	}
	alarmed, err := g.Alarmed(ctx)
	wait := t.wait(r.Networks, alarmed, now)
	if wait > 0 {
		g.Counts.Networks.Add(1)
	}
	return wait, err
}

// noteTries bounds how often a note is written after others. One that is lost in a
// crowd is one of many: it is the crowd that matters.
const noteTries = 4

// noteName remembers that a network was right or wrong about a name.
func (g *Gate) noteName(ctx context.Context, account, address string, right bool) error {
	now := g.config.Now()
	r := g.config.Rules(now)
	if !r.watches(address) {
		return nil
	}
	name := g.config.place(names, account, 0).tag
	for range noteTries {
		t, raw, at, err := g.traffic(ctx, address, r, now)
		if err != nil {
			return err
		}
		changed := false
		if right {
			changed = t.right.add(name)
		} else {
			changed, t.last = t.wrong.add(name) || t.last != now, now
		}
		if !changed {
			return nil
		}
		done, err := g.config.Store.CompareAndSwap(ctx, at.key, raw, t.encode(), r.Networks.Window)
		if err != nil || done {
			return err
		}
	}
	return nil
}
