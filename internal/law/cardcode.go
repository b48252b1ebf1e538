package law

import "time"

// The registration code of an electronic identity card (R10) comes in a paper envelope and opens one registration.
var cardCodeRules = []rule{
	{"card-code.life", "time for which the registration code of an electronic identity card can be used", period(day, 3*365*day),
		[]Row{{Value: "60 days", From: card2016, Source: "ours"}}},
	{"card-code.reservation", "time for which a checked code is kept for the browser that checked it", period(time.Minute, 24*time.Hour),
		[]Row{{Value: "15 min", From: card2016, Source: "ours"}}},
	{"card-code.tries", "wrong codes for one document before its code is blocked", number(1, 100, ""),
		[]Row{{Value: "10", From: card2016, Source: "ours"}}},
}

// CardCodeLife is how long the registration code of an electronic identity card can be used (R10).
func (t Table) CardCodeLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "card-code.life", at)
}

// CardCodeReservation is how long a checked code is kept for the browser that checked it.
func (t Table) CardCodeReservation(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "card-code.reservation", at)
}

// CardCodeTries is how many wrong codes for one document block its code.
func (t Table) CardCodeTries(at time.Time) int { return valueAt[int](t, "card-code.tries", at) }
