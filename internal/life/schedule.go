package life

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
)

// step is what the sweep does with an account that is due.
type step int

const (
	look   step = iota // only say when to look at it next
	remind             // remind its owner that it will end
	expire
)

// stepOf says what is to be done with an account at now. A closed account is not
// reminded: nobody can sign in to extend it.
func stepOf(a store.DueAccount, now time.Time) step {
	switch {
	case !now.Before(a.ValidUntil):
		return expire
	case a.Due.IsZero() || a.State != identity.Active:
		return look
	}
	return remind
}

// next is when an account is to be looked at next: on a later day for a reminder,
// or at its end. Days fall, as the law gives them. A reminder whose day has come
// does not come again: one that is late tells how many days are left in earnest,
// and an account that is as short as the days of a reminder does not get it.
func next(a store.DueAccount, days []int, now time.Time) time.Time {
	if a.State != identity.Active {
		return a.ValidUntil
	}
	for _, n := range days {
		if at := daysBefore(a.ValidUntil, n); law.Day(at).After(law.Day(now)) {
			return at
		}
	}
	return a.ValidUntil
}

// daysBefore is so many calendar days before the end, at the same time of day in Budapest.
func daysBefore(end time.Time, n int) time.Time {
	return end.In(law.Budapest).AddDate(0, 0, -n)
}

// daysLeft is how many calendar days in Budapest are left.
func daysLeft(end, now time.Time) int { return law.Day(end).DaysSince(law.Day(now)) }
