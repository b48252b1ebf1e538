package keys

import (
	"errors"
	"time"
)

// Patience says how long a new key waits for services to fetch it before it signs.
type Patience struct {
	AtLeast time.Duration // also when all have it already
	AtMost  time.Duration // also when some do not
}

// DefaultPatience waits for as long as a copy of our public keys may be kept,
// for those whom nobody can see fetching; and for a week at most, so that one
// service that is never seen holds nothing up.
func DefaultPatience() Patience { return Patience{AtLeast: time.Hour, AtMost: 7 * day} }

// longestPatience keeps an old key from signing long beyond its time.
const longestPatience = 30 * day

// Check errs if nobody can mean it.
func (p Patience) Check() error {
	if p.AtLeast < 0 || p.AtMost < p.AtLeast || p.AtMost > longestPatience {
		return errors.New("keys: a key waits for 30 days at most, and at least for no longer than that")
	}
	return nil
}

// PlanWhenReady plans a successor to the newest key that is published at once
// and signs when services have it: see [Settle]. It declines while a successor
// already waits for its time.
func PlanWhenReady(keys []SigningKey, now time.Time, s Schedule, p Patience) (Change, bool) {
	if len(keys) == 0 {
		return Plan(keys, now, s)
	}
	old := keys[len(keys)-1]
	if now.Before(old.Active) {
		return Change{}, false
	}
	latest := now.Add(p.AtMost)
	return Change{Add: Life{Published: now, Ready: now.Add(p.AtLeast), Active: latest}, Retire: retire(old, latest, s)}, true
}

// notice is how long before it signs a key that waited is fixed to: by then
// every process has looked again.
const notice = 2 * time.Minute

// Settle tells whether the newest key, if it waits, is to wait no more, and from
// when it signs. Missing says whether some service is still to be seen with it.
func Settle(keys []SigningKey, now time.Time, s Schedule, missing bool) (settled, old SigningKey, due bool) {
	if len(keys) < 2 || !keys[len(keys)-1].Waits() {
		return settled, old, false
	}
	settled = keys[len(keys)-1]
	switch soon := now.Add(notice); {
	case !now.Before(settled.Active): // its time is over: it signs since then
	case missing || now.Before(settled.Ready):
		return settled, old, false
	case soon.Before(settled.Active):
		settled.Active = soon
	}
	settled.Ready = time.Time{}
	return settled, *retire(keys[len(keys)-2], settled.Active, s), true
}
