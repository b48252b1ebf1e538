package telephone

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"

	"kapu/internal/telephone/dialog"
	"kapu/internal/telephone/message"
	"kapu/internal/telephone/offer"
)

// until hears the caller, and reads letters, until a moment.
func (c *call) until(moment time.Time) {
	for heard := 0; c.state != dialog.Over; {
		for c.letters() {
		}
		if c.sound == nil || c.sound.conn == nil || heard == packetsAFrame {
			if c.idle(moment) {
				return
			}
			continue
		}
		switch c.sound.listen(moment, c.down) {
		case onTime:
			heard++
			c.packets++
			c.heard, c.nobody = c.age, 0
		case unreachable:
			c.nobody++
		case waitedOut:
			return
		case deaf:
			c.happen(dialog.Enough, c.path)
		}
		if c.nobody > nobodyThere || c.packets > mostPackets {
			c.happen(dialog.Enough, c.path)
		}
	}
}

// down takes a key.
func (c *call) down(k rune) {
	if !c.begun || c.stopped {
		return
	}
	if c.terms.Events >= 0 {
		c.line.Counts.Events.Add(1)
	} else {
		c.line.Counts.Tones.Add(1)
	}
	c.talk.key(k)
}

// letters takes one of what has come, if anything has.
func (c *call) letters() bool {
	select {
	case l := <-c.inbox:
		c.read(l)
	case actions := <-c.results:
		c.take(actions)
	case <-c.hurried:
		c.happen(dialog.Enough, c.path)
	case <-c.dropped:
		c.happen(dialog.Broken, c.path)
	default:
		return false
	}
	return true
}

// idle waits for a letter until a moment, and tells whether it has come.
func (c *call) idle(moment time.Time) bool {
	timer := time.NewTimer(moment.Sub(c.line.config.Now()))
	defer timer.Stop()
	select {
	case l := <-c.inbox:
		c.read(l)
	case actions := <-c.results:
		c.take(actions)
	case <-c.hurried:
		c.happen(dialog.Enough, c.path)
	case <-c.dropped:
		c.happen(dialog.Broken, c.path)
	case <-timer.C:
		return true
	}
	return false
}

func (c *call) take(actions []Action) {
	c.talk.done(actions)
	if c.stopped {
		c.hangUp()
	}
}

// read turns a letter into an event.
func (c *call) read(l letter) {
	if a := l.answer; a != nil {
		if a.Status >= 200 && c.state == dialog.Leaving {
			c.happen(dialog.ByeAnswered, l.from)
		}
		return
	}
	r := l.request
	seq := r.Request.CSeq().SeqNo
	switch r.Method {
	case sip.ACK:
		if seq == c.seqIn {
			c.acked(r, l.from)
		}
		return
	case sip.CANCEL:
		c.respond(dialog.Cancelled, r, l.from)
		return
	case sip.INVITE:
		if seq == c.seqIn && r.Top() == c.invite.Top() {
			c.happen(dialog.Repeated, l.from)
			return
		}
	}
	if message.TagOf(r.Head.To) == "" || seq <= c.seqIn { // another request under the INVITE's name, or one from the past
		c.line.answer(&r.Head, sip.StatusInternalServerError, l.from)
		return
	}
	c.seqIn = seq
	if r.Method == sip.BYE {
		c.respond(dialog.ByeHeard, r, l.from)
		return
	}
	c.reinvited(r, l.from)
}

// acked takes an ACK, and the terms in it where the offer was ours.
func (c *call) acked(r *message.Request, from path) {
	if c.terms == nil {
		terms, status := checkTerms(r.Body(), c.trunk, from)
		if status != 0 || c.agree(terms) != nil {
			c.line.Counts.refused[unfit].Add(1)
			c.happen(dialog.Enough, from)
			return
		}
	}
	c.happen(dialog.Acked, from)
}

// reinvited takes another INVITE within the call: to hold, to go on, to move
// the sound, or to say that somebody is still there (RFC 4028). Terms that we
// cannot take leave all as it was.
func (c *call) reinvited(r *message.Request, from path) {
	if c.state == dialog.Talking && len(r.Body()) > 0 {
		terms, status := checkTerms(r.Body(), c.trunk, from)
		if status == 0 && c.agree(terms) != nil {
			status = sip.StatusNotAcceptableHere
		}
		if status != 0 {
			c.line.refuse(unfit, &r.Head, status, from)
			return
		}
	}
	if c.state == dialog.Talking {
		c.invite = r
	}
	c.respond(dialog.Reinvited, r, from)
}

// respond is happen for an event that is itself a request with an answer of its own.
func (c *call) respond(e dialog.Event, r *message.Request, from path) {
	step := dialog.Next(c.state, e)
	status := 0
	for _, a := range step.Do {
		switch a {
		case dialog.AnswerBye, dialog.AnswerCancel:
			status = sip.StatusOK
		case dialog.RefuseLater:
			status = sip.StatusRequestPending
		}
	}
	if status != 0 {
		_ = from.send(r.Reply(status, from.source(), c.tag, nil, nil)) // who does not hear it asks again
	}
	c.happen(e, from)
}

// happen does what an event leads to.
func (c *call) happen(e dialog.Event, from path) {
	step := dialog.Next(c.state, e)
	c.state, c.path = step.To, from
	for _, a := range step.Do {
		c.do(a)
	}
}

func (c *call) do(a dialog.Act) {
	switch a {
	case dialog.SayRinging:
		c.say(sip.StatusRinging, nil)
	case dialog.SayOK:
		c.agreeTo()
	case dialog.SayOKAgain:
		if c.repeats++; c.repeats <= mostRepeats {
			_ = c.path.send(c.reply) // the next repetition is the remedy
		}
	case dialog.RefuseEnded:
		c.say(sip.StatusRequestTerminated, nil)
	case dialog.SayBye:
		c.leave()
	case dialog.SayByeAgain:
		if c.path.transport() == "UDP" {
			_ = c.path.send(c.bye)
		}
	case dialog.Begin:
		c.begun, c.heard = true, c.age
		c.line.Counts.Answered.Add(1)
		if !c.guard(c.talk.start) {
			c.talk.ended = true
		}
	case dialog.Stop:
		c.stopped = true
		if c.sound != nil {
			c.sound.close()
		}
		c.hangUp()
	}
}

// say answers the INVITE.
func (c *call) say(status int, body []byte) {
	more := []string{c.contact()}
	if status == sip.StatusOK {
		more = slices.Concat(more, message.Abilities)
	}
	c.reply = c.invite.Reply(status, c.path.source(), c.tag, more, body)
	_ = c.path.send(c.reply) // an answer that does not arrive is asked for again
}

// agreeTo says 200, with our side of the agreement.
func (c *call) agreeTo() {
	c.about.Version++
	var body []byte
	var err error
	if c.terms == nil {
		body, err = offer.Propose(c.about)
	} else {
		body, err = c.terms.Answer(c.about)
	}
	if err != nil {
		c.line.config.Log.Error("no session description", "cause", err)
		c.say(sip.StatusInternalServerError, nil)
		c.happen(dialog.Broken, c.path)
		return
	}
	c.say(sip.StatusOK, body)
	c.repeats = 0
	c.await()
}

// await begins to wait for what answers a message of ours.
func (c *call) await() { c.again, c.pause, c.patient = repeatFirst, repeatFirst, repeatEnd }

// leave says BYE.
func (c *call) leave() {
	var branch [8]byte
	_, _ = rand.Read(branch[:]) // never fails; see crypto/rand
	b := message.Bye{Target: c.invite.Target(), Transport: c.path.transport(), Home: c.home.String(), Branch: hex.EncodeToString(branch[:]),
		Routes: c.invite.Routes, From: c.invite.Head.To, To: c.invite.Head.From, CallID: c.invite.Head.CallID, Seq: 1}
	if message.TagOf(b.From) == "" {
		b.From += ";tag=" + c.tag
	}
	c.bye = b.Write()
	c.await()
	if err := c.path.send(c.bye); err != nil {
		c.happen(dialog.Broken, c.path)
	}
}
