package law

import "time"

// A call asks three of the six digits: a guess is right once in a thousand. So the
// attempts are bounded twice, in a row and in all (docs/threats.md has the sum).
var telephoneRules = []rule{
	{"telephone.first-change", "time to change the first telephone password", period(time.Hour, 90*day),
		[]Row{{Value: "5 days", From: phone2012, Source: "004"}}},
	{"telephone.identifier-digits", "digits of a telephone identifier", number(8, 12, ""),
		[]Row{{Value: "8", From: phone2012, Source: "public description"}}},
	{"telephone.password-digits", "digits of a telephone password", number(6, 12, ""),
		[]Row{{Value: "6", From: phone2012, Source: "public description"}}},
	{"telephone.asked-digits", "digits of the telephone password asked in a call", number(2, 6, ""),
		[]Row{{Value: "3", From: phone2012, Source: "public description"}}},
	{"telephone.age", "age from which a telephone identifier is issued", number(14, 100, "years"),
		[]Row{{Value: "18 years", From: phone2012, Source: "public description"}}},
	{"telephone.wrong-before-delay", "wrong answers in a row for an identifier before the first delay", number(1, 100, ""),
		[]Row{{Value: "2", From: phone2012, Source: "ours"}}},
	{"telephone.delay", "first delay of an identifier", period(time.Second, time.Hour),
		[]Row{{Value: "30 s", From: phone2012, Source: "ours"}}},
	{"telephone.delay-growth", "factor by which each further wrong answer lengthens it", number(1, 10, ""),
		[]Row{{Value: "2", From: phone2012, Source: "ours"}}},
	{"telephone.delay-cap", "longest delay of an identifier", period(time.Second, 24*time.Hour),
		[]Row{{Value: "1 h", From: phone2012, Source: "ours"}}},
	{"telephone.wrong-before-lock", "wrong answers in a row that lock an identifier until it is unlocked", number(3, 100, ""),
		[]Row{{Value: "5", From: phone2012, Source: "ours; NIST SP 800-63B, 3.2.2"}}},
	{"telephone.wrong-in-all", "wrong answers in all after which only another password opens it", number(5, 100, ""),
		[]Row{{Value: "20", From: phone2012, Source: "ours; NIST SP 800-63B, 3.2.2"}}},
	{"telephone.heard", "answers over the line, where others may listen, after which another password must be chosen", number(1, 100, ""),
		[]Row{{Value: "3", From: phone2012, Source: "ours"}}},
	{"telephone.tries-in-call", "wrong answers that end a call", number(1, 10, ""),
		[]Row{{Value: "3", From: phone2012, Source: "ours"}}},
	{"telephone.questions", "reminder questions that are answered, of those that are offered", number(3, 9, ""),
		[]Row{{Value: "6", From: phone2012, Source: "public description"}}},
	{"telephone.questions-asked", "reminder questions that are asked to unlock", number(2, 6, ""),
		[]Row{{Value: "3", From: phone2012, Source: "ours"}}},
	{"telephone.wrong-reminders", "wrong tries at the reminder questions in a row before only a desk or a strong sign-in unlocks", number(1, 10, ""),
		[]Row{{Value: "3", From: phone2012, Source: "ours"}}},
	{"telephone.spoken-life", "time to type a code that was spoken in a call", period(time.Minute, 15*time.Minute),
		[]Row{{Value: "5 min", From: phone2012, Source: "ours; NIST SP 800-63B, 3.1.3"}}},
	{"telephone.desk-life", "time in which a clerk's code brings a caller to their desk", period(time.Minute, time.Hour),
		[]Row{{Value: "15 min", From: phone2012, Source: "ours"}}},
}

// TelephoneFirstChange is how long the first telephone password lasts (R20).
func (t Table) TelephoneFirstChange(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "telephone.first-change", at)
}

// TelephoneDigits is how many digits a call asks of how many the telephone password has (R20).
func (t Table) TelephoneDigits(at time.Time) (asked, of int) {
	return valueAt[int](t, "telephone.asked-digits", at), valueAt[int](t, "telephone.password-digits", at)
}

// TelephoneIdentifierDigits is how many digits a telephone identifier has.
func (t Table) TelephoneIdentifierDigits(at time.Time) int {
	return valueAt[int](t, "telephone.identifier-digits", at)
}

// TelephoneAge is the age from which people get a telephone identifier.
func (t Table) TelephoneAge(at time.Time) int { return valueAt[int](t, "telephone.age", at) }

// TelephoneDelays is the schedule for one telephone identifier, the same for one that nobody has.
func (t Table) TelephoneDelays(at time.Time) Delays {
	return Delays{
		Before: valueAt[int](t, "telephone.wrong-before-delay", at),
		First:  valueAt[time.Duration](t, "telephone.delay", at),
		Growth: valueAt[int](t, "telephone.delay-growth", at),
		Cap:    valueAt[time.Duration](t, "telephone.delay-cap", at),
	}
}

// TelephoneLock is how many wrong answers lock an identifier: in a row until it is unlocked, in all until another
// password is chosen.
func (t Table) TelephoneLock(at time.Time) (inARow, inAll int) {
	return valueAt[int](t, "telephone.wrong-before-lock", at), valueAt[int](t, "telephone.wrong-in-all", at)
}

// TelephoneHeard is how many answers others may have heard before another password must be chosen.
func (t Table) TelephoneHeard(at time.Time) int { return valueAt[int](t, "telephone.heard", at) }

// TelephoneTries is how many wrong answers end a call.
func (t Table) TelephoneTries(at time.Time) int {
	return valueAt[int](t, "telephone.tries-in-call", at)
}

// TelephoneQuestions is how many reminder questions are answered, how many of those are asked, and how many wrong tries
// at them in a row are the last.
func (t Table) TelephoneQuestions(at time.Time) (answered, asked, tries int) {
	return valueAt[int](t, "telephone.questions", at), valueAt[int](t, "telephone.questions-asked", at), valueAt[int](t, "telephone.wrong-reminders", at)
}

// TelephoneSpokenLife is how long a code that was spoken in a call can be typed.
func (t Table) TelephoneSpokenLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "telephone.spoken-life", at)
}

// TelephoneDeskLife is how long a clerk's code brings callers to their desk, and how long a caller is shown there.
func (t Table) TelephoneDeskLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "telephone.desk-life", at)
}
