package provider_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/store"
)

// What a client registered counts where its request says nothing.
func TestDefaultMaxAge(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(func(o *catalogue.OIDC) { o.MaxAge = 60 })
	b := g.browser()
	expectCode(t, b.signIn(bank.authorize(bank.asked())))
	g.clock.Advance(time.Minute)
	expectCode(t, b.get(bank.authorize(bank.asked())))
	g.clock.Advance(time.Second)
	expectRoom(t, b.get(bank.authorize(bank.asked())), "/signin/choose")
	expectError(t, b.get(bank.authorize(bank.asked("prompt", "none"))), "login_required")
	expectCode(t, b.get(bank.authorize(bank.asked("max_age", "120"))))
	expectRoom(t, b.get(bank.authorize(bank.asked("max_age", "0"))), "/signin/choose")
}

// A person is found among several that are expected, by either place in claims.
func TestExpectedPeople(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	b := g.browser()
	sub, _ := payload(t, bank.redeem(b.signIn(bank.authorize(bank.asked())).out.Query().Get("code")).text("id_token"))["sub"].(string)
	for claims, want := range map[string]string{
		`{"id_token":{"sub":{"value":"` + sub + `"}}}`:                              "",
		`{"id_token":{"sub":{"essential":true,"values":["x","` + sub + `"]}}}`:      "",
		`{"userinfo":{"sub":{"value":"` + sub + `"}}}`:                              "",
		`{"id_token":{"sub":{"value":"x"}}}`:                                        "login_required",
		`{"id_token":{"sub":{"values":["x","y"]}}}`:                                 "login_required",
		`{"userinfo":{"sub":{"value":"x"}}}`:                                        "login_required",
		`{"id_token":{"auth_time":{"essential":true},"shoe_size":{"value":"44"}}}`:  "",
		`{"id_token":{"name":{"value":"Nagy Béla"}},"verified_claims":{"x":[1,2]}}`: "",
	} {
		p := b.get(bank.authorize(bank.asked("prompt", "none", "claims", claims)))
		if want == "" {
			expectCode(t, p)
		} else {
			expectError(t, p, want)
		}
	}
	g.now = g.citizen("nagybela", "Nagy", "Béla")
	other := g.browser()
	expectError(t, other.signIn(bank.authorize(bank.asked("claims", `{"id_token":{"sub":{"values":["x","`+sub+`"]}}}`))), "login_required")
	g.now = identity.Account{ID: g.account, PersonID: g.person}
}

// Pages speak the language that a service asks for on this way only; what the
// citizen chooses on a page goes with them from there on.
func TestLanguageOfTheWay(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	in := func(p page, lang string) {
		t.Helper()
		if !strings.Contains(p.body, `<html lang="`+lang+`"`) {
			t.Errorf("%v is not in %s", p.at, lang)
		}
	}
	for name, address := range map[string]string{
		"plain":  bank.authorize(bank.asked("ui_locales", "de en-GB hu")),
		"object": bank.by(bank.sign(bank.object("ui_locales", "en"))),
		"pushed": bank.push(bank.asked("ui_locales", "en")),
	} {
		b := g.browser()
		p := b.get(address)
		expectRoom(t, p, "/signin/choose")
		in(p, "en")
		in(b.post(p.at.String(), url.Values{"method": {"nonsense"}}), "en")
		in(b.get(g.URL+"/signout"), "hu") // nothing was remembered
		chosen := b.get(p.at.String() + "&lang=hu")
		in(chosen, "hu")
		in(b.post(chosen.at.String(), url.Values{"method": {"nonsense"}}), "hu")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	b := g.browser()
	in(b.get(bank.authorize(bank.asked("ui_locales", "de"))), "hu")
	in(b.get(bank.authorize(bank.asked("ui_locales", "en", "redirect_uri", "https://evil.example/"))), "en")
	expectCode(t, b.signIn(bank.authorize(bank.asked())))
	in(b.get(bank.authorize(bank.asked("ui_locales", "en", "response_mode", "form_post"))), "en")
}

// Every way to ask can be posted as well (Core, 3.1.2.1).
func TestPostedRequests(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	b := g.browser()
	expectCode(t, b.signIn(bank.authorize(bank.asked())))
	pushed, err := url.Parse(bank.push(bank.asked()))
	check(t, err)
	for name, form := range map[string]url.Values{
		"plain": bank.asked(), "object": {"client_id": {"bank"}, "request": {bank.sign(bank.object())}}, "pushed": pushed.Query(),
	} {
		r, err := http.NewRequest(http.MethodPost, g.URL+"/oidc/authorize", strings.NewReader(form.Encode()))
		check(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://bank.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		p := b.do(r)
		if p.out == nil || p.out.Query().Get("code") == "" {
			t.Errorf("%s: %d at %v, out %v", name, p.status, p.at, p.out)
		}
	}
}

// Whoever answers says who they are, so that answers cannot be mixed up (RFC 9207).
func TestEveryAnswerNamesItsIssuer(t *testing.T) {
	g := newGateway(t)
	bank := g.bank(nil)
	b := g.browser()
	for name, p := range map[string]page{
		"code":       b.signIn(bank.authorize(bank.asked())),
		"error":      b.get(bank.authorize(bank.asked("scope", "profile"))),
		"refused":    g.browser().get(bank.authorize(bank.asked("prompt", "none"))),
		"bad object": b.get(bank.by("a.b.c", "redirect_uri", bankReturn)),
	} {
		if p.out == nil || p.out.Query().Get("iss") != g.URL {
			t.Errorf("%s: %d %v", name, p.status, p.out)
		}
	}
}

// Who asks silently learns that there is somebody, to whom something has to be said.
func TestPromptNoneWithProvisionalRegistration(t *testing.T) {
	g := newGateway(t)
	desk := g.party("desk", taxSecret, "https://desk.example/return") // of level low, which is as far as they could get
	var a identity.Account
	check(t, g.db.Update(t.Context(), func(tx *store.Tx) error {
		id, err := tx.AddProvisionalPerson(identity.Person{CurrentName: identity.Name{Family: "Új", Given: "Anna"},
			Core: identity.Core{BirthDate: identity.Date{Year: 1990, Month: 1, Day: 1}}})
		if err != nil {
			return err
		}
		if a, err = tx.AddAccount(identity.Account{PersonID: id, State: identity.Active, Username: "ujanna", Email: "uj@posta.example", Lang: "hu",
			ValidUntil: tx.Now.AddDate(0, 1, 0), Channel: identity.ChannelProvisional, Provisional: true}); err != nil {
			return err
		}
		for _, kind := range []string{"password", "totp"} {
			if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: kind, Secret: "x"}); err != nil {
				return err
			}
		}
		return nil
	}))
	g.now = a
	b := g.browser()
	g.register(&catalogue.Service{ID: "bank", Name: map[string]string{"hu": "Klub"}, URL: "https://bank.example/", Level: "low", Provisional: true,
		OIDC: &catalogue.OIDC{ClientID: "bank", RedirectURIs: []string{bankReturn}}})
	club := &asker{g: g, id: "bank"}
	for name, want := range map[string]string{"": "http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/low": "http://eidas.europa.eu/LoA/low",
		"urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:totp": "urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:totp"} {
		p := b.signIn(club.authorize(club.asked("acr_values", name)))
		expectCode(t, p)
		form := codeForm(p.out.Query().Get("code"))
		form.Set("redirect_uri", bankReturn)
		form.Set("client_id", "bank")
		if got := payload(t, g.ask("/oidc/token", form).text("id_token")); got["acr"] != want || got["provisional"] != true {
			t.Errorf("%q: %v", name, got)
		}
	}
	for _, name := range []string{"http://eidas.europa.eu/LoA/substantial", "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp"} {
		expectRoom(t, b.get(club.authorize(club.asked("acr_values", name))), "/signin/provisional")
	}
	expectRoom(t, b.get(desk.url()), "/signin/provisional")
	expectError(t, b.get(desk.url(param("prompt", "none"))), "interaction_required")
}
