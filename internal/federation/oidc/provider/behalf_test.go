package provider_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/doortest"
	"kapu/internal/identity"
	"kapu/internal/mandate"
	"kapu/internal/store"
)

// office takes accountants, asks for more than the law gives it, and has refresh tokens.
func office() *catalogue.Service {
	return &catalogue.Service{ID: "office", Mandates: true, Claims: []catalogue.Claim{catalogue.Name, catalogue.TaxNumber, catalogue.Email},
		ConsentClaims: []catalogue.Claim{catalogue.Address}, OIDC: &catalogue.OIDC{GrantTypes: []string{"authorization_code", "refresh_token"}}}
}

// lets has somebody act for another at the office for a month.
func (g *gateway) lets(principal identity.Account, representative string) (m store.Mandate) {
	g.t.Helper()
	check(g.t, g.db.Update(context.Background(), func(tx *store.Tx) (err error) {
		m, err = g.mandates().Record(tx, principal, representative, mandate.Wish{Services: []string{"office"}, Until: tx.Now.AddDate(0, 1, 0)}, mandate.Clerk{Office: "kisfalud"})
		return err
	}))
	return m
}

func (g *gateway) ends(m store.Mandate) {
	g.t.Helper()
	check(g.t, g.db.Update(context.Background(), func(tx *store.Tx) error {
		_, err := g.mandates().Act(tx, m.ID, mandate.End, mandate.Actor{Role: mandate.Principal, Person: m.Principal}, mandate.Clerk{})
		return err
	}))
}

const officeScopes = "openid profile tax_number email address offline_access"

// toOffice goes to the office, and is asked for whom unless the browser need not be.
func (b *browser) toOffice(options url.Values) page {
	q := url.Values{"client_id": {"office"}, "redirect_uri": {"https://office.example/return"}, "response_type": {"code"}, "state": {"s"},
		"scope": {officeScopes}, "claims": {`{"id_token":{"name":null}}`}, "code_challenge_method": {"S256"}, "code_challenge": {digest(verifier)}}
	for name, v := range options {
		q[name] = v
	}
	return b.signIn(b.g.URL + "/oidc/authorize?" + q.Encode())
}

// chooses answers the question for whom.
func (b *browser) chooses(p page, whom string) page {
	b.g.t.Helper()
	if p.at.Path != "/signin/behalf" {
		b.g.t.Fatalf("%d at %v, want the question for whom", p.status, p.at)
	}
	form := p.hidden()
	form.Set("behalf", whom)
	return b.post(p.at.String(), form)
}

// paid are the tokens for the code of a page.
func (g *gateway) paid(p page) response {
	g.t.Helper()
	if p.out == nil || p.out.Query().Get("code") == "" {
		g.t.Fatalf("%d at %v, to %v", p.status, p.at, p.out)
	}
	return g.ask("/oidc/token", url.Values{"grant_type": {"authorization_code"}, "code": {p.out.Query().Get("code")},
		"redirect_uri": {"https://office.example/return"}, "code_verifier": {verifier}}, as("office"))
}

// actor is who acts, as a service is told.
func actor(said map[string]any) (sub, name string) {
	act, _ := said["act"].(map[string]any)
	sub, _ = act["sub"].(string)
	name, _ = act["name"].(string)
	return sub, name
}

// The service is told of the principal, by law only, and who acts; of both in the
// ID token, userinfo and introspection.
func TestActsForAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(office())
		client := g.citizen("nagybela", "Nagy", "Béla")
		m := g.lets(client, g.person)
		b := g.browser()
		asked := b.toOffice(nil)
		if !strings.Contains(asked.body, "Nagy Béla") || !strings.Contains(asked.body, "Kis Anna") {
			t.Error("the page names neither the one nor the other")
		}
		got := g.paid(b.chooses(asked, m.ID))
		id := payload(t, got.text("id_token"))
		theirs, mine := g.subject("office", client.PersonID), g.subject("office", g.person)
		if sub, name := actor(id); id["sub"] != theirs || sub != mine || name != "Kis Anna" || id["name"] != "Nagy Béla" || id["acr"] == nil {
			t.Errorf("the ID token says %v", id)
		}
		info := g.info("Bearer", got.text("access_token"))
		if sub, _ := actor(info.said); info.said["sub"] != theirs || sub != mine || info.said["email"] != "nagybela@posta.example" {
			t.Errorf("userinfo says %s", info.body)
		}
		holds(t, "userinfo", info.said, "name", "tax_number", "email")
		worth := g.ask("/oidc/introspect", url.Values{"token": {got.text("access_token")}}, as("office"))
		if sub, _ := actor(worth.said); worth.said["sub"] != theirs || sub != mine {
			t.Errorf("introspection says %s", worth.body)
		}
		if used := g.leaves(client.PersonID, "mandate.used"); len(used) != 1 || used[0]["role"] != "principal" || used[0]["service"] != "office" || used[0]["ground"] == nil {
			t.Errorf("the principal reads %v", used)
		}
		if used := g.leaves(g.person, "mandate.used"); len(used) != 1 || used[0]["role"] != "representative" {
			t.Errorf("the representative reads %v", used)
		}
		if reached := g.leaves(g.person, "service.reached"); len(reached) != 0 {
			t.Errorf("the service was told of the representative: %v", reached)
		}
	})
}

// With the mandate, at once, ends all that was issued under it; with either account, too.
func TestWhatEndsWithAMandate(t *testing.T) {
	for name, end := range map[string]func(g *gateway, m store.Mandate){
		"the mandate":                 func(g *gateway, m store.Mandate) { g.ends(m) },
		"its time":                    func(g *gateway, m store.Mandate) { g.clock.Advance(m.Until.Sub(g.clock.Now())) },
		"the principal's account":     func(g *gateway, m store.Mandate) { g.closes(m.Account) },
		"the representative's":        func(g *gateway, m store.Mandate) { g.closes(g.account) },
		"a service that takes it":     func(g *gateway, m store.Mandate) { g.broker.Catalogue.Service("office").Mandates = false },
		"a mandate of another's hand": func(g *gateway, m store.Mandate) { g.ends(m); g.lets(g.citizen("szabeva", "Szabó", "Éva"), g.person) },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			g.add(office())
			m := g.lets(g.citizen("nagybela", "Nagy", "Béla"), g.person)
			b := g.browser()
			got := g.paid(b.chooses(b.toOffice(nil), m.ID))
			if g.info("Bearer", got.text("access_token")).status != 200 {
				t.Fatal(got.body)
			}
			late := b.chooses(b.toOffice(nil), m.ID)
			end(g, m)
			if a := g.info("Bearer", got.text("access_token")); a.status != 401 {
				t.Errorf("userinfo: %d %s", a.status, a.body)
			}
			if a := g.renew("office", got.text("refresh_token"), as("office")); a.code() != "Bad Request invalid_grant" {
				t.Errorf("refresh: %s", a.body)
			}
			if a := g.ask("/oidc/introspect", url.Values{"token": {got.text("access_token")}}, as("office")); a.said["active"] != false {
				t.Errorf("introspection: %s", a.body)
			}
			if a := g.paid(late); a.status == 200 {
				t.Errorf("a code from before: %s", a.body)
			}
		})
	}
}

func (g *gateway) closes(account string) {
	g.t.Helper()
	check(g.t, g.db.Update(context.Background(), func(tx *store.Tx) error { return tx.CloseAccount(account) }))
}

// Nothing is chosen silently, unless an ID token of the very session shows that it
// was chosen before.
func TestWhereNothingMayBeShown(t *testing.T) {
	g := newGateway(t)
	g.add(office())
	client := g.citizen("nagybela", "Nagy", "Béla")
	m := g.lets(client, g.person)
	b := g.browser()
	first := g.paid(b.chooses(b.toOffice(nil), m.ID))
	silent := func(b *browser, hint string) url.Values {
		g.clock.Advance(time.Second)
		o := url.Values{"prompt": {"none"}}
		if hint != "" {
			o["id_token_hint"] = []string{hint}
		}
		p := b.toOffice(o)
		if p.out == nil {
			t.Fatalf("%d at %v", p.status, p.at)
		}
		return p.out.Query()
	}
	if q := silent(b, ""); q.Get("error") != "interaction_required" {
		t.Errorf("without a hint: %v", q)
	}
	if q := silent(b, first.text("id_token")); q.Get("code") == "" {
		t.Errorf("with the ID token of the session: %v", q)
	}
	if other := g.browser(); other.toOffice(nil).at.Path == "/signin/behalf" {
		if q := silent(other, first.text("id_token")); q.Get("error") != "interaction_required" {
			t.Errorf("with the ID token of another session: %v", q)
		}
	}
	g.ends(m)
	if q := silent(b, first.text("id_token")); q.Get("error") != "login_required" && q.Get("error") != "interaction_required" {
		t.Errorf("of a mandate that is over: %v", q)
	}
	own := g.paid(b.toOffice(url.Values{"scope": {"openid"}})) // whoever holds none is asked nothing
	if said := payload(t, own.text("id_token")); said["act"] != nil || said["sub"] != g.subject("office", g.person) {
		t.Errorf("in their own matter: %v", said)
	}
}

// subject is the name by which a service knows somebody.
func (g *gateway) subject(service, person string) string {
	return federation.Subject(g.ring, g.broker.Catalogue.Service(service), person)
}

// mandates is the register of who acts for whom.
func (g *gateway) mandates() mandate.Register { return doortest.Mandates(g.broker) }
