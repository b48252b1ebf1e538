package law

import "time"

var totpRules = []rule{
	{"totp.digits", "digits of an Ügyfélkapu+ code", number(6, 8, ""),
		[]Row{{Value: "6", From: plus2022, Source: "004"}}},
	{"totp.period", "life of an Ügyfélkapu+ code", period(15*time.Second, time.Minute),
		[]Row{{Value: "30 s", From: plus2022, Source: "004"}}},
	{"totp.tolerance", "steps by which an app's clock may differ, either way", number(0, 2, ""),
		[]Row{{Value: "1", From: plus2022, Source: "ours"}}},
	{"totp.revocation", "time to revoke a newly requested second factor from the notice", period(time.Hour, 30*day),
		[]Row{{Value: "72 h", From: plus2022, Source: "ours"}}},
}

var mailCodeRules = []rule{
	{"mailcode.digits", "digits of a mailed code", number(6, 8, ""),
		[]Row{{Value: "6", From: plus2022, Source: "ours"}}},
	{"mailcode.life", "time to type a mailed code", period(time.Minute, time.Hour),
		[]Row{{Value: "10 min", From: plus2022, Source: "ours"}}},
	{"mailcode.hourly", "mailed codes that an account may ask for in an hour", number(1, 60, ""),
		[]Row{{Value: "6", From: plus2022, Source: "ours"}}},
	{"mailcode.rest", "time after choosing a password by a letter in which mailed codes count for nothing", period(time.Hour, 30*day),
		[]Row{{Value: "72 h", From: plus2022, Source: "ours"}}},
}

// MailCodeRest is how long after a password was chosen by a letter mailed codes count for nothing.
func (t Table) MailCodeRest(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "mailcode.rest", at)
}

// MailCode is the shape of a mailed code, for people without an app: its digits, how long it can be typed, and how many
// an account may ask for in an hour.
func (t Table) MailCode(at time.Time) (digits int, life time.Duration, hourly int) {
	return valueAt[int](t, "mailcode.digits", at), valueAt[time.Duration](t, "mailcode.life", at), valueAt[int](t, "mailcode.hourly", at)
}

// TOTP is the shape of an Ügyfélkapu+ code (R17; RFC 6238): its digits, how long one lasts, and by how many steps an
// app's clock may differ in either direction. No digits: not in force.
func (t Table) TOTP(at time.Time) (digits int, period time.Duration, skew int) {
	return valueAt[int](t, "totp.digits", at), valueAt[time.Duration](t, "totp.period", at), valueAt[int](t, "totp.tolerance", at)
}

// PlusRevocation is how long a newly requested second factor can be revoked from the notice.
func (t Table) PlusRevocation(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "totp.revocation", at)
}
