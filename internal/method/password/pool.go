package password

import (
	"context"
	"slices"
	"sync"
	"time"
)

// pool lets at most so many callers work and so many more wait; the rest are
// refused at once, because a queue without end only turns a burst into memory and
// late answers nobody waits for any more. There are two queues: owners on devices
// that are remembered go before all others, so that a flood of guesses costs them
// the end of one hash and not the whole line.
type pool struct {
	mu    sync.Mutex
	free  int
	slots int
	queue int
	lines [2][]chan struct{} // who waits: those who go first, and the others
	quiet time.Duration
	timer *time.Timer // nil without a Release
}

func newPool(c Config) *pool {
	p := &pool{free: c.Slots, slots: c.Slots, queue: c.Queue, quiet: c.Quiet}
	if c.Release != nil {
		p.timer = time.AfterFunc(c.Quiet, func() {
			if p.idle() {
				c.Release()
			}
		})
		p.timer.Stop()
	}
	return p
}

type firstKey struct{}

// First lets what is hashed under the context go before what strangers wait for.
func First(ctx context.Context) context.Context { return context.WithValue(ctx, firstKey{}, true) }

// lineOf is in which line somebody waits.
func lineOf(ctx context.Context) int {
	if first, _ := ctx.Value(firstKey{}).(bool); first {
		return 0
	}
	return 1
}

func (p *pool) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.free == p.slots
}

// enter takes a slot, waiting in line for one if the line is not full.
func (p *pool) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	line := lineOf(ctx)
	turn, err := p.stand(line)
	if err != nil || turn == nil {
		return err
	}
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		p.giveUp(line, turn)
		return ctx.Err()
	}
}

// stand takes a free slot, or a place in a line; nil is a slot.
func (p *pool) stand(line int) (turn chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.free > 0:
		p.free--
		return nil, nil
	case len(p.lines[line]) >= p.queue:
		return nil, ErrBusy
	}
	turn = make(chan struct{})
	p.lines[line] = append(p.lines[line], turn)
	return turn, nil
}

// giveUp leaves a line, or the slot that came in the same moment.
func (p *pool) giveUp(line int, turn chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.lines[line], turn); i >= 0 {
		p.lines[line] = slices.Delete(p.lines[line], i, i+1)
		return
	}
	p.pass()
}

// pass hands a slot to whoever is next.
func (p *pool) pass() {
	for i, line := range p.lines {
		if len(line) > 0 {
			close(line[0])
			p.lines[i] = line[1:]
			return
		}
	}
	p.free++
}

func (p *pool) leave() {
	p.mu.Lock()
	p.pass()
	p.mu.Unlock()
	if p.timer != nil {
		p.timer.Reset(p.quiet)
	}
}

// waiting is how many stand in line.
func (p *pool) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.lines[0]) + len(p.lines[1])
}
