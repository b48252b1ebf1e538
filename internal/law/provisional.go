package law

import "time"

// Nobody has checked who made a provisional registration (R8): it is worth little, and making many of them costs time.
var provisionalRules = []rule{
	{"provisional.life", "validity of a provisional registration", period(day, 365*day),
		[]Row{{Value: "30 days", From: start2005, Source: "000"}}},
	{"provisional.level", "highest level that a provisional registration reaches", readLevel,
		[]Row{{Value: "low", From: start2005, Source: "000; Regulation (EU) 2015/1502, 2.1.2"}}},
	{"provisional.wait", "time that a provisional registration waits where the browser does not compute", period(time.Second, 10*time.Minute),
		[]Row{{Value: "20 s", From: start2005, Source: "ours"}}},
	{"provisional.work-bits", "zero bits that a browser computes instead of waiting", number(8, 32, ""),
		[]Row{{Value: "18", From: start2005, Source: "ours"}}},
	{"provisional.per-address", "provisional registrations a day from one network address", number(1, 10_000, ""),
		[]Row{{Value: "5", From: start2005, Source: "ours"}}},
	{"provisional.per-mail-domain", "provisional registrations a day at one mail domain", number(1, 1_000_000, ""),
		[]Row{{Value: "200", From: start2005, Source: "ours"}}},
}

// ProvisionalLife is how long a provisional registration is valid (R8).
func (t Table) ProvisionalLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "provisional.life", at)
}

// ProvisionalLevel is the highest level that a provisional registration reaches, whatever it signs in with.
func (t Table) ProvisionalLevel(at time.Time) Level {
	return valueAt[Level](t, "provisional.level", at)
}

// ProvisionalWait is how long a provisional registration waits where the browser does not compute.
func (t Table) ProvisionalWait(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "provisional.wait", at)
}

// ProvisionalWorkBits is how many leading zero bits a browser computes instead of waiting.
func (t Table) ProvisionalWorkBits(at time.Time) int {
	return valueAt[int](t, "provisional.work-bits", at)
}

// ProvisionalPerAddress is how many provisional registrations one network address may begin in a day.
func (t Table) ProvisionalPerAddress(at time.Time) int {
	return valueAt[int](t, "provisional.per-address", at)
}

// ProvisionalPerMailDomain is how many provisional registrations a day one mail domain may bring before they are slowed.
func (t Table) ProvisionalPerMailDomain(at time.Time) int {
	return valueAt[int](t, "provisional.per-mail-domain", at)
}
