package telephone

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// script is a conversation of functions.
type script struct {
	start, silence func() []Action
	digit          func(rune) []Action
}

func (s script) Start() []Action       { return s.start() }
func (s script) Digit(k rune) []Action { return s.digit(k) }
func (s script) Silence() []Action     { return s.silence() }
func (s script) HangUp()               {}
func say(n int, mark byte) Say         { return Say{Parts: [][]byte{bytes.Repeat([]byte{mark}, n)}} }
func (t *talk) frames(n int) (out []byte) {
	for range n {
		var f [frameBytes]byte
		t.frame(f[:])
		out = append(out, f[:]...)
	}
	return out
}

func TestPartsArePlayedWithoutAGap(t *testing.T) {
	x := talk{with: script{start: func() []Action {
		return []Action{Say{Parts: [][]byte{{1, 1, 1}, nil, bytes.Repeat([]byte{2}, 200)}}, say(100, 3), End{}}
	}}}
	x.start()
	got := x.frames(3)
	want := slices.Concat([]byte{1, 1, 1}, bytes.Repeat([]byte{2}, 200), bytes.Repeat([]byte{3}, 100), bytes.Repeat([]byte{0xd5}, 3*frameBytes-303))
	if !bytes.Equal(got, want) || !x.ended {
		t.Errorf("ended %v, heard % x", x.ended, got)
	}
}

func TestSilenceComesWhenItIsTime(t *testing.T) {
	for timeout, frames := range map[time.Duration]int{time.Second: 50, 0: int(UsualSilence / frameTime), time.Nanosecond: 1} {
		silent := 0
		x := talk{with: script{start: func() []Action { return []Action{say(frameBytes, 1), Collect{timeout}} }, silence: func() []Action { silent++; return []Action{End{}} }}}
		x.start()
		x.frames(1 + frames)
		before := silent
		if x.frames(1); before != 0 || silent != 1 || !x.ended {
			t.Errorf("%v: silence %d times before its time, %d after", timeout, before, silent)
		}
	}
}

func TestKeysTypedAheadAreKeptInOrder(t *testing.T) {
	heard := ""
	x := talk{}
	x.with = script{start: func() []Action { return []Action{say(8000, 1)} }, digit: func(k rune) []Action {
		heard += string(k)
		if k == '2' {
			return []Action{Await{func(context.Context) []Action { return nil }}}
		}
		return []Action{say(8000, byte(k)), Collect{}}
	}}
	x.start()
	for _, k := range "123" {
		x.key(k)
	}
	x.frames(5)
	if heard != "12" || !x.working {
		t.Fatalf("heard %q while the work is under way", heard)
	}
	x.done([]Action{say(8000, 9), Collect{}})
	if got := x.frames(1); heard != "123" || got[0] != '3' {
		t.Errorf("heard %q, plays %x", heard, got[0])
	}
	for range 2 * keysKept {
		x.key('9')
	}
	if len(x.keys) > keysKept {
		t.Errorf("%d keys are kept", len(x.keys))
	}
}

func TestAFirmWordIsHeardToItsEnd(t *testing.T) {
	heard := ""
	x := talk{with: script{start: func() []Action {
		firm := say(3*frameBytes, 7)
		firm.Firm = true
		return []Action{firm, Collect{}}
	}, digit: func(k rune) []Action { heard += string(k); return nil }}}
	x.key('1')
	x.start()
	got := x.frames(2)
	x.key('2')
	if got = append(got, x.frames(2)...); heard != "" || !bytes.Equal(got[:3*frameBytes], bytes.Repeat([]byte{7}, 3*frameBytes)) {
		t.Errorf("heard %q", heard)
	}
	x.key('3')
	if x.frames(1); heard != "3" {
		t.Errorf("heard %q afterwards", heard)
	}
}

// Whatever a conversation answers, and whatever is typed when: every frame is
// full, work is begun once at a time, no method is called while it is under
// way, and after End nothing is.
func TestWhateverAConversationSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := &talk{}
		actions := rapid.Custom(func(r *rapid.T) []Action {
			return rapid.SliceOfN(rapid.OneOf(
				rapid.Custom(func(r *rapid.T) Action {
					s := say(rapid.IntRange(0, 400).Draw(r, "sound"), 1)
					s.Firm = rapid.Bool().Draw(r, "firm")
					return s
				}),
				rapid.Custom(func(r *rapid.T) Action {
					return Collect{time.Duration(rapid.IntRange(0, 3).Draw(r, "frames")) * frameTime}
				}),
				rapid.Just[Action](Await{func(context.Context) []Action { return nil }}),
				rapid.Just[Action](End{}),
			), 0, 4).Draw(r, "actions")
		})
		next := func() []Action {
			if x.working || x.ended {
				r.Fatalf("called while working %v, ended %v", x.working, x.ended)
			}
			return actions.Draw(r, "next")
		}
		x.with = script{start: next, silence: next, digit: func(rune) []Action { return next() }}
		x.start()
		for range rapid.IntRange(1, 60).Draw(r, "frames") {
			if rapid.Bool().Draw(r, "key") {
				x.key('5')
			}
			before := x.working
			frame := bytes.Repeat([]byte{0xee}, frameBytes)
			work := x.frame(frame)
			if bytes.Contains(frame, []byte{0xee}) || (work != nil) != (!before && x.working) {
				r.Fatalf("a gap in a frame, or work begun twice")
			}
			if x.working && rapid.Bool().Draw(r, "done") {
				x.done(actions.Draw(r, "led to"))
			}
		}
	})
}
