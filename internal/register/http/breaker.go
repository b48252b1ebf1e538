package registerhttp

import "time"

// State of the circuit breaker, for health pages and metrics.
type State string

// The states.
const (
	Closed   State = "closed"    // asking
	Open     State = "open"      // not asking, for a while
	HalfOpen State = "half-open" // one question is out to try whether the register is back
)

// breaker stops questions for a while after failures in a row. It is a value without a clock or a lock: each step
// gives the next breaker.
type breaker struct {
	limit int           // failures in a row that open it
	rest  time.Duration // how long it stays open before a trial

	state    State
	failures int
	until    time.Time // end of the rest while open
}

func newBreaker(limit int, rest time.Duration) breaker {
	return breaker{limit: limit, rest: rest, state: Closed}
}

// admit says whether a question may go out now. After the rest exactly one may, until its outcome is known.
func (b breaker) admit(now time.Time) (breaker, bool) {
	switch {
	case b.state == Closed:
		return b, true
	case b.state == Open && !now.Before(b.until):
		b.state = HalfOpen
		return b, true
	}
	return b, false
}

func (b breaker) succeeded() breaker { return newBreaker(b.limit, b.rest) }

func (b breaker) failed(now time.Time) breaker {
	b.failures++
	if b.state == HalfOpen || b.failures >= b.limit {
		b.state, b.until = Open, now.Add(b.rest)
	}
	return b
}

// abandoned is the step of a question whose asker left before the outcome: it says nothing about the register, but a
// trial must not stay out for ever.
func (b breaker) abandoned() breaker {
	if b.state == HalfOpen {
		b.state = Open // its rest is over: the next question is the trial
	}
	return b
}
