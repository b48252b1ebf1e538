package provider_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kapu/internal/simulator/services"
	"kapu/internal/store"
)

// demoServices starts both demo services and registers them.
func (g *gateway) demoServices() (tax, town *httptest.Server) {
	start := func(p services.Party) *httptest.Server {
		server := httptest.NewUnstartedServer(nil)
		server.Config.Handler = services.New(services.Config{Party: p, Issuer: g.URL, URL: "http://" + server.Listener.Addr().String(),
			Secret: p.Secret(g.broker.Ring), Now: g.clock.Now})
		server.Start()
		g.t.Cleanup(server.Close)
		return server
	}
	tax, town = start(services.Tax()), start(services.Town())
	check(g.t, g.broker.Catalogue.Replace(services.Catalogue(tax.URL, town.URL, "http://localhost:9", g.broker.Ring)))
	return tax, town
}

// everywhere is a browser that goes wherever it is sent.
func (g *gateway) everywhere() *browser {
	b := g.browser()
	b.client.CheckRedirect = nil
	return b
}

// enter is signIn at a demo service, with all that it asks on the way: the tax
// office for a number, the town for leave.
func (b *browser) enter(address string) page {
	p := b.signIn(address)
	if p.at.Path == "/signin/identify" {
		p = b.post(p.at.String(), url.Values{"what": {"tax_number"}, "number": {b.g.taxNumber()}})
	}
	if p.at.Path == "/signin/consent" {
		p = b.decides(p, "address", "email")
	}
	return p
}

func expectPage(t *testing.T, p page, address string, parts ...string) {
	t.Helper()
	if got := p.at.String(); got != address {
		t.Fatalf("at %s, want %s\n%s", got, address, p.body)
	}
	for _, part := range parts {
		if !strings.Contains(p.body, part) {
			t.Errorf("%s does not say %q:\n%s", address, part, p.body)
		}
	}
}

func TestDemoServices(t *testing.T) {
	g := newGateway(t)
	tax, town := g.demoServices()
	b := g.everywhere()
	expectPage(t, b.get(tax.URL), tax.URL, "Belépés ügyfélkapuval")
	p := b.signIn(tax.URL + "/signin")
	expectRoom(t, p, "/signin/identify")
	p = b.post(p.at.String(), url.Values{"what": {"tax_number"}, "number": {g.taxNumber()}})
	expectPage(t, p, tax.URL+"/", "Kis Anna", "1980. 02. 29.", "Adóazonosító jel", "jelentős", "egyszer használható kód", "2026. 03. 02. 10.00")
	p = b.post(tax.URL+"/match", url.Values{"mother_birth_name": {"tóth  ilona"}, "taj": {"123 456 788"}})
	expectPage(t, p, tax.URL+"/match", "Egyezik.", "Nem egyezik.", `value="tóth  ilona"`)
	p = b.decides(b.get(town.URL+"/signin?lang=en"), "address")
	expectPage(t, p, town.URL+"/", "You are signed in", "9021 Győr, Fő utca 1.", "you did not allow us to have it")
	if strings.Contains(p.body, "kisanna@posta.example") {
		t.Error("the town has what was refused")
	}

	out := b.post(town.URL+"/signout", url.Values{"where": {"here"}})
	expectPage(t, out, town.URL+"/goodbye")
	expectPage(t, b.get(town.URL+"/signin"), town.URL+"/", "Kis Anna") // single sign-on still holds

	out = b.post(tax.URL+"/signout", url.Values{"where": {"everywhere"}})
	expectPage(t, out, tax.URL+"/goodbye", "Kilépett")
	if p := b.get(tax.URL + "/signin"); p.at.Path != "/signin/choose" {
		t.Errorf("after signing out everywhere the gateway let in again: %s", p.at)
	}
}

// taxNumber is that of the person who proves in the rooms.
func (g *gateway) taxNumber() (number string) {
	g.t.Helper()
	check(g.t, g.db.View(context.Background(), func(tx *store.Tx) error {
		p, err := tx.Person(g.now.PersonID)
		number = string(p.TaxNumber)
		return err
	}))
	return number
}

func TestDemoServiceTurnedBack(t *testing.T) {
	g := newGateway(t)
	tax, _ := g.demoServices()
	b := g.everywhere()
	p := b.get(tax.URL + "/signin")
	_, after, _ := strings.Cut(p.body, `href="/signin/leave`)
	address, _, _ := strings.Cut(after, `"`)
	p = b.get(g.URL + "/signin/leave" + strings.ReplaceAll(address, "&amp;", "&"))
	if p.at.Path != "/return" || !strings.Contains(p.body, "Visszalépett") || !strings.Contains(p.body, "access_denied") {
		t.Errorf("%s\n%s", p.at, p.body)
	}
}

func TestDemoServiceRefusesForeignAnswers(t *testing.T) {
	g := newGateway(t)
	tax, _ := g.demoServices()
	for _, query := range []string{"", "?code=x", "?code=x&state=" + strings.Repeat("A", 43) + "&iss=" + g.URL} {
		if p := g.everywhere().get(tax.URL + "/return" + query); p.status != http.StatusBadRequest {
			t.Errorf("%q: %d", query, p.status)
		}
	}
}

func TestDemoServiceWithoutGateway(t *testing.T) {
	g := newGateway(t)
	tax, _ := g.demoServices()
	g.Server.Close()
	p := g.everywhere().get(tax.URL + "/signin")
	if p.status != http.StatusServiceUnavailable || !strings.Contains(p.body, "pillanatnyilag nem érhető el") {
		t.Errorf("%d\n%s", p.status, p.body)
	}
}
