package law

import "time"

var telephoneRules = []rule{
	{"telephone.first-change", "time to change the first telephone password", period(time.Hour, 90*day),
		[]Row{{Value: "5 days", From: phone2012, Source: "004"}}},
	{"telephone.password-digits", "digits of a telephone password", number(6, 12, ""),
		[]Row{{Value: "6", From: phone2012, Source: "public description"}}},
	{"telephone.asked-digits", "digits of the telephone password asked in a call", number(2, 6, ""),
		[]Row{{Value: "3", From: phone2012, Source: "public description"}}},
}

// TelephoneFirstChange is how long the first telephone password lasts (R20).
func (t Table) TelephoneFirstChange(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "telephone.first-change", at)
}

// TelephoneDigits is how many digits a call asks of how many the telephone password has (R20).
func (t Table) TelephoneDigits(at time.Time) (asked, of int) {
	return valueAt[int](t, "telephone.asked-digits", at), valueAt[int](t, "telephone.password-digits", at)
}
