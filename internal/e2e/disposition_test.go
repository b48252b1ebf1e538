package e2e

import (
	"testing"

	"kapu/internal/browsertest"
)

// deskDispositions: at the desk a citizen forbids one method and locks the rest;
// their own page says what was laid down, where and by what way.
func deskDispositions(t *testing.T, h *house, b *browsertest.Browser) {
	clerk, v, l := h.clerkIn(t, b), h.visitor(t, b), h.citizen("ugyfelkapu-plus", 11)
	clerk.receives(l, h.documents(l))
	clerk.clicks("office.act.disposition-method.title")
	clerk.Check(clerk.said("shell.method.mailcode"))
	clerk.Check(clerk.said("office.where.nowhere"))
	clerk.Check(clerk.said("office.why.request"))
	clerk.clicks("office.act.disposition-method.go")
	clerk.sees("office.done.disposition-method")
	clerk.clicks("office.act.disposition-lock.title")
	clerk.Check(clerk.said("office.lock.lock"))
	clerk.Check(clerk.said("office.why.misuse"))
	clerk.clicks("office.act.disposition-lock.go")

	v.at("/account/methods")
	v.signsIn(l)
	v.sees("account.methods.lock.on")
	v.sees("account.laid.forbid")
	v.sees("account.laid.lock")
	v.sees("account.laid.by.office", "Office", "Kormányablak, Kisfalud")
	h.verifies()
}
