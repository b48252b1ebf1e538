package card

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/store"
)

var (
	allStates = []State{Issued, Reserved, Used, Blocked, Superseded, Expired}
	allEvents = []Event{Checked, Mistaken, Exhausted, Released, Registered, Replaced, RanOut}
)

func TestTheTable(t *testing.T) {
	want := map[State]map[Event]State{
		Issued: {Checked: Reserved, Mistaken: Issued, Exhausted: Blocked, Replaced: Superseded, RanOut: Expired},
		Reserved: {Checked: Reserved, Mistaken: Reserved, Exhausted: Blocked, Released: Issued, Registered: Used,
			Replaced: Superseded, RanOut: Expired},
	}
	for _, s := range allStates {
		for _, e := range allEvents {
			got, err := Next(s, e)
			next, allowed := want[s][e]
			if allowed && (err != nil || got != next) || !allowed && (!errors.Is(err, ErrStep) || got != s) {
				t.Errorf("%s, %s: %s, %v", s, e, got, err)
			}
		}
	}
}

// Whatever happens in whatever order: a code is used only from a reservation,
// once over it stays so and knows nobody, and no wrong code brings it nearer.
func TestACodeNeverComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := store.CardCode{State: string(Issued), Reference: "somebody"}
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			was := stateOf(c)
			event := rapid.SampledFrom(allEvents).Draw(t, "event")
			is, err := step(c, event)
			if was.Over() && err == nil {
				t.Fatalf("%s was over, and %s happened to it", was, event)
			}
			if stateOf(is) == Used && was != Reserved && was != Used {
				t.Fatalf("used from %s", was)
			}
			if (event == Mistaken || event == Exhausted) && !slices.Contains([]State{was, Blocked}, stateOf(is)) {
				t.Fatalf("a wrong code led from %s to %s", was, stateOf(is))
			}
			if c = is; stateOf(c).Over() != (c.Reference == "") {
				t.Fatalf("%s knows %q", c.State, c.Reference)
			}
		}
	})
}

func TestTimeEndsReservationsAndCodes(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		state          State
		reserved, ends time.Duration // from now
		want           State
	}{
		{Issued, 0, time.Second, Issued}, {Issued, 0, 0, Expired}, {Reserved, time.Second, time.Hour, Reserved}, {Reserved, 0, time.Hour, Issued},
		{Reserved, time.Second, 0, Expired}, {Used, -time.Hour, -time.Hour, Used}, {Blocked, 0, -time.Hour, Blocked},
	} {
		code := store.CardCode{State: string(c.state), ReservedBy: "b", ReservedUntil: now.Add(c.reserved), Expires: now.Add(c.ends)}
		if got := current(code, now); stateOf(got) != c.want || got.ReservedBy != "b" {
			t.Errorf("%s: %s", c.state, got.State)
		}
	}
}
