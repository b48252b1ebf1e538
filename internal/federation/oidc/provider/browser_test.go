package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/browsertest"
)

// TestDemoServicesInABrowser walks what a visitor of the demo walks, with the
// content security policies of both sides in force.
func TestDemoServicesInABrowser(t *testing.T) {
	g := newGateway(t)
	tax, town := g.demoServices()
	p := browsertest.Start(t).Visitor(t)
	look := func(name string) {
		if found := p.Axe(); len(found) > 0 {
			t.Errorf("%s: %s", name, strings.Join(found, "\n"))
		}
		if dir := os.Getenv("KAPU_SCREENSHOTS"); dir != "" {
			p.Screenshot(filepath.Join(dir, "oidc-"+name+".png"), 1000, 900, false)
			p.Screenshot(filepath.Join(dir, "oidc-"+name+"-phone-dark.png"), 390, 844, true)
		}
	}
	p.Visit(tax.URL)
	look("tax")
	p.Click("Belépés ügyfélkapuval")
	p.Click("Ügyfélkapu+")
	p.See("Adja meg az adóazonosító jelét")
	look("identify")
	p.Fill("Adóazonosító jel", "8412 340 568")
	p.Click("Tovább")
	p.See("egy számjegy elírtnak látszik")
	look("identify-mistyped")
	p.Fill("Adóazonosító jel", g.taxNumber())
	p.Click("Tovább")
	p.See("Ön be van lépve")
	p.Fill("Anyja neve", "TÓTH Ilona")
	p.Click("Ellenőrzöm")
	p.See("Egyezik.")
	look("tax-signed-in")
	p.Visit(town.URL + "/signin?lang=en")
	p.See("What may we pass on about you?")
	look("consent")
	p.Check("E-mail address: kisanna@posta.example")
	p.Click("Allow what is ticked")
	p.See("Kis Anna")
	p.See("you did not allow us to have it")
	look("town-signed-in")
	p.Visit(g.URL + "/account/consents")
	p.See("Visszavonom az engedélyt")
	look("consents")
	p.Visit(g.URL + "/oidc/end-session?client_id=demo-kisfalud&post_logout_redirect_uri=" + town.URL + "/goodbye")
	look("end")
	p.Visit(g.URL + "/oidc/authorize?client_id=nobody")
	look("refused")
	p.Visit(tax.URL)
	p.Click("Kilépek mindenhol")
	p.See("Kilépett")
	look("goodbye")
	if wrong := p.Complaints(); len(wrong) > 0 {
		t.Errorf("the browser complains: %q", wrong)
	}
}

// TestFormPostInABrowser sends the response by a form that submits itself, to
// another origin, under our policy.
func TestFormPostInABrowser(t *testing.T) {
	g := newGateway(t)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s got state=%s and a code of %t", r.Method, r.FormValue("state"), r.PostFormValue("code") != "")
	}))
	t.Cleanup(service.Close)
	list := registered(g.broker.Ring)
	list[0].OIDC.RedirectURIs = []string{service.URL + "/return"}
	check(t, g.broker.Catalogue.Replace(list))
	p := browsertest.Start(t).Visitor(t)
	p.Visit(g.tax().url(param("response_mode", "form_post"), param("redirect_uri", service.URL+"/return")))
	p.Click("Ügyfélkapu+")
	p.See("POST got state=state +&é=1 and a code of true")
}
