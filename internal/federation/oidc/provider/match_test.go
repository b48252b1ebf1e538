package provider_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/store"
)

// bureau may have data compared.
func bureau() *catalogue.Service {
	return &catalogue.Service{ID: "bureau", Claims: []catalogue.Claim{catalogue.Name}, Match: []catalogue.Claim{catalogue.TaxNumber, catalogue.Name, catalogue.BirthDate, catalogue.TAJ},
		OIDC: &catalogue.OIDC{GrantTypes: []string{"authorization_code", "client_credentials"}}}
}

// matches asks whether the data are right.
func (g *gateway) matches(token, body string, options ...func(*http.Request)) response {
	g.t.Helper()
	r, err := http.NewRequest(http.MethodPost, g.URL+"/oidc/match", strings.NewReader(body))
	check(g.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	return g.send(r, options...)
}

// matchToken is a token with the scope.
func (g *gateway) matchToken(id, scope string) string {
	g.t.Helper()
	return g.ask("/oidc/token", g.codeOf(g.browser(), id, url.Values{"scope": {scope}}), as(id)).text("access_token")
}

func TestAttributeMatch(t *testing.T) {
	onBoth(t, func(t *testing.T, g *gateway) {
		g.add(bureau())
		token := g.matchToken("bureau", "openid match")
		a := g.matches(token, `{"tax_number":"`+g.taxNumber()+`","name":"KIS  anna","birthdate":"1980-02-28","taj":"123456788"}`)
		if a.status != 200 || a.body != `{"birthdate":false,"name":true,"taj":false,"tax_number":true}` || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %s", a.status, a.body)
		}
		told := g.leaves(g.person, "attributes.matched")
		if len(told) != 1 || words(told[0]["asked"]) != "name birthdate tax_number taj" || told[0]["differing"] != nil {
			t.Errorf("ledger: %v", told)
		}
	})
}

func TestWhoMayNotMatch(t *testing.T) {
	g := newGateway(t)
	g.add(bureau(), library())
	token := g.matchToken("bureau", "openid match")
	if scope := g.ask("/oidc/token", g.codeOf(g.browser(), "library", url.Values{"scope": {"openid match"}}), as("library")).text("scope"); scope != "openid" {
		t.Errorf("a service that is not registered for it got scope %q", scope)
	}
	own := g.ask("/oidc/token", url.Values{"grant_type": {"client_credentials"}}, as("bureau")).text("access_token")
	const right = `{"name":"Kis Anna"}`
	for name, test := range map[string]struct {
		a    response
		want string
	}{
		"no token":                   {g.matches("", right), "Unauthorized invalid_token"},
		"made up":                    {g.matches("x", right), "Unauthorized invalid_token"},
		"without the scope":          {g.matches(g.matchToken("bureau", "openid"), right), "Forbidden insufficient_scope"},
		"of nobody":                  {g.matches(own, right), "Forbidden insufficient_scope"},
		"of another service":         {g.matches(g.matchToken("library", "openid match"), right), "Forbidden insufficient_scope"},
		"a datum not registered":     {g.matches(token, `{"name":"Kis Anna","address":"9021 Győr"}`), "Forbidden insufficient_scope"},
		"one that nobody may":        {g.matches(token, `{"email":"kisanna@posta.example"}`), "Bad Request invalid_request"},
		"unknown":                    {g.matches(token, `{"name":"Kis Anna","x":"y"}`), "Bad Request invalid_request"},
		"twice":                      {g.matches(token, `{"name":"Kis Anna","name":"Kis Anna"}`), "Bad Request invalid_request"},
		"twice, hidden":              {g.matches(token, `{"name":"Kis Anna","n\u0061me":"Kis Anna"}`), "Bad Request invalid_request"},
		"nothing":                    {g.matches(token, `{}`), "Bad Request invalid_request"},
		"a list":                     {g.matches(token, `[{"name":"Kis Anna"}]`), "Bad Request invalid_request"},
		"a list of guesses":          {g.matches(token, `{"name":["Kis Anna","Nagy Anna"]}`), "Bad Request invalid_request"},
		"deep":                       {g.matches(token, strings.Repeat(`{"name":`, 2000)+`1`+strings.Repeat(`}`, 2000)), "Bad Request invalid_request"},
		"large":                      {g.matches(token, `{"name":"`+strings.Repeat("a", 20<<10)+`"}`), "Bad Request invalid_request"},
		"a date of another form":     {g.matches(token, `{"birthdate":"1980.02.29."}`), "Bad Request invalid_request"},
		"followed by more":           {g.matches(token, right+right), "Bad Request invalid_request"},
		"a form":                     {g.matches(token, "name=Kis+Anna", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }), "Bad Request invalid_request"},
		"a bearer's, used as DPoP's": {g.matches(token, right, func(r *http.Request) { r.Header.Set("Authorization", "DPoP "+token) }), "Unauthorized invalid_token"},
	} {
		if test.a.code() != test.want && !(name == "no token" && test.a.status == 401) {
			t.Errorf("%s: %d %s", name, test.a.status, test.a.body)
		}
	}
	if a := g.matches(token, `{"address":"9021 Győr"}`); !strings.Contains(a.text("error_description"), "address may not be compared: it is not among match in the registration") {
		t.Errorf("the developer is not told why: %s", a.body)
	}
	if n := len(g.leaves(g.person, "attributes.matched")); n != 0 {
		t.Errorf("%d entries of questions that were refused", n)
	}
	check(t, g.db.Update(t.Context(), func(tx *store.Tx) error { return tx.EndSessions(g.account) }))
	if a := g.matches(token, right); a.code() != "Unauthorized invalid_token" {
		t.Errorf("after the session: %s", a.body)
	}
}

func TestMatchIsNoOracle(t *testing.T) {
	g := newGateway(t)
	g.add(bureau())
	token := g.matchToken("bureau", "openid match")
	waits := []int{}
	guess := func(n int) response {
		return g.matches(token, `{"taj":"12345678`+strconv.Itoa(n)+`","name":"Kis Anna"}`)
	}
	for i := range 3 {
		if a := guess(i); a.status != 200 {
			t.Fatalf("guess %d: %s", i, a.body)
		}
		if a := g.matches(token, `{"name":"Kis Anna"}`); a.status != 200 { // a right one takes nothing back
			t.Fatalf("%s", a.body)
		}
	}
	for range 2 {
		a := guess(9)
		wait, err := strconv.Atoi(a.header.Get("Retry-After"))
		if a.status != http.StatusTooManyRequests || err != nil || a.said["taj"] != nil {
			t.Fatalf("%d %v %s", a.status, a.header, a.body)
		}
		waits = append(waits, wait)
		if a := g.matches(token, `{"name":"Kis Anna","birthdate":"1980-02-29"}`); a.body != `{"birthdate":true,"name":true}` {
			t.Errorf("other data are held up, too: %s", a.body)
		}
		g.clock.Advance(time.Duration(wait) * time.Second)
		token = g.matchToken("bureau", "openid match") // another token, another session: the same person
		if a := guess(9); a.status != 200 {
			t.Fatalf("after %d s: %d %s", wait, a.status, a.body)
		}
	}
	if waits[0] != 3600 || waits[1] != 4*3600 {
		t.Errorf("waits %v", waits)
	}
	if a := g.matches(token, `{"taj":"123456789"}`); a.status != http.StatusTooManyRequests {
		t.Errorf("%s", a.body)
	}
	if n := len(g.leaves(g.person, "attributes.matched")); n != 3+3+2+2 {
		t.Errorf("%d entries", n)
	}
	g.now = g.citizen("nagybela", "Nagy", "Béla")
	if a := g.matches(g.matchToken("bureau", "openid match"), `{"taj":"123456789"}`); a.status != 200 {
		t.Errorf("another person: %s", a.body)
	}
}

func TestNobodyFillsAHistory(t *testing.T) {
	g := newGateway(t)
	g.add(bureau())
	token := g.matchToken("bureau", "openid match")
	for i := range 100 {
		if a := g.matches(token, `{"name":"Kis Anna"}`); a.status != 200 {
			t.Fatalf("question %d: %d %s", i, a.status, a.body)
		}
	}
	if a := g.matches(token, `{"name":"Kis Anna"}`); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestDiscoveryOfMatch(t *testing.T) {
	g := newGateway(t)
	var d struct {
		Endpoint string   `json:"match_endpoint"`
		Claims   []string `json:"match_claims_supported"`
		Scopes   []string `json:"scopes_supported"`
	}
	check(t, json.Unmarshal([]byte(g.browser().get(g.URL+"/.well-known/openid-configuration").body), &d))
	if d.Endpoint != g.URL+"/oidc/match" || len(d.Claims) != len(catalogue.Matchable()) || !strings.Contains(strings.Join(d.Scopes, " "), "match") {
		t.Errorf("%+v", d)
	}
}

func TestMatchWithABoundToken(t *testing.T) {
	g := newGateway(t)
	g.add(bureau(), batch())
	h := g.holder()
	token := g.ask("/oidc/token", g.codeOf(g.browser(), "bureau", url.Values{"scope": {"openid match"}}), as("bureau"), h.proof).text("access_token")
	shown := func(r *http.Request) { r.Header.Set("Authorization", "DPoP "+token) }
	if a := g.matches(token, `{"name":"Kis Anna"}`, shown, h.proof); a.body != `{"name":true}` {
		t.Errorf("with its key: %d %s", a.status, a.body)
	}
	if a := g.matches(token, `{"name":"Kis Anna"}`); a.code() != "Unauthorized invalid_token" {
		t.Errorf("as a bearer's: %s", a.body)
	}
	if a := g.matches(token, `{"name":"Kis Anna"}`, shown, g.holder().proof); a.status != 401 {
		t.Errorf("with another key: %s", a.body)
	}
}
