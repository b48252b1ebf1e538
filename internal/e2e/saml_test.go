package e2e

import (
	"testing"

	"kapu/internal/browsertest"
)

// TestTwoProtocolsOneSession: a citizen who was identified to a service by OpenID
// Connect is known to the one that speaks SAML without being asked again; whoever
// signs out at either is signed out at both.
func TestTwoProtocolsOneSession(t *testing.T) {
	t.Parallel()
	h, b := open(t, ""), browsertest.Start(t)
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 8)
	words := serviceWords[v.lang]
	v.reaches(h.Services[town])
	v.signsIn(l)
	v.refuses()
	v.See(words.signedIn)

	v.reaches(h.Services[health])
	for _, must := range []string{words.signedIn, l.Name, l.TAJ, "jelentős", "A munkamenet jele"} {
		v.See(must)
	}
	if complaints := v.Axe(); len(complaints) > 0 {
		t.Error(complaints)
	}
	v.Click(words.everywhere)
	v.See(words.goodbye)
	h.until("the other service to hear of it", func() bool {
		v.Visit(h.Services[town].URL)
		return !v.Sees(words.signedIn)
	})

	v.reaches(h.Services[health])
	v.sees("broker.choose.title")
	v.signsIn(l)
	v.See(words.signedIn)
	v.reaches(h.Services[town])
	v.Click(words.everywhere) // which leads by the other service, and back
	v.See(words.goodbye)
	v.Visit(h.Services[health].URL)
	v.See("ezért itt is kiléptettük")
}
