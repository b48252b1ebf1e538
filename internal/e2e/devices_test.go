package e2e

import (
	"testing"

	"kapu/internal/browsertest"
)

// TestDevices: a citizen is signed in in two browsers, ends the session in the other
// from this one, and has a remembered device forgotten; the other browser is told.
func TestDevices(t *testing.T) {
	t.Parallel()
	b, h := browsertest.Start(t), open(t, "")
	here, there, l := h.visitor(t, b), h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	here.at("/account/devices")
	here.signsIn(l)
	here.sees("devices.title")
	there.at("/account")
	there.signsIn(l)
	there.sees("portal.account.title")

	here.at("/account/devices")
	here.See("Chrome, Linux")
	here.clicks("devices.end")
	here.sees("devices.done.ended")
	there.at("/account/history")
	there.sees("broker.ended.title")
	there.clicks("broker.ended.again")
	there.sees("broker.choose.title")

	here.In(here.said("devices.remembered")).See(here.said("devices.here"))
	here.clicks("devices.forget-all")
	here.sees("devices.remembered.none")
	here.at("/account/history")
	here.See("Kilépett egy másik eszközén")
	here.See("megjegyzettek")
	h.verifies()
}
