package authn_test

import (
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/law"
)

func TestForWhomSomebodyActsIsSaidAnewOnEachWay(t *testing.T) {
	request := func(change ...func(*authn.Request)) authn.Request {
		q := authn.Request{Service: "tax", Level: law.Substantial, Mandates: true}
		for _, f := range change {
			f(&q)
		}
		return q
	}
	both := session(now.Add(-time.Minute), authn.Password, authn.TOTP)
	passive := func(q *authn.Request) { q.Passive = true }
	before := func(whom string) func(*authn.Request) { return func(q *authn.Request) { q.Behalf = whom } }
	refuses := func(q *authn.Request) { q.Mandates = false }
	for _, c := range []struct {
		name    string
		request authn.Request
		chosen  string
		holds   []string
		room    authn.Room
		err     string
		mandate string
	}{
		{"whoever holds none is asked nothing", request(), "", nil, authn.Reply, "", ""},
		{"whoever holds one is asked", request(), "", []string{"m"}, authn.Behalf, "", ""},
		{"in their own matter", request(), authn.Own, []string{"m"}, authn.Reply, "", ""},
		{"for another", request(), "m", []string{"m"}, authn.Reply, "", "m"},
		{"by a mandate that has ended: they are asked, never themselves", request(), "m", nil, authn.Behalf, "", ""},
		{"by somebody else's mandate", request(), "x", []string{"m"}, authn.Behalf, "", ""},
		{"where nothing may be shown", request(passive), "", []string{"m"}, authn.Reply, authn.ErrBehalf, ""},
		{"where nothing may be shown, and there is nothing to ask", request(passive), "", nil, authn.Reply, "", ""},
		{"where nothing may be shown, chosen before", request(passive, before("m")), "", []string{"m"}, authn.Reply, "", "m"},
		{"where nothing may be shown, chosen before and ended", request(passive, before("m")), "", nil, authn.Reply, authn.ErrBehalf, ""},
		{"where nothing may be shown, themselves before", request(passive, before(authn.Own)), "", []string{"m"}, authn.Reply, "", ""},
		{"a service that takes nobody's representative", request(refuses), "m", []string{"m"}, authn.Reply, "", ""},
	} {
		standing := plus
		standing.Mandates = c.holds
		step := authn.Next(authn.Transaction{Request: c.request, Behalf: c.chosen, Opened: now}, both, standing, rules)
		if step.Room != c.room || step.Error != c.err || step.Mandate != c.mandate {
			t.Errorf("%s: %+v", c.name, step)
		}
	}
}
