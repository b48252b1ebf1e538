package law

import "time"

// Attribute match (R16) answers right or wrong, so whoever may ask without end can find out anything. Who has it wrong
// waits: for one datum of one person ever longer, and a right one in between does not help; and for all people together
// once it has been wrong too often on one day. Who asks without end, even rightly, would fill a person's history.
var matchRules = []rule{
	{"match.before-delay", "wrong values of one datum of one person by one service before the first delay", number(1, 100, ""),
		[]Row{{Value: "3", From: start2005, Source: "ours"}}},
	{"match.delay", "first delay of the service with that datum of that person", period(time.Second, 30*day),
		[]Row{{Value: "1 h", From: start2005, Source: "ours"}}},
	{"match.growth", "factor by which each further wrong value lengthens it", number(1, 10, ""),
		[]Row{{Value: "4", From: start2005, Source: "ours"}}},
	{"match.cap", "longest delay of the service with that datum of that person", period(time.Second, 365*day),
		[]Row{{Value: "30 days", From: start2005, Source: "ours"}}},
	{"match.memory", "time after the last wrong value until they are forgotten", period(time.Minute, 365*day),
		[]Row{{Value: "90 days", From: start2005, Source: "ours"}}},
	{"match.questions", "questions of one service about one person on one day, right or wrong, before each further one has to wait", number(1, 10_000, ""),
		[]Row{{Value: "100", From: start2005, Source: "ours"}}},
	{"match.service-before-delay", "questions with a wrong value by one service on one day, whoever they concern, before the first delay", number(1, 1_000_000, ""),
		[]Row{{Value: "1000", From: start2005, Source: "ours"}}},
	{"match.service-delay", "first delay of the service", period(time.Second, day),
		[]Row{{Value: "10 s", From: start2005, Source: "ours"}}},
	{"match.service-growth", "factor by which each further one lengthens it", number(1, 10, ""),
		[]Row{{Value: "2", From: start2005, Source: "ours"}}},
	{"match.service-cap", "longest delay of the service", period(time.Second, day),
		[]Row{{Value: "1 h", From: start2005, Source: "ours"}}},
}

// MatchDelays is the schedule for one service with one datum of one person.
func (t Table) MatchDelays(at time.Time) Delays {
	return Delays{
		Before: valueAt[int](t, "match.before-delay", at),
		First:  valueAt[time.Duration](t, "match.delay", at),
		Growth: valueAt[int](t, "match.growth", at),
		Cap:    valueAt[time.Duration](t, "match.cap", at),
	}
}

// MatchQuestions is the schedule for one service with one person on one day, whatever the answers are.
func (t Table) MatchQuestions(at time.Time) Delays {
	d := t.MatchDelays(at)
	d.Before = valueAt[int](t, "match.questions", at)
	return d
}

// MatchMemory is how long after the last wrong value the count starts anew.
func (t Table) MatchMemory(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "match.memory", at)
}

// MatchDelaysOfService is the schedule for one service on one day, whoever it asks about.
func (t Table) MatchDelaysOfService(at time.Time) Delays {
	return Delays{
		Before: valueAt[int](t, "match.service-before-delay", at),
		First:  valueAt[time.Duration](t, "match.service-delay", at),
		Growth: valueAt[int](t, "match.service-growth", at),
		Cap:    valueAt[time.Duration](t, "match.service-cap", at),
	}
}
