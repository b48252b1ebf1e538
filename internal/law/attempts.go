package law

import "time"

// A stranger can slow an account, but not lock its owner out: a device that signed in before, and every other method,
// stay open. Delays open by themselves.
var attemptRules = []rule{
	{"attempts.before-lock", "wrong secrets in a row on an account before the first delay", number(1, 100, ""),
		[]Row{{Value: "5", From: start2005, Source: "NAV; NIST SP 800-63B, 3.2.2"}}},
	{"attempts.account-delay", "first delay of an account", period(time.Second, time.Hour),
		[]Row{{Value: "30 s", From: start2005, Source: "ours"}}},
	{"attempts.account-growth", "factor by which each further wrong secret lengthens it", number(1, 10, ""),
		[]Row{{Value: "2", From: start2005, Source: "ours"}}},
	{"attempts.account-cap", "longest delay of an account", period(time.Second, 24*time.Hour),
		[]Row{{Value: "1 h", From: start2005, Source: "ours"}}},
	{"attempts.address-before-delay", "wrong secrets from one network address before the first delay", number(1, 10_000, ""),
		[]Row{{Value: "20", From: start2005, Source: "ours"}}},
	{"attempts.address-delay", "first delay of a network address", period(time.Second, time.Hour),
		[]Row{{Value: "5 s", From: start2005, Source: "ours"}}},
	{"attempts.address-growth", "factor by which each further wrong secret lengthens it", number(1, 10, ""),
		[]Row{{Value: "2", From: start2005, Source: "ours"}}},
	{"attempts.address-cap", "longest delay of a network address", period(time.Second, 24*time.Hour),
		[]Row{{Value: "15 min", From: start2005, Source: "ours"}}},
	{"attempts.memory", "time after the last wrong secret until they are forgotten", period(time.Minute, 30*day),
		[]Row{{Value: "24 h", From: start2005, Source: "ours"}}},
}

// WrongSecretsBeforeLock is how many wrong secrets in a row an account takes before the first delay.
func (t Table) WrongSecretsBeforeLock(at time.Time) int {
	return valueAt[int](t, "attempts.before-lock", at)
}

// AttemptsMemory is how long after the last wrong secret the count starts anew.
func (t Table) AttemptsMemory(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "attempts.memory", at)
}

// Delays is a growing delay after wrong secrets.
type Delays struct {
	Before int           // this many wrong secrets in a row bring the first delay
	First  time.Duration // the first delay
	Growth int           // each further wrong secret multiplies it by this
	Cap    time.Duration // but never beyond this
}

// AccountDelays is the schedule for one account, the same for a username that does not exist.
func (t Table) AccountDelays(at time.Time) Delays {
	return Delays{
		Before: t.WrongSecretsBeforeLock(at),
		First:  valueAt[time.Duration](t, "attempts.account-delay", at),
		Growth: valueAt[int](t, "attempts.account-growth", at),
		Cap:    valueAt[time.Duration](t, "attempts.account-cap", at),
	}
}

// AddressDelays is the schedule for one network address, whatever accounts it tries.
func (t Table) AddressDelays(at time.Time) Delays {
	return Delays{
		Before: valueAt[int](t, "attempts.address-before-delay", at),
		First:  valueAt[time.Duration](t, "attempts.address-delay", at),
		Growth: valueAt[int](t, "attempts.address-growth", at),
		Cap:    valueAt[time.Duration](t, "attempts.address-cap", at),
	}
}

// After is how long to wait since the last wrong secret when there have been so many in a row.
func (d Delays) After(wrong int) time.Duration {
	if wrong < d.Before {
		return 0
	}
	wait := d.First
	for range wrong - d.Before {
		if wait >= d.Cap || d.Growth <= 1 {
			break
		}
		wait *= time.Duration(d.Growth)
	}
	return min(wait, d.Cap)
}
