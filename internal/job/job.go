package job

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"kapu/internal/store"
)

// Job is work that comes round.
type Job struct {
	Name  string // as the book and the metrics call it
	Every time.Duration
	Run   func(context.Context) (done int, err error) // done counts what was done, also when err is not nil
	// Everywhere is for work that every process has to do for itself, or that is
	// too quick to be worth a lease.
	Everywhere bool
}

// Work is a Run of something that counts nothing.
func Work(f func(context.Context) error) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return 0, f(ctx) }
}

// Config is what jobs stand on.
type Config struct {
	DB  *store.DB
	Now func() time.Time
	Log *slog.Logger
}

// Runner runs jobs and keeps the book.
type Runner struct {
	Config

	mu    sync.Mutex
	notes map[string]note // of jobs that run everywhere
}

// New returns a runner.
func New(c Config) *Runner { return &Runner{Config: c, notes: map[string]note{}} }

// Run runs every job at once and then each time its time comes round, until ctx
// ends. A failed run is logged, and tried again next time.
func (r *Runner) Run(ctx context.Context, jobs []Job) {
	var running sync.WaitGroup
	for _, j := range jobs {
		running.Go(func() { r.loop(ctx, j) })
	}
	running.Wait()
}

func (r *Runner) loop(ctx context.Context, j Job) {
	tick := time.NewTicker(j.Every)
	defer tick.Stop()
	for {
		if _, err := r.Once(ctx, j); err != nil && ctx.Err() == nil {
			r.Log.Error("job failed", "job", j.Name, "fault", Fault(err), "cause", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Once runs a job if its time has come and no other process has it. Ran is false
// when there was nothing to do here. The error is the job's own, or the book's.
func (r *Runner) Once(ctx context.Context, j Job) (ran bool, err error) {
	if j.Everywhere {
		return true, r.everywhere(ctx, j)
	}
	return r.leased(ctx, j)
}
