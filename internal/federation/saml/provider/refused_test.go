package provider_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

const loa = "http://eidas.europa.eu/LoA/"

// TestFaultsThatTheServiceIsTold are those of requests that a service has signed:
// it learns of them at an address that it registered, by the standard's status.
func TestFaultsThatTheServiceIsTold(t *testing.T) {
	g := newGateway(t)
	tax := g.services["tax"]
	for _, c := range []struct {
		name, code, sub string
		change          func(*wire.AuthnRequest)
	}{
		{"for another address", wire.Requester, "", func(q *wire.AuthnRequest) { q.Destination = "https://other.example/sso" }},
		{"of yesterday", wire.Requester, wire.RequestDenied, func(q *wire.AuthnRequest) { q.IssueInstant = g.clock.Now().Add(-24 * time.Hour) }},
		{"of tomorrow", wire.Requester, wire.RequestDenied, func(q *wire.AuthnRequest) { q.IssueInstant = g.clock.Now().Add(24 * time.Hour) }},
		{"a binding that has no address", wire.Requester, wire.UnsupportedBinding, func(q *wire.AuthnRequest) { q.Binding = wire.RedirectBinding }},
		{"a name by e-mail", wire.Requester, wire.InvalidNameIDPolicy, func(q *wire.AuthnRequest) {
			q.Policy.Present, q.Policy.Format = true, "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
		}},
		{"a name for another", wire.Requester, wire.InvalidNameIDPolicy, func(q *wire.AuthnRequest) {
			q.Policy.Present, q.Policy.SPNameQualifier = true, "https://town.example/saml"
		}},
		{"a context that is none of ours", wire.Responder, wire.NoAuthnContext, func(q *wire.AuthnRequest) {
			q.Context = &wire.Context{Comparison: wire.Exact, Classes: []string{"urn:oasis:names:tc:SAML:2.0:ac:classes:Password"}}
		}},
		{"a level that nobody reaches", wire.Responder, wire.NoAuthnContext, func(q *wire.AuthnRequest) {
			q.Context = &wire.Context{Comparison: wire.Minimum, Classes: []string{loa + "high"}}
		}},
		{"better than the best", wire.Responder, wire.NoAuthnContext, func(q *wire.AuthnRequest) {
			q.Context = &wire.Context{Comparison: wire.Better, Classes: []string{loa + "low", loa + "substantial"}}
		}},
		{"no more than too little", wire.Responder, wire.NoAuthnContext, func(q *wire.AuthnRequest) {
			q.Context = &wire.Context{Comparison: wire.Maximum, Classes: []string{loa + "low"}}
		}},
		{"nobody is there, and nothing may be shown", wire.Responder, wire.NoPassive, func(q *wire.AuthnRequest) { q.IsPassive = true }},
	} {
		q := tax.request(c.change)
		end := g.browser().get(tax.link(q, "state"))
		s := end.sent()
		if s.to != tax.url+"/acs" || s.fields.Get("RelayState") != "state" {
			t.Errorf("%s: %d %s, sent to %q", c.name, end.status, end.at.Path, s.to)
			continue
		}
		if code, sub, to := s.status(tax); code != c.code || c.sub != "" && sub != c.sub || to != q.ID {
			t.Errorf("%s: %s / %s in response to %s", c.name, code, sub, to)
		}
		if _, err := tax.read(s, q.ID); err == nil {
			t.Errorf("%s: the service believes it", c.name)
		}
	}
}

func TestFaultsOfWhatTheRequestNames(t *testing.T) {
	g := newGateway(t)
	tax := g.services["tax"]
	for _, c := range []struct{ attributes, elements, code, sub string }{
		{`AssertionConsumerServiceIndex="3"`, "", wire.Requester, wire.RequestUnsupported},
		{`AttributeConsumingServiceIndex="9"`, "", wire.Requester, wire.RequestUnsupported},
		{"", `<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID="https://other.example"/></samlp:IDPList></samlp:Scoping>`, wire.Responder, wire.NoSupportedIDP},
	} {
		q := tax.request()
		s := g.browser().get(tax.with(q, c.attributes, c.elements)).sent()
		if code, sub, to := s.status(tax); s.to != tax.url+"/acs" || code != c.code || sub != c.sub || to != q.ID {
			t.Errorf("%s%s: %s / %s", c.attributes, c.elements, code, sub)
		}
	}
	own := `<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID="` + g.door.EntityID() + `"/></samlp:IDPList></samlp:Scoping>`
	if end := g.browser().get(tax.with(tax.request(), "", own)); end.at.Path != "/signin/choose" {
		t.Errorf("the list names us: %d %s", end.status, end.at)
	}
}

// TestFaultsThatNobodyIsTold are those after which we do not know whom to tell.
func TestFaultsThatNobodyIsTold(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	good := tax.link(tax.request(), "x")
	for name, address := range map[string]string{
		"an address of somebody else": tax.link(tax.request(func(q *wire.AuthnRequest) { q.ACSURL = "https://evil.example/acs" }), ""),
		"another service's address":   tax.link(tax.request(func(q *wire.AuthnRequest) { q.ACSURL = town.url + "/acs" }), ""),
		"a stranger":                  tax.link(tax.request(func(q *wire.AuthnRequest) { q.Issuer = "https://stranger.example" }), ""),
		"nobody":                      tax.link(tax.request(func(q *wire.AuthnRequest) { q.Issuer = "" }), ""),
		"another's key":               tax.link(tax.request(func(q *wire.AuthnRequest) { q.Issuer = town.entity }), ""),
		"another state":               strings.Replace(good, "RelayState=x", "RelayState=y", 1),
		"without signature":           good[:strings.Index(good, "&SigAlg")],
		"twice the parameter":         good + "&RelayState=x",
		"nothing":                     g.URL + "/saml/sso",
		"no XML":                      g.URL + "/saml/sso?SAMLRequest=AAAA",
	} {
		end := g.browser().get(address)
		if end.status != http.StatusBadRequest || end.sent().to != "" || end.out != nil {
			t.Errorf("%s: %d %s sent to %q", name, end.status, end.at, end.sent().to)
		}
	}
}

// TestOneMessageAtATime is a form that comes to an address which carries a message,
// too: two readers would see two.
func TestOneMessageAtATime(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	for name, end := range map[string]page{
		"to sign on":  g.browser().post(tax.link(tax.request(), "x"), "cross-site", town.form(town.request(), "y")),
		"not a whole": g.browser().post(g.URL+"/saml/sso?RelayState=x", "cross-site", town.form(town.request(), "y")),
		"to sign out": g.browser().post(g.URL+"/saml/slo?SAMLRequest=AAAA", "cross-site", town.form(town.request(), "y")),
	} {
		if end.status != http.StatusBadRequest || end.sent().to != "" {
			t.Errorf("%s: %d %s", name, end.status, end.at)
		}
	}
}

func TestARequestIsGoodOnce(t *testing.T) {
	g := newGateway(t)
	tax, b := g.services["tax"], g.browser()
	q := tax.request()
	b.through(b.get(tax.link(q, "")))
	for name, again := range map[string]page{
		"the same browser": b.get(tax.link(q, "")), "another": g.browser().get(tax.link(q, "")),
		"by another binding": g.browser().post(g.URL+"/saml/sso", "cross-site", tax.form(q, "")),
	} {
		if again.status == http.StatusOK || again.sent().to != "" {
			t.Errorf("%s: %d %s", name, again.status, again.at)
		}
	}
}

func TestUnsignedRequestsOnlyWhereTheyAreAllowed(t *testing.T) {
	g := newGateway(t, func(tax, _ *catalogue.Service) { tax.SAML.UnsignedRequests = true })
	tax := g.services["tax"]
	q := tax.request()
	text, err := q.Write(nil)
	check(t, err)
	address, err := wire.Carried{Message: text}.RedirectURL(g.URL+"/saml/sso", nil)
	check(t, err)
	b := g.browser()
	if _, err := tax.read(b.through(b.get(address)).sent(), q.ID); err != nil {
		t.Error(err)
	}
	forged := g.services["town"].link(tax.request(), "") // who signs is held to it
	if end := b.get(forged); end.status != http.StatusBadRequest {
		t.Errorf("a bad signature counts as none: %d", end.status)
	}
}

// TestTheAnswerSaysWhatWasAsked compares contexts (SAML Core, 3.3.2.2.1).
func TestTheAnswerSaysWhatWasAsked(t *testing.T) {
	g := newGateway(t, func(tax, _ *catalogue.Service) { tax.Level = "low" })
	tax, b := g.services["tax"], g.browser()
	const totp = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp"
	for _, c := range []struct {
		comparison wire.Comparison
		names      []string
		want       string
	}{
		{wire.Exact, []string{loa + "substantial"}, loa + "substantial"},
		{wire.Exact, []string{loa + "high", loa + "low"}, loa + "low"},
		{wire.Exact, []string{totp}, totp},
		{wire.Minimum, []string{loa + "low"}, loa + "substantial"},
		{wire.Better, []string{loa + "low"}, loa + "substantial"},
		{wire.Maximum, []string{loa + "high"}, loa + "substantial"},
		{wire.Maximum, []string{loa + "low"}, loa + "low"},
		{wire.Minimum, []string{"urn:example:unknown", totp}, loa + "substantial"},
	} {
		q := tax.request(func(q *wire.AuthnRequest) { q.Context = &wire.Context{Comparison: c.comparison, Classes: c.names} })
		a, err := tax.read(b.through(b.get(tax.link(q, ""))).sent(), q.ID)
		if err != nil {
			t.Errorf("%s %v: %v", c.comparison, c.names, err)
			continue
		}
		if got := a.AuthnStatements[0].AuthnContext.AuthnContextClassRef.Value; got != c.want {
			t.Errorf("%s %v: answered %s", c.comparison, c.names, got)
		}
	}
}

func TestForceAuthnAsksAgain(t *testing.T) {
	g := newGateway(t)
	tax, b := g.services["tax"], g.browser()
	b.through(b.get(tax.link(tax.request(), "")))
	g.clock.Advance(time.Minute)
	q := tax.request(func(q *wire.AuthnRequest) { q.ForceAuthn = true })
	end := b.get(tax.link(q, ""))
	if end.at.Path != "/signin/choose" {
		t.Fatalf("%d %s", end.status, end.at)
	}
	a, err := tax.read(b.through(end).sent(), q.ID)
	check(t, err)
	if at := a.AuthnStatements[0].AuthnInstant; !at.Equal(g.clock.Now()) {
		t.Errorf("proved at %v", at)
	}
	passive := tax.request(func(q *wire.AuthnRequest) { q.ForceAuthn, q.IsPassive = true, true })
	g.clock.Advance(time.Minute)
	passive.IssueInstant = g.clock.Now()
	if _, sub, _ := b.get(tax.link(passive, "")).sent().status(tax); sub != wire.NoPassive {
		t.Errorf("%q", sub)
	}
}

func TestASubjectIsHeldTo(t *testing.T) {
	g := newGateway(t)
	tax, b := g.services["tax"], g.browser()
	q := tax.request()
	a, err := tax.read(b.through(b.get(tax.link(q, ""))).sent(), q.ID)
	check(t, err)
	ask := func(name string, b *browser) sent {
		q = tax.request(func(q *wire.AuthnRequest) { q.Subject = &wire.NameID{Value: name, Format: wire.FormatPersistent} })
		return b.through(b.get(tax.link(q, ""))).sent()
	}
	if _, err := tax.read(ask(a.Subject.NameID.Value, b), q.ID); err != nil {
		t.Error(err)
	}
	q = tax.request(func(q *wire.AuthnRequest) {
		q.Subject = &wire.NameID{Value: a.Subject.NameID.Value, Format: wire.FormatPersistent, NameQualifier: "https://other.example"}
	})
	if _, sub, _ := b.get(tax.link(q, "")).sent().status(tax); sub != wire.UnknownPrincipal {
		t.Errorf("a name that another gave: %q", sub)
	}
	if _, sub, _ := ask(strings.Repeat("A", 43), b).status(tax); sub != wire.UnknownPrincipal {
		t.Errorf("another person is told as expected: %q", sub)
	}
}

func TestTheServicePicksItsAddressAmongItsOwn(t *testing.T) {
	g := newGateway(t)
	tax, b := g.services["tax"], g.browser()
	for want, attribute := range map[string]string{
		tax.url + "/acs":   `AssertionConsumerServiceURL="` + tax.url + `/acs"`,
		tax.url + "/other": `AssertionConsumerServiceIndex="7"`,
	} {
		if s := b.through(b.get(tax.with(tax.request(), attribute, ""))).sent(); s.to != want {
			t.Errorf("sent to %q, not %q", s.to, want)
		}
	}
}
