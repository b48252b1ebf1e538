package app

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// job is work that comes round. Running it twice, or in two processes at once,
// does no harm.
type job struct {
	name  string
	every time.Duration
	run   func(context.Context) error
}

// runJobs runs every job at once and then each time its time comes round,
// until ctx ends. A failed run is logged and tried again next time.
func runJobs(ctx context.Context, log *slog.Logger, jobs []job) {
	var running sync.WaitGroup
	for _, j := range jobs {
		running.Go(func() { j.loop(ctx, log) })
	}
	running.Wait()
}

func (j job) loop(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(j.every)
	defer tick.Stop()
	for {
		if err := j.run(ctx); err != nil && ctx.Err() == nil {
			log.Error("job failed", "job", j.name, "cause", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
