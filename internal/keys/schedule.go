package keys

import "time"

// Schedule says how signing keys follow one another. It is the operator's
// choice and no law: shorter lives limit what a stolen key is good for, the
// lead and the overlap leave those who cache our public keys time to follow.
type Schedule struct {
	Lead    time.Duration // published before it signs
	Active  time.Duration // signs
	Overlap time.Duration // published after it has signed; Forever: always
}

// Forever, as an overlap, keeps a public key published for good: what it
// signed, such as the heads of the ledger, must be provable in any later year.
const Forever time.Duration = -1

const day = 24 * time.Hour

// DefaultSchedule suits tokens that live for hours at most.
func DefaultSchedule() Schedule { return Schedule{Lead: day, Active: 90 * day, Overlap: 2 * day} }

// LedgerSchedule is for the keys that sign the heads of the ledger.
func LedgerSchedule() Schedule { return Schedule{Lead: day, Active: 365 * day, Overlap: Forever} }

// Change is one step of a rotation: a key to be made, and the key before it,
// whose end is now known. Retire is nil for the first key of all.
type Change struct {
	Add    Life
	Retire *SigningKey
}

// Plan tells whether a key is due to be made, given those there are in the
// order of their making. The first key signs at once; a later one is due when
// the lead before the newest key's end begins, and never signs unpublished.
func Plan(keys []SigningKey, now time.Time, s Schedule) (Change, bool) {
	if len(keys) == 0 {
		return Change{Add: Life{Published: now, Active: now}}, true
	}
	end := keys[len(keys)-1].Active.Add(s.Active)
	if now.Before(end.Add(-s.Lead)) {
		return Change{}, false
	}
	return succeed(keys, now, end, s), true
}

// PlanNow plans a successor to the newest key without waiting for its end: it
// signs as soon as it has been published for the lead. It declines while a
// successor already waits for its time.
func PlanNow(keys []SigningKey, now time.Time, s Schedule) (Change, bool) {
	if len(keys) == 0 {
		return Plan(keys, now, s)
	}
	if now.Before(keys[len(keys)-1].Active) {
		return Change{}, false
	}
	return succeed(keys, now, now, s), true
}

// succeed plans a successor that signs from the given moment, or later if it
// could not be published for the lead before.
func succeed(keys []SigningKey, now, from time.Time, s Schedule) Change {
	if earliest := now.Add(s.Lead); from.Before(earliest) {
		from = earliest
	}
	return Change{Add: Life{Published: now, Active: from}, Retire: retire(keys[len(keys)-1], from, s)}
}

// retire ends a key.
func retire(old SigningKey, at time.Time, s Schedule) *SigningKey {
	old.Retired = at
	if s.Overlap != Forever {
		old.Gone = at.Add(s.Overlap)
	}
	return &old
}

// ActiveAt is the key that signs at the moment: the newest that may. Before the
// first key's time, by a clock that lags behind its maker's, it is the first.
func ActiveAt(keys []SigningKey, now time.Time) (SigningKey, bool) {
	for i := len(keys) - 1; i >= 0; i-- {
		if keys[i].activeAt(now) {
			return keys[i], true
		}
	}
	if len(keys) > 0 && now.Before(keys[0].Active) {
		return keys[0], true
	}
	return SigningKey{}, false
}

// PublishedAt are the keys whose public halves are to be shown at the moment,
// oldest first.
func PublishedAt(keys []SigningKey, now time.Time) (published []SigningKey) {
	for _, k := range keys {
		if k.publishedAt(now) {
			published = append(published, k)
		}
	}
	return published
}
