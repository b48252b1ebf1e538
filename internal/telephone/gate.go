package telephone

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Trunk is a line of a provider, or a private exchange: who may call.
type Trunk struct {
	Name     string         // for logs
	Networks []netip.Prefix // where its messages come from
	Media    []netip.Prefix // where sound may go; Networks if empty
	Calls    int            // at once; 0 for as many as the line takes
	Callers  bool           // it vouches for the numbers it tells (RFC 3325)
	Secure   bool           // TLS and SRTP, or nothing
}

// reaches tells whether sound may go to an address.
func (t *Trunk) reaches(a netip.AddrPort) bool {
	networks := t.Media
	if len(networks) == 0 {
		networks = t.Networks
	}
	return a.Port() >= lowestPort && within(networks, a.Addr())
}

// lowestPort is the first that no service of a system listens on.
const lowestPort = 1024

func within(networks []netip.Prefix, a netip.Addr) bool {
	a = a.Unmap()
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Limits of what comes in, beside those of single messages.
const (
	messagesASecond = 500 // of one address; more are not looked at
	messagesBurst   = 1000
	invitesASecond  = 40 // new calls of one address; more are refused unheld
	invitesBurst    = 80
	callsOfCaller   = 5   // at once, of one number
	mostSources     = 512 // addresses that are remembered
)

// gate is who may come in, and how often. It keeps a few bytes for each
// address of a trunk, and nothing for anybody else.
type gate struct {
	trunks []Trunk
	calls  int // at once, of all trunks
	now    func() time.Time

	mu       sync.Mutex
	sources  map[netip.Addr]*source
	held     int
	ofTrunk  map[*Trunk]int
	ofCaller map[string]int
}

type source struct{ messages, invites bucket }

func newGate(trunks []Trunk, calls int, now func() time.Time) *gate {
	return &gate{trunks: trunks, calls: calls, now: now, sources: map[netip.Addr]*source{}, ofTrunk: map[*Trunk]int{}, ofCaller: map[string]int{}}
}

// trunk is whose an address is, nil for nobody's.
func (g *gate) trunk(a netip.Addr) *Trunk {
	for i := range g.trunks {
		if within(g.trunks[i].Networks, a) {
			return &g.trunks[i]
		}
	}
	return nil
}

// message takes a message of an address; false if it is one too many.
func (g *gate) message(a netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.source(a).messages.take(g.now(), messagesASecond, messagesBurst)
}

// invite takes a new call of an address; false if it comes too fast.
func (g *gate) invite(a netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.source(a).invites.take(g.now(), invitesASecond, invitesBurst)
}

func (g *gate) source(a netip.Addr) *source {
	if s := g.sources[a]; s != nil {
		return s
	}
	if len(g.sources) >= mostSources { // a large trunk: whoever is forgotten begins with full buckets
		clear(g.sources)
	}
	s := &source{}
	g.sources[a] = s
	return s
}

// hold takes the place of one call; false if there is none.
func (g *gate) hold(t *Trunk, caller string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held >= g.calls || t.Calls > 0 && g.ofTrunk[t] >= t.Calls || caller != "" && g.ofCaller[caller] >= callsOfCaller {
		return false
	}
	g.held++
	g.ofTrunk[t]++
	if caller != "" {
		g.ofCaller[caller]++
	}
	return true
}

// free gives it back.
func (g *gate) free(t *Trunk, caller string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held--
	g.ofTrunk[t]--
	if g.ofCaller[caller]--; g.ofCaller[caller] <= 0 {
		delete(g.ofCaller, caller)
	}
}

// bucket is a token bucket; the zero value is full.
type bucket struct {
	spent float64
	last  time.Time
}

func (b *bucket) take(now time.Time, rate, burst float64) bool {
	b.spent = max(0, b.spent-now.Sub(b.last).Seconds()*rate)
	b.last = now
	if b.spent+1 > burst {
		return false
	}
	b.spent++
	return true
}
