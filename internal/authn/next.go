package authn

import (
	"slices"
	"time"

	"kapu/internal/law"
)

// Room is a place of the corridor.
type Room string

// The rooms.
const (
	Reply     Room = "reply"       // the door answers the service
	Choose    Room = "choose"      // the chooser (R19)
	Prove     Room = "prove"       // the room of Step.Factor
	Enrol     Room = "enrol"       // the room where Step.Factor is added
	Identify  Room = "identify"    // the person states an identifier, which is compared with the register (R16)
	Behalf    Room = "behalf"      // the person says for whom they act
	Consent   Room = "consent"     // the person decides what else the service may have
	Replace   Room = "replace"     // the person puts another secret in the place of that of Step.Factor
	Refuse    Room = "refuse"      // a page that says why it cannot go on; back to the service from there
	WrongSelf Room = "self"        // signed in as another person than the service asked for
	NotFinal  Room = "provisional" // signed in with a provisional registration, which does not reach so far (R8)
)

// Errors of a Reply, by what went wrong. A door translates them to its protocol.
const (
	ErrLoginRequired = "login_required" // nothing may be shown, but something must be proved
	ErrUnmet         = "unmet"          // no method reaches what was asked
	ErrDenied        = "denied"         // the visitor turned back
	ErrForbidden     = "forbidden"      // the person has forbidden every method that would do
	ErrLocked        = "locked"         // a method would have to be added, which the person has forbidden
	ErrProvisional   = "provisional"    // the service does not accept provisional registrations
	ErrIdentify      = "identify"       // nothing may be shown, but an identifier must be stated
	ErrConsent       = "consent"        // nothing may be shown, but the person must decide what the service may have
	ErrBehalf        = "behalf"         // nothing may be shown, but the person must say for whom they act
)

// Step is where the visitor goes.
type Step struct {
	Room     Room
	Factor   Factor      // for Prove, Enrol and Replace
	Method   law.Method  // the method on whose way the factor lies
	Achieved Achievement // for Reply, when Error is ""
	Mandate  string      // for Reply: by which the person acts for another; "" in their own matter
	Error    string      // for Reply and Refuse
}

// Next says where the visitor of the transaction goes, given a session that is
// live and the standing of its account. It is the only place where this is decided.
func Next(t Transaction, s Session, standing Standing, rules Rules) Step {
	if t.Refused != "" {
		return Step{Room: Reply, Error: t.Refused}
	}
	rules = rules.For(standing.Disposition, t.Request.Kind)
	if t.Request.Enrol != "" && standing.guarded() {
		t.Request.Level = max(t.Request.Level, law.Substantial)
	}
	candidates := t.Candidates(rules)
	if len(candidates) == 0 || t.shut(s, standing, rules, candidates) {
		return refuse(t, t.outOfReach(rules))
	}
	if s.Person() != "" && t.Request.Person != "" && s.Person() != t.Request.Person && !t.Request.Passive {
		return Step{Room: WrongSelf}
	}
	if s.Person() != "" && !t.Request.admits(standing, rules) {
		if t.Request.Passive {
			return Step{Room: Reply, Error: ErrProvisional}
		}
		return Step{Room: NotFinal, Error: ErrProvisional}
	}
	if a, ok := achieved(t, s, candidates); ok && !t.mustChoose() {
		return arrive(t, s, standing, a.of(standing, rules))
	}
	if t.Request.Passive {
		return Step{Room: Reply, Error: ErrLoginRequired}
	}
	return onward(t, s, standing, rules, candidates)
}

// outOfReach says why no method will do.
func (t Transaction) outOfReach(rules Rules) string {
	if slices.ContainsFunc(rules.Forbidden, t.Request.Allows) {
		return ErrForbidden
	}
	return ErrUnmet
}

// shut tells whether a known person has forbidden what would do, and has nothing
// else that they could begin with.
func (t Transaction) shut(s Session, standing Standing, rules Rules, candidates []Method) bool {
	return s.Person() != "" && !standing.personal() && slices.ContainsFunc(rules.Forbidden, t.Request.Allows) &&
		!slices.ContainsFunc(candidates, func(m Method) bool { return slices.Contains(standing.Has, string(m.Factors[0])) })
}

// of is the achievement as far as it counts for somebody of that standing.
func (a Achievement) of(s Standing, rules Rules) Achievement {
	if a.Provisional = s.Provisional; a.Provisional {
		a.Method.Level = min(a.Method.Level, rules.Provisional)
	}
	return a
}

// mustChoose is true until a visitor whom the service lets choose anew has chosen.
func (t Transaction) mustChoose() bool { return t.Request.Choose && t.Chosen == "" }

// achieved returns the strongest candidate that the session has reached.
func achieved(t Transaction, s Session, candidates []Method) (best Achievement, ok bool) {
	for _, m := range candidates {
		a, reached := s.Achieved(m, t.Request.Since)
		if !reached || t.Request.Person != "" && a.Person != t.Request.Person {
			continue
		}
		if !ok || m.Level > best.Method.Level {
			best, ok = a, true
		}
	}
	return best, ok
}

// arrive answers the service, after what else the request leads through.
func arrive(t Transaction, s Session, standing Standing, a Achievement) Step {
	if t.Request.Enrol != "" {
		return enrol(t, standing, Step{Factor: t.Request.Enrol, Achieved: a})
	}
	if t.Proved && !t.Request.Passive && standing.Heard != "" && a.Method.Level >= law.Substantial {
		return Step{Room: Replace, Factor: standing.Heard, Achieved: a}
	}
	room, missing := Reply, ""
	behalf := t.behalf(standing)
	switch {
	case behalf == "":
		room, missing = Behalf, ErrBehalf
	case behalf != Own: // what the person says of themselves is not what the service is told
		return Step{Room: Reply, Achieved: a, Mandate: behalf}
	case t.Unstated(s) != "":
		room, missing = Identify, ErrIdentify
	case t.undecided(standing):
		room, missing = Consent, ErrConsent
	}
	if t.Request.Passive {
		return Step{Room: Reply, Achieved: a, Error: missing}
	}
	return Step{Room: room, Achieved: a}
}

// Unstated is the first identifier that the service demands and the session lacks.
func (t Transaction) Unstated(s Session) string {
	i := slices.IndexFunc(t.Request.Demands, func(name string) bool { return !s.States(name) })
	if i < 0 {
		return ""
	}
	return t.Request.Demands[i]
}

// undecided tells whether the service asks for something of which its owner has not
// said yes or no.
func (t Transaction) undecided(standing Standing) bool {
	if len(t.Request.Asks) == 0 || t.Decided {
		return false
	}
	return t.Request.AskAgain || slices.ContainsFunc(t.Request.Asks, func(name string) bool {
		return !slices.Contains(standing.Allows, name) && !slices.Contains(standing.Refuses, name)
	})
}

// enrol leads to the room where a factor is added, unless the person has locked
// their identity against it.
func enrol(t Transaction, standing Standing, step Step) Step {
	if standing.Disposition.Locked {
		return refuse(t, ErrLocked)
	}
	step.Room = Enrol
	return step
}

// onward finds the next thing to prove. A session that has begun goes on
// without choosing again: this is the step-up.
func onward(t Transaction, s Session, standing Standing, rules Rules, candidates []Method) Step {
	chosen, ok := rules.Method(t.Chosen)
	if !ok && !t.mustChoose() {
		chosen, ok = begun(s, candidates, t.Request.Since)
	}
	if !ok {
		return Step{Room: Choose}
	}
	for _, f := range chosen.Factors {
		if _, proved := s.factor(f, t.Request.Since); proved {
			continue
		}
		if s.Account() != "" && f != chosen.Factors[0] && !slices.Contains(standing.Has, string(f)) {
			if standing.guarded() && s.Level(rules) < law.Substantial {
				return guard(t, s, standing, rules)
			}
			return enrol(t, standing, Step{Factor: f, Method: chosen.Name})
		}
		return Step{Room: Prove, Factor: f, Method: chosen.Name}
	}
	// All is proved, and yet it is not enough: a stronger candidate of the same beginning.
	if stronger, ok := begun(s, candidates, t.Request.Since); ok && stronger.Name != chosen.Name {
		return onward(Transaction{Request: t.Request, Chosen: stronger.Name}, s, standing, rules, candidates)
	}
	return Step{Room: Choose}
}

// guard asks for what the account has before anything is added to it.
func guard(t Transaction, s Session, standing Standing, rules Rules) Step {
	for _, m := range rules.Methods {
		if m.Level < law.Substantial || standing.Lacks(m) {
			continue
		}
		for _, f := range m.Factors {
			if _, proved := s.factor(f, time.Time{}); !proved {
				return Step{Room: Prove, Factor: f, Method: m.Name}
			}
		}
	}
	return refuse(t, ErrForbidden)
}

// begun finds a candidate whose first factor the session has proved.
func begun(s Session, candidates []Method, since time.Time) (Method, bool) {
	for _, m := range candidates {
		if _, ok := s.factor(m.Factors[0], since); ok {
			return m, true
		}
	}
	return Method{}, false
}

func refuse(t Transaction, reason string) Step {
	switch {
	case !t.Request.Passive:
		return Step{Room: Refuse, Error: reason}
	case reason == ErrForbidden, reason == ErrLocked: // what people forbid is nobody's business
		return Step{Room: Reply, Error: ErrLoginRequired}
	}
	return Step{Room: Reply, Error: reason}
}
