package e2e

import (
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/web"
)

// TestPasskey: a citizen adds a passkey, comes back with it without a name, and
// is told at the service how; a copy of it is found out.
func TestPasskey(t *testing.T) {
	t.Parallel()
	b, h := browsertest.Start(t), open(t, "")
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	device := v.Authenticator()

	v.at("/account/passkeys")
	v.signsIn(l)
	v.sees("passkey.list.none")
	v.addsPasskey(l.Password)
	v.See("a gépem")
	if n := device.Passkeys(); n != 1 {
		t.Fatalf("the device keeps %d passkeys", n)
	}
	h.mail(l.Email, "Új belépőkulcs")
	v.forgets()

	device.Recognises(false)
	v.reaches(h.Services[0])
	v.picks("passkey")
	v.Push(v.said("passkey.signin.go"))
	v.sees("passkey.signin.failed")
	device.Recognises(true)
	v.clicks("passkey.signin.go")
	v.states(l.TaxNumber)
	v.See(serviceWords[web.Hungarian].signedIn)
	v.See("belépőkulcs")
	v.forgets()

	// Where a password is asked for, the browser offers the passkey by itself, and the
	// device takes it up at once.
	v.at("/account")
	v.picks("totp")
	v.sees("portal.account.title")
	v.forgets()

	device.Rewind()
	v.at("/account")
	v.picks("passkey")
	v.clicks("passkey.signin.go")
	v.sees("passkey.signin.copied")
	h.mail(l.Email, "Letiltottuk az egyik belépőkulcsát")
	device.Unplug()
	v.at("/account/passkeys")
	v.signsIn(l)
	v.sees("passkey.list.suspected")
	v.at("/account/history")
	v.See("másolata van valakinél")
	h.verifies()
}

// addsPasskey adds one from the list on, under a name of the citizen's own.
func (v visitor) addsPasskey(password string) {
	v.clicks("passkey.list.add")
	v.types("passkey.name.label", "a gépem")
	v.types("passkey.password", password)
	v.clicks("passkey.name.go")
	v.sees("passkey.make.title")
	v.clicks("passkey.make.go")
	v.sees("passkey.list.good")
}

// forgets ends the session at the gateway.
func (v visitor) forgets() {
	v.at("/signout")
	v.clicks("broker.signout.yes")
}
