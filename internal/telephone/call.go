package telephone

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"

	"kapu/internal/telephone/dialog"
	"kapu/internal/telephone/message"
	"kapu/internal/telephone/offer"
)

// letter is what comes to a call from outside of its goroutine.
type letter struct {
	request *message.Request
	answer  *message.Answer
	from    path
}

// call is one call. Everything below the channels belongs to its goroutine.
type call struct {
	line   *Line
	trunk  *Trunk
	id     string // of the dialog
	key    string // of the INVITE
	caller string // stands for the number
	tag    string // ours

	inbox   chan letter
	results chan []Action // what the work of an Await led to
	hurried chan struct{} // capacity 1: the line closes
	dropped chan struct{} // capacity 1: the line has closed

	path   path             // of the message that was heard last
	invite *message.Request // the one that is being answered
	home   netip.AddrPort   // our own address, as the caller knows it
	state  dialog.State
	reply  []byte // the answer that may have to be repeated
	bye    []byte
	seqIn  uint32 // of the request that was heard last
	about  offer.Ours

	port  uint16
	terms *offer.Offer // nil until agreed on
	sound *sound
	talk  talk

	next    time.Time // when the frame under way is over
	age     int       // in frames, as all times here
	again   int       // until what was sent is repeated
	pause   int       // between two repetitions
	patient int       // until nothing is repeated any more
	repeats int
	heard   int // when a packet came last
	held    int // for how long the caller has held the line
	packets int
	nobody  int // packets in turn that reached nobody
	tail    int // since nothing more was to be said
	begun   bool
	stopped bool
	hung    bool
}

// Limits and times of one call, in frames where nothing else is said. The
// first three are T1, T2 and 64·T1 of RFC 3261 (17.1.1.1).
var (
	repeatFirst  = ticks(500 * time.Millisecond)
	repeatLast   = ticks(4 * time.Second)
	repeatEnd    = ticks(32 * time.Second)
	longestCall  = ticks(20 * time.Minute)
	longestHold  = ticks(2 * time.Minute)
	longestQuiet = ticks(20 * time.Second) // without a packet from the caller
	lastSilence  = ticks(200 * time.Millisecond)
)

const (
	mostRepeats    = 12 // of one answer
	mostPackets    = 20 * 60 * 100
	packetsAFrame  = 6 // more are left to the kernel, which drops them
	nobodyThere    = 25
	mostLate       = 5 // frames; a longer delay is left out, not made up for
	lettersWaiting = 16
)

func newCall(l *Line, r *message.Request, from path, trunk *Trunk, terms *offer.Offer, caller string) *call {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails; see crypto/rand
	c := &call{line: l, trunk: trunk, caller: caller, tag: hex.EncodeToString(random[:8]), key: inviteKey(r), path: from, invite: r, terms: terms,
		seqIn: r.Request.CSeq().SeqNo, inbox: make(chan letter, lettersWaiting), results: make(chan []Action, 1),
		hurried: make(chan struct{}, 1), dropped: make(chan struct{}, 1)}
	c.about.Session = uint64(binary.BigEndian.Uint32(random[8:]))
	c.id = dialogID(r.Head.CallID, c.tag, message.TagOf(r.Head.From))
	return c
}

// post leaves a letter; one too many is lost, as on the net.
func (c *call) post(l letter) {
	select {
	case c.inbox <- l:
	default:
	}
}

// hurry asks the call to end.
func (c *call) hurry() { signal(c.hurried) }

// drop ends the call without waiting for anybody.
func (c *call) drop() { signal(c.dropped) }

func signal(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// run holds the call, from the first answer to the last.
func (c *call) run() {
	defer c.line.remove(c)
	if !c.prepare() {
		c.line.answer(&c.invite.Head, 503, c.path)
		return
	}
	begun := c.line.config.Now()
	if c.line.config.Ring <= 0 {
		c.happen(dialog.RungEnough, c.path)
	} else {
		c.say(180, nil)
	}
	c.next = begun
	for c.state != dialog.Over {
		c.next = c.next.Add(frameTime)
		c.until(c.next)
		c.tick()
	}
	c.finish()
	c.line.config.Log.Info("a call ended", "trunk", c.trunk.Name, "seconds", int(c.line.config.Now().Sub(begun).Seconds()), "began", c.begun)
}

// prepare takes what a call needs; false if there is none.
func (c *call) prepare() bool {
	home := c.line.config.Public
	if !home.IsValid() {
		var err error
		if home, err = homeTowards(c.path.source().Addr()); err != nil {
			return false
		}
	}
	listening := c.line.Address().Port()
	if c.path.transport() == "TLS" {
		listening = c.line.SecureAddress().Port()
	}
	c.home = netip.AddrPortFrom(home, listening)
	if !c.settle(home) {
		return false
	}
	ready := c.guard(func() {
		c.talk.with = c.line.config.Open(Call{Dialled: c.invite.Recipient.User, Caller: c.caller})
	})
	if !ready {
		c.release()
	}
	return ready
}

// portTries is how many ports are tried before a call is refused: another
// program may have some of ours.
const portTries = 8

// settle takes a port and opens the sound. A caller whose sound is elsewhere than
// their messages, if only under this machine's other name, sends to the address of
// ours that is towards it: only so do their packets come from where they said.
func (c *call) settle(home netip.Addr) bool {
	if c.terms != nil && c.terms.Remote.IsValid() && !c.line.config.Public.IsValid() {
		var err error
		if home, err = homeTowards(c.terms.Remote.Addr()); err != nil {
			return false
		}
	}
	for range portTries {
		var err error
		if c.port, err = c.line.ports.take(); err != nil {
			return false
		}
		c.about.Address = netip.AddrPortFrom(home, c.port)
		if c.agree(c.terms) == nil {
			return true
		}
		c.sound = nil
		c.release()
	}
	return false
}

// agree opens the sound, or changes it. Terms of nil leave the offer to us.
func (c *call) agree(terms *offer.Offer) (err error) {
	switch {
	case terms == nil && c.path.transport() == "TLS":
		c.about.Secret = offer.NewSecret(offer.Proposed)
		return nil
	case terms == nil:
		return nil
	case c.about.Secret == nil || terms.Secret == nil:
		c.about.Secret = offer.NewSecret(terms.Secret)
	}
	c.terms = terms
	if c.sound == nil {
		c.sound, err = openSound(c.port, terms, c.about.Secret)
		return err
	}
	return c.sound.agree(c.port, terms, c.about.Secret)
}

// release gives back what prepare took.
func (c *call) release() {
	if c.sound != nil {
		c.sound.close()
	}
	if c.port != 0 {
		c.line.ports.give(c.port)
		c.port = 0
	}
}

// guard calls the conversation's code; false if it panicked, which ends the call.
func (c *call) guard(f func()) (done bool) {
	defer func() {
		if !done {
			_ = recover()
			c.line.Counts.Panics.Add(1)
			c.line.config.Log.Error("a conversation panicked")
		}
	}()
	f()
	return true
}

// work runs the work of an Await beside the call.
func (c *call) work(f func(context.Context) []Action) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), AwaitLimit)
		defer cancel()
		var actions []Action
		if !c.guard(func() { actions = f(ctx) }) {
			actions = []Action{End{}}
		}
		c.results <- actions
	}()
}

// finish waits for work that is under way, and hangs up.
func (c *call) finish() {
	if c.talk.working {
		<-c.results
		c.talk.working = false
	}
	c.hangUp()
	c.release()
}

// hangUp tells the conversation, once, when nothing of it is under way.
func (c *call) hangUp() {
	if c.hung || c.talk.working || c.talk.with == nil {
		return
	}
	c.hung = true
	c.guard(c.talk.with.HangUp)
}

// contact is our own address within the call.
func (c *call) contact() string {
	transport := strings.ToLower(c.path.transport())
	if transport == "udp" {
		return "Contact: <sip:kapu@" + c.home.String() + ">"
	}
	return "Contact: <sip:kapu@" + c.home.String() + ";transport=" + transport + ">"
}
