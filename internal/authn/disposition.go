package authn

import (
	"slices"

	"kapu/internal/law"
)

// Disposition is what a person has laid down about how they may be identified
// (R23, Azonosítási Rendelkezés). The zero Disposition forbids nothing.
type Disposition struct {
	Forbidden []law.Method            `json:"f,omitempty"` // identify the person nowhere
	Kinds     map[law.Method][]string `json:"k,omitempty"` // identify the person at services of these kinds only, and on the gateway's own pages
	Least     law.Level               `json:"l,omitempty"` // what is below identifies the person nowhere
	Locked    bool                    `json:"x,omitempty"` // no method is added without a visit to a desk
}

// Allows tells whether the method may identify the person at a service of that
// kind; the gateway's own pages are of kind "".
func (d Disposition) Allows(m Method, kind string) bool {
	kinds, limited := d.Kinds[m.Name]
	return !slices.Contains(d.Forbidden, m.Name) && (m.Level == law.NoLevel || m.Level >= d.Least) &&
		(!limited || kind == "" || slices.Contains(kinds, kind))
}

// For are the rules as they are for a person at a service of that kind: what
// they have forbidden is no method any more.
func (r Rules) For(d Disposition, kind string) Rules {
	allowed := func(m Method) bool { return d.Allows(m, kind) }
	if !slices.ContainsFunc(r.Methods, func(m Method) bool { return !allowed(m) }) {
		return r
	}
	all := r.Methods
	r.Methods = nil
	for _, m := range all {
		if allowed(m) {
			r.Methods = append(r.Methods, m)
		} else {
			r.Forbidden = append(slices.Clone(r.Forbidden), m)
		}
	}
	return r
}

// Free tells whether nothing is forbidden.
func (d Disposition) Free() bool {
	return len(d.Forbidden)+len(d.Kinds) == 0 && d.Least == law.NoLevel && !d.Locked
}
