package provider_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/doortest"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/mandate"
	"kapu/internal/store"
)

// TestActsForAnother: the assertion is about the principal and says who acts, in
// the words of eIDAS or in ours; its NameID ends the session, too.
func TestActsForAnother(t *testing.T) {
	for naming, names := range map[string][3]string{
		catalogue.Plain: {"act", "act_name", "Kis Anna"},
		catalogue.EIDAS: {wire.EIDASRepresentativeIdentifier, wire.EIDASRepresentativeFamilyName, "Kis"},
	} {
		g := newGateway(t, func(_, town *catalogue.Service) {
			town.Mandates, town.SAML.Attributes = true, naming
			town.Claims, town.ConsentClaims = []catalogue.Claim{catalogue.Name, catalogue.FamilyName}, []catalogue.Claim{catalogue.Email}
		})
		client := g.citizen("nagybela", "Nagy", "Béla")
		var m store.Mandate
		check(t, g.db.Update(context.Background(), func(tx *store.Tx) (err error) {
			m, err = g.mandates().Record(tx, client, g.person, mandate.Wish{Services: []string{"town"}, Until: tx.Now.AddDate(0, 1, 0)}, mandate.Clerk{})
			return err
		}))
		town, b := g.services["town"], g.browser()
		q := town.request()
		p := b.through(b.get(town.link(q, "")))
		if p.at.Path != "/signin/behalf" {
			t.Fatalf("%s: %d at %v", naming, p.status, p.at)
		}
		form := p.sent().fields
		form.Set("behalf", m.ID)
		answer := b.post(p.at.String(), "same-origin", form).sent()
		if _, err := exec.LookPath("xmllint"); err == nil {
			lints(t, "on behalf, "+naming, string(answer.message(town)))
		}
		a, err := town.read(answer, q.ID)
		check(t, err)
		service := g.broker.Catalogue.Service("town")
		said := values(a)
		if a.Subject.NameID.Value != federation.Subject(g.ring, service, client.PersonID) || said[names[0]] != federation.Subject(g.ring, service, g.person) || said[names[1]] != names[2] {
			t.Errorf("%s: about %s: %v", naming, a.Subject.NameID.Value, said)
		}
		if said["email"] != "" {
			t.Errorf("%s: nobody gives for the principal what is theirs to give: %v", naming, said)
		}
		if used := g.entries(client.PersonID, "mandate.used"); len(used) != 1 || !cmp.Equal(used[0]["role"], any("principal")) {
			t.Errorf("%s: the principal reads %v", naming, used)
		}
		silent := town.request(func(q *wire.AuthnRequest) { q.IsPassive = true })
		if _, sub, _ := b.get(town.link(silent, "")).sent().status(town); sub != wire.NoPassive {
			t.Errorf("%s: where nothing may be shown: %s", naming, sub)
		}
		g.leavesAs(t, b, town, a.Subject.NameID.Value)
	}
}

// leavesAs ends the session of whom the service knows by that name.
func (g *gateway) leavesAs(t *testing.T, b *browser, p *party, name string) {
	t.Helper()
	q := wire.LogoutRequest{Header: wire.Header{ID: "_leave", IssueInstant: g.clock.Now(), Destination: g.URL + "/saml/slo", Issuer: p.entity},
		NameID: wire.NameID{Format: wire.FormatPersistent, Value: name}}
	text, err := q.Write(nil)
	check(t, err)
	address, err := wire.Carried{Message: text}.RedirectURL(g.URL+"/saml/slo", p.signer())
	check(t, err)
	b.get(address)
	if current := b.get(g.URL + "/signout"); !strings.Contains(current.body, "Kilépett") {
		t.Errorf("the session lives on: %s", current.body)
	}
}

// mandates is the register of who acts for whom.
func (g *gateway) mandates() mandate.Register { return doortest.Mandates(g.broker) }
