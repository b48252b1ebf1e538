package law

import "time"

// Credential stuffing is somebody trying names and passwords from elsewhere, few at each account: no account's own
// delay sees it. It is seen by a network that is wrong about many names and right about few, and by more wrong secrets
// in all than there usually are. It raises the price for devices that nobody remembers, and for nobody else.
var stuffingRules = []rule{
	{"attempts.lanes", "accounts and addresses whose wrong attempts are kept apart, for each kind of secret; those beyond share", number(1024, 1<<24, ""),
		[]Row{{Value: "262144", From: start2005, Source: "ours"}}},
	{"stuffing.window", "time for which it is remembered about which names a network was wrong", period(time.Minute, 24*time.Hour),
		[]Row{{Value: "1 h", From: start2005, Source: "ours"}}},
	{"stuffing.names", "names about which a network (IPv4 /24, IPv6 /48) is wrong before the first delay", number(1, 500, ""),
		[]Row{{Value: "30", From: start2005, Source: "ours"}}},
	{"stuffing.names-alarm", "the same while there are more wrong secrets in all than usual", number(1, 500, ""),
		[]Row{{Value: "3", From: start2005, Source: "ours"}}},
	{"stuffing.share", "times as many names wrong as right for a network to be delayed", number(1, 100, ""),
		[]Row{{Value: "2", From: start2005, Source: "ours"}}},
	{"stuffing.delay", "first delay of such a network", period(time.Second, time.Hour),
		[]Row{{Value: "10 s", From: start2005, Source: "ours"}}},
	{"stuffing.growth", "factor by which each further wrong name lengthens it", number(1, 10, ""),
		[]Row{{Value: "2", From: start2005, Source: "ours"}}},
	{"stuffing.cap", "longest delay of such a network", period(time.Second, 24*time.Hour),
		[]Row{{Value: "15 min", From: start2005, Source: "ours"}}},
	{"alarm.window", "time in which wrong secrets in all are counted", period(10*time.Second, time.Hour),
		[]Row{{Value: "1 min", From: start2005, Source: "ours"}}},
	{"alarm.floor", "wrong secrets in that time that are never an alarm", number(1, 1_000_000, ""),
		[]Row{{Value: "120", From: start2005, Source: "ours"}}},
	{"alarm.factor", "times as many as usual that are an alarm", number(2, 100, ""),
		[]Row{{Value: "5", From: start2005, Source: "ours"}}},
	{"alarm.memory", "time from which it is known how many are usual", period(time.Hour, 90*day),
		[]Row{{Value: "7 days", From: start2005, Source: "ours"}}},
	{"alarm.calm", "time after the last excess until the alarm ends", period(time.Minute, 24*time.Hour),
		[]Row{{Value: "15 min", From: start2005, Source: "ours"}}},
}

// Lanes is how many accounts and addresses are kept apart.
func (t Table) Lanes(at time.Time) int { return valueAt[int](t, "attempts.lanes", at) }

// Stuffing is when a network that is wrong about many names is delayed. The delays' Before is of a quiet time.
type Stuffing struct {
	Delays
	Window  time.Duration // names are remembered for so long
	Alarmed int           // Before during an alarm
	Share   int           // so many times as many names wrong as right
}

// StuffingDelays is the schedule for a network.
func (t Table) StuffingDelays(at time.Time) Stuffing {
	return Stuffing{
		Delays: Delays{
			Before: valueAt[int](t, "stuffing.names", at),
			First:  valueAt[time.Duration](t, "stuffing.delay", at),
			Growth: valueAt[int](t, "stuffing.growth", at),
			Cap:    valueAt[time.Duration](t, "stuffing.cap", at),
		},
		Window:  valueAt[time.Duration](t, "stuffing.window", at),
		Alarmed: valueAt[int](t, "stuffing.names-alarm", at),
		Share:   valueAt[int](t, "stuffing.share", at),
	}
}

// Alarm is when more wrong secrets than usual are an attack.
type Alarm struct {
	Window time.Duration // they are counted in
	Floor  int           // so many never are
	Factor int           // so many times the usual are
	Memory time.Duration // of what is usual
	Calm   time.Duration // the alarm lasts so long after the last excess
}

// AttackAlarm is when more wrong secrets than usual are an attack.
func (t Table) AttackAlarm(at time.Time) Alarm {
	return Alarm{
		Window: valueAt[time.Duration](t, "alarm.window", at),
		Floor:  valueAt[int](t, "alarm.floor", at),
		Factor: valueAt[int](t, "alarm.factor", at),
		Memory: valueAt[time.Duration](t, "alarm.memory", at),
		Calm:   valueAt[time.Duration](t, "alarm.calm", at),
	}
}

// Within is how many wrong secrets a schedule lets through in a time, from a fresh start on: what a guesser has who
// misses no moment.
func (d Delays) Within(t time.Duration) (looked int) {
	for spent := time.Duration(0); spent <= t; looked++ {
		wait := d.After(looked + 1)
		if wait == 0 && looked > d.Before { // nothing ever delays: no bound
			return looked
		}
		spent += wait
	}
	return looked
}
