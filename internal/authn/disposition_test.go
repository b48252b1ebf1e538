package authn_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/authn"
	"kapu/internal/law"
)

func TestDispositions(t *testing.T) {
	both := session(now.Add(-time.Minute), authn.Password, authn.TOTP)
	first := session(now.Add(-time.Minute), authn.Password)
	with := func(d authn.Disposition, st authn.Standing) authn.Standing { st.Disposition = d; return st }
	forbidden := authn.Disposition{Forbidden: []law.Method{law.TOTP}}
	for _, c := range []struct {
		name string
		t    authn.Transaction
		s    authn.Session
		st   authn.Standing
		want authn.Step
	}{
		{"before anybody is known, nothing is told", ask(nil), authn.Session{}, authn.Standing{}, authn.Step{Room: authn.Choose}},
		{"a session by a method that is forbidden opens nothing", ask(nil), both, with(forbidden, plus), authn.Step{Room: authn.Refuse, Error: authn.ErrForbidden}},
		{"nor does what is forbidden show without a page", ask(func(q *authn.Request) { q.Passive = true }), both, with(forbidden, plus),
			authn.Step{Room: authn.Reply, Error: authn.ErrLoginRequired}},
		{"whoever has proved the first half learns it", ask(nil), first, with(forbidden, plus), authn.Step{Room: authn.Refuse, Error: authn.ErrForbidden}},
		{"limited to services of another kind", ask(nil), both, with(authn.Disposition{Kinds: map[law.Method][]string{law.TOTP: {"health"}}}, plus),
			authn.Step{Room: authn.Refuse, Error: authn.ErrForbidden}},
		{"limited to services of this kind", ask(nil), both, with(authn.Disposition{Kinds: map[law.Method][]string{law.TOTP: {"health", "tax"}}}, plus), authn.Step{Room: authn.Reply}},
		{"a limit of kinds leaves the gateway's own pages open", ask(func(q *authn.Request) { q.Kind = "" }), both,
			with(authn.Disposition{Kinds: map[law.Method][]string{law.TOTP: {"health"}}}, plus), authn.Step{Room: authn.Reply}},
		{"not below high", ask(nil), both, with(authn.Disposition{Least: law.High}, plus), authn.Step{Room: authn.Refuse, Error: authn.ErrForbidden}},
		{"at least substantial", ask(nil), both, with(authn.Disposition{Least: law.Substantial}, plus), authn.Step{Room: authn.Reply}},
		{"what nothing reaches is not the person's doing", ask(func(q *authn.Request) { q.Level = law.High }), both, with(forbidden, plus),
			authn.Step{Room: authn.Refuse, Error: authn.ErrUnmet}},
		{"whoever has another way is led there", ask(nil), both, with(forbidden, keyed), authn.Step{Room: authn.Prove}},
		{"and arrives by it", ask(nil), session(now.Add(-time.Minute), authn.Passkey), with(forbidden, keyed), authn.Step{Room: authn.Reply}},
		{"a passkey is not added to a locked identity", ask(func(q *authn.Request) { q.Enrol = authn.Passkey }), both, with(authn.Disposition{Locked: true}, plus),
			authn.Step{Room: authn.Refuse, Error: authn.ErrLocked}},
		{"a locked identity gets no new method", ask(nil), first, with(authn.Disposition{Locked: true}, plain), authn.Step{Room: authn.Refuse, Error: authn.ErrLocked}},
		{"nor another of the same kind", ask(func(q *authn.Request) { q.Enrol = authn.TOTP }), both, with(authn.Disposition{Locked: true}, plus),
			authn.Step{Room: authn.Refuse, Error: authn.ErrLocked}},
		{"a locked identity is used as before", ask(nil), both, with(authn.Disposition{Locked: true}, plus), authn.Step{Room: authn.Reply}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := authn.Next(c.t, c.s, c.st, rules)
			if got.Room != c.want.Room || got.Error != c.want.Error {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func ask(change func(*authn.Request)) authn.Transaction {
	tr := authn.Transaction{Opened: now, Request: authn.Request{Service: "tax", Kind: "tax", Level: law.Substantial}}
	if change != nil {
		change(&tr.Request)
	}
	return tr
}

// Whatever is laid down, no answer is given by what is forbidden, and nothing is
// added to a locked identity.
func TestNoAnswerByWhatIsForbidden(t *testing.T) {
	kinds := []string{"tax", "health"}
	rapid.Check(t, func(t *rapid.T) {
		d := authn.Disposition{
			Forbidden: rapid.SliceOfDistinct(rapid.SampledFrom(law.Methods()), rapid.ID).Draw(t, "forbidden"),
			Kinds: rapid.MapOf(rapid.SampledFrom(law.Methods()),
				rapid.SliceOfDistinct(rapid.SampledFrom(kinds), rapid.ID)).Draw(t, "kinds"),
			Least:  law.Level(rapid.IntRange(0, 3).Draw(t, "least")),
			Locked: rapid.Bool().Draw(t, "locked"),
		}
		st := rapid.SampledFrom([]authn.Standing{plain, plus, keyed}).Draw(t, "standing")
		st.Disposition = d
		s := rapid.SampledFrom([]authn.Session{{}, session(now, authn.Password), session(now, authn.Password, authn.TOTP)}).Draw(t, "session")
		if s.Person() == "" {
			st = authn.Standing{}
		}
		tr := ask(func(q *authn.Request) {
			q.Kind = rapid.SampledFrom(append(kinds, "")).Draw(t, "kind")
			q.Level = law.Level(rapid.IntRange(0, 3).Draw(t, "level"))
			q.Passive = rapid.Bool().Draw(t, "passive")
			q.Enrol = rapid.SampledFrom([]authn.Factor{"", authn.TOTP}).Draw(t, "enrol")
		})
		tr.Chosen = rapid.SampledFrom([]law.Method{"", law.Password, law.TOTP}).Draw(t, "chosen")
		step := authn.Next(tr, s, st, rules)
		switch {
		case step.Room == authn.Enrol && st.Disposition.Locked:
			t.Error("a locked identity was to get another method")
		case step.Room == authn.Reply && step.Error == "" && !st.Disposition.Allows(step.Achieved.Method, tr.Request.Kind):
			t.Errorf("answered by %s", step.Achieved.Method.Name)
		case tr.Request.Passive && (step.Error == authn.ErrForbidden || step.Error == authn.ErrLocked):
			t.Error("a service learned what the person forbids")
		case step.Room == authn.Prove && s.Person() != "" && slices.Contains(st.Disposition.Forbidden, step.Method):
			t.Errorf("asked to prove %s, which is forbidden", step.Method)
		}
	})
}
