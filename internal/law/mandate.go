package law

import "time"

// A mandate (meghatalmazás) lets another person act for a citizen at chosen services.
var mandateRules = []rule{
	{"mandate.longest", "longest time for which a mandate is given", period(day, 5*366*day),
		[]Row{{Value: "366 days", From: plus2022, Source: "ours; Act V of 2013, 6:15"}}},
	{"mandate.accept", "time to accept an offered mandate, and then to confirm who accepted it", period(time.Hour, 60*day),
		[]Row{{Value: "7 days", From: plus2022, Source: "ours"}}},
	{"mandate.open", "offers of one person that wait at the same time", number(1, 100, ""),
		[]Row{{Value: "5", From: plus2022, Source: "ours"}}},
	{"mandate.most", "mandates of one person that are in force at the same time", number(1, 1000, ""),
		[]Row{{Value: "20", From: plus2022, Source: "ours"}}},
	{"mandate.kept", "time for which a mandate that is over stays on the pages of both people", period(day, 366*day),
		[]Row{{Value: "90 days", From: plus2022, Source: "ours"}}},
}

// LongestMandate is the longest time for which a mandate is given.
func (t Table) LongestMandate(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "mandate.longest", at)
}

// MandateAnswer is how long an offered mandate waits for somebody to accept it, and then for its giver to confirm who did.
func (t Table) MandateAnswer(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "mandate.accept", at)
}

// MostMandateOffers is how many offers of one person wait at the same time.
func (t Table) MostMandateOffers(at time.Time) int { return valueAt[int](t, "mandate.open", at) }

// MostMandates is how many mandates of one person are in force at the same time.
func (t Table) MostMandates(at time.Time) int { return valueAt[int](t, "mandate.most", at) }

// MandateKept is how long a mandate that is over stays on the pages of both people.
func (t Table) MandateKept(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "mandate.kept", at)
}
