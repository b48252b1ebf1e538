package throttle

import (
	"errors"
	"time"

	"kapu/internal/law"
)

// Rules are the growing delays in force at one moment.
type Rules struct {
	Account law.Delays
	Address law.Delays    // wants to be lenient: many people share an address
	Memory  time.Duration // so long after the last wrong attempt the count starts anew
	Lanes   int           // so many accounts, addresses and networks are kept apart; 0: all are

	Networks law.Stuffing // when a whole network has to wait; zero: never
	Alarm    law.Alarm    // when there are too many wrong secrets in all; zero: never
}

// RulesOf asks a law table for the rules of the day, for secrets that nobody stuffs:
// each account and address for itself.
func RulesOf(table law.Table) func(at time.Time) Rules {
	return func(at time.Time) Rules {
		return Rules{Account: table.AccountDelays(at), Address: table.AddressDelays(at), Memory: table.AttemptsMemory(at), Lanes: table.Lanes(at)}
	}
}

// WatchedRulesOf are [RulesOf], and those by which attacks on many accounts are seen.
func WatchedRulesOf(table law.Table) func(at time.Time) Rules {
	alone := RulesOf(table)
	return func(at time.Time) Rules {
		r := alone(at)
		r.Networks, r.Alarm = table.StuffingDelays(at), table.AttackAlarm(at)
		return r
	}
}

// rule is the part of Rules that holds for one key.
type rule struct {
	law.Delays
	memory time.Duration
}

// count is what is remembered under one key: wrong attempts in a row, and when
// the last one was.
type count struct {
	wrong int
	last  time.Time
}

// wait is how long to wait before the next attempt. It is never more than the
// whole delay, also if another machine's clock is ahead.
func (r rule) wait(c count, now time.Time) time.Duration {
	delay := r.After(c.wrong)
	return min(max(c.last.Add(delay).Sub(now), 0), delay)
}

// another counts one more wrong attempt, the first one if the others are forgotten.
func (r rule) another(c count, now time.Time) count {
	if now.Sub(c.last) >= r.memory {
		c.wrong = 0
	}
	return count{wrong: c.wrong + 1, last: now}
}

// less takes one attempt back. When the one before it was is not known any
// more, only that its delay had ended: so it counts as just ended.
func (r rule) less(c count, now time.Time) count {
	wrong := max(c.wrong-1, 0)
	return count{wrong: wrong, last: now.Add(-r.After(wrong))}
}

// life is how long a count matters.
func (r rule) life() time.Duration { return max(r.memory, r.Cap) }

var errState = errors.New("throttle: stored count is unreadable")
