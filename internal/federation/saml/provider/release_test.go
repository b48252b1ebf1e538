package provider_test

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
)

// decides sends the form of the page with those data ticked.
func (b *browser) decides(p page, ticked ...string) page {
	b.g.t.Helper()
	if p.at.Path != "/signin/consent" {
		b.g.t.Fatalf("%d at %v, want the page of consent", p.status, p.at)
	}
	form := p.sent().fields // those that are hidden
	form.Set("decide", "ticked")
	if len(ticked) == 0 {
		form.Set("decide", "none")
	}
	for _, name := range ticked {
		form.Set("allow_"+name, "yes")
	}
	return b.post(p.at.String(), "same-origin", form)
}

// leaves goes back from a page.
func (b *browser) leaves(p page) page {
	b.g.t.Helper()
	_, after, ok := strings.Cut(p.body, `href="/signin/leave`)
	if !ok {
		b.g.t.Fatalf("%d at %v: no way back", p.status, p.at)
	}
	address, _, _ := strings.Cut(after, `"`)
	return b.get(b.g.URL + "/signin/leave" + html.UnescapeString(address))
}

// entries are the public parts of a person's entries of a kind, oldest first.
func (g *gateway) entries(person, kind string) (found []map[string]any) {
	g.t.Helper()
	check(g.t, g.db.View(context.Background(), func(tx *store.Tx) error {
		all, err := tx.LedgerOf(person, "", 100)
		for _, e := range all {
			var leaf struct{ Public map[string]any }
			if e.Kind == kind {
				check(g.t, json.Unmarshal([]byte(e.Body), &leaf))
				found = append([]map[string]any{leaf.Public}, found...)
			}
		}
		return err
	}))
	return found
}

// onConsent has the town ask for two data that only the person can give.
func onConsent(_, town *catalogue.Service) {
	town.Claims, town.SAML.Attributes = []catalogue.Claim{catalogue.Name}, catalogue.Plain
	town.ConsentClaims = []catalogue.Claim{catalogue.Email, catalogue.BirthDate}
	town.SAML.ByHand.Wanted = []catalogue.WantedSet{{Index: 0, Default: true, Names: []string{"name", "email", "birthdate"}}, {Index: 4, Names: []string{"name"}}}
}

func TestOnlyWhatThePersonAllowsLeaves(t *testing.T) {
	g := newGateway(t, onConsent)
	town, b := g.services["town"], g.browser()
	q := town.request()
	a, err := town.read(b.decides(b.through(b.get(town.link(q, ""))), "email").sent(), q.ID)
	check(t, err)
	if diff := cmp.Diff(map[string]string{"name": "Kis Anna", "email": "kisanna@posta.example"}, values(a)); diff != "" {
		t.Error(diff)
	}
	again := town.request(func(q *wire.AuthnRequest) { q.IsPassive = true }) // what was decided is not asked twice
	a, err = town.read(b.get(town.link(again, "")).sent(), again.ID)
	check(t, err)
	if diff := cmp.Diff(map[string]string{"name": "Kis Anna", "email": "kisanna@posta.example"}, values(a)); diff != "" {
		t.Error(diff)
	}
	released := g.entries(g.person, "service.reached")
	for _, entry := range released {
		if entry["service"] != "town" || entry["method"] != "totp" || entry["ground"] != "2017. évi CL. törvény" ||
			!cmp.Equal(entry["data"], []any{"name", "email"}) || !cmp.Equal(entry["consented"], []any{"email"}) {
			t.Errorf("the ledger says %v", entry)
		}
	}
	decided := g.entries(g.person, "consent.decided")
	if len(released) != 2 || len(decided) != 1 || !cmp.Equal(decided[0]["allowed"], []any{"email"}) || !cmp.Equal(decided[0]["refused"], []any{"birthdate"}) {
		t.Errorf("released %v, decided %v", released, decided)
	}
}

func TestRefusingLeadsOnWithoutTheData(t *testing.T) {
	g := newGateway(t, onConsent)
	town, b := g.services["town"], g.browser()
	q := town.request()
	a, err := town.read(b.decides(b.through(b.get(town.link(q, "")))).sent(), q.ID)
	check(t, err)
	if diff := cmp.Diff(map[string]string{"name": "Kis Anna"}, values(a)); diff != "" {
		t.Error(diff)
	}
}

// TestWhatIsAskedFor: the list that a request names, and the one that it brings
// itself, decide what the person is asked; nobody is asked for nothing.
func TestWhatIsAskedFor(t *testing.T) {
	g := newGateway(t, onConsent)
	town, b := g.services["town"], g.browser()
	listed := town.request()
	end := b.through(b.get(town.with(listed, `AttributeConsumingServiceIndex="4"`, "")))
	a, err := town.read(end.sent(), listed.ID)
	check(t, err)
	if diff := cmp.Diff(map[string]string{"name": "Kis Anna"}, values(a)); diff != "" {
		t.Error(diff)
	}
	own := town.request()
	const birth = `<samlp:Extensions><eidas:RequestedAttributes xmlns:eidas="http://eidas.europa.eu/saml-extensions">` +
		`<eidas:RequestedAttribute Name="` + eidas + `DateOfBirth" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" isRequired="true"/>` +
		`</eidas:RequestedAttributes></samlp:Extensions>`
	text, err := own.Write(nil)
	check(t, err)
	p := b.get(town.carry(strings.Replace(string(text), "</saml:Issuer>", "</saml:Issuer>"+birth, 1), ""))
	if strings.Contains(p.body, "allow_email") {
		t.Error("the person is asked for more than the service asks")
	}
	a, err = town.read(b.decides(p, "birthdate").sent(), own.ID)
	check(t, err)
	if diff := cmp.Diff(map[string]string{"birthdate": "1980-02-29"}, values(a)); diff != "" {
		t.Error(diff)
	}
	none := town.request()
	text, err = none.Write(nil)
	check(t, err)
	const nothing = `<samlp:Extensions><eidas:RequestedAttributes xmlns:eidas="http://eidas.europa.eu/saml-extensions"/></samlp:Extensions>`
	a, err = town.read(b.get(town.carry(strings.Replace(string(text), "</saml:Issuer>", "</saml:Issuer>"+nothing, 1), "")).sent(), none.ID)
	check(t, err)
	if len(values(a)) != 0 {
		t.Errorf("told who asks for nothing: %v", values(a))
	}
}

// TestOutcomes holds every way in which the broker can end a visit to the status
// that the service is told.
func TestOutcomes(t *testing.T) {
	passive := func(q *wire.AuthnRequest) { q.IsPassive = true }
	refused := func(t *testing.T, p *party, end page, sub string) {
		t.Helper()
		code, got, _ := end.sent().status(p)
		if code != wire.Responder || got != sub {
			t.Errorf("%d at %v: %s / %s, want %s", end.status, end.at, code, got, sub)
		}
		if said := string(end.sent().message(p)); strings.Contains(said, "forbid") && sub == wire.AuthnFailed {
			t.Errorf("the service learns what is the person's alone: %s", said)
		}
	}
	t.Run("consent", func(t *testing.T) {
		g := newGateway(t, onConsent)
		town, b := g.services["town"], g.browser()
		p := b.through(b.get(town.link(town.request(), "")))
		refused(t, town, b.get(town.link(town.request(passive), "")), wire.NoPassive)
		refused(t, town, b.leaves(p), wire.AuthnFailed)
	})
	t.Run("identifier", func(t *testing.T) {
		g := newGateway(t, func(tax, _ *catalogue.Service) { tax.Demands = []catalogue.Claim{catalogue.TaxNumber} })
		tax, b := g.services["tax"], g.browser()
		q := tax.request()
		p := b.through(b.get(tax.link(q, "")))
		refused(t, tax, b.get(tax.link(tax.request(passive), "")), wire.NoPassive)
		if p.at.Path != "/signin/identify" {
			t.Fatalf("%d at %v", p.status, p.at)
		}
		other, err := identity.NewTaxNumber(identity.Date{Year: 1980, Month: 2, Day: 29}, 124)
		check(t, err)
		wrong := b.post(p.at.String(), "same-origin", url.Values{"what": {"tax_number"}, "number": {string(other)}})
		if wrong.status != http.StatusUnprocessableEntity {
			t.Errorf("another's number: %d at %v", wrong.status, wrong.at)
		}
		a, err := tax.read(b.post(p.at.String(), "same-origin", url.Values{"what": {"tax_number"}, "number": {g.taxNumber()}}).sent(), q.ID)
		check(t, err)
		if values(a)["tax_number"] != g.taxNumber() || len(g.entries(g.person, "identifier.stated")) != 1 {
			t.Errorf("%v, %v", values(a), g.entries(g.person, "identifier.stated"))
		}
		again := tax.request(passive) // once a session
		if _, err := tax.read(b.get(tax.link(again, "")).sent(), again.ID); err != nil {
			t.Error(err)
		}
	})
	t.Run("turned back", func(t *testing.T) {
		g := newGateway(t)
		tax, b := g.services["tax"], g.browser()
		refused(t, tax, b.leaves(b.get(tax.link(tax.request(), ""))), wire.AuthnFailed)
	})
	t.Run("forbidden", func(t *testing.T) {
		g := newGateway(t)
		tax, town, b := g.services["tax"], g.services["town"], g.browser()
		if _, _, to := b.through(b.get(town.link(town.request(), ""))).sent().status(town); to == "" {
			t.Fatal("not signed in")
		}
		all := authn.Disposition{Forbidden: law.Methods()}
		check(t, g.db.Update(context.Background(), func(tx *store.Tx) error { return tx.SetDisposition(g.person, authn.Disposition{}, all) }))
		refused(t, tax, b.get(tax.link(tax.request(passive), "")), wire.NoPassive)
		refused(t, tax, b.leaves(b.get(tax.link(tax.request(), ""))), wire.AuthnFailed)
	})
}

// newcomer is somebody who is known by their own word only.
func (g *gateway) newcomer() (a identity.Account) {
	g.t.Helper()
	name := identity.Name{Family: "Új", Given: "Éva"}
	p := identity.Person{CurrentName: name, Core: identity.Core{BirthName: name, BirthPlace: "Eger", BirthDate: identity.Date{Year: 1990, Month: 5, Day: 1},
		MotherBirthName: identity.Name{Family: "Kiss", Given: "Ida"}}}
	check(g.t, g.db.Update(context.Background(), func(tx *store.Tx) error {
		id, err := tx.AddProvisionalPerson(p)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: id, State: identity.Active, Provisional: true, Channel: identity.ChannelProvisional,
			Username: "ujeva", Email: "ujeva@posta.example", Lang: "hu", ValidUntil: tx.Now.AddDate(0, 0, 30)})
		for _, kind := range []string{"password", "totp"} {
			if err == nil {
				err = tx.PutCredential(store.Credential{Account: a.ID, Kind: kind, Secret: "x"})
			}
		}
		return err
	}))
	return a
}

// taxNumber is that of Kis Anna.
func (g *gateway) taxNumber() (number string) {
	g.t.Helper()
	check(g.t, g.db.View(context.Background(), func(tx *store.Tx) error {
		p, err := tx.Person(g.person)
		number = string(p.TaxNumber)
		return err
	}))
	return number
}

func TestAProvisionalRegistration(t *testing.T) {
	g := newGateway(t, func(_, town *catalogue.Service) {
		town.Provisional, town.Level, town.SAML.Attributes = true, "low", catalogue.Plain
		town.Claims = []catalogue.Claim{catalogue.Name}
	})
	g.now = g.newcomer()
	tax, town, b := g.services["tax"], g.services["town"], g.browser()
	q := town.request()
	a, err := town.read(b.through(b.get(town.link(q, ""))).sent(), q.ID)
	check(t, err)
	if diff := cmp.Diff(map[string]string{"name": "Új Éva", "provisional": "true"}, values(a)); diff != "" {
		t.Error(diff)
	}
	if c := a.AuthnStatements[0].AuthnContext.AuthnContextClassRef.Value; c != loa+"low" {
		t.Errorf("context %q", c)
	}
	passive := tax.request(func(q *wire.AuthnRequest) { q.IsPassive = true })
	if _, sub, _ := b.get(tax.link(passive, "")).sent().status(tax); sub != wire.NoPassive {
		t.Errorf("passive: %s", sub)
	}
	if _, sub, _ := b.leaves(b.get(tax.link(tax.request(), ""))).sent().status(tax); sub != wire.RequestDenied {
		t.Errorf("a service for final registrations: %s", sub)
	}
	if reached := g.entries(g.now.PersonID, "service.reached"); len(reached) != 1 || reached[0]["service"] != "town" {
		t.Errorf("%v", reached)
	}
}
