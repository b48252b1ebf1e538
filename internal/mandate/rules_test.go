package mandate_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/mandate"
	"kapu/internal/store"
)

var (
	noon     = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	acts     = []mandate.Act{mandate.Accept, mandate.Refuse, mandate.Confirm, mandate.Withdraw, mandate.End, mandate.Lapse}
	roles    = []mandate.Role{mandate.Principal, mandate.Representative, mandate.Time, mandate.Account}
	states   = []store.MandateState{store.MandateOffered, store.MandateAccepted, store.MandateInForce, store.MandateRefused, store.MandateWithdrawn, store.MandateLapsed, store.MandateEnded, store.MandateExpired}
	services = []string{"tax", "town", "library", "health"}
)

const longest, answer = 100 * 24 * time.Hour, 7 * 24 * time.Hour

func termsAt(now time.Time, given ...store.Mandate) mandate.Terms {
	return mandate.Terms{Now: now, Longest: longest, Answer: answer, Open: 2, Most: 2, Given: given,
		Takes: func(s string) bool { return s == "tax" || s == "town" }}
}

// Nobody but the right one of the two does anything, and what is over stays over.
func TestWhoMayDoWhatWhen(t *testing.T) {
	may := map[string]store.MandateState{
		"offered accept representative":  store.MandateAccepted,
		"offered refuse representative":  store.MandateRefused,
		"offered withdraw principal":     store.MandateWithdrawn,
		"offered end account":            store.MandateEnded,
		"accepted confirm principal":     store.MandateInForce,
		"accepted refuse principal":      store.MandateRefused,
		"accepted refuse representative": store.MandateRefused,
		"accepted end account":           store.MandateEnded,
		"in-force end principal":         store.MandateEnded,
		"in-force end representative":    store.MandateEnded,
		"in-force end account":           store.MandateEnded,
	}
	for _, state := range states {
		for _, act := range acts {
			for _, role := range roles {
				m := store.Mandate{Principal: "anna", State: state, Services: []string{"tax"}, Due: noon.Add(time.Hour), Until: noon.Add(time.Hour)}
				if state != store.MandateOffered {
					m.Representative = "bela"
				}
				who := map[mandate.Role]string{mandate.Principal: "anna", mandate.Representative: "bela"}[role]
				after, err := mandate.Step(m, act, mandate.Actor{Role: role, Person: who}, termsAt(noon))
				want, allowed := may[string(state)+" "+string(act)+" "+string(role)]
				if (err == nil) != allowed || allowed && after.State != want {
					t.Errorf("%s %s %s: %s, %v", state, act, role, after.State, err)
				}
				if _, err := mandate.Step(m, act, mandate.Actor{Role: role, Person: "eva"}, termsAt(noon)); err == nil && role == mandate.Principal {
					t.Errorf("%s %s: a stranger passes for the principal", state, act)
				}
			}
		}
	}
}

func TestWhatMayBeOffered(t *testing.T) {
	waiting, living := store.Mandate{State: store.MandateAccepted}, store.Mandate{State: store.MandateInForce}
	for _, c := range []struct {
		name     string
		services []string
		until    time.Time
		given    []store.Mandate
		err      error
	}{
		{"one service for a day", []string{"tax"}, noon.AddDate(0, 0, 1), nil, nil},
		{"two, the longest time", []string{"town", "tax", "tax"}, noon.Add(longest), nil, nil},
		{"none", nil, noon.AddDate(0, 0, 1), nil, mandate.ErrServices},
		{"one that takes none", []string{"tax", "library"}, noon.AddDate(0, 0, 1), nil, mandate.ErrServices},
		{"for no time", []string{"tax"}, noon, nil, mandate.ErrUntil},
		{"for too long", []string{"tax"}, noon.Add(longest + time.Second), nil, mandate.ErrUntil},
		{"too many wait", []string{"tax"}, noon.AddDate(0, 0, 1), []store.Mandate{waiting, waiting}, mandate.ErrMany},
		{"those in force do not wait", []string{"tax"}, noon.AddDate(0, 0, 1), []store.Mandate{living, living, waiting}, nil},
	} {
		m, err := mandate.Offer(store.Mandate{Principal: "anna", Services: c.services, Until: c.until}, termsAt(noon, c.given...))
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
		if err == nil && (m.State != store.MandateOffered || m.Due.After(m.Until) || len(m.Services) != len(slices.Compact(m.Services))) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

func TestNoMoreThanTheLawLetsOnePersonGive(t *testing.T) {
	m := store.Mandate{Principal: "anna", Representative: "bela", State: store.MandateAccepted, Due: noon.Add(time.Hour), Until: noon.Add(time.Hour)}
	living := store.Mandate{State: store.MandateInForce}
	if _, err := mandate.Step(m, mandate.Confirm, mandate.Actor{Role: mandate.Principal, Person: "anna"}, termsAt(noon, living, living)); !errors.Is(err, mandate.ErrMany) {
		t.Error(err)
	}
}

// life is a mandate with what has been said about it.
type life struct {
	store.Mandate
	offered   time.Time
	accepted  string // by whom
	confirmed bool
	over      bool
}

// Whatever anybody does in whatever order: nobody acts for anybody without the
// will of both, for longer than was said and the law lets it be, at a service that
// was not named or takes none, for themselves, or when it is over.
func TestNobodyActsWithoutTheWillOfBoth(t *testing.T) {
	people := []string{"anna", "bela", "eva"}
	rapid.Check(t, func(t *rapid.T) {
		now := noon
		given := rapid.SliceOfDistinct(rapid.SampledFrom(services), func(s string) string { return s }).Draw(t, "services")
		until := now.Add(time.Duration(rapid.IntRange(-1, 110*24).Draw(t, "hours")) * time.Hour)
		offer, err := mandate.Offer(store.Mandate{Principal: "anna", Services: given, Until: until}, termsAt(now))
		if err != nil {
			return
		}
		l := life{Mandate: offer, offered: now}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "pause")) * time.Hour)
			act := rapid.SampledFrom(acts).Draw(t, "act")
			by := mandate.Actor{Role: rapid.SampledFrom(roles).Draw(t, "role"), Person: rapid.SampledFrom(people).Draw(t, "person")}
			l.take(t, act, by, now)
			l.check(t, people, now)
		}
	})
}

func (l *life) take(t *rapid.T, act mandate.Act, by mandate.Actor, now time.Time) {
	after, err := mandate.Step(l.Mandate, act, by, termsAt(now))
	if err != nil {
		if after.State != l.State {
			t.Fatalf("a refused step changes %s into %s", l.State, after.State)
		}
		return
	}
	if l.over {
		t.Fatalf("%s comes back by %s", l.State, act)
	}
	switch act {
	case mandate.Accept:
		l.accepted = by.Person
	case mandate.Confirm:
		l.confirmed = by.Person == "anna"
	}
	l.Mandate, l.over = after, !mandate.Lives(after)
}

func (l *life) check(t *rapid.T, people []string, now time.Time) {
	for _, who := range people {
		for _, service := range services {
			if !mandate.Gives(l.Mandate, who, service, termsAt(now)) {
				continue
			}
			switch {
			case who == "anna", who != l.accepted, !l.confirmed, l.over:
				t.Fatalf("%s acts without the will of both: %+v", who, l)
			case !slices.Contains(l.Services, service), service == "library", service == "health":
				t.Fatalf("%s acts at %s: %+v", who, service, l)
			case !now.Before(l.Until), now.Sub(l.offered) >= longest:
				t.Fatalf("%s acts at %s: %+v", who, now, l)
			}
		}
	}
}
