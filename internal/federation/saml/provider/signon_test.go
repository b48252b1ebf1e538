package provider_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

const eidas = "http://eidas.europa.eu/attributes/naturalperson/"

func TestACitizenIsIdentifiedToAService(t *testing.T) {
	g := newGateway(t)
	tax := g.services["tax"]
	q := tax.request()
	p := g.browser()
	end := p.through(p.get(tax.link(q, "where I was")))
	s := end.sent()
	if s.to != tax.url+"/acs" || s.fields.Get("RelayState") != "where I was" {
		t.Fatalf("%d %s: sent to %q with %v", end.status, end.at, s.to, s.fields)
	}
	a, err := tax.read(s, q.ID)
	check(t, err)
	want := map[string]string{"name": "Kis Anna", eidas + "CurrentFamilyName": "Kis", eidas + "DateOfBirth": "1980-02-29",
		"tax_number": values(a)["tax_number"], "email": "kisanna@posta.example", eidas + "CurrentAddress": values(a)[eidas+"CurrentAddress"]}
	if diff := cmp.Diff(want, values(a)); diff != "" || len(want["tax_number"]) != 10 {
		t.Error(diff)
	}
	if n := a.Subject.NameID; n.Format != wire.FormatPersistent || len(n.Value) != 43 || n.SPNameQualifier != tax.entity {
		t.Errorf("%+v", n)
	}
	if c := a.AuthnStatements[0].AuthnContext.AuthnContextClassRef.Value; c != "http://eidas.europa.eu/LoA/substantial" {
		t.Errorf("context %q", c)
	}
}

func TestARequestInAForm(t *testing.T) {
	g := newGateway(t)
	tax := g.services["tax"]
	b := g.browser()
	q := tax.request()
	end := b.through(b.post(g.URL+"/saml/sso", "cross-site", tax.form(q, "x")))
	if _, err := tax.read(end.sent(), q.ID); err != nil {
		t.Errorf("%d at %s: %v", end.status, end.at, err)
	}
	again := tax.request()
	end = b.post(g.URL+"/saml/sso", "cross-site", tax.form(again, "")) // one sign-in, however many requests
	if _, err := tax.read(end.sent(), again.ID); err != nil {
		t.Errorf("%d at %s: %v", end.status, end.at, err)
	}
}

// Mail gateways and messengers look where a link leads before anybody follows it.
func TestLookingWhereALinkLeadsUsesNothingUp(t *testing.T) {
	g := newGateway(t)
	tax, b := g.services["tax"], g.browser()
	q := tax.request()
	link := tax.link(q, "")
	r, err := http.NewRequest(http.MethodHead, link, nil)
	check(t, err)
	if p := b.do(r); p.status != http.StatusOK {
		t.Errorf("%d", p.status)
	}
	if _, err := tax.read(b.through(b.get(link)).sent(), q.ID); err != nil {
		t.Error(err)
	}
}

func TestServicesCannotLinkPeople(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	names := map[string]string{}
	for _, id := range []string{"tax", "town"} {
		q := g.services[id].request()
		a, err := g.services[id].read(b.through(b.get(g.services[id].link(q, ""))).sent(), q.ID)
		check(t, err)
		names[id] = a.Subject.NameID.Value + a.AuthnStatements[0].SessionIndex
	}
	if names["tax"] == names["town"] {
		t.Error("two services know a person by one name")
	}
}

func TestATransientNameIsAnotherInEachSession(t *testing.T) {
	g := newGateway(t)
	tax, seen := g.services["tax"], map[string]bool{}
	for range 2 {
		b := g.browser()
		q := tax.request(func(q *wire.AuthnRequest) {
			q.Policy.Present, q.Policy.Format, q.Policy.AllowCreate = true, wire.FormatTransient, true
		})
		a, err := tax.read(b.through(b.get(tax.link(q, ""))).sent(), q.ID)
		check(t, err)
		if a.Subject.NameID.Format != wire.FormatTransient || seen[a.Subject.NameID.Value] {
			t.Errorf("%+v", a.Subject.NameID)
		}
		seen[a.Subject.NameID.Value] = true
	}
}

func TestWhatIsSignedAndEncrypted(t *testing.T) {
	for _, sign := range []string{"", catalogue.SignBoth, catalogue.SignResponse, catalogue.SignAssertion} {
		for _, encrypt := range []string{"", catalogue.SHA1} {
			g := newGateway(t, func(tax, _ *catalogue.Service) {
				tax.SAML.Sign, tax.SAML.EncryptAssertions, tax.SAML.OAEPDigest = sign, encrypt != "", encrypt
			})
			tax, b := g.services["tax"], g.browser()
			q := tax.request()
			a, err := tax.read(b.through(b.get(tax.link(q, ""))).sent(), q.ID)
			if err != nil || values(a)["name"] != "Kis Anna" {
				t.Errorf("sign %q encrypt %q: %v", sign, encrypt, err)
			}
		}
	}
}
