package outbound

import (
	"context"
	"sync"
)

// queue lets a few requests go at once, and of those to one host only a part,
// so that a slow service cannot hold up what others wait for.
type queue struct {
	all   chan struct{}
	share int

	mu    sync.Mutex
	hosts map[string]*lane
}

// lane is the queue to one host; it is forgotten when nobody is in it.
type lane struct {
	slots chan struct{}
	users int
}

func newQueue(parallel int) *queue {
	return &queue{all: make(chan struct{}, parallel), share: max(1, parallel/hostShare), hosts: map[string]*lane{}}
}

// enter waits for a turn until ctx is over.
func (q *queue) enter(ctx context.Context, host string) error {
	slots := q.lane(host)
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		q.forget(host)
		return ErrBusy
	}
	select {
	case q.all <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-slots
		q.forget(host)
		return ErrBusy
	}
}

func (q *queue) leave(host string) {
	<-q.all
	<-q.forget(host)
}

func (q *queue) lane(host string) chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.hosts[host]
	if l == nil {
		l = &lane{slots: make(chan struct{}, q.share)}
		q.hosts[host] = l
	}
	l.users++
	return l.slots
}

// forget counts one out of a lane and returns its slots.
func (q *queue) forget(host string) chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.hosts[host]
	if l.users--; l.users == 0 {
		delete(q.hosts, host)
	}
	return l.slots
}
