package federation

import (
	"slices"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/law"
)

// Demand is what has to be proved, and how it is to be told.
type Demand struct {
	Level   law.Level    `json:"l"`
	Methods []law.Method `json:"m,omitempty"` // if any are named, only these will do
	Named   []string     `json:"n,omitempty"` // of the names that the service gave, those that somebody can reach
	Insists bool         `json:"i,omitempty"` // the answer must be one of those named
	Most    law.Level    `json:"h,omitempty"` // the answer may be no higher; NoLevel for no such bound
}

// DemandOf is what the service is registered for: the least that will do.
func DemandOf(s *catalogue.Service) Demand {
	return Demand{Level: s.MinimumLevel(), Methods: s.Method}
}

// LevelNamed is the level that a name of ours speaks of, be it that of a method.
func LevelNamed(name string) (law.Level, bool) {
	if _, level, ok := authn.ParseMethodACR(name); ok {
		return level, true
	}
	return authn.ParseACR(name)
}

// Any narrows the demand to any of the names that somebody can reach, of levels
// and of methods. ours tells whether one of the names is known at all; met, that
// one of them is within reach. A service that asks for more never gets less.
func (d *Demand) Any(names []string, rules authn.Rules) (met, ours bool) {
	least := law.High
	for _, name := range names {
		level, known := LevelNamed(name)
		ours = ours || known
		if known && slices.ContainsFunc(d.candidates(rules), func(m authn.Method) bool { return m.Names(name) }) {
			d.Named, least = append(d.Named, name), min(least, level)
		}
	}
	if len(d.Named) > 0 {
		d.narrow(least, rules)
	}
	return len(d.Named) > 0, ours
}

// AtLeast raises the demand to a level; it tells whether that is within reach.
func (d *Demand) AtLeast(level law.Level, rules authn.Rules) bool {
	d.Level = max(d.Level, level)
	return len(d.candidates(rules)) > 0
}

// AsStrongAs demands the strongest that there is up to a level, and lets the
// answer be no higher. It tells whether that is possible.
func (d *Demand) AsStrongAs(level law.Level, rules authn.Rules) bool {
	strongest := law.NoLevel
	for _, m := range d.candidates(rules) {
		strongest = max(strongest, m.Level)
	}
	if level < d.Level || strongest == law.NoLevel {
		return false
	}
	d.Level, d.Most = min(level, strongest), level
	return true
}

// candidates are the methods that would do.
func (d *Demand) candidates(rules authn.Rules) []authn.Method {
	return authn.Transaction{Request: authn.Request{Level: d.Level, Methods: d.Methods}}.Candidates(rules)
}

// narrow raises the level to the least that is named, and leaves, of the methods
// that reach it, those that do what one of the names says.
func (d *Demand) narrow(least law.Level, rules authn.Rules) {
	d.Level = max(d.Level, least)
	var methods []law.Method
	all := d.candidates(rules)
	for _, m := range all {
		if slices.ContainsFunc(d.Named, m.Names) {
			methods = append(methods, m.Name)
		}
	}
	if len(methods) < len(all) {
		d.Methods = methods
	}
}

// Asserted is how an answer names what was reached, and its level. Where the
// service named it, a method's name comes first; where it insists on certain
// levels, it is the strongest of them (OpenID Connect Core, 5.5.1.1; SAML 2.0
// Core, 3.3.2.2.1).
func (d Demand) Asserted(m authn.Method) (name string, level law.Level) {
	for _, n := range d.Named {
		if _, isLevel := authn.ParseACR(n); m.Names(n) && !isLevel {
			return n, m.Level
		} else if l, _ := authn.ParseACR(n); d.Insists && m.Names(n) {
			level = max(level, l)
		}
	}
	if level == law.NoLevel {
		level = m.Level
	}
	if d.Most != law.NoLevel {
		level = min(level, d.Most)
	}
	return authn.ACR(level), level
}

// Met tells whether an answer by that method is what the service insists on.
func (d Demand) Met(m authn.Method) bool {
	name, _ := d.Asserted(m)
	return !d.Insists || slices.Contains(d.Named, name)
}
