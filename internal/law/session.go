package law

import "time"

var sessionRules = []rule{
	{"session.longest-life", "longest life of a session", period(5*time.Minute, 24*time.Hour),
		[]Row{{Value: "8 h", From: start2005, Source: "ours; NIST SP 800-63B, 2.2.3"}}},
	{"session.idle", "time without a request after which a session ends", period(time.Minute, 24*time.Hour),
		[]Row{{Value: "30 min", From: start2005, Source: "ours; NIST SP 800-63B, 2.2.3"}}},
	{"signin.life", "time to finish signing in", period(time.Minute, 2*time.Hour),
		[]Row{{Value: "20 min", From: start2005, Source: "ours"}}},
	{"session.most", "sessions of one person that live at once; one more ends the oldest", number(1, 1000, ""),
		[]Row{{Value: "50", From: start2005, Source: "ours"}}},
	{"device.memory", "time for which a device that signed in is remembered", period(day, 3*365*day),
		[]Row{{Value: "90 days", From: start2005, Source: "ours"}}},
	{"device.most", "devices that are remembered for one account; one more forgets that which was used least lately", number(1, 1000, ""),
		[]Row{{Value: "20", From: start2005, Source: "ours"}}},
}

// SessionLife is how long a session lasts at most, however busy (R1).
func (t Table) SessionLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "session.longest-life", at)
}

// SessionIdle is how long a session lasts without a request.
func (t Table) SessionIdle(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "session.idle", at)
}

// TransactionLife is how long a visitor has from a service's request to its answer.
func (t Table) TransactionLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "signin.life", at)
}

// MostSessions is how many sessions of one person live at once.
func (t Table) MostSessions(at time.Time) int { return valueAt[int](t, "session.most", at) }

// MostDevices is how many devices are remembered for one account.
func (t Table) MostDevices(at time.Time) int { return valueAt[int](t, "device.most", at) }

// DeviceMemory is how long a device that signed in before stays open while strangers slow the account.
func (t Table) DeviceMemory(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "device.memory", at)
}
