package authn

import (
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
)

// Event is what a room reports: this factor of this account was proved then.
type Event struct {
	Factor  Factor    `json:"f"`
	At      time.Time `json:"t"`
	Account string    `json:"a"`
	Person  string    `json:"p"`
	AMR     []string  `json:"r,omitempty"` // what was proved, beyond what the law says of the method (RFC 8176): hwk or swk
}

// Visit is a service that was reached in a session; the name by which the
// session is known there lets it be told of the end.
type Visit struct {
	Service string    `json:"s"`
	First   time.Time `json:"t"`
}

// Statement is an identifier that the person stated in a session, and that the
// register confirmed (R16). What it is, is kept elsewhere.
type Statement struct {
	Name string    `json:"n"`
	At   time.Time `json:"t"`
}

// Session is a list of events of one person. Level, freshness and what is
// still missing follow from it; none of them is stored. The zero Session is
// that of a visitor who has proved nothing.
type Session struct {
	ID     string      `json:"id"` // public name of the session (sid), not the cookie
	Events []Event     `json:"e"`
	Visits []Visit     `json:"v,omitempty"`
	Stated []Statement `json:"i,omitempty"`
	Device string      `json:"d,omitempty"` // id under which the browser is remembered; worth nothing here
	Seen   time.Time   `json:"s"`           // last request, to the minute
}

// Standing is what the account says about the session's events.
type Standing struct {
	Account      string
	Person       string
	State        identity.AccountState
	ValidUntil   time.Time
	SessionsFrom time.Time // events at or before do not count
	Provisional  bool      // nobody has checked the owner yet (R8)
	Office       string    // where the owner is a clerk, or ""; nobody unchecked is one
	Has          []string  // kinds of credentials
	Disposition  Disposition

	// What the owner lets the service of the visit have, and what not. They are
	// read only where it asks.
	Allows, Refuses []string
	// Mandates by which the owner may act for others at the service of the visit.
	// They are read only where it takes such people.
	Mandates []string
	// Heard is the factor whose secret others may know, so that it opens nothing until
	// its owner puts another in its place; "" for none. It is read only where somebody
	// has just signed in.
	Heard Factor
}

// guarded tells whether the account has more than a password. A password alone
// then adds nothing to it: whoever stole one would walk around the rest.
func (s Standing) guarded() bool {
	return slices.ContainsFunc(s.Has, func(kind string) bool { return kind != string(Password) && isFactor(Factor(kind)) })
}

// personal tells whether what stands here is a method of the person, not an account:
// what their accounts have, it does not say.
func (s Standing) personal() bool { return slices.Equal(s.Has, []string{string(Phone)}) }

// Lacks tells whether the account cannot be identified by the method, and may not
// come to be able to by its first factor alone.
func (s Standing) Lacks(m Method) bool {
	return !s.personal() && s.guarded() && slices.ContainsFunc(m.Factors, func(f Factor) bool { return !slices.Contains(s.Has, string(f)) })
}

// Open tells whether the account lets anybody in at now.
func (s Standing) Open(now time.Time) bool {
	return s.State == identity.Active && now.Before(s.ValidUntil)
}

// Account is the account whose events the session holds, or "".
func (s Session) Account() string {
	if len(s.Events) == 0 {
		return ""
	}
	return s.Events[len(s.Events)-1].Account
}

// Person is the person whom the session has proved, or "".
func (s Session) Person() string {
	if len(s.Events) == 0 {
		return ""
	}
	return s.Events[len(s.Events)-1].Person
}

// Personal tells whether the session was opened with a method of the person, which
// stands in the place of an account.
func (s Session) Personal() bool {
	return slices.ContainsFunc(s.Events, func(e Event) bool { return e.Factor == Phone })
}

// Began is the time of the first event.
func (s Session) Began() time.Time {
	if len(s.Events) == 0 {
		return time.Time{}
	}
	return s.Events[0].At
}

// Live returns what of the session still counts at now: all of it or nothing. A
// session that was opened with a factor ends when the factor is taken off.
func (s Session) Live(standing Standing, rules Rules, now time.Time) Session {
	switch {
	case len(s.Events) == 0,
		standing.Account != s.Account(),
		!standing.Open(now),
		!s.Began().After(standing.SessionsFrom),
		!now.Before(s.Began().Add(rules.SessionLife)),
		!now.Before(s.Seen.Add(rules.SessionIdle)),
		slices.ContainsFunc(s.Events, func(e Event) bool { return !slices.Contains(standing.Has, string(e.Factor)) }):
		return Session{}
	}
	return s
}

// With returns the session after another event. An event of another person
// begins a new session; a repeated factor takes the place of the older one.
func (s Session) With(e Event) Session {
	if s.Account() != "" && s.Account() != e.Account {
		s = Session{}
	}
	kept := slices.DeleteFunc(slices.Clone(s.Events), func(old Event) bool { return old.Factor == e.Factor })
	s.Events = append(kept, e)
	s.Seen = e.At
	return s
}

// Reached tells whether the service was reached in the session.
func (s Session) Reached(service string) bool {
	return slices.ContainsFunc(s.Visits, func(v Visit) bool { return v.Service == service })
}

// Visited returns the session after the service was reached.
func (s Session) Visited(service string, now time.Time) Session {
	if s.Reached(service) {
		return s
	}
	s.Visits = append(slices.Clone(s.Visits), Visit{service, now})
	return s
}

// States tells whether an identifier was stated in the session.
func (s Session) States(name string) bool {
	return slices.ContainsFunc(s.Stated, func(i Statement) bool { return i.Name == name })
}

// Stating returns the session after an identifier was stated.
func (s Session) Stating(name string, now time.Time) Session {
	if s.States(name) {
		return s
	}
	s.Stated = append(slices.Clone(s.Stated), Statement{name, now})
	return s
}

// factor returns how the factor was proved last, if at or after the given time.
func (s Session) factor(f Factor, since time.Time) (Event, bool) {
	for _, e := range s.Events {
		if e.Factor == f && !e.At.Before(since) {
			return e, true
		}
	}
	return Event{}, false
}

// Achievement is what a session is worth by one method.
type Achievement struct {
	Method  Method
	At      time.Time // the oldest of the method's proofs: auth_time
	Account string
	Person  string
	// Provisional: the person is who they say only by their own word. The
	// method's level is then no higher than the law lets it be.
	Provisional bool
}

// Achieved returns what the session has reached by the method, counting only
// proofs made at or after since.
func (s Session) Achieved(m Method, since time.Time) (Achievement, bool) {
	a := Achievement{Method: m, Account: s.Account(), Person: s.Person()}
	for i, f := range m.Factors {
		e, ok := s.factor(f, since)
		if !ok {
			return Achievement{}, false
		}
		if i == 0 || e.At.Before(a.At) {
			a.At = e.At
		}
		if len(e.AMR) > 0 { // never into what all share
			a.Method.AMR = slices.Concat(a.Method.AMR, e.AMR)
		}
	}
	return a, len(m.Factors) > 0
}

// Best returns the strongest that the session has reached, the newest of equals.
func (s Session) Best(rules Rules) (best Achievement, ok bool) {
	for _, m := range rules.Methods {
		a, reached := s.Achieved(m, time.Time{})
		if reached && (!ok || a.Method.Level > best.Method.Level) {
			best, ok = a, true
		}
	}
	return best, ok
}

// Level is the level of the strongest method that the session has reached.
func (s Session) Level(rules Rules) law.Level {
	best, _ := s.Best(rules)
	return best.Method.Level
}
