package password

import (
	"context"
	"sync/atomic"
	"time"
)

// pool lets at most cap(slots) callers work and at most queue more wait; the
// rest are refused at once, because a queue without end only turns a burst
// into memory and late answers nobody waits for any more.
type pool struct {
	slots   chan struct{}
	queue   int64
	waiting atomic.Int64
	quiet   time.Duration
	timer   *time.Timer // nil without a Release
}

func newPool(c Config) *pool {
	p := &pool{slots: make(chan struct{}, c.Slots), queue: int64(c.Queue), quiet: c.Quiet}
	if c.Release != nil {
		p.timer = time.AfterFunc(c.Quiet, func() {
			if len(p.slots) == 0 {
				c.Release()
			}
		})
		p.timer.Stop()
	}
	return p
}

// enter takes a slot, waiting in line for one if the line is not full.
func (p *pool) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > p.queue {
		return ErrBusy
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pool) leave() {
	<-p.slots
	if p.timer != nil {
		p.timer.Reset(p.quiet)
	}
}
