package job

import (
	"context"
	"errors"
	"sync"
	"time"

	"kapu/internal/store"
)

const (
	// leaseLife is after how long others may take a job whose process is gone.
	leaseLife = 2 * time.Minute
	// renewEvery is how often a run that takes long makes its lease longer.
	renewEvery = 30 * time.Second
	// bookTime is how long writing into the book may take when we are told to stop.
	bookTime = 10 * time.Second
	// early is the part of a job's interval by which a ticker may be early.
	early = 10
)

// lease is a job that this process has.
type lease struct {
	*Runner
	name  string
	mu    sync.Mutex
	until time.Time
}

// leased runs the job under a lease of its own.
func (r *Runner) leased(ctx context.Context, j Job) (ran bool, err error) {
	l := &lease{Runner: r, name: j.Name}
	if ran, err := l.claim(ctx, j.Every-j.Every/early); !ran {
		return false, err
	}
	running, stop := context.WithCancel(ctx)
	renewed := make(chan struct{})
	go func() { defer close(renewed); l.keep(running, stop) }()
	done, err := safely(running, j)
	stop()
	<-renewed
	return true, errors.Join(err, l.end(ctx, done, err))
}

func (l *lease) claim(ctx context.Context, apart time.Duration) (ours bool, err error) {
	err = l.DB.Apply(ctx, func(tx *store.Tx) error {
		l.until = tx.Now.Add(leaseLife)
		return tx.ClaimJob(l.name, l.until, tx.Now.Add(-apart))
	})
	if errors.Is(err, store.ErrStale) {
		return false, nil
	}
	return err == nil, err
}

// keep makes the lease longer until the run ends. A run whose lease was lost is stopped.
func (l *lease) keep(ctx context.Context, stop func()) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := l.renew(ctx); errors.Is(err, store.ErrStale) {
			stop()
			return
		}
	}
}

func (l *lease) renew(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var until time.Time
	err := l.DB.Apply(ctx, func(tx *store.Tx) error {
		until = tx.Now.Add(leaseLife)
		return tx.RenewJob(l.name, l.until, until)
	})
	if err == nil {
		l.until = until
	}
	return err
}

// end gives the job back, even if we are told to stop meanwhile.
func (l *lease) end(ctx context.Context, done int, fault error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bookTime)
	defer cancel()
	err := l.DB.Apply(ctx, func(tx *store.Tx) error {
		return tx.EndJob(store.Job{Name: l.name, Lease: l.until, Ended: endOf(tx.Now, fault), Done: int64(done), Fault: Fault(fault)})
	})
	if errors.Is(err, store.ErrStale) { // whoever took it keeps the book
		return nil
	}
	return err
}

// endOf is when a run ended well: zero if it did not.
func endOf(now time.Time, fault error) time.Time {
	if fault != nil {
		return time.Time{}
	}
	return now
}
