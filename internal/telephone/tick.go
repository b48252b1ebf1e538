package telephone

import (
	"kapu/internal/telephone/dialog"
)

// tick is what a call does once in 20 ms.
func (c *call) tick() {
	c.age++
	c.remind()
	switch {
	case c.state == dialog.Ringing && c.age >= ticks(c.line.config.Ring):
		c.happen(dialog.RungEnough, c.path)
	case c.age > longestCall:
		c.happen(dialog.Enough, c.path)
	}
	if c.begun && !c.stopped {
		c.speak()
	}
}

// remind repeats what was not answered, more and more seldom, and gives up.
func (c *call) remind() {
	again, never, waits := c.state.Waits()
	if !waits {
		return
	}
	c.again--
	c.patient--
	switch {
	case c.patient <= 0:
		c.happen(never, c.path)
	case c.again <= 0:
		c.pause = min(2*c.pause, repeatLast)
		c.again = c.pause
		c.happen(again, c.path)
	}
}

// speak sends the frame that is due. While the caller holds the line the
// conversation stands still.
func (c *call) speak() {
	if !c.terms.Hears || c.sound.conn == nil {
		if c.held++; c.held > longestHold {
			c.happen(dialog.Enough, c.path)
		}
		c.heard = c.age
		return
	}
	if c.age-c.heard > longestQuiet {
		c.happen(dialog.Enough, c.path)
		return
	}
	late := c.line.config.Now().Sub(c.next)
	for ; late > mostLate*frameTime; late -= frameTime { // the machine stood still; nobody wants to hear a minute at once
		c.next = c.next.Add(frameTime)
		c.sound.skip()
		c.line.Counts.Skipped.Add(1)
	}
	c.line.Counts.lateness(max(0, late))
	var frame [frameBytes]byte
	if !c.guard(func() { c.frame(frame[:]) }) {
		c.happen(dialog.Enough, c.path)
		return
	}
	if c.sound.send(frame[:]) != nil {
		c.nobody++
	}
	if c.talk.ended {
		if c.tail++; c.tail > lastSilence {
			c.happen(dialog.Enough, c.path)
		}
	}
}

func (c *call) frame(to []byte) {
	if work := c.talk.frame(to); work != nil {
		c.work(work)
	}
}
