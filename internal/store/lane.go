package store

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"
)

// lane takes the single statements of many callers along together: a statement
// that waits for its turn goes with all that wait, in one transaction or one
// flight over the network. Every caller waits for its own, and hears what came of
// it once that is settled: of a write, after the commit.
type lane struct {
	turn chan struct{} // as many groups as fit in are under way
	run  func([]*job)  // brings a group to its end

	mu      sync.Mutex
	waiting []*job
}

// mostTogether is how many statements go together, at most.
const mostTogether = 128

// laneTime is how long a group may be under way. Nobody who has joined one can
// leave it: what was read goes into their memory.
const laneTime = 10 * time.Second

func newLane(turn chan struct{}, run func([]*job)) *lane { return &lane{turn: turn, run: run} }

// job is a statement that is taken along.
type job struct {
	query string
	args  []any
	row   func(scan func(...any) error) error // of each row; nil where none is wanted

	affected int64
	err      error
	done     chan struct{}
}

// carry has a statement taken along, and waits. A caller whose context ends while
// it waits for its turn has had no effect; one that is under way is waited for.
func (l *lane) carry(ctx context.Context, j *job) error {
	j.done = make(chan struct{})
	l.join(j)
	runtime.Gosched() // whoever is as far as we are may come along
	for {
		select {
		case <-j.done:
			return j.err
		case l.turn <- struct{}{}:
			l.drive() // with us or, where more wait than fit in, with others
		case <-ctx.Done():
			if l.leave(j) {
				return ctx.Err()
			}
			<-j.done
			return j.err
		}
	}
}

func (l *lane) join(j *job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, j)
}

// leave tells whether the job was still waiting, and does no more.
func (l *lane) leave(j *job) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, j)
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	return i >= 0
}

var errGroup = errors.New("store: a group of statements was broken off")

// drive runs a group in the turn that its caller has taken, and gives that back.
func (l *lane) drive() {
	group := l.board()
	defer func() {
		<-l.turn
		for _, j := range group {
			close(j.done)
		}
	}()
	for _, j := range group {
		j.err = errGroup // until something better is known
	}
	if len(group) > 0 {
		l.run(group)
	}
}

func (l *lane) board() []*job {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), mostTogether)
	group := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return group
}
