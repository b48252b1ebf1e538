package app

import (
	"context"
	"net/http"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"
)

const (
	// gcPercent lets somewhat more garbage gather than Go's default before all
	// that lives is looked at: every password hash takes 19 MiB for a moment and
	// would set that off by itself. GOGC in the environment wins.
	gcPercent = 300
	// restAfter is how long nobody must have come before memory is given back.
	restAfter = 15 * time.Second
)

// tuneMemory sets the pace of the garbage collector for serving.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// calm notices that nobody comes any more.
type calm struct {
	visits atomic.Int64
	seen   int64 // visits at the last look
	rested bool  // memory was given back since
}

// counting counts the visits.
func (c *calm) counting(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.visits.Add(1)
		h.ServeHTTP(w, r)
	})
}

// run gives memory back to the machine, once for each time that it gets calm,
// until ctx ends.
func (c *calm) run(ctx context.Context) {
	tick := time.NewTicker(restAfter)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.rest()
		case <-ctx.Done():
			return
		}
	}
}

func (c *calm) rest() {
	visits := c.visits.Load()
	switch {
	case visits != c.seen:
		c.seen, c.rested = visits, false
	case !c.rested:
		debug.FreeOSMemory()
		c.rested = true
	}
}
