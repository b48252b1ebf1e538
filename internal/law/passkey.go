package law

import "time"

var passkeyRules = []rule{
	{"passkey.challenge-life", "time to answer the challenge to a passkey", period(30*time.Second, 20*time.Minute),
		[]Row{{Value: "5 min", From: plus2022, Source: "Web Authentication, 15.1"}}},
	{"passkey.most", "passkeys of one account", number(1, 100, ""),
		[]Row{{Value: "10", From: plus2022, Source: "ours"}}},
}

// PasskeyChallengeLife is how long the challenge of a page that asks for a passkey is good.
func (t Table) PasskeyChallengeLife(at time.Time) time.Duration {
	return valueAt[time.Duration](t, "passkey.challenge-life", at)
}

// MostPasskeys is how many passkeys an account has at most.
func (t Table) MostPasskeys(at time.Time) int {
	return valueAt[int](t, "passkey.most", at)
}
