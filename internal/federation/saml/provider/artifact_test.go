package provider_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

// resolves asks for what an artifact stands for.
func (p *party) resolves(artifact string) string {
	p.asked++
	text := `<samlp:ArtifactResolve xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r` + p.entity[8:11] + strings.Repeat("x", p.asked) +
		`" Version="2.0" IssueInstant="` + p.g.clock.Now().UTC().Format("2006-01-02T15:04:05Z") + `" Destination="` + p.g.URL + `/saml/artifact"><saml:Issuer>` + p.entity +
		`</saml:Issuer><samlp:Artifact>` + artifact + `</samlp:Artifact></samlp:ArtifactResolve>`
	if p.edit != nil {
		text = p.edit.Replace(text)
	}
	r, err := http.Post(p.g.URL+"/saml/artifact", "text/xml", bytes.NewReader(wire.SOAP(signed(p, text))))
	check(p.g.t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	check(p.g.t, err)
	return string(body)
}

func TestAnArtifactIsGoodOnceAndForItsService(t *testing.T) {
	g := newGateway(t)
	tax, town, b := g.services["tax"], g.services["town"], g.browser()
	ask := func() string {
		q := tax.request()
		end := b.through(b.get(tax.with(q, `AssertionConsumerServiceIndex="1"`, "")))
		if end.out == nil || !strings.HasPrefix(end.out.String(), tax.url+"/artifact?") || end.out.Query().Get("RelayState") != "state" {
			t.Fatalf("%d %s to %v", end.status, end.at, end.out)
		}
		return end.out.Query().Get("SAMLart")
	}
	artifact := ask()
	if answer := tax.resolves(artifact); !strings.Contains(answer, "Kis Anna") || strings.Count(answer, "<ds:Signature") < 2 {
		t.Errorf("%s", answer)
	}
	if again := tax.resolves(artifact); strings.Contains(again, "Kis Anna") || !strings.Contains(again, wire.Success) {
		t.Errorf("twice: %s", again)
	}
	stolen := ask()
	if answer := town.resolves(stolen); strings.Contains(answer, "Kis Anna") {
		t.Error("another service gets it")
	}
	if answer := tax.resolves(stolen); strings.Contains(answer, "Kis Anna") {
		t.Error("what a thief has asked for is still good")
	}
	late := ask()
	g.clock.Advance(2 * 60 * 1e9)
	if answer := tax.resolves(late); strings.Contains(answer, "Kis Anna") {
		t.Error("after its time")
	}
}

// TestFaultsOfArtifactResolve are told in the words of SAML, as those of all requests.
func TestFaultsOfArtifactResolve(t *testing.T) {
	g := newGateway(t)
	tax := g.services["tax"]
	nothing := wire.NewArtifact(g.door.EntityID(), 0, [20]byte{}).String()
	for _, c := range []struct{ name, old, new, code, sub string }{
		{"of another version", `Version="2.0"`, `Version="1.1"`, wire.VersionMismatch, wire.RequestVersionTooLow},
		{"for another address", g.URL + "/saml/artifact", g.URL + "/saml/sso", wire.Requester, wire.RequestDenied},
		{"for no address", `Destination="` + g.URL + `/saml/artifact"`, "", wire.Requester, ""},
		{"no artifact", nothing, "AAAA", wire.Requester, ""},
		{"good", "", "", wire.Success, ""},
	} {
		tax.edit = strings.NewReplacer(c.old, c.new)
		if c.old == "" {
			tax.edit = nil
		}
		answer := tax.resolves(nothing)
		if !strings.Contains(answer, "ArtifactResponse") || !strings.Contains(answer, c.code) || !strings.Contains(answer, c.sub) || !strings.Contains(answer, "<ds:Signature") {
			t.Errorf("%s: %s", c.name, answer)
		}
	}
	tax.asked-- // the ID of the last
	if again := tax.resolves(nothing); !strings.Contains(again, wire.RequestDenied) {
		t.Errorf("an ID twice: %s", again)
	}
}

func TestServicesThatAreReachedUnasked(t *testing.T) {
	g := newGateway(t, func(tax, _ *catalogue.Service) { tax.SAML.IdPInitiated = true })
	tax, b := g.services["tax"], g.browser()
	chosen, err := http.NewRequest(http.MethodGet, g.URL+g.broker.Catalogue.Service("tax").Entrance(), nil)
	check(t, err)
	chosen.Header.Set("Sec-Fetch-Site", "same-origin") // on a page of ours
	end := b.through(b.do(chosen))
	sp := tax.library()
	sp.AllowIDPInitiated = true
	s := end.sent()
	a, err := sp.ParseXMLResponse(s.message(tax), nil, sp.AcsURL)
	if err != nil || values(a)["name"] != "Kis Anna" {
		t.Errorf("%v", err)
	}
	if _, _, to := s.status(tax); to != "" {
		t.Errorf("in response to %q", to)
	}
	if end := b.get(g.URL + "/saml/go/town"); end.status != http.StatusNotFound {
		t.Errorf("a service that allows no such thing: %d", end.status)
	}
	r, err := http.NewRequest(http.MethodGet, g.URL+"/saml/go/tax", nil)
	check(t, err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if end := b.do(r); end.sent().to != "" {
		t.Error("another site's link signs people on")
	}
}
