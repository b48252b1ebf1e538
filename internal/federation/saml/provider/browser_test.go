package provider_test

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

// site is a service on a server of its own, as a real browser sees it. Its pages
// let their forms lead to itself and to the gateway, and nowhere else.
type site struct {
	*party
	server      *httptest.Server
	name, index string // of the person and of the session, as it was told last
}

var toldName, toldIndex = regexp.MustCompile(`<saml:NameID[^>]*>([^<]+)<`), regexp.MustCompile(`SessionIndex="([^"]+)"`)

// serve puts a service on a server, and its registration there.
func (s *site) serve(t *testing.T, r *catalogue.Service, logout string) {
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self' "+s.g.URL)
		check(t, r.ParseForm())
		switch message, _ := base64.StdEncoding.DecodeString(r.PostForm.Get("SAMLResponse") + r.PostForm.Get("SAMLRequest")); {
		case r.URL.Path == "/acs":
			s.name, s.index = toldName.FindStringSubmatch(string(message))[1], toldIndex.FindStringSubmatch(string(message))[1]
			fmt.Fprintf(w, "in at %s", s.entity)
		case r.URL.Path == "/leave":
			s.showLeave(t, w)
		case r.Form.Get("SAMLResponse") != "":
			fmt.Fprintf(w, "out at %s", s.entity)
		default:
			if len(message) == 0 {
				message = messageIn(t, r.URL)
			}
			var asked heard
			check(t, xml.Unmarshal(message, &asked))
			http.Redirect(w, r, s.answers(asked, wire.Success), http.StatusSeeOther)
		}
	}))
	t.Cleanup(s.server.Close)
	r.SAML.ByHand.ACS = []catalogue.Endpoint{{URL: s.server.URL + "/acs", Binding: catalogue.Post, Default: true}}
	r.SAML.ByHand.Logout = []catalogue.Endpoint{{URL: s.server.URL + "/slo", Binding: logout}}
}

// showLeave shows a page with a form by which the visitor signs out.
func (s *site) showLeave(t *testing.T, w http.ResponseWriter) {
	q := s.leaving(visitor{}, func(q *wire.LogoutRequest) { q.NameID.Value, q.Sessions = s.name, []string{s.index} })
	text, err := q.Write(s.signer())
	check(t, err)
	fmt.Fprintf(w, `<form method="post" action="%s/saml/slo"><input type="hidden" name="SAMLRequest" value="%s"><button>Leave</button></form>`,
		s.g.URL, html.EscapeString(base64.StdEncoding.EncodeToString(text)))
}

// TestSigningOutInABrowser walks through services whose pages say where their
// forms may lead: browsers hold every redirect after a form to that, and nobody
// can name all services.
func TestSigningOutInABrowser(t *testing.T) {
	tax, town := &site{}, &site{}
	g := newGateway(t, func(first, second *catalogue.Service) {
		tax.serve(t, first, catalogue.Redirect)
		town.serve(t, second, catalogue.Post)
	})
	tax.party, town.party = g.services["tax"], g.services["town"]
	p := browsertest.Start(t).Visitor(t)
	signIn := func() {
		p.Visit(town.link(town.request(), ""))
		p.Click("Ügyfélkapu+")
		p.See("in at " + town.entity)
		p.Visit(tax.link(tax.request(), ""))
		p.See("in at " + tax.entity)
	}
	signIn()
	p.Visit(town.server.URL + "/leave") // through tax, by a redirect, and back
	p.Click("Leave")
	p.See("out at " + town.entity)
	signIn()
	p.Visit(g.URL + "/signout") // through town, by a form, and tax, by a redirect
	p.Click("Kilépek")
	p.See("Ezekből a szolgáltatásokból is kilépett")
	if text := p.Text(); strings.Contains(text, "még be lehet lépve") {
		t.Errorf("not everybody has heard: %s", text)
	}
	if said := p.Complaints(); len(said) > 0 {
		t.Errorf("the browser complains: %q", said)
	}
}
