package throttle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/law"
)

// watched are the rules as they are where attacks on many accounts are looked for.
var watched = Rules{
	Account: rules.Account, Address: rules.Address, Memory: rules.Memory, Lanes: 4096,
	Networks: law.Stuffing{Delays: law.Delays{Before: 30, First: 10 * time.Second, Growth: 2, Cap: 15 * time.Minute}, Window: time.Hour, Alarmed: 3, Share: 2},
	Alarm:    law.Alarm{Window: time.Minute, Floor: 120, Factor: 5, Memory: 7 * 24 * time.Hour, Calm: 15 * time.Minute},
}

// watch opens a gate with such rules, and collects its alarms.
func (w *world) watch(r Rules) (raised *[]Excess) {
	w.Helper()
	raised = new([]Excess)
	w.gate = w.open("password")
	w.gate.config.Rules = func(time.Time) Rules { return r }
	w.gate.config.Raised = func(_ context.Context, e Excess) error { *raised = append(*raised, e); return nil }
	return raised
}

// guess tries once without waiting for anything; it returns the wait.
func (w *world) guess(account, address string) time.Duration {
	w.Helper()
	wait := w.check(account, address, false)
	if wait == 0 {
		if err := w.gate.Attempt(account, address, false).Failed(w.Context()); err != nil {
			w.Fatal(err)
		}
	}
	return wait
}

func (w *world) right(account, address string) {
	w.Helper()
	if wait := w.check(account, address, false); wait > 0 {
		w.Fatalf("%s waits %v", account, wait)
	}
	if err := w.gate.Attempt(account, address, false).Succeeded(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func name(i int) string { return fmt.Sprint("Name", i) }

func TestANetworkThatTriesManyNamesWaits(t *testing.T) {
	for kind, address := range map[string]func(i int) string{
		"IPv4 /24": func(i int) string { return fmt.Sprintf("198.51.100.%d", i%250) },
		"IPv6 /48": func(i int) string { return fmt.Sprintf("2001:db8:7:%x::1", i) },
	} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			w.watch(watched)
			tried := 0
			for w.guess(name(tried), address(tried)) == 0 && tried < 100 {
				tried++
			}
			if tried < 25 || tried > 35 {
				t.Errorf("the network tried %d names before it was delayed, not about 30", tried)
			}
			if wait := w.guess("Another", "203.0.113.7"); wait != 0 {
				t.Errorf("another network waits %v", wait)
			}
			if wait := w.check("KisAnna", address(0), true); wait != 0 {
				t.Errorf("a known device in that network waits %v", wait)
			}
			w.now = w.now.Add(time.Hour)
			if wait := w.guess("KisAnna", address(0)); wait != 0 {
				t.Errorf("an hour later it waits %v", wait)
			}
		})
	}
}

// Thousands behind one provider's addresses mistype; most of them are right.
func TestACrowdIsNotAnAttack(t *testing.T) {
	w := newWorld(t)
	w.watch(watched)
	for i := range 1200 {
		address := fmt.Sprintf("198.51.100.%d", i%250)
		if i%3 == 0 {
			w.guess("Mistyped"+name(i), address)
		} else {
			w.right(name(i), address)
		}
		w.now = w.now.Add(time.Second)
	}
	if wait := w.check("KisAnna", "198.51.100.251", false); wait != 0 {
		t.Errorf("a crowd of which a third mistypes waits %v", wait)
	}
}

func TestTheAlarm(t *testing.T) {
	w := newWorld(t)
	raised := w.watch(watched)
	everywhere := func(i int) string { return fmt.Sprintf("10.%d.%d.1", i/250, i%250) }
	for i := range 121 {
		w.guess(name(i), everywhere(i))
	}
	if len(*raised) != 1 || (*raised)[0] != (Excess{"password", 121, 0}) {
		t.Fatalf("raised: %+v", *raised)
	}
	for i := range 200 {
		w.guess(name(1000+i), everywhere(1000+i))
	}
	if len(*raised) != 1 {
		t.Errorf("the operator is told %d times of one attack", len(*raised))
	}
	const fresh = "203.0.113.7"
	tried := 0
	for w.guess(name(2000+tried), fresh) == 0 && tried < 30 {
		tried++
	}
	if tried != 3 {
		t.Errorf("during the alarm a network tries %d names, not 3", tried)
	}
	if wait := w.check("KisAnna", fresh, true); wait != 0 {
		t.Errorf("a known device waits %v", wait)
	}
	w.now = w.now.Add(16 * time.Minute)
	if alarmed, err := w.gate.Alarmed(t.Context()); alarmed || err != nil {
		t.Errorf("the alarm does not end: %v", err)
	}
	for i := range 121 {
		w.guess(name(5000+i), everywhere(5000+i))
	}
	if len(*raised) != 2 {
		t.Errorf("a second attack: told %d times", len(*raised))
	}
}

// What is usual follows the days, and an attack does not make itself usual.
func TestWhatIsUsual(t *testing.T) {
	a, now := watched.Alarm, time.Date(2026, 5, 2, 9, 0, 0, 0, time.UTC)
	p := pulse{Window: now}
	pass := func(days, perMinute int) {
		for range days * 24 * 60 {
			p.Seen, now = perMinute, now.Add(a.Window)
			p = p.roll(a, now)
		}
	}
	pass(28, 100)
	if p.Usual < 95 || p.Usual > 101 {
		t.Fatalf("after four weeks %.1f are usual, not 100", p.Usual)
	}
	quiet := p
	pass(1, 100_000)
	if p.Usual > 2*quiet.Usual {
		t.Errorf("after a day of attack %.0f are usual, before %.0f", p.Usual, quiet.Usual)
	}
	asleep := quiet.roll(a, quiet.Window.Add(30*24*time.Hour))
	if asleep.Usual > 5 {
		t.Errorf("after a month without any, %.1f are usual", asleep.Usual)
	}
}

func TestStrangersFillNoStore(t *testing.T) {
	w := newWorld(t)
	small := watched
	small.Lanes = 64
	w.watch(small)
	for i := range 20_000 {
		w.guess(name(i), fmt.Sprintf("2001:db8:%x:%x::1", i%5000, i))
		w.now = w.now.Add(time.Second)
	}
	if most := 3*small.Lanes + 1; len(w.shelf.values) > most {
		t.Errorf("20,000 names from 20,000 networks are %d values, not %d at most", len(w.shelf.values), most)
	}
}

// Two names meet at one place: whoever is delayed stays delayed, whatever the other
// does, and who comes to a place that is not is not held up.
func TestTwoNamesAtOnePlace(t *testing.T) {
	w := newWorld(t)
	one := Rules{Account: rules.Account, Address: rules.Address, Memory: rules.Memory, Lanes: 1}
	w.watch(one)
	for range 4 {
		w.wrong("KisAnna", home, false)
	}
	w.right("NagyBéla", attacker)
	for range 5 {
		w.wrong("KisAnna", home, false)
	}
	if wait := w.check("NagyBéla", attacker, false); wait == 0 {
		t.Error("who shares a place with a delayed name goes on: so could the delayed one, by another's success")
	}
	if err := w.gate.Attempt("NagyBéla", attacker, false).Succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if wait := w.check("KisAnna", home, false); wait == 0 {
		t.Error("another's success cleared the delay")
	}
	w.now = w.now.Add(rules.Account.Cap)
	w.right("NagyBéla", attacker)
}

func TestGroups(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"203.0.113.7", "203.0.113.250", true},
		{"203.0.113.7", "203.0.112.7", false},
		{"203.0.113.7:80", "::ffff:203.0.113.9", true},
		{"2001:db8:1:2::1", "2001:db8:1:ffff::1", true},
		{"2001:db8:1::1", "2001:db8:2::1", false},
		{"", "unknown", false},
	} {
		if same := Group(c.a) == Group(c.b); same != c.same {
			t.Errorf("%q and %q: same = %v", c.a, c.b, same)
		}
	}
}

func TestASetCountsItsNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digests := rapid.SliceOfNDistinct(rapid.Uint64(), 0, 200, rapid.ID).Draw(t, "names")
		var s set
		for i, d := range digests {
			mixed := d*0x9E3779B97F4A7C15 + uint64(i)*0xD1B54A32D192ED03
			s.add(mixed ^ mixed>>29)
		}
		if got, want := float64(s.size()), float64(len(digests)); math.Abs(got-want) > 8+want/4 {
			t.Errorf("%v names are counted as %v", want, got)
		}
	})
}

func TestWatchingFailsClosed(t *testing.T) {
	w := newWorld(t)
	w.watch(watched)
	w.guess("KisAnna", home)
	for key := range w.shelf.values {
		w.shelf.values[key] = entry{[]byte("garbage"), w.now.Add(time.Hour)}
	}
	if _, err := w.gate.Attempt("NagyBéla", home, false).Begin(t.Context()); err == nil {
		t.Error("what cannot be read lets attempts through")
	}
	w.shelf.broken = errors.New("disk full")
	if _, err := w.gate.Attempt("NagyBéla", "203.0.113.99", false).Begin(t.Context()); !errors.Is(err, w.shelf.broken) {
		t.Errorf("a broken store: %v", err)
	}
}
