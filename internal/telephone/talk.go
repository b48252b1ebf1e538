package telephone

import (
	"context"
	"time"

	"kapu/internal/telephone/g711"
)

const (
	// frameTime is the sound of one packet, and the tick of a call's clock.
	frameTime = 20 * time.Millisecond
	// frameBytes is how many bytes of G.711 that is.
	frameBytes = g711.Rate / 50
)

// A talk does what a conversation wants done, frame by frame. It is pure but
// for the conversation: its clock are the frames it is asked for.
type talk struct {
	with Conversation
	left []Action // what is left to do; the first is under way

	part, at int // how far the Say under way has been played
	waited   int // frames that the Collect under way has waited
	keys     []rune
	working  bool // the Await under way was begun
	ended    bool // there is nothing more to come
}

// ticks is a time in frames, one at least.
func ticks(d time.Duration) int { return max(1, int(d/frameTime)) }

func (t *talk) start() { t.put(t.with.Start()) }

// put lets actions take the place of what was left.
func (t *talk) put(actions []Action) {
	t.left, t.part, t.at, t.waited = actions, 0, 0, 0
}

// pop goes on to the next action.
func (t *talk) pop() { t.put(t.left[1:]) }

// key takes a key that has gone down.
func (t *talk) key(k rune) {
	if say, ok := t.now().(Say); ok && say.Firm || len(t.keys) == keysKept {
		return
	}
	t.keys = append(t.keys, k)
}

// now is the action under way.
func (t *talk) now() Action {
	if len(t.left) == 0 {
		return Collect{}
	}
	return t.left[0]
}

// frame writes the next 20 ms, in A-law, and returns the work that is to be
// begun, if there is any; its result comes to done.
func (t *talk) frame(to []byte) (work func(context.Context) []Action) {
	written := 0
	for !t.ended {
		switch now := t.now().(type) {
		case Say:
			if now.Firm {
				t.keys = nil
			} else if t.hear() {
				continue
			}
			if written += t.play(now, to[written:]); written == len(to) {
				return nil
			}
			t.pop()
			continue
		case Collect:
			if t.hear() || t.wait(now) {
				continue
			}
		case Await:
			if !t.working {
				t.working, work = true, now.Work
			}
		case End:
			t.ended = true
		}
		break
	}
	quiet(to[written:])
	return work
}

// hear gives the conversation a key that was typed.
func (t *talk) hear() bool {
	if len(t.keys) == 0 {
		return false
	}
	k := t.keys[0]
	t.keys = t.keys[1:]
	t.put(t.with.Digit(k))
	return true
}

// play copies what follows of a Say, and says how much that was.
func (t *talk) play(s Say, to []byte) (written int) {
	for written < len(to) && t.part < len(s.Parts) {
		n := copy(to[written:], s.Parts[t.part][t.at:])
		written, t.at = written+n, t.at+n
		if t.at == len(s.Parts[t.part]) {
			t.part, t.at = t.part+1, 0
		}
	}
	return written
}

// wait counts one frame of a Collect, and says whether it was the last.
func (t *talk) wait(c Collect) bool {
	limit := c.Timeout
	if limit <= 0 {
		limit = UsualSilence
	}
	if t.waited++; t.waited <= ticks(limit) {
		return false
	}
	t.put(t.with.Silence())
	return true
}

// done takes what the work of an Await led to.
func (t *talk) done(actions []Action) {
	t.working = false
	t.put(actions)
}

func quiet(to []byte) {
	for i := range to {
		to[i] = g711.ALawSilence
	}
}
