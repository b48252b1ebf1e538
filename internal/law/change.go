package law

import "time"

// What changes an account or ends it is announced, and waits, so that its owner can stop what they did not ask for.
var changeRules = []rule{
	{"deletion.cooling-off", "time between the announcement of an account's deletion and the deletion", period(time.Hour, 90*day),
		[]Row{{Value: "72 h", From: start2005, Source: "ours"}}},
	{"change.link-life", "time to confirm a change or a deletion from the letter", period(10*time.Minute, 30*day),
		[]Row{{Value: "24 h", From: start2005, Source: "ours; NIST SP 800-63B, 4.2.1"}}},
	{"change.stop-period", "time in which what an office changes on an account can be stopped from the letter", period(time.Hour, 30*day),
		[]Row{{Value: "24 h", From: start2005, Source: "ours"}}},
	{"recovery.link-life", "time to set a new password from the letter", period(5*time.Minute, 24*time.Hour),
		[]Row{{Value: "1 h", From: start2005, Source: "ours; NIST SP 800-63B, 4.2.1"}}},
	{"review.share", "share of a desk's sensitive acts that a second clerk reviews", number(0, 100, "%"),
		[]Row{{Value: "10 %", From: start2005, Source: "ours"}}},
}

// DeletionCoolingOff is how long a deletion is announced before it is carried out (R14).
func (t Table) DeletionCoolingOff(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "deletion.cooling-off", at)
}

// LinkLife is how long the link in a letter confirms a change of address or a deletion.
func (t Table) LinkLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "change.link-life", at)
}

// StopPeriod is how long what an office changes on an account can be stopped from the letter that announces it.
func (t Table) StopPeriod(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "change.stop-period", at)
}

// ResetLife is how long the link in a letter sets a new password.
func (t Table) ResetLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "recovery.link-life", at)
}

// ReviewShare is the share of a desk's sensitive acts, in percent, that a lot gives to a second clerk to review.
func (t Table) ReviewShare(at time.Time) int { return valueAt[int](t, "review.share", at) }
