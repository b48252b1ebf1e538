package law

import "time"

const longestAge = 120

var accountRules = []rule{
	{"account.longest-life", "longest validity of an account", number(1, 20, "years"),
		[]Row{{Value: "5 years", From: start2005, Source: "000 001"}}},
	{"account.reminders", "days before the end on which the citizen is reminded", numbers(1, 365, "days"),
		[]Row{{Value: "30, 7, 1 days", From: remind2011, Source: "press"}}},
	{"account.free", "accounts of one person without a fee", number(1, 100, ""),
		[]Row{{Value: "1", From: start2005, Source: "000"}}},
	{"account.further-fee", "fee of each further account", number(0, 1_000_000, "HUF"),
		[]Row{{Value: "3000 HUF", From: fee2009, Source: "municipal notices"}}},
	{"account.earliest-age", "age from which a person may have an account", number(0, longestAge, "years"),
		[]Row{{Value: "14 years", From: start2005, Source: "ours"}}},
}

// LongestLife is how many years an account may be valid (R6).
func (t Table) LongestLife(at time.Time) int { return valueAt[int](t, "account.longest-life", at) }

// ReminderDays are the days before an account's end on which a reminder goes out, the earliest first.
func (t Table) ReminderDays(at time.Time) []int { return valueAt[[]int](t, "account.reminders", at) }

// FreeAccounts is how many accounts a person has without a fee (R7).
func (t Table) FreeAccounts(at time.Time) int { return valueAt[int](t, "account.free", at) }

// FurtherAccountFee is the fee in forints of each account after the free ones (R7). It is not set before 2009-10-01,
// when the general duty was due: the clerk then states the amount.
func (t Table) FurtherAccountFee(at time.Time) (forints int, set bool) {
	return lookup[int](t, "account.further-fee", at)
}

// EarliestAge is the age in whole years from which a person may register. Without a rule nobody may.
func (t Table) EarliestAge(at time.Time) int {
	if age, set := lookup[int](t, "account.earliest-age", at); set {
		return age
	}
	return longestAge + 1
}
