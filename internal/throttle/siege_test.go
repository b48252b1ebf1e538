package throttle_test

import (
	"fmt"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
	"kapu/internal/volatile"
)

// siege is a gate with the law's own rules on a real database.
type siege struct {
	*testing.T
	*throttle.Gate
	clock *storetest.Clock
	law   law.Table
}

func besiege(t *testing.T, db *store.DB, clock *storetest.Clock) *siege {
	table := law.Default()
	gate, err := throttle.New(throttle.Config{Store: volatile.NewSQL(db), Key: make([]byte, 32), Purpose: "password", Rules: throttle.WatchedRulesOf(table), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return &siege{t, gate, clock, table}
}

// guess tries once; it tells whether the secret was looked at.
func (s *siege) guess(account, address string) bool {
	s.Helper()
	a := s.Attempt(account, address, false)
	wait, err := a.Begin(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	if wait > 0 {
		return false
	}
	if err := a.Failed(s.Context()); err != nil {
		s.Fatal(err)
	}
	return true
}

// owner signs in on a device that is remembered.
func (s *siege) owner(account, address string) {
	s.Helper()
	a := s.Attempt(account, address, true)
	wait, err := a.Begin(s.Context())
	if err != nil || wait > 0 {
		s.Fatalf("the owner waits %v on a known device: %v", wait, err)
	}
	if err := a.Succeeded(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// TestASiegeOfOneAccount is what `kapu bench attack` shows at full size: whatever is
// guessed at one account from many addresses, its owner's known device never waits,
// and no more guesses are looked at than the law lets through.
func TestASiegeOfOneAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := besiege(t, db, clock)
		began, looked := clock.Now(), 0
		const minutes, perMinute, addresses = 30, 40, 100
		for i := range minutes * perMinute {
			if s.guess("KisAnna", fmt.Sprintf("10.0.%d.1", i%addresses)) {
				looked++
			}
			if i%perMinute == 0 {
				s.owner("KisAnna", "10.0.0.1") // from one of the attackers' own addresses
			}
			clock.Advance(time.Minute / perMinute)
		}
		bound := s.law.AccountDelays(began).Within(clock.Now().Sub(began))
		if looked > bound || looked < s.law.WrongSecretsBeforeLock(began) {
			t.Errorf("%d of %d guesses were looked at, the law lets %d through", looked, minutes*perMinute, bound)
		}
	})
}

// TestStuffingOverManyAccounts: each name once, from networks that take turns. After
// the alarm no network gets further than the law lets it.
func TestStuffingOverManyAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := besiege(t, db, clock)
		now, looked := clock.Now(), 0
		const names, nets = 1500, 20
		for i := range names {
			if s.guess(fmt.Sprint("Name", i), fmt.Sprintf("10.1.%d.%d", i%nets, 1+i/nets)) {
				looked++
			}
			clock.Advance(100 * time.Millisecond)
		}
		r := s.law.StuffingDelays(now)
		slack := 5 // two names may be the same bit of a set
		most := s.law.AttackAlarm(now).Floor + nets*(r.Alarmed+slack+r.Within(150*time.Second)-r.Before)
		if looked > most {
			t.Errorf("%d of %d names were tried, %d at most", looked, names, most)
		}
		if alarmed, err := s.Alarmed(t.Context()); !alarmed || err != nil {
			t.Errorf("no alarm: %v", err)
		}
		s.owner("Name1", "10.1.1.1")
		if !s.guess("Somebody", "192.0.2.1") {
			t.Error("a quiet network has to wait at its first attempt")
		}
	})
}
