package throttle

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kapu/internal/law"
)

// shelf is a Store with the test's clock.
type shelf struct {
	mu     sync.Mutex
	now    func() time.Time
	values map[string]entry
	writes int
	broken error
}

type entry struct {
	value   []byte
	expires time.Time
}

func (s *shelf) get(key string) ([]byte, bool) {
	e, found := s.values[key]
	if !found || !s.now().Before(e.expires) {
		return nil, false
	}
	return e.value, true
}

func (s *shelf) Get(_ context.Context, key string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, found := s.get(key)
	return value, found, s.broken
}

func (s *shelf) Put(_ context.Context, key string, value []byte, ttl time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	s.values[key] = entry{value, s.now().Add(ttl)}
	return s.broken
}

func (s *shelf) CompareAndSwap(_ context.Context, key string, old, new []byte, ttl time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, found := s.get(key)
	if found != (old != nil) || !bytes.Equal(value, old) {
		return false, s.broken
	}
	s.writes++
	s.values[key] = entry{new, s.now().Add(ttl)}
	return true, s.broken
}

var rules = Rules{
	Account: law.Delays{Before: 5, First: 30 * time.Second, Growth: 2, Cap: 10 * time.Minute},
	Address: law.Delays{Before: 20, First: 5 * time.Second, Growth: 2, Cap: time.Minute},
	Memory:  24 * time.Hour,
}

const (
	home     = "203.0.113.7"
	attacker = "198.51.100.9"
)

type world struct {
	*testing.T
	gate  *Gate
	shelf *shelf
	now   time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, now: time.Date(2026, 5, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	w.shelf = &shelf{now: clock, values: map[string]entry{}}
	w.gate = w.open("password")
	return w
}

func (w *world) open(purpose string) *Gate {
	gate, err := New(Config{Store: w.shelf, Key: bytes.Repeat([]byte{7}, 32), Purpose: purpose,
		Rules: func(time.Time) Rules { return rules }, Now: func() time.Time { return w.now }})
	if err != nil {
		w.Fatal(err)
	}
	return gate
}

func (w *world) check(account, address string, known bool) time.Duration {
	w.Helper()
	wait, err := w.gate.Attempt(account, address, known).Begin(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return wait
}

// wrong waits out the delay and gives one wrong secret; it returns the wait.
func (w *world) wrong(account, address string, known bool) time.Duration {
	w.Helper()
	wait := w.check(account, address, known)
	if wait > 0 {
		w.now = w.now.Add(wait)
		if again := w.check(account, address, known); again > 0 {
			w.Fatalf("after waiting %v it says another %v", wait, again)
		}
	}
	if err := w.gate.Attempt(account, address, known).Failed(w.Context()); err != nil {
		w.Fatal(err)
	}
	return wait
}

func TestDelayGrowsToItsCap(t *testing.T) {
	for _, account := range []string{"KisAnna", "there is no such name"} {
		w := newWorld(t)
		for i, want := range []time.Duration{0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 600, 600} {
			if got := w.wrong(account, home, false); got != want*time.Second {
				t.Errorf("%s: attempt %d waited %v, want %v", account, i+1, got, want*time.Second)
			}
		}
	}
}

func TestWaitingAttemptsDoNotProlongTheDelay(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		w.wrong("KisAnna", home, false)
	}
	writes := w.shelf.writes
	for range 100 {
		if w.check("KisAnna", home, false) != 30*time.Second {
			t.Fatal("the delay moved")
		}
	}
	if w.shelf.writes != writes {
		t.Error("refused attempts were written down")
	}
}

func TestWrongAttemptsAreForgotten(t *testing.T) {
	w := newWorld(t)
	for range 8 {
		w.wrong("KisAnna", home, false)
	}
	w.now = w.now.Add(rules.Memory)
	for i := range 5 {
		if wait := w.wrong("KisAnna", home, false); wait != 0 {
			t.Errorf("attempt %d a day later waits %v", i+1, wait)
		}
	}
}

func TestSuccessStartsAnew(t *testing.T) {
	w := newWorld(t)
	for range 4 {
		w.wrong("KisAnna", home, false)
	}
	w.check("KisAnna", home, false)
	if err := w.gate.Attempt("KisAnna", home, false).Succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if wait := w.wrong("KisAnna", home, false); wait != 0 {
			t.Errorf("attempt %d after a success waits %v", i+1, wait)
		}
	}
}

func TestStrangersCannotLockAKnownDeviceOut(t *testing.T) {
	w := newWorld(t)
	for range 40 {
		w.wrong("KisAnna", home, false) // even from the owner's own address
	}
	if w.check("KisAnna", attacker, false) == 0 {
		t.Error("another stranger is not slowed")
	}
	if wait := w.check("KisAnna", home, true); wait != 0 {
		t.Errorf("the known device waits %v", wait)
	}
	for range 5 {
		w.wrong("KisAnna", home, true)
	}
	if w.check("KisAnna", home, true) == 0 {
		t.Error("the known device's own wrong attempts do not slow it")
	}
	if err := w.gate.Attempt("KisAnna", home, true).Succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.check("KisAnna", attacker, false) == 0 {
		t.Error("the owner's success set the strangers free")
	}
}

func TestAnAddressIsSlowedOverManyAccounts(t *testing.T) {
	w := newWorld(t)
	name := func(i int) string { return "Victim" + strings.Repeat("x", i) }
	for i := range 20 {
		if wait := w.wrong(name(i), attacker, false); wait != 0 {
			t.Fatalf("account %d waits %v", i, wait)
		}
	}
	w.check("Own", attacker, false)
	if err := w.gate.Attempt("Own", attacker, false).Succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if wait := w.check(name(20), attacker, false); wait != 5*time.Second {
		t.Errorf("after 20 wrong attempts and one account of their own: %v", wait)
	}
	if wait := w.check(name(20), home, false); wait != 0 {
		t.Errorf("another address waits %v", wait)
	}
}

func TestWhatCountsAsOneAddress(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"203.0.113.7", "::ffff:203.0.113.7", true},
		{"203.0.113.7", "203.0.113.8", false},
		{"203.0.113.7:4711", "203.0.113.7:4712", true},
		{"[2001:db8::1]:1", "2001:db8::2", true},
		{"fe80::1%eth0", "fe80::1%eth1", true},
		{"", "unknown", false},
	} {
		if same := Network(c.a) == Network(c.b); same != c.same {
			t.Errorf("%q and %q: same = %v", c.a, c.b, same)
		}
	}
}

// A burst of guesses sent at the same instant gets no more looks at the secret
// than the same guesses one after another.
func TestABurstIsCounted(t *testing.T) {
	w := newWorld(t)
	var admitted atomic.Int32
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() {
			wait, err := w.gate.Attempt("KisAnna", attacker, false).Begin(context.Background())
			if err != nil {
				t.Error(err)
			}
			if wait == 0 {
				admitted.Add(1)
			}
		})
	}
	group.Wait()
	if n := admitted.Load(); n < 1 || n > 5 {
		t.Errorf("%d of 200 guesses at once were admitted, want at most 5", n)
	}
}

func TestABurstOverManyAccountsTellsNoMoreThanOneByOne(t *testing.T) {
	w := newWorld(t)
	name := func(i int) string { return "Victim" + strings.Repeat("x", i) }
	const burst = 60
	for i := range burst { // all have begun before the first has ended
		if wait := w.check(name(i), attacker, false); wait > 0 {
			t.Fatalf("attempt %d waits %v", i, wait)
		}
	}
	told := 0
	for i := range burst {
		wait, err := w.gate.Attempt(name(i), attacker, false).Overtaken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if wait > 0 {
			continue
		}
		told++
		if err := w.gate.Attempt(name(i), attacker, false).Failed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if told != rules.Address.Before {
		t.Errorf("%d of %d were told, the address may have %d", told, burst, rules.Address.Before)
	}
	if wait, err := w.gate.Attempt(name(0), attacker, true).Overtaken(t.Context()); wait > 0 || err != nil {
		t.Errorf("a known device at that address: %v, %v", wait, err)
	}
}

func TestAbandonedAttemptsCostNothing(t *testing.T) {
	w := newWorld(t)
	for i := range 20 {
		if wait := w.check("KisAnna", home, false); wait != 0 {
			t.Fatalf("attempt %d waits %v", i+1, wait)
		}
		if err := w.gate.Attempt("KisAnna", home, false).Abandoned(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPurposesAreCountedApart(t *testing.T) {
	w := newWorld(t)
	password := w.gate
	w.gate = w.open("code")
	for range 5 {
		w.wrong("KisAnna", home, false)
	}
	if err := password.Attempt("KisAnna", home, false).Succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.check("KisAnna", home, false) == 0 {
		t.Error("a right password cleared wrong codes")
	}
}

func TestTheStoreHoldsNoNames(t *testing.T) {
	w := newWorld(t)
	w.wrong("KisAnna", home, false)
	w.wrong("KisAnna", home, true)
	if len(w.shelf.values) != 3 {
		t.Errorf("%d keys, want one for each lane and one for the address", len(w.shelf.values))
	}
	for key, e := range w.shelf.values {
		if text := key + string(e.value); strings.Contains(text, "KisAnna") || strings.Contains(text, home) {
			t.Errorf("a name in %q", text)
		}
	}
}

func TestFailsClosed(t *testing.T) {
	w := newWorld(t)
	w.wrong("KisAnna", home, false)
	for key := range w.shelf.values {
		w.shelf.values[key] = entry{[]byte("garbage"), w.now.Add(time.Hour)}
	}
	if _, err := w.gate.Attempt("KisAnna", home, false).Begin(t.Context()); err == nil {
		t.Error("an unreadable count lets attempts through")
	}
	w.shelf.broken = errors.New("disk full")
	if _, err := w.gate.Attempt("NagyBela", home, false).Begin(t.Context()); !errors.Is(err, w.shelf.broken) {
		t.Errorf("a broken store: %v", err)
	}
	if _, err := New(Config{}); !errors.Is(err, ErrConfig) {
		t.Errorf("New without anything: %v", err)
	}
}

func TestAClockAheadAddsNothingToTheDelay(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		w.wrong("KisAnna", home, false)
	}
	w.now = w.now.Add(-12 * time.Hour)
	if wait := w.check("KisAnna", home, false); wait != 30*time.Second {
		t.Errorf("waits %v", wait)
	}
}

func TestRulesComeFromTheLaw(t *testing.T) {
	table := law.Default()
	at := time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC)
	got := RulesOf(table)(at)
	if got.Account.Before != table.WrongSecretsBeforeLock(at) || got.Address.Cap == 0 || got.Memory == 0 {
		t.Errorf("%+v", got)
	}
}

func FuzzNetwork(f *testing.F) {
	f.Add("203.0.113.7")
	f.Add("fe80::1%eth0")
	f.Add("[::1]:80")
	f.Fuzz(func(t *testing.T, address string) {
		if once := Network(address); Network(once) != once && !strings.Contains(once, "/") {
			t.Errorf("%q is %q and then %q", address, once, Network(once))
		}
	})
}
