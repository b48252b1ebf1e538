package telephone

import (
	"sync/atomic"
	"time"
)

// Counts are what an operator watches. Nothing in them says who called.
type Counts struct {
	Calls    atomic.Int64 // at this moment
	Answered atomic.Int64
	Events   atomic.Int64 // keys told beside the sound
	Tones    atomic.Int64 // keys told within it
	Panics   atomic.Int64 // of a parser or a conversation, each of which ended one message or one call
	Skipped  atomic.Int64 // frames that were too late to be sent at all
	refused  [reasonsToRefuse]atomic.Int64
	late     [len(LateBounds) + 1]atomic.Int64
	lateSum  atomic.Int64 // nanoseconds
}

// refusal is why something was not taken.
type refusal int

const (
	stranger   refusal = iota // not from a trunk
	flooding                  // more messages than one address may send
	malformed                 // no SIP that makes sense
	tooFast                   // more INVITEs than are taken
	busy                      // as many calls as there may be
	unfit                     // nothing acceptable was offered
	unexpected                // of a call that is not there
	reasonsToRefuse
)

var refusalNames = [reasonsToRefuse]string{"stranger", "flooding", "malformed", "too-fast", "busy", "unfit", "unexpected"}

// Refused is how much was not taken, by the reason.
func (c *Counts) Refused() map[string]int64 {
	m := make(map[string]int64, reasonsToRefuse)
	for i, name := range refusalNames {
		m[name] = c.refused[i].Load()
	}
	return m
}

// LateBounds are the upper bounds of the histogram of lateness.
var LateBounds = [...]time.Duration{time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond}

func (c *Counts) lateness(d time.Duration) {
	i := 0
	for i < len(LateBounds) && d > LateBounds[i] {
		i++
	}
	c.late[i].Add(1)
	c.lateSum.Add(int64(d))
}

// Lateness says how many frames were sent within each bound after their time,
// in seconds, how many there were, and how late they were together.
func (c *Counts) Lateness() (within map[float64]uint64, n uint64, sum time.Duration) {
	within = make(map[float64]uint64, len(LateBounds))
	for i, b := range LateBounds {
		n += uint64(c.late[i].Load())
		within[b.Seconds()] = n
	}
	return within, n + uint64(c.late[len(LateBounds)].Load()), time.Duration(c.lateSum.Load())
}
