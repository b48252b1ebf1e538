package provider_test

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kapu/internal/ledger"
	"kapu/internal/store"
)

// party is a service as its developer would write it, with libraries that are
// not ours.
type party struct {
	g        *gateway
	config   oauth2.Config
	provider *oidc.Provider
}

func (g *gateway) party(client, secret, redirect string, scopes ...string) *party {
	g.t.Helper()
	found, err := oidc.NewProvider(context.Background(), g.URL)
	check(g.t, err)
	return &party{g, oauth2.Config{ClientID: client, ClientSecret: secret, RedirectURL: redirect, Endpoint: found.Endpoint(),
		Scopes: append([]string{oidc.ScopeOpenID}, scopes...)}, found}
}

func (g *gateway) tax() *party {
	return g.party("tax:office", taxSecret, taxReturn, "profile", "tax_number")
}

const verifier = "a-verifier-of-more-than-forty-three-characters"

func (s *party) url(options ...oauth2.AuthCodeOption) string {
	return s.config.AuthCodeURL("state +&é=1", append([]oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier), oidc.Nonce("n-1")}, options...)...)
}

func param(name, value string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam(name, value) }

// come is a whole sign-in up to the code.
func (s *party) come(b *browser, options ...oauth2.AuthCodeOption) string {
	s.g.t.Helper()
	p := b.signIn(s.url(options...))
	if p.out == nil || p.out.Query().Get("code") == "" {
		s.g.t.Fatalf("no code: %d %v %v", p.status, p.at, p.out)
	}
	return p.out.Query().Get("code")
}

func (s *party) exchange(code string) (*oauth2.Token, error) {
	return s.config.Exchange(context.Background(), code, oauth2.VerifierOption(verifier))
}

// claims are all claims of an ID token that the library found to be genuine.
type claims struct {
	ACR      string   `json:"acr"`
	AMR      []string `json:"amr"`
	AuthTime int64    `json:"auth_time"`
	SID      string   `json:"sid"`
	Name     string   `json:"name"`
	Tax      string   `json:"tax_number"`
	Birth    string   `json:"birth_name"`
}

func (s *party) verify(token *oauth2.Token) (*oidc.IDToken, claims) {
	s.g.t.Helper()
	verifier := s.provider.Verifier(&oidc.Config{ClientID: s.config.ClientID, Now: s.g.clock.Now})
	id, err := verifier.Verify(context.Background(), token.Extra("id_token").(string))
	check(s.g.t, err)
	check(s.g.t, id.VerifyAccessToken(token.AccessToken))
	var c claims
	check(s.g.t, id.Claims(&c))
	return id, c
}

func (s *party) userInfo(token *oauth2.Token) (map[string]any, error) {
	info, err := s.provider.UserInfo(context.Background(), oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token.AccessToken}))
	if err != nil {
		return nil, err
	}
	var all map[string]any
	return all, info.Claims(&all)
}

func TestOneSignInReachesTwoServices(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	tax := g.tax()

	p := b.signIn(tax.url())
	if got := p.out.Query(); got.Get("state") != "state +&é=1" || got.Get("iss") != g.URL {
		t.Errorf("state %q, iss %q", got.Get("state"), got.Get("iss"))
	}
	signedIn := g.clock.Now()
	g.clock.Advance(5 * time.Second)
	token, err := tax.exchange(p.out.Query().Get("code"))
	check(t, err)
	id, c := tax.verify(token)
	if id.Nonce != "n-1" || c.ACR != "http://eidas.europa.eu/LoA/substantial" || strings.Join(c.AMR, " ") != "pwd otp mfa" || c.AuthTime != signedIn.Unix() {
		t.Errorf("ID token: nonce %q, %+v", id.Nonce, c)
	}
	if c.Name != "" || c.Tax != "" {
		t.Errorf("claims of scopes belong to userinfo: %+v", c)
	}
	info, err := tax.userInfo(token)
	check(t, err)
	if info["name"] != "Kis Anna" || info["birthdate"] != "1980-02-29" || info["tax_number"] == nil || info["sub"] != id.Subject {
		t.Errorf("userinfo: %v", info)
	}
	if info["family_name"] != nil || info["address"] != nil {
		t.Errorf("released what the service is not registered for: %v", info)
	}

	// The second service is reached without a question, by another pseudonym.
	town := g.party("town", taxSecret, townReturn, "address", "email")
	p = b.get(town.url())
	if p.out == nil {
		t.Fatalf("single sign-on asked again: %s", p.at)
	}
	token, err = town.exchange(p.out.Query().Get("code"))
	check(t, err)
	second, c2 := town.verify(token)
	if second.Subject == id.Subject || c2.SID == c.SID {
		t.Error("two sectors can link the person")
	}
	info, err = town.userInfo(token)
	check(t, err)
	address, _ := json.Marshal(info["address"])
	want := `{"country":"HU","formatted":"9021 Győr\nFő utca 1.","locality":"Győr","postal_code":"9021","street_address":"Fő utca 1."}`
	if string(address) != want || info["email"] != "kisanna@posta.example" || info["email_verified"] != true {
		t.Errorf("userinfo: %v", info)
	}

	// Services of one sector know the same person by the same pseudonym.
	desk := g.party("desk", taxSecret, "https://desk.example/return")
	token, err = desk.exchange(b.get(desk.url()).out.Query().Get("code"))
	check(t, err)
	if third, _ := desk.verify(token); third.Subject != id.Subject {
		t.Error("one sector sees two people")
	}
	g.expectReleased("tax substantial [name given_name birthdate tax_number]", "town substantial [address email]", "desk substantial []")
}

// recorded is what of one kind the citizen's history says, newest first.
func (g *gateway) recorded(kind string) (found []ledger.Record) {
	g.t.Helper()
	check(g.t, g.db.View(context.Background(), func(tx *store.Tx) error {
		records, err := g.ledger.History(tx, g.person, "", 100)
		found = slices.DeleteFunc(records, func(r ledger.Record) bool { return r.Kind != kind })
		return err
	}))
	return found
}

// expectReleased compares what the ledger says that services received.
func (g *gateway) expectReleased(want ...string) {
	g.t.Helper()
	var got []string
	check(g.t, g.db.View(context.Background(), func(tx *store.Tx) error {
		entries, err := tx.LedgerOf(g.person, "", 100)
		for _, e := range entries {
			var leaf struct {
				Public struct {
					Service, Level string
					Data           []string
				} `json:"public"`
			}
			if e.Kind == (ledger.Released{}).Kind() {
				check(g.t, json.Unmarshal([]byte(e.Body), &leaf))
				got = append([]string{leaf.Public.Service + " " + leaf.Public.Level + " [" + strings.Join(leaf.Public.Data, " ") + "]"}, got...)
			}
		}
		return err
	}))
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		g.t.Errorf("ledger: %q, want %q", got, want)
	}
}

func TestClaimsByName(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	code := tax.come(g.browser(), param("claims", `{"id_token":{"tax_number":{"essential":true},"birth_name":null},"userinfo":{"name":null}}`))
	token, err := tax.exchange(code)
	check(t, err)
	_, c := tax.verify(token)
	if c.Tax == "" || c.Birth != "" {
		t.Errorf("%+v: tax_number was asked and is granted, birth_name is not granted", c)
	}
}

func TestPublicClient(t *testing.T) {
	g := newGateway(t)
	app := g.party("app", "", appReturn)
	app.config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	token, err := app.exchange(app.come(g.browser()))
	check(t, err)
	app.verify(token)

	p := g.browser().get(app.config.AuthCodeURL("s"))
	if p.out == nil || p.out.Query().Get("error") != "invalid_request" {
		t.Errorf("a public client came without PKCE: %v", p.out)
	}
	app.config.ClientSecret = "guess"
	if _, err := app.exchange(app.come(g.browser())); err == nil {
		t.Error("a public client used a secret")
	}
}

func TestFormPost(t *testing.T) {
	g := newGateway(t)
	p := g.browser().signIn(g.tax().url(param("response_mode", "form_post")))
	got := p.hidden()
	if p.status != 200 || !strings.Contains(p.body, `action="`+taxReturn+`"`) || got.Get("state") != "state +&é=1" || got.Get("iss") != g.URL {
		t.Fatalf("%d %v\n%s", p.status, got, p.body)
	}
	if policy := p.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://tax.example") {
		t.Errorf("the form may not leave: %s", policy)
	}
	_, err := g.tax().exchange(got.Get("code"))
	check(t, err)
}

// A form of another site arrives without our cookies, and must find the session nonetheless.
func TestAuthorizationByPost(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	tax := g.tax()
	tax.come(b)
	u, err := url.Parse(tax.url())
	check(t, err)
	p := b.post(g.URL+"/oidc/authorize", u.Query())
	if p.out == nil || p.out.Query().Get("code") == "" || p.out.Query().Get("state") != "state +&é=1" {
		t.Errorf("%d %v %v", p.status, p.at, p.out)
	}
}

func TestKeyRotationWhileTokensLive(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	before, err := tax.exchange(tax.come(g.browser()))
	check(t, err)
	check(t, g.keys.Rotate(context.Background()))
	g.clock.Advance(25 * time.Hour)
	check(t, g.keys.Tick(context.Background()))
	after, err := tax.exchange(tax.come(g.browser()))
	check(t, err)
	tax.verify(after)
	fresh := oidc.NewRemoteKeySet(context.Background(), g.URL+"/oidc/jwks")
	for name, token := range map[string]*oauth2.Token{"old": before, "new": after} {
		if _, err := fresh.VerifySignature(context.Background(), token.Extra("id_token").(string)); err != nil {
			t.Errorf("the %s key: %v", name, err)
		}
	}
}

func TestClosedAccount(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	tax := g.tax()
	token, err := tax.exchange(tax.come(b))
	check(t, err)
	code := tax.come(b)
	_, err = tax.userInfo(token)
	check(t, err)
	check(t, g.db.Update(context.Background(), func(tx *store.Tx) error { return tx.CloseAccount(g.account) }))
	if _, err = tax.userInfo(token); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("userinfo after the account was closed: %v", err)
	}
	if _, err = tax.exchange(code); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
		t.Errorf("code after the account was closed: %v", err)
	}
}

func TestAccessTokenEnds(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	token, err := tax.exchange(tax.come(g.browser()))
	check(t, err)
	g.clock.Advance(10*time.Minute - time.Second)
	_, err = tax.userInfo(token)
	check(t, err)
	g.clock.Advance(time.Second)
	if _, err := tax.userInfo(token); err == nil {
		t.Error("an access token outlived its time")
	}
}

func TestAnotherPersonIsAnother(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	first, err := tax.exchange(tax.come(g.browser()))
	check(t, err)
	id, _ := tax.verify(first)
	g.now = g.citizen("nagybela", "Nagy", "Béla")
	second, err := tax.exchange(tax.come(g.browser()))
	check(t, err)
	if id2, _ := tax.verify(second); id2.Subject == id.Subject {
		t.Error("two people have one subject")
	}
}
