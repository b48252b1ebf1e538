package law

import "time"

var activationRules = []rule{
	{"activation.period", "time to activate a registration before it is deleted", period(time.Hour, 90*day),
		[]Row{{Value: "5 days", From: start2005, Source: "000 001"}}},
	{"activation.code-digits", "digits of the mailed activation code", number(6, 12, ""),
		[]Row{{Value: "8", From: start2005, Source: "ours"}}},
	{"registration.case-life", "time without a change after which an unfinished case at a desk is given up and its data deleted", period(day, 365*day),
		[]Row{{Value: "30 days", From: start2005, Source: "ours"}}},
	{"esign.confirmation", "time to confirm a registration made with an electronic signature", period(time.Hour, 30*day),
		[]Row{{Value: "1 day", From: start2005, Source: "000"}}},
}

// ActivationPeriod is how long a registration waits for its activation (R5).
func (t Table) ActivationPeriod(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "activation.period", at)
}

// ActivationCodeDigits is the length of the one-time code.
func (t Table) ActivationCodeDigits(at time.Time) int {
	return valueAt[int](t, "activation.code-digits", at)
}

// CaseLife is how long a case at a desk may lie unfinished and untouched.
func (t Table) CaseLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "registration.case-life", at)
}

// ESignConfirmation is how soon a registration made with an electronic signature must be confirmed (R9).
func (t Table) ESignConfirmation(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "esign.confirmation", at)
}
