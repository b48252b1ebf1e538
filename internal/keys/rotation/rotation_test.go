package rotation_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func open(t testing.TB, db *store.DB, clock *storetest.Clock) *rotation.Set {
	t.Helper()
	set, err := rotation.Open(context.Background(), db, "oidc", keys.ES256, keys.DefaultSchedule(), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func active(s *rotation.Set, clock *storetest.Clock) string {
	kid, _ := s.Active(clock.Now())
	return kid
}

func TestProcessesThatStartTogetherShareOneKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		var starting sync.WaitGroup
		sets := make([]*rotation.Set, 6)
		for i := range sets {
			starting.Go(func() { sets[i] = open(t, db, clock) })
		}
		starting.Wait()
		for _, s := range sets {
			if active(s, clock) == "" || active(s, clock) != active(sets[0], clock) || len(s.Published(clock.Now())) != 1 {
				t.Errorf("%q and %q", active(s, clock), active(sets[0], clock))
			}
		}
	})
}

func TestProcessesFollowARotation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		one, two := open(t, db, clock), open(t, db, clock)
		first := active(one, clock)
		clock.Advance(89 * 24 * time.Hour)
		tick(t, one, two)
		if n := len(two.Published(clock.Now())); n != 2 || active(two, clock) != first {
			t.Fatalf("a day ahead: %d published, %q signs", n, active(two, clock))
		}
		clock.Advance(24 * time.Hour)
		if active(one, clock) == first || active(one, clock) != active(two, clock) {
			t.Errorf("on the day: %q and %q sign, %q before", active(one, clock), active(two, clock), first)
		}
		clock.Advance(48 * time.Hour)
		if published := one.Published(clock.Now()); len(published) != 1 || published[0].KID == first {
			t.Errorf("after the overlap: %v", published)
		}
	})
}

func TestAnOperatorRotatesOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		set := open(t, db, clock)
		var made []rotation.Made
		set.OnMade(func(_ *store.Tx, m rotation.Made) error { made = append(made, m); return nil })
		for range 2 {
			if err := set.Rotate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		published := set.Published(clock.Now())
		if len(made) != 1 || len(published) != 2 || made[0].KID != published[1].KID || !made[0].Active.Equal(clock.Now().Add(24*time.Hour)) {
			t.Errorf("made %+v, published %v", made, published)
		}
	})
}

func TestAKeyThatCannotBeRecordedIsNotMade(t *testing.T) {
	db, clock := storetest.SQLite(t)
	set := open(t, db, clock)
	refused := errors.New("no")
	set.OnMade(func(*store.Tx, rotation.Made) error { return refused })
	if err := set.Rotate(t.Context()); !errors.Is(err, refused) || len(set.Published(clock.Now())) != 1 {
		t.Errorf("%v, %d published", err, len(set.Published(clock.Now())))
	}
}

func TestAGatewayThatSleptForYearsWakesWithAKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		first := active(open(t, db, clock), clock)
		clock.Advance(3 * 365 * 24 * time.Hour)
		woken := open(t, db, clock)
		if active(woken, clock) != first {
			t.Error("the new key signs unannounced")
		}
		clock.Advance(24 * time.Hour)
		if kid := active(woken, clock); kid == first || kid == "" {
			t.Errorf("%q", kid)
		}
	})
}

func tick(t *testing.T, sets ...*rotation.Set) {
	t.Helper()
	for _, s := range sets {
		if err := s.Tick(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkActive(b *testing.B) {
	db, clock := storetest.SQLite(b)
	set, now := open(b, db, clock), clock.Now()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if kid, _ := set.Active(now); kid == "" {
				b.Fatal("no key")
			}
		}
	})
}

func TestKeysOfAFurtherAlgorithmAreMadeWhenNeeded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		sets := rotation.NewSets(db, "oidc", keys.ES256, []string{keys.EdDSA, keys.PS256}, keys.DefaultSchedule(), clock.Now)
		if err := sets.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(sets.Published(clock.Now())); n != 1 || sets.Of(keys.PS256) != nil {
			t.Fatalf("%d keys are published before anybody needs more", n)
		}
		for range 2 {
			if err := sets.Need(t.Context(), keys.PS256, "none"); err != nil {
				t.Fatal(err)
			}
		}
		published := sets.Published(clock.Now())
		if len(published) != 2 || published[1].Alg != keys.PS256 || published[1].KID == published[0].KID {
			t.Errorf("%+v", published)
		}
		if kid, signer := sets.Of(keys.PS256).Active(clock.Now()); kid != published[1].KID || signer == nil {
			t.Errorf("%q signs", kid)
		}
		if sets.Of("none") != nil || sets.Of("HS256") != nil {
			t.Error("keys for an algorithm that is none of ours")
		}
	})
}
