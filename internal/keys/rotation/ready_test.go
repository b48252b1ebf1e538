package rotation_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// process is one of several that share a database.
type process struct {
	t     *testing.T
	clock *storetest.Clock
	set   *rotation.Set
	seen  *rotation.Sightings
}

func start(t *testing.T, db *store.DB, ring *keys.Ring, clock *storetest.Clock) *process {
	t.Helper()
	p := &process{t, clock, rotation.New(db, "oidc", keys.ES256, keys.DefaultSchedule(), clock.Now), rotation.NewSightings(db, ring, clock.Now)}
	p.set.Watch(p.seen)
	tick(t, p.set)
	return p
}

// fetch is that somebody fetched the keys from this process.
func (p *process) fetch(address, named string) {
	p.seen.Fetched(p.set.Published(p.clock.Now()), address, named)
	p.flush()
}

func (p *process) flush() {
	p.t.Helper()
	if _, err := p.seen.Flush(context.Background()); err != nil {
		p.t.Fatal(err)
	}
}

// ready tells which services have the key that waits, and which not.
func (p *process) ready() (fetched, missing, unseen string) {
	p.t.Helper()
	states, err := p.set.States(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	r := states[len(states)-1].Readiness
	return strings.Join(r.Fetched, " "), strings.Join(r.Missing, " "), strings.Join(r.Unseen, " ")
}

func (p *process) expectReady(fetched, missing, unseen string) {
	p.t.Helper()
	f, m, u := p.ready()
	if diff := cmp.Diff([]string{fetched, missing, unseen}, []string{f, m, u}); diff != "" {
		p.t.Errorf("have it, miss it, cannot be seen: %s", diff)
	}
}

func rotateWhenReady(t *testing.T, p *process) {
	t.Helper()
	if err := p.set.RotateWhenReady(t.Context(), keys.DefaultPatience()); err != nil {
		t.Fatal(err)
	}
}

func TestAKeySignsWhenEveryActiveServiceHasFetchedIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ring := storetest.Ring(t)
		one, two := start(t, db, ring, clock), start(t, db, ring, clock)
		var told []rotation.Settled
		for _, p := range []*process{one, two} {
			p.set.OnSettled(func(_ *store.Tx, s rotation.Settled) error { told = append(told, s); return nil })
		}
		first := active(one.set, clock)
		one.seen.Service("asleep", "192.0.2.9")
		one.flush()
		clock.Advance(rotation.ActiveFor + time.Minute)
		one.seen.Service("tax", "192.0.2.1")
		two.seen.Service("town", "192.0.2.2")
		one.seen.Service("app", "")
		one.flush()
		two.flush()
		tick(t, one.set, two.set) // the schedule's own successor comes first, and signs a day later
		clock.Advance(24 * time.Hour)

		rotateWhenReady(t, one)
		two.fetch("192.0.2.2", "") // this process does not know the key yet: what it showed does not count
		tick(t, two.set)
		one.expectReady("", "tax town", "app")
		one.fetch("192.0.2.1", "")
		two.fetch("198.51.100.7", "") // a stranger
		clock.Advance(2 * time.Hour)
		tick(t, one.set, two.set)
		two.expectReady("tax", "town", "app")
		if active(one.set, clock) != first || len(told) != 0 {
			t.Fatal("the new key signs before everybody has it")
		}

		two.fetch("192.0.2.2", "")
		tick(t, two.set, one.set)
		if active(one.set, clock) != first {
			t.Error("it signs before the processes could agree")
		}
		clock.Advance(2 * time.Minute)
		if active(one.set, clock) == first || active(one.set, clock) != active(two.set, clock) {
			t.Error("the new key does not sign, or not everywhere")
		}
		if len(told) != 1 || len(told[0].Missing) != 0 || !slices.Equal(told[0].Fetched, []string{"tax", "town"}) {
			t.Errorf("told %+v", told)
		}
		if n := len(one.set.Published(clock.Now())); n != 2 {
			t.Errorf("%d keys are published: the one before must be, for what it signed", n)
		}
	})
}

func TestOneServiceThatIsNeverSeenHoldsNothingUpForEver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		p := start(t, db, storetest.Ring(t), clock)
		first := active(p.set, clock)
		var told []rotation.Settled
		p.set.OnSettled(func(_ *store.Tx, s rotation.Settled) error { told = append(told, s); return nil })
		p.seen.Service("tax", "192.0.2.1")
		p.flush()
		rotateWhenReady(t, p)
		clock.Advance(keys.DefaultPatience().AtMost - time.Second)
		tick(t, p.set)
		if active(p.set, clock) != first {
			t.Fatal("it did not wait")
		}
		clock.Advance(time.Second)
		if active(p.set, clock) == first {
			t.Error("a process that has not looked yet signs on with the key before")
		}
		tick(t, p.set)
		if len(told) != 1 || !slices.Equal(told[0].Missing, []string{"tax"}) || !told[0].Active.Equal(clock.Now()) {
			t.Errorf("told %+v", told)
		}
	})
}

func TestWhoseAFetchWas(t *testing.T) {
	const shared, own, strange = "203.0.113.1", "192.0.2.1", "198.51.100.1"
	for _, c := range []struct {
		name, from, named string
		tax               bool // it was the service tax
	}{
		{"from its own address", own, "", true},
		{"from its own address, with its name", own, "tax", true},
		{"from its own address, with another's name", own, "town", false},
		{"from an address of two", shared, "", false},
		{"from an address of two, with its name", shared, "tax", true},
		{"from an address of two, with the other's name", shared, "town", false},
		{"from elsewhere", strange, "", false},
		{"from elsewhere, with its name", strange, "tax", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, clock := storetest.SQLite(t)
			p := start(t, db, storetest.Ring(t), clock)
			p.seen.Service("tax", own)
			p.seen.Service("tax", shared)
			p.seen.Service("town", shared)
			p.flush()
			rotateWhenReady(t, p)
			p.fetch(c.from, c.named)
			if fetched, _, _ := p.ready(); strings.Contains(fetched, "tax") != c.tax {
				t.Errorf("they have it: %q", fetched)
			}
		})
	}
}

func TestAServiceMayFetchBeforeItIsKnownFromThere(t *testing.T) {
	db, clock := storetest.SQLite(t)
	p := start(t, db, storetest.Ring(t), clock)
	rotateWhenReady(t, p)
	p.fetch("192.0.2.1", "")
	p.seen.Service("tax", "192.0.2.1")
	p.flush()
	p.expectReady("tax", "", "")
}

func TestAServiceThatOnlySendsPeopleIsMissingUntilItsMachinesAreSeen(t *testing.T) {
	db, clock := storetest.SQLite(t)
	p := start(t, db, storetest.Ring(t), clock)
	p.seen.Sent("tax")
	p.flush()
	rotateWhenReady(t, p)
	p.fetch("192.0.2.1", "tax") // anybody can say so
	p.expectReady("", "tax", "")
	p.seen.Service("tax", "192.0.2.1")
	p.flush()
	p.expectReady("tax", "", "")
}

func TestAServiceThatIsGoneIsNotWaitedFor(t *testing.T) {
	db, clock := storetest.SQLite(t)
	p := start(t, db, storetest.Ring(t), clock)
	p.seen.Counts = func(service, alg string) bool { return service != "gone" && (service != "other" || alg != keys.ES256) }
	p.seen.Service("gone", "192.0.2.1")
	p.seen.Service("other", "192.0.2.1") // which is never shown such keys
	p.seen.Service("tax", "192.0.2.2")
	p.flush()
	rotateWhenReady(t, p)
	p.expectReady("", "tax", "")
}

func TestWhatIsSeenAllTheTimeIsWrittenNowAndThen(t *testing.T) {
	db, clock := storetest.SQLite(t)
	p := start(t, db, storetest.Ring(t), clock)
	writes := 0
	for range 120 { // two hours
		p.seen.Service("tax", "192.0.2.1")
		n, err := p.seen.Flush(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		writes += n
		clock.Advance(time.Minute)
	}
	if writes != 2 {
		t.Errorf("written %d times", writes)
	}
}

func TestStrangersFillNoTable(t *testing.T) {
	db, clock := storetest.SQLite(t)
	p := start(t, db, storetest.Ring(t), clock)
	rotateWhenReady(t, p)
	kid := p.set.Published(clock.Now())[1].KID
	for i := range 100 {
		p.fetch("198.51.100."+string(rune('0'+i%10)), "")
	}
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		found, err := tx.KeyFetches(kid)
		if len(found) != 0 {
			t.Errorf("%d rows", len(found))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkSeeingAService(b *testing.B) {
	db, clock := storetest.SQLite(b)
	seen := rotation.NewSightings(db, storetest.Ring(b), clock.Now)
	b.ReportAllocs()
	for b.Loop() {
		seen.Service("tax", "192.0.2.1")
	}
}
