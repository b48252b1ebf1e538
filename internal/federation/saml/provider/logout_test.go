package provider_test

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

// heard is a message of the gateway about the end of a session, as a service reads it.
type heard struct {
	XMLName      xml.Name
	ID           string `xml:",attr"`
	Destination  string `xml:",attr"`
	InResponseTo string `xml:",attr"`
	NameID       string
	SessionIndex string
	Status       struct {
		StatusCode struct {
			Value      string `xml:",attr"`
			StatusCode struct {
				Value string `xml:",attr"`
			}
		}
	}
}

// hears reads a message that comes by Redirect, and verifies its signature by the
// key in our metadata.
func (p *party) hears(out *url.URL) (h heard) {
	p.g.t.Helper()
	if out == nil || !strings.HasPrefix(out.String(), p.url+"/slo?") {
		p.g.t.Fatalf("the browser is sent to %v, not to %s", out, p.url)
	}
	signed, _, _ := strings.Cut(out.RawQuery, "&Signature=")
	sum := sha256.Sum256([]byte(signed))
	signature, err := base64.StdEncoding.DecodeString(out.Query().Get("Signature"))
	check(p.g.t, err)
	certificate := p.library().IDPMetadata.IDPSSODescriptors[0].KeyDescriptors[0].KeyInfo.X509Data.X509Certificates[0].Data
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(certificate), ""))
	check(p.g.t, err)
	key := publicKey(p.g.t, der)
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature); err != nil {
		p.g.t.Errorf("signature: %v", err)
	}
	check(p.g.t, xml.Unmarshal(messageIn(p.g.t, out), &h))
	return h
}

// messageIn is the message in an address.
func messageIn(t testing.TB, out *url.URL) []byte {
	t.Helper()
	packed, err := base64.StdEncoding.DecodeString(out.Query().Get("SAMLRequest") + out.Query().Get("SAMLResponse"))
	check(t, err)
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	check(t, err)
	return text
}

// answers is the service's answer on its way back.
func (p *party) answers(to heard, code string) string {
	a := wire.LogoutResponse{Status: wire.Status{Code: code}}
	a.Header = wire.Header{ID: "_answer-" + to.ID[1:9], InResponseTo: to.ID, IssueInstant: p.g.clock.Now(), Destination: p.g.URL + "/saml/slo", Issuer: p.entity}
	text, err := a.Write(nil)
	check(p.g.t, err)
	address, err := wire.Carried{Response: true, Message: text}.RedirectURL(p.g.URL+"/saml/slo", p.signer())
	check(p.g.t, err)
	return address
}

// visitor is a browser that came to services, with what they learnt.
type visitor struct {
	*browser
	name, index map[string]string
}

func (g *gateway) visitor(ids ...string) visitor {
	v := visitor{g.browser(), map[string]string{}, map[string]string{}}
	for _, id := range ids {
		p := g.services[id]
		q := p.request()
		a, err := p.read(v.through(v.get(p.link(q, ""))).sent(), q.ID)
		check(g.t, err)
		v.name[id], v.index[id] = a.Subject.NameID.Value, a.AuthnStatements[0].SessionIndex
	}
	return v
}

// signedIn tells whether a browser is signed in.
func (b *browser) signedIn() bool {
	q := b.g.services["tax"].request(func(q *wire.AuthnRequest) { q.IsPassive = true })
	code, _, _ := b.get(b.g.services["tax"].link(q, "")).sent().status(b.g.services["tax"])
	return code == wire.Success
}

// leaving is a service's request to end the session of a visitor.
func (p *party) leaving(v visitor, change ...func(*wire.LogoutRequest)) wire.LogoutRequest {
	p.asked++
	id := strings.TrimSuffix(strings.TrimPrefix(p.url, "https://"), ".example")
	q := wire.LogoutRequest{NameID: wire.NameID{Value: v.name[id], Format: wire.FormatPersistent}, Sessions: []string{v.index[id]}}
	q.Header = wire.Header{ID: "_leave" + id + string(rune('a'+p.asked)), IssueInstant: p.g.clock.Now(), Destination: p.g.URL + "/saml/slo", Issuer: p.entity}
	for _, f := range change {
		f(&q)
	}
	return q
}

func (p *party) leaveLink(q wire.LogoutRequest, relay string) string {
	text, err := q.Write(nil)
	check(p.g.t, err)
	address, err := wire.Carried{Message: text, RelayState: relay}.RedirectURL(p.g.URL+"/saml/slo", p.signer())
	check(p.g.t, err)
	return address
}

func TestSigningOutLeadsThroughTheServices(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	v := g.visitor("tax", "town")
	first := v.post(g.URL+"/signout", "same-origin", nil)
	if v.signedIn() {
		t.Error("the session lives while services are told")
	}
	asked := tax.hears(first.out)
	if asked.XMLName.Local != "LogoutRequest" || asked.NameID != v.name["tax"] || asked.SessionIndex != v.index["tax"] || asked.Destination != tax.url+"/slo" {
		t.Errorf("%+v", asked)
	}
	second := v.get(tax.answers(asked, wire.Success))
	next := town.hears(second.out)
	end := v.get(town.answers(next, wire.Responder))
	if end.status != http.StatusOK || !strings.Contains(end.body, "Ezekből a szolgáltatásokból is kilépett") || !strings.Contains(end.body, "még be lehet lépve") {
		t.Errorf("the page does not say who answered: %d %s\n%s", end.status, end.at, end.body)
	}
	if again := v.get(town.answers(next, wire.Success)); strings.Contains(again.body, "Ezekből") {
		t.Error("an answer counts twice")
	}
}

func TestAnAnswerCountsFromWhoWasAsked(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	v := g.visitor("tax", "town")
	asked := tax.hears(v.post(g.URL+"/signout", "same-origin", nil).out)
	if end := v.get(town.answers(asked, wire.Success)); end.status != http.StatusBadRequest {
		t.Errorf("%d %s: another service answered", end.status, end.at)
	}
}

func TestAServiceSignsItsVisitorOutEverywhere(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	v := g.visitor("tax", "town")
	q := town.leaving(v)
	asked := tax.hears(v.get(town.leaveLink(q, "bye")).out)
	back := v.get(tax.answers(asked, wire.Success)).out
	done := town.hears(back)
	if done.InResponseTo != q.ID || done.Status.StatusCode.Value != wire.Success || done.Status.StatusCode.StatusCode.Value != "" || back.Query().Get("RelayState") != "bye" {
		t.Errorf("%+v, RelayState %q", done, back.Query().Get("RelayState"))
	}
	if v.signedIn() {
		t.Error("still signed in")
	}
}

func TestTheServiceHearsThatAnotherDidNotAnswer(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	v := g.visitor("tax", "town")
	asked := tax.hears(v.get(town.leaveLink(town.leaving(v), "")).out)
	end := v.get(tax.answers(asked, wire.Requester))
	link, _, _ := strings.Cut(end.body[strings.Index(end.body, "/saml/slo-answer"):], `"`)
	done := town.hears(v.get(g.URL + strings.ReplaceAll(link, "&amp;", "&")).out)
	if done.Status.StatusCode.Value != wire.Success || done.Status.StatusCode.StatusCode.Value != wire.PartialLogout {
		t.Errorf("%+v", done)
	}
}

// TestNobodyIsSignedOutByALink is logout CSRF: what a stranger can make must not
// end a session.
func TestNobodyIsSignedOutByALink(t *testing.T) {
	g := newGateway(t)
	tax, town := g.services["tax"], g.services["town"]
	v := g.visitor("tax", "town")
	unsigned := tax.leaveLink(tax.leaving(v), "")
	unsigned = unsigned[:strings.Index(unsigned, "&SigAlg")]
	for name, address := range map[string]string{
		"unsigned":                    unsigned,
		"another person's name":       town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.NameID.Value = strings.Repeat("A", 43) }), ""),
		"another service's name":      town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.NameID.Value = v.name["tax"] }), ""),
		"a name by another provider":  town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.NameID.NameQualifier = "https://other.example" }), ""),
		"a name among others":         town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.NameID.SPNameQualifier = tax.entity }), ""),
		"a name of another kind":      town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.NameID.Format = wire.FormatTransient }), ""),
		"another session":             town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.Sessions = []string{v.index["tax"]} }), ""),
		"another service's key":       town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.Issuer = tax.entity }), ""),
		"for another address":         town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.Destination = "https://x.example/" }), ""),
		"over":                        town.leaveLink(town.leaving(v, func(q *wire.LogoutRequest) { q.NotOnOrAfter = g.clock.Now().AddDate(0, 0, -1) }), ""),
		"an answer that nobody asked": town.answers(heard{ID: "_0123456789"}, wire.Success),
	} {
		v.get(address)
		if !v.signedIn() {
			t.Errorf("%s: signed out", name)
		}
	}
}

func TestARequestToLeaveInAForm(t *testing.T) {
	g := newGateway(t, func(_, town *catalogue.Service) {
		town.SAML.ByHand.Logout = []catalogue.Endpoint{{URL: "https://town.example/slo", Response: "https://town.example/slo-answer", Binding: catalogue.Post}}
	})
	town := g.services["town"]
	v := g.visitor("town")
	q := town.leaving(v)
	text, err := q.Write(town.signer())
	check(t, err)
	end := v.post(g.URL+"/saml/slo", "cross-site", url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(text)}})
	s := end.sent()
	if code, _, to := s.status(town); s.to != "https://town.example/slo-answer" || code != wire.Success || to != q.ID || v.signedIn() {
		t.Errorf("sent to %q: %s in response to %s", s.to, code, to)
	}
}

// soapService is a service that takes LogoutRequest by SOAP.
func soapService(t *testing.T, answer func(text string) string) (*httptest.Server, *[]string) {
	var heard []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard = append(heard, string(body))
		_, _ = io.WriteString(w, answer(string(body)))
	}))
	t.Cleanup(server.Close)
	return server, &heard
}

func TestServicesAreToldBySOAP(t *testing.T) {
	var g *gateway
	server, told := soapService(t, func(text string) string {
		_, after, _ := strings.Cut(text, ` ID="`)
		id, _, _ := strings.Cut(after, `"`)
		a := wire.LogoutResponse{Status: wire.Status{Code: wire.Success}}
		a.Header = wire.Header{ID: "_a", InResponseTo: id, IssueInstant: g.clock.Now(), Issuer: g.services["town"].entity}
		answer, err := a.Write(g.services["town"].signer())
		check(t, err)
		return string(wire.SOAP(answer))
	})
	g = newGateway(t, func(_, town *catalogue.Service) {
		town.SAML.PrivateNetwork = true
		town.SAML.ByHand.Logout = append(town.SAML.ByHand.Logout, catalogue.Endpoint{URL: server.URL, Binding: catalogue.SOAP})
	})
	v := g.visitor("town")
	if end := v.post(g.URL+"/signout", "same-origin", nil); end.out != nil || !strings.Contains(end.body, "értesítjük") {
		t.Errorf("%d %s %v", end.status, end.at, end.out)
	}
	for range 2 {
		_, err := g.door.TellServices(context.Background())
		check(t, err)
	}
	if len(*told) != 1 || !strings.Contains((*told)[0], v.name["town"]) || !strings.Contains((*told)[0], v.index["town"]) || g.door.Logouts.Told.Load() != 1 {
		t.Errorf("told %d: %q", len(*told), *told)
	}
}

func TestAServiceEndsASessionBySOAP(t *testing.T) {
	g := newGateway(t, func(_, town *catalogue.Service) {
		town.SAML.PrivateNetwork = true
		town.SAML.ByHand.Logout = append(town.SAML.ByHand.Logout, catalogue.Endpoint{URL: "http://127.0.0.1:1/", Binding: catalogue.SOAP})
	})
	town := g.services["town"]
	v := g.visitor("tax", "town")
	ask := func(q wire.LogoutRequest) string {
		text, err := q.Write(town.signer())
		check(t, err)
		r, err := http.Post(g.URL+"/saml/slo/soap", "text/xml; charset=utf-8", bytes.NewReader(wire.SOAP(text)))
		check(t, err)
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		check(t, err)
		return string(body)
	}
	there := func(q *wire.LogoutRequest) { q.Destination = g.URL + "/saml/slo/soap" }
	if answer := ask(town.leaving(v, there, func(q *wire.LogoutRequest) { q.NameID.Value = v.name["tax"] })); !strings.Contains(answer, wire.UnknownPrincipal) || !v.signedIn() {
		t.Errorf("another service's name: %s", answer)
	}
	if answer := ask(town.leaving(v, there)); !strings.Contains(answer, wire.Success) || !strings.Contains(answer, wire.PartialLogout) || v.signedIn() {
		t.Errorf("%s", answer) // tax needs a browser
	}
	if answer := ask(town.leaving(v, there)); !strings.Contains(answer, wire.UnknownPrincipal) {
		t.Errorf("twice: %s", answer)
	}
}
