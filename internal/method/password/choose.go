package password

import (
	"context"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/web"
)

// policy is the rule for choosing, as the law is now.
func (x *Room) policy() Policy {
	shortest, longest := x.Broker.Law.PasswordLength(x.Broker.Now())
	return Policy{Min: shortest, Max: longest}
}

// Shortest is the fewest characters of a password, for a page that asks for one.
func (x *Room) Shortest() int { return x.policy().Min }

// Longest is the most that a page needs to read of a password, in code points.
func (x *Room) Longest() int { return MaxBytes }

// Choose makes the record of a password that the account's owner chose, or says
// on the form why it will not do; the record is then "". The error is a
// *web.Problem when too many are hashing.
func (x *Room) Choose(ctx context.Context, form *web.Form, field string, a identity.Account, p identity.Person) (record string, err error) {
	policy := x.policy()
	if wanted(form, field, "password.reason.empty"); !form.OK() {
		return "", nil
	}
	at := field
	for _, reason := range policy.Check(form.Value(field), ownerOf(a, p)) {
		form.Fail(at, "password.reason."+string(reason), "Min", policy.Min, "Max", policy.Max)
		at = "" // only the first is shown at the field; the others stand on top
	}
	if !form.OK() {
		return "", nil
	}
	record, err = x.Hasher.Hash(ctx, form.Value(field))
	if errors.Is(err, ErrBusy) {
		return "", web.Busy(busyRetry)
	}
	return record, err
}

func ownerOf(a identity.Account, p identity.Person) Owner {
	return Owner{
		Username: string(a.Username), Email: string(a.Email),
		Names: []string{p.CurrentName.Family, p.CurrentName.Given, p.BirthName.Family, p.BirthName.Given},
	}
}
