package disposition

import (
	"errors"
	"maps"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/law"
)

// Act is what a person does with their disposition.
type Act string

// The acts.
const (
	Forbid Act = "forbid" // a method identifies them nowhere any more
	Allow  Act = "allow"  // a method identifies them wherever its level reaches
	Limit  Act = "limit"  // a method identifies them at services of some kinds only
	Least  Act = "least"  // methods below a level identify them nowhere
	Lock   Act = "lock"   // no method is added without a visit to a desk
	Unlock Act = "unlock"
)

// Change is one act with what it is about.
type Change struct {
	Act    Act
	Method law.Method // of Forbid, Allow and Limit
	Kinds  []string   // of Limit: of catalogue.Kinds, at least one
	Level  law.Level  // of Least; NoLevel takes it back
}

// Channel is the way by which a change comes.
type Channel string

// The channels.
const (
	Online    Channel = "online"
	Desk      Channel = "office" // a clerk has looked at the person's document
	Telephone Channel = "telephone"
)

// Actor is by what way a change comes and, but for the desk, by which method the
// person was identified.
type Actor struct {
	Channel Channel
	Method  authn.Method
	Clerk   string // of a desk: id of the clerk's account
	Office  string // of a desk
}

// Why a change is refused.
var (
	ErrOwn     = errors.New("disposition: a method cannot open its own way again")
	ErrTooWeak = errors.New("disposition: identified too weakly to open the way of that method")
	ErrDesk    = errors.New("disposition: only a desk can do that")
	ErrChange  = errors.New("disposition: there is no such change")
	ErrSame    = errors.New("disposition: it is like that already")
)

// Apply is the disposition after a change by somebody. methods are those that the
// law knows, with their levels.
func (c Change) Apply(d authn.Disposition, by Actor, methods []authn.Method) (authn.Disposition, error) {
	after, err := c.after(d, methods)
	switch {
	case err != nil:
		return d, err
	case same(d, after):
		return d, ErrSame
	case by.Channel == Desk:
		return after, nil
	case d.Locked && !after.Locked:
		return d, ErrDesk
	}
	for _, m := range methods {
		if !opened(m, d, after) {
			continue
		}
		if m.Name == by.Method.Name {
			return d, ErrOwn
		}
		if by.Method.Level < min(m.Level, law.Substantial) {
			return d, ErrTooWeak
		}
	}
	return after, nil
}

// after is the disposition as the change would have it.
func (c Change) after(d authn.Disposition, methods []authn.Method) (authn.Disposition, error) {
	d.Forbidden, d.Kinds = slices.Clone(d.Forbidden), maps.Clone(d.Kinds)
	known := slices.ContainsFunc(methods, func(m authn.Method) bool { return m.Name == c.Method })
	switch c.Act {
	case Forbid, Allow, Limit:
		if !known {
			return d, ErrChange
		}
		return c.afterMethod(d)
	case Least:
		if c.Level < law.NoLevel || c.Level > law.High {
			return d, ErrChange
		}
		d.Least = c.Level
	case Lock, Unlock:
		d.Locked = c.Act == Lock
	default:
		return d, ErrChange
	}
	return d, nil
}

func (c Change) afterMethod(d authn.Disposition) (authn.Disposition, error) {
	d.Forbidden = slices.DeleteFunc(d.Forbidden, func(m law.Method) bool { return m == c.Method })
	delete(d.Kinds, c.Method)
	switch c.Act {
	case Forbid:
		d.Forbidden = append(d.Forbidden, c.Method)
		slices.Sort(d.Forbidden)
	case Limit:
		kinds := slices.DeleteFunc(catalogue.Kinds(), func(k string) bool { return !slices.Contains(c.Kinds, k) })
		if len(kinds) == 0 || len(kinds) < len(c.Kinds) {
			return d, ErrChange
		}
		if d.Kinds == nil {
			d.Kinds = map[law.Method][]string{}
		}
		d.Kinds[c.Method] = kinds
	}
	return d, nil
}

func same(a, b authn.Disposition) bool {
	return slices.Equal(a.Forbidden, b.Forbidden) && maps.EqualFunc(a.Kinds, b.Kinds, slices.Equal) && a.Least == b.Least && a.Locked == b.Locked
}

// everywhere are the kinds of services, and that of the gateway's own pages.
func everywhere() []string { return append(catalogue.Kinds(), "") }

// opened tells whether a method identifies the person somewhere where it did not.
func opened(m authn.Method, before, after authn.Disposition) bool {
	return slices.ContainsFunc(everywhere(), func(kind string) bool { return !before.Allows(m, kind) && after.Allows(m, kind) })
}

// Closes tells whether a change from one disposition to another takes a way away
// from a method: what was opened by it then counts no more.
func Closes(before, after authn.Disposition, methods []authn.Method) bool {
	return slices.ContainsFunc(methods, func(m authn.Method) bool { return opened(m, after, before) })
}

// Leaves tells whether any of the methods still opens the person's own pages, so
// that they can change their mind on line.
func Leaves(d authn.Disposition, has []authn.Method) bool {
	return slices.ContainsFunc(has, func(m authn.Method) bool { return m.Level >= law.Substantial && d.Allows(m, "") })
}
