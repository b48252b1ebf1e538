package provider_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/law"
)

// TestAServiceDoesNotWalkOnByItself is a service that answers from its own machine
// what the visitor's browser should have brought: the way on names the person to
// the next service, which would link what the pseudonyms keep apart.
func TestAServiceDoesNotWalkOnByItself(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	for name, answer := range map[string]func(address string) page{
		"by Redirect": g.browser().get,
		"by POST": func(address string) page {
			return g.browser().post(g.URL+"/saml/slo", "cross-site", tax.answerForm(address))
		},
	} {
		v := g.visitor("tax", "town")
		asked := tax.hears(v.post(g.URL+"/signout", "same-origin", nil).out)
		if end := answer(tax.answers(asked, wire.Success)); end.out != nil || end.sent().to != "" || strings.Contains(end.body, "town") {
			t.Errorf("%s: another browser is led on: %d %s, to %v %q", name, end.status, end.at, end.out, end.sent().to)
		}
	}
	v := g.visitor("tax", "town")
	asked := tax.hears(v.post(g.URL+"/signout", "same-origin", nil).out)
	next := v.post(g.URL+"/saml/slo", "cross-site", tax.answerForm(tax.answers(asked, wire.Success)))
	if heard := town.hears(next.out); heard.NameID != v.name["town"] {
		t.Errorf("the visitor's own browser, by POST: %+v", heard)
	}
}

// answerForm is an answer on its way by POST; address is what it would be by Redirect.
func (p *party) answerForm(address string) url.Values {
	p.g.t.Helper()
	text, err := inflated(address, "SAMLResponse")
	check(p.g.t, err)
	return url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(signed(p, text))}}
}

// TestOnlyAServiceOfTheSessionEndsIt is a service that knows a person from an
// earlier session, and was not reached in this one.
func TestOnlyAServiceOfTheSessionEndsIt(t *testing.T) {
	g := newGateway(t)
	town := g.services["town"]
	before, now := g.visitor("town"), g.visitor("tax")
	now.name["town"] = before.name["town"]
	now.get(town.leaveLink(town.leaving(now, func(q *wire.LogoutRequest) { q.Sessions = nil }), ""))
	if !now.signedIn() {
		t.Error("a service ends a session that is not of its own")
	}
	before.get(town.leaveLink(town.leaving(before, func(q *wire.LogoutRequest) { q.Sessions = nil }), ""))
	if before.signedIn() {
		t.Error("all sessions that the service knows: still signed in")
	}
}

// TestWhatCameInAFormGoesOnOnce is the address to which a form leads, read by
// somebody on its way: the request in it counts once.
func TestWhatCameInAFormGoesOnOnce(t *testing.T) {
	g := newGateway(t)
	tax, b := g.services["tax"], g.visitor("tax").browser
	r, err := http.NewRequest(http.MethodPost, g.URL+"/saml/sso", strings.NewReader(tax.form(tax.request(), "").Encode()))
	check(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	on := b.do(r).out.String()
	b = &browser{g, &http.Client{Jar: b.client.Jar}}
	if end := b.get(on); end.sent().to == "" {
		t.Fatalf("%d %s", end.status, end.at)
	}
	for _, again := range []string{on, on + "%0A", strings.Replace(on, "?q=", "?q=%0D%0A", 1), on + "="} {
		if end := b.get(again); end.sent().to != "" {
			t.Errorf("a request is answered twice, as …%q", again[len(again)-3:])
		}
	}
}

// TestTheNameAtTheEndIsTheOneToldLast is a service that asked for a transient name
// first and for the usual one later, in one session.
func TestTheNameAtTheEndIsTheOneToldLast(t *testing.T) {
	g := newGateway(t)
	tax := g.services["tax"]
	b := g.browser()
	b.through(b.get(tax.link(tax.request(func(q *wire.AuthnRequest) { q.Policy.Present, q.Policy.Format = true, wire.FormatTransient }), "")))
	q := tax.request()
	a, err := tax.read(b.get(tax.link(q, "")).sent(), q.ID)
	check(t, err)
	if asked := tax.hears(b.post(g.URL+"/signout", "same-origin", nil).out); asked.NameID != a.Subject.NameID.Value {
		t.Errorf("the service knows %s, and hears of %s", a.Subject.NameID.Value, asked.NameID)
	}
}

// TestOldBrowsersComeUnaskedFromOurPagesOnly are those that do not say from which
// site a visit comes, but from which page.
func TestOldBrowsersComeUnaskedFromOurPagesOnly(t *testing.T) {
	g := newGateway(t, func(tax, _ *catalogue.Service) { tax.SAML.IdPInitiated = true })
	v := g.visitor("tax")
	for from, led := range map[string]bool{g.URL + "/": true, "https://evil.example/": false, g.URL + ".evil.example/": false} {
		r, err := http.NewRequest(http.MethodGet, g.URL+"/saml/go/tax", nil)
		check(t, err)
		r.Header.Set("Referer", from)
		if end := v.do(r); (end.sent().to != "") != led {
			t.Errorf("from %s: %d, sent to %q", from, end.status, end.sent().to)
		}
	}
}

// TestALowSessionIsNotEnoughForMore: a session that began with a password alone is
// never told as more, and asked for more only what is missing is proved.
func TestALowSessionIsNotEnoughForMore(t *testing.T) {
	g := newGateway(t, func(tax, town *catalogue.Service) { tax.Level, town.Level = "low", "low" })
	alone := law.Row{Rule: "password.opens-service", Value: "yes", From: law.Day(g.clock.Now()), Source: "a test"}
	var err error
	g.broker.Law, err = law.Default().With(alone)
	check(t, err)
	tax, town, b := g.services["tax"], g.services["town"], g.browser()
	q := tax.request()
	chooser := b.get(tax.link(q, ""))
	a, err := tax.read(b.post(chooser.at.String(), "same-origin", url.Values{"method": {"password"}}).sent(), q.ID)
	check(t, err)
	if got := a.AuthnStatements[0].AuthnContext.AuthnContextClassRef.Value; got != loa+"low" {
		t.Fatalf("a password is told as %s", got)
	}
	for _, c := range []wire.Context{{Comparison: wire.Minimum, Classes: []string{loa + "substantial"}}, {Comparison: wire.Better, Classes: []string{loa + "low"}},
		{Comparison: wire.Exact, Classes: []string{loa + "substantial"}}} {
		passive := town.request(func(q *wire.AuthnRequest) { q.IsPassive, q.Context = true, &c })
		if code, sub, _ := b.get(town.link(passive, "")).sent().status(town); code == wire.Success || sub != wire.NoPassive {
			t.Errorf("%s %v: %s / %s", c.Comparison, c.Classes, code, sub)
		}
	}
	q = town.request(func(q *wire.AuthnRequest) {
		q.Context = &wire.Context{Comparison: wire.Minimum, Classes: []string{loa + "substantial"}}
	})
	a, err = town.read(b.get(town.link(q, "")).sent(), q.ID) // the second factor is proved by entering
	check(t, err)
	if got := a.AuthnStatements[0].AuthnContext.AuthnContextClassRef.Value; got != loa+"substantial" {
		t.Errorf("told as %s", got)
	}
}

// inflated is the message that an address carries under that name.
func inflated(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	packed, err := base64.StdEncoding.DecodeString(u.Query().Get(name))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	return string(text), err
}
