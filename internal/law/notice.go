package law

import "time"

var noticeRules = []rule{
	{"notice.network-memory", "time for which a network that a person signed in from is known", period(day, 3*365*day),
		[]Row{{Value: "180 days", From: start2005, Source: "ours"}}},
	{"notice.delays", "delays after wrong secrets before an identification that make it suspicious", number(1, 100, ""),
		[]Row{{Value: "1", From: start2005, Source: "ours"}}},
	{"notice.apart", "time within which nobody is at two unknown places", period(0, day),
		[]Row{{Value: "10 min", From: start2005, Source: "ours"}}},
	{"notice.link-life", "time for which the link in a notice is good", period(time.Hour, 90*day),
		[]Row{{Value: "14 days", From: start2005, Source: "ours"}}},
	{"phone.proof-life", "time for which a code that proves a phone is good", period(time.Minute, day),
		[]Row{{Value: "10 min", From: phone2012, Source: "ours"}}},
	{"phone.proof-digits", "digits of a code that proves a phone", number(6, 10, ""),
		[]Row{{Value: "6", From: phone2012, Source: "ours; NIST SP 800-63B, 3.1.3.2"}}},
	{"phone.proofs-a-day", "codes by text message that a person gets in a day", number(1, 100, ""),
		[]Row{{Value: "5", From: phone2012, Source: "ours"}}},
	{"statement.day", "day of the month on which statements are sent", number(1, 28, ""),
		[]Row{{Value: "2", From: start2005, Source: "ours"}}},
}

// NetworkMemory is how long a network that a person signed in from is known.
func (t Table) NetworkMemory(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "notice.network-memory", at)
}

// SuspiciousDelays is how many delays after wrong secrets make the identification after them suspicious.
func (t Table) SuspiciousDelays(at time.Time) int { return valueAt[int](t, "notice.delays", at) }

// Apart is within what time two identifications from unknown places are not one person's.
func (t Table) Apart(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "notice.apart", at)
}

// NoticeLinkLife is how long the link in a notice, by which a person says that it was not them, is good.
func (t Table) NoticeLinkLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "notice.link-life", at)
}

// PhoneProof is how long a code that proves a phone is good, and how many digits it has.
func (t Table) PhoneProof(at time.Time) (life time.Duration, digits int) {
	return valueAt[time.Duration](t, "phone.proof-life", at), valueAt[int](t, "phone.proof-digits", at)
}

// PhoneProofsADay is how many codes by text message a person gets in a day.
func (t Table) PhoneProofsADay(at time.Time) int { return valueAt[int](t, "phone.proofs-a-day", at) }

// StatementDay is the day of the month on which statements of the month before are sent.
func (t Table) StatementDay(at time.Time) int { return valueAt[int](t, "statement.day", at) }
