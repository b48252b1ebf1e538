package disposition_test

import (
	"encoding/json"
	"errors"
	"testing"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/law"
)

var (
	totp    = authn.Method{Name: law.TOTP, Level: law.Substantial}
	passkey = authn.Method{Name: law.Passkey, Level: law.Substantial}
	phone   = authn.Method{Name: law.Phone, Level: law.Low}
	card    = authn.Method{Name: law.Card, Level: law.High}
	methods = []authn.Method{totp, phone, card}
	clerk   = disposition.Actor{Channel: disposition.Desk, Clerk: "c", Office: "o"}
)

func online(m authn.Method) disposition.Actor {
	return disposition.Actor{Channel: disposition.Online, Method: m}
}

func TestChanges(t *testing.T) {
	forbids := func(m ...law.Method) authn.Disposition { return authn.Disposition{Forbidden: m} }
	limits := func(m law.Method, kinds ...string) authn.Disposition {
		return authn.Disposition{Kinds: map[law.Method][]string{m: kinds}}
	}
	type change = disposition.Change
	for _, c := range []struct {
		name   string
		before authn.Disposition
		change change
		by     disposition.Actor
		err    error
	}{
		{"somebody forbids the telephone", authn.Disposition{}, change{Act: disposition.Forbid, Method: law.Phone}, online(totp), nil},
		{"a method may end itself", authn.Disposition{}, change{Act: disposition.Forbid, Method: law.TOTP}, online(totp), nil},
		{"a forbidden method does not come back by itself", forbids(law.TOTP), change{Act: disposition.Allow, Method: law.TOTP}, online(totp), disposition.ErrOwn},
		{"but by another", forbids(law.TOTP), change{Act: disposition.Allow, Method: law.TOTP}, online(card), nil},
		{"or at a desk", forbids(law.TOTP, law.Card, law.Phone), change{Act: disposition.Allow, Method: law.TOTP}, clerk, nil},
		{"not by a weak one", forbids(law.TOTP), change{Act: disposition.Allow, Method: law.TOTP}, online(phone), disposition.ErrTooWeak},
		{"a strong one comes back by a substantial one", forbids(law.Card), change{Act: disposition.Allow, Method: law.Card}, online(totp), nil},
		{"limiting instead of forbidding opens, too", forbids(law.TOTP), change{Act: disposition.Limit, Method: law.TOTP, Kinds: []string{"tax"}}, online(totp), disposition.ErrOwn},
		{"a limit is made narrower by the method itself", limits(law.TOTP, "tax", "health"), change{Act: disposition.Limit, Method: law.TOTP, Kinds: []string{"tax"}}, online(totp), nil},
		{"not wider", limits(law.TOTP, "tax"), change{Act: disposition.Limit, Method: law.TOTP, Kinds: []string{"tax", "health"}}, online(totp), disposition.ErrOwn},
		{"nor another", limits(law.TOTP, "tax"), change{Act: disposition.Limit, Method: law.TOTP, Kinds: []string{"health"}}, online(totp), disposition.ErrOwn},
		{"a limit to nothing", authn.Disposition{}, change{Act: disposition.Limit, Method: law.TOTP}, online(totp), disposition.ErrChange},
		{"a limit to what is no kind", authn.Disposition{}, change{Act: disposition.Limit, Method: law.TOTP, Kinds: []string{"tax", "magic"}}, online(totp), disposition.ErrChange},
		{"an unknown method", authn.Disposition{}, change{Act: disposition.Forbid, Method: "magic"}, online(totp), disposition.ErrChange},
		{"an unknown act", authn.Disposition{}, change{Act: "dance"}, online(totp), disposition.ErrChange},
		{"an unknown level", authn.Disposition{}, change{Act: disposition.Least, Level: law.High + 1}, online(totp), disposition.ErrChange},
		{"only high", authn.Disposition{}, change{Act: disposition.Least, Level: law.High}, online(totp), nil},
		{"and back by what is high", authn.Disposition{Least: law.High}, change{Act: disposition.Least, Level: law.Low}, online(card), nil},
		{"not by what it keeps out", authn.Disposition{Least: law.High}, change{Act: disposition.Least}, online(totp), disposition.ErrOwn},
		{"locked on line", authn.Disposition{}, change{Act: disposition.Lock}, online(totp), nil},
		{"unlocked at a desk only", authn.Disposition{Locked: true}, change{Act: disposition.Unlock}, online(card), disposition.ErrDesk},
		{"unlocked at a desk", authn.Disposition{Locked: true}, change{Act: disposition.Unlock}, clerk, nil},
		{"by telephone, a weak one comes back", forbids(law.Phone), change{Act: disposition.Allow, Method: law.Phone}, disposition.Actor{Channel: disposition.Telephone, Method: phone}, disposition.ErrOwn},
		{"twice", forbids(law.TOTP), change{Act: disposition.Forbid, Method: law.TOTP}, online(card), disposition.ErrSame},
		{"locked twice", authn.Disposition{Locked: true}, change{Act: disposition.Lock}, online(card), disposition.ErrSame},
	} {
		t.Run(c.name, func(t *testing.T) {
			was := text(t, c.before)
			after, err := c.change.Apply(c.before, c.by, methods)
			if !errors.Is(err, c.err) {
				t.Fatalf("%v, want %v", err, c.err)
			}
			if text(t, c.before) != was {
				t.Error("what was before was changed")
			}
			if (text(t, after) == was) != (c.err != nil) {
				t.Errorf("after: %s", text(t, after))
			}
		})
	}
}

func text(t *testing.T, d authn.Disposition) string {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// every are all changes, with two kinds of services for all of them.
func every() (all []disposition.Change) {
	for _, m := range methods {
		all = append(all, disposition.Change{Act: disposition.Forbid, Method: m.Name}, disposition.Change{Act: disposition.Allow, Method: m.Name},
			disposition.Change{Act: disposition.Limit, Method: m.Name, Kinds: []string{"tax"}}, disposition.Change{Act: disposition.Limit, Method: m.Name, Kinds: []string{"health"}})
	}
	for l := law.NoLevel; l <= law.High; l++ {
		all = append(all, disposition.Change{Act: disposition.Least, Level: l})
	}
	return append(all, disposition.Change{Act: disposition.Lock}, disposition.Change{Act: disposition.Unlock})
}

// walk knows where each change leads that somebody may make, once it was tried.
type walk struct {
	t     *testing.T
	known map[string]map[string]authn.Disposition // by state and actor
}

func newWalk(t *testing.T) walk { return walk{t, map[string]map[string]authn.Disposition{}} }

// from are the states that one change by the actor leads to.
func (w walk) from(name string, d authn.Disposition, by disposition.Actor) map[string]authn.Disposition {
	key := name + " " + string(by.Channel) + " " + string(by.Method.Name)
	if w.known[key] == nil {
		w.known[key] = map[string]authn.Disposition{}
		for _, c := range every() {
			if after, err := c.Apply(d, by, methods); err == nil {
				w.known[key][text(w.t, after)] = after
			}
		}
	}
	return w.known[key]
}

// reachable are all states that changes lead to, by those who may make them.
func (w walk) reachable(from authn.Disposition, by func(authn.Disposition) []disposition.Actor) map[string]authn.Disposition {
	first := text(w.t, from)
	seen := map[string]authn.Disposition{first: from}
	for open := []string{first}; len(open) > 0; open = open[1:] {
		d := seen[open[0]]
		for _, actor := range by(d) {
			for name, after := range w.from(open[0], d, actor) {
				if _, known := seen[name]; !known {
					seen[name] = after
					open = append(open, name)
				}
			}
		}
	}
	return seen
}

// Every state that people can come to has a way back, at any desk, by at most a
// change for each method, one for the level and one for the lock.
func TestEveryStateHasAWayBack(t *testing.T) {
	all := newWalk(t).reachable(authn.Disposition{}, func(authn.Disposition) []disposition.Actor {
		return []disposition.Actor{online(totp), online(card), online(phone), clerk}
	})
	if len(all) != 4*4*4*4*2 { // each method free, forbidden, or limited in two ways; four levels; locked or not
		t.Errorf("%d states", len(all))
	}
	for name, d := range all {
		changes := 0
		back := []disposition.Change{{Act: disposition.Unlock}, {Act: disposition.Least}}
		for _, m := range methods {
			back = append(back, disposition.Change{Act: disposition.Allow, Method: m.Name})
		}
		for _, c := range back {
			after, err := c.Apply(d, clerk, methods)
			if err == nil {
				d, changes = after, changes+1
			} else if !errors.Is(err, disposition.ErrSame) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !d.Free() || changes > len(methods)+2 {
			t.Errorf("%s: %s is left after %d changes", name, text(t, d), changes)
		}
	}
}

// Whoever has one method only, a thief among them, never opens a way for it that
// the person had closed, whatever they do in whatever order.
func TestOneMethodAloneOpensNothingForItself(t *testing.T) {
	w := newWalk(t)
	starts := w.reachable(authn.Disposition{}, func(authn.Disposition) []disposition.Actor { return []disposition.Actor{clerk} })
	for _, m := range methods {
		for name, start := range starts {
			if !start.Allows(m, "") {
				continue // it does not come in at all
			}
			for to, d := range w.reachable(start, func(d authn.Disposition) []disposition.Actor {
				if d.Allows(m, "") {
					return []disposition.Actor{online(m)}
				}
				return nil
			}) {
				for _, kind := range []string{"tax", "health", "other", ""} {
					if !start.Allows(m, kind) && d.Allows(m, kind) {
						t.Fatalf("%s went from %s to %s by itself", m.Name, name, to)
					}
				}
				if start.Locked && !d.Locked {
					t.Fatalf("%s unlocked %s", m.Name, name)
				}
			}
		}
	}
}

func TestWhatACloserDispositionEnds(t *testing.T) {
	forbidden := authn.Disposition{Forbidden: []law.Method{law.TOTP}}
	if !disposition.Closes(authn.Disposition{}, forbidden, methods) || disposition.Closes(forbidden, authn.Disposition{}, methods) {
		t.Error("forbidding closes, allowing does not")
	}
	if disposition.Closes(authn.Disposition{}, authn.Disposition{Locked: true}, methods) {
		t.Error("a lock closes nothing that is open")
	}
	for _, c := range []struct {
		d    authn.Disposition
		has  []authn.Method
		want bool
	}{
		{authn.Disposition{}, []authn.Method{totp}, true},
		{forbidden, []authn.Method{totp}, false},
		{forbidden, []authn.Method{totp, phone}, false}, // too weak for the person's own pages
		{forbidden, []authn.Method{totp, passkey}, true},
		{authn.Disposition{Least: law.High}, []authn.Method{totp, passkey}, false},
		{authn.Disposition{Kinds: map[law.Method][]string{law.TOTP: {"tax"}}}, []authn.Method{totp}, true},
	} {
		if got := disposition.Leaves(c.d, c.has); got != c.want {
			t.Errorf("%+v with %v: %v", c.d, c.has, got)
		}
	}
}
