package registerhttp

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"time"
)

// Config says where the register is and how patient to be. Zero fields take the defaults below.
type Config struct {
	BaseURL string      // https://host[:port][/path]
	TLS     *tls.Config // our certificate and the register's roots; see LoadTLS

	Timeout     time.Duration // of one attempt
	Attempts    int           // of one question
	BackOff     time.Duration // the first wait is random below this, each next below twice as much
	LongestWait time.Duration // between two attempts, also when the register asks for more
	OpenAfter   int           // failures in a row that stop the questions
	OpenFor     time.Duration // how long they stop

	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	Rand  func() float64 // in [0, 1)
}

const (
	defaultTimeout     = 4 * time.Second
	defaultAttempts    = 3
	defaultBackOff     = 200 * time.Millisecond
	defaultLongestWait = 2 * time.Second
	defaultOpenAfter   = 6
	defaultOpenFor     = 15 * time.Second
	idleConnections    = 4
	idleTimeout        = 90 * time.Second
)

func (c *Config) setDefaults() {
	setDefault(&c.Timeout, defaultTimeout)
	setDefault(&c.Attempts, defaultAttempts)
	setDefault(&c.BackOff, defaultBackOff)
	setDefault(&c.LongestWait, defaultLongestWait)
	setDefault(&c.OpenAfter, defaultOpenAfter)
	setDefault(&c.OpenFor, defaultOpenFor)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
}

func setDefault[T time.Duration | int](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
