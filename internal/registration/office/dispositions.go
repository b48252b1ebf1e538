package office

import (
	"slices"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
)

// methods are those that the law knows today, but for those that open nothing.
func (d *Desk) methods() []authn.Method {
	all := slices.Clone(authn.RulesAt(d.Law, d.Now()).Methods)
	return slices.DeleteFunc(all, func(m authn.Method) bool { return m.Level == law.NoLevel })
}

// changes are what each of the acts changes.
var changes = map[Act][]disposition.Act{
	SetMethod: {disposition.Forbid, disposition.Allow, disposition.Limit}, SetLeast: {disposition.Least}, SetLock: {disposition.Lock, disposition.Unlock},
}

// dispose makes a change of how the owner may be identified (R23). A desk may make
// every change: it has looked at their document. It errs with what
// disposition.Register.Change errs with.
func (d *Desk) dispose(tx *store.Tx, k Clerk, a identity.Account, act Act, c disposition.Change) error {
	if !slices.Contains(changes[act], c.Act) {
		return disposition.ErrChange
	}
	_, err := d.Dispositions.Change(tx, a.PersonID, c, d.methods(), disposition.Actor{Channel: disposition.Desk, Clerk: k.Account, Office: k.Office})
	return err
}
