package authn_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/authn"
	"kapu/internal/law"
)

func TestWhatIsThePersonsToGive(t *testing.T) {
	both := session(now.Add(-time.Minute), authn.Password, authn.TOTP)
	decided := func(allows, refuses []string) authn.Standing {
		s := plus
		s.Allows, s.Refuses = allows, refuses
		return s
	}
	asking := authn.Request{Service: "town", Level: law.Substantial, Asks: []string{"address", "email"}}
	with := func(change func(*authn.Transaction)) authn.Transaction {
		tr := authn.Transaction{Request: asking, Opened: now}
		change(&tr)
		return tr
	}
	for _, c := range []struct {
		name string
		t    authn.Transaction
		s    authn.Session
		st   authn.Standing
		room authn.Room
		err  string
	}{
		{"asked for the first time", with(func(*authn.Transaction) {}), both, plus, authn.Consent, ""},
		{"decided before", with(func(*authn.Transaction) {}), both, decided([]string{"email"}, []string{"address"}), authn.Reply, ""},
		{"all refused before", with(func(*authn.Transaction) {}), both, decided(nil, []string{"address", "email"}), authn.Reply, ""},
		{"asked for more than was decided", with(func(*authn.Transaction) {}), both, decided([]string{"email"}, nil), authn.Consent, ""},
		{"asked again", with(func(tr *authn.Transaction) { tr.Request.AskAgain = true }), both, decided([]string{"address", "email"}, nil), authn.Consent, ""},
		{"asked again, and decided", with(func(tr *authn.Transaction) { tr.Request.AskAgain, tr.Decided = true, true }), both, decided([]string{"address", "email"}, nil), authn.Reply, ""},
		{"nothing may be shown", with(func(tr *authn.Transaction) { tr.Request.Passive = true }), both, plus, authn.Reply, authn.ErrConsent},
		{"nothing may be shown, and nothing need be", with(func(tr *authn.Transaction) { tr.Request.Passive = true }), both, decided([]string{"address", "email"}, nil), authn.Reply, ""},
		{"a stranger signs in first", with(func(*authn.Transaction) {}), authn.Session{}, authn.Standing{}, authn.Choose, ""},
		{"an identifier comes before", with(func(tr *authn.Transaction) { tr.Request.Demands = []string{"tax_number"} }), both, plus, authn.Identify, ""},
		{"an identifier stated in the session", with(func(tr *authn.Transaction) { tr.Request.Demands = []string{"tax_number"} }), both.Stating("tax_number", now), plus, authn.Consent, ""},
		{"another identifier stated", with(func(tr *authn.Transaction) { tr.Request.Demands = []string{"tax_number"} }), both.Stating("taj", now), plus, authn.Identify, ""},
		{"an identifier, and nothing may be shown", with(func(tr *authn.Transaction) {
			tr.Request.Demands, tr.Request.Passive = []string{"tax_number"}, true
		}), both, plus, authn.Reply, authn.ErrIdentify},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := authn.Next(c.t, c.s, c.st, rules); got.Room != c.room || got.Error != c.err {
				t.Errorf("%q %q, want %q %q", got.Room, got.Error, c.room, c.err)
			}
		})
	}
}

// Whatever was asked and decided, no service is answered while something is open.
func TestNoAnswerWithoutADecision(t *testing.T) {
	names := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"email", "address", "name", "taj", "tax_number"}), rapid.ID)
	rapid.Check(t, func(t *rapid.T) {
		tr := authn.Transaction{Opened: now, Decided: rapid.Bool().Draw(t, "decided"), Request: authn.Request{
			Service: "town", Level: law.Substantial, Asks: names.Draw(t, "asks"), Demands: names.Draw(t, "demands"),
			AskAgain: rapid.Bool().Draw(t, "again"), Passive: rapid.Bool().Draw(t, "passive"),
		}}
		standing := plus
		standing.Allows, standing.Refuses = names.Draw(t, "allows"), names.Draw(t, "refuses")
		s := session(now.Add(-time.Minute), authn.Password, authn.TOTP)
		for _, name := range names.Draw(t, "stated") {
			s = s.Stating(name, now)
		}
		step := authn.Next(tr, s, standing, rules)
		if step.Room != authn.Reply || step.Error != "" {
			return
		}
		for _, name := range tr.Request.Demands {
			if !s.States(name) {
				t.Errorf("answered without %s", name)
			}
		}
		for _, name := range tr.Request.Asks {
			if !tr.Decided && !slices.Contains(standing.Allows, name) && !slices.Contains(standing.Refuses, name) {
				t.Errorf("answered though %s is undecided", name)
			}
		}
	})
}

// Who signs in at the same browser has stated nothing.
func TestAnotherPersonHasStatedNothing(t *testing.T) {
	s := session(now, authn.Password, authn.TOTP).Stating("taj", now)
	s = s.With(authn.Event{Factor: authn.Password, At: now, Account: "b", Person: "q"})
	if s.States("taj") {
		t.Error("the other's statement stayed")
	}
}
