package provider_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"kapu/internal/ledger"
	"kapu/internal/store/storetest"
)

// tokenAnswer is what the token endpoint says to a form.
type tokenAnswer struct {
	status  int
	header  http.Header
	Error   string `json:"error"`
	Why     string `json:"error_description"`
	IDToken string `json:"id_token"`
}

func (g *gateway) token(form url.Values, prepare ...func(*http.Request)) (a tokenAnswer) {
	g.t.Helper()
	r, err := http.NewRequest(http.MethodPost, g.URL+"/oidc/token", strings.NewReader(form.Encode()))
	check(g.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, f := range prepare {
		f(r)
	}
	answer, err := http.DefaultClient.Do(r)
	check(g.t, err)
	defer answer.Body.Close()
	a.status, a.header = answer.StatusCode, answer.Header
	check(g.t, json.NewDecoder(answer.Body).Decode(&a))
	if a.header.Get("Cache-Control") != "no-store" {
		g.t.Error("the token endpoint lets its answers be kept")
	}
	return a
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
}

func codeForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {taxReturn}, "code_verifier": {verifier}}
}

func TestCodeUsedTwiceRevokesWhatWasIssued(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { codeUsedTwice(t, newGateway(t)) })
	t.Run("postgres", func(t *testing.T) { codeUsedTwice(t, newGatewayOn(t, storetest.PostgresDSN(t))) })
}

func codeUsedTwice(t *testing.T, g *gateway) {
	tax := g.tax()
	code := tax.come(g.browser())
	token, err := tax.exchange(code)
	check(t, err)
	_, err = tax.userInfo(token)
	check(t, err)
	if a := g.token(codeForm(code), basic("tax:office", taxSecret)); a.status != 400 || a.Error != "invalid_grant" {
		t.Errorf("%+v", a)
	}
	if _, err = tax.userInfo(token); err == nil {
		t.Error("the token that the code gave still opens userinfo")
	}
	_ = g.token(codeForm(code), basic("tax:office", taxSecret))
	if told := g.recorded("access.revoked"); len(told) != 1 || told[0].Event != (ledger.AccessRevoked{Service: "tax", What: "code"}) {
		t.Errorf("the citizen reads %v", told)
	}
}

// Of many who bring the same code at once, one gets tokens, and then none holds.
func TestCodeRace(t *testing.T) {
	g := newGateway(t)
	code := g.tax().come(g.browser())
	const many = 8
	answers := make(chan tokenAnswer, many)
	for range many {
		go func() { answers <- g.token(codeForm(code), basic("tax:office", taxSecret)) }()
	}
	got := 0
	for range many {
		if a := <-answers; a.status == 200 {
			got++
		}
	}
	if got != 1 {
		t.Errorf("%d of %d got tokens", got, many)
	}
}

func TestCodeAfterItsTime(t *testing.T) {
	g := newGateway(t)
	code := g.tax().come(g.browser())
	g.clock.Advance(time.Minute)
	if a := g.token(codeForm(code), basic("tax:office", taxSecret)); a.Error != "invalid_grant" {
		t.Errorf("%+v", a)
	}
}

// What a thief of a code could try; none of it may spend the code either.
func TestStolenCode(t *testing.T) {
	g := newGateway(t)
	code := g.tax().come(g.browser())
	with := func(name, value string) url.Values {
		f := codeForm(code)
		f.Set(name, value)
		if value == "" {
			f.Del(name)
		}
		return f
	}
	tests := []struct {
		name   string
		form   url.Values
		client func(*http.Request)
		status int
		code   string
	}{
		{"wrong verifier", with("code_verifier", strings.Repeat("x", 43)), basic("tax:office", taxSecret), 400, "invalid_grant"},
		{"no verifier", with("code_verifier", ""), basic("tax:office", taxSecret), 400, "invalid_grant"},
		{"short verifier", with("code_verifier", "x"), basic("tax:office", taxSecret), 400, "invalid_grant"},
		{"another redirect_uri", with("redirect_uri", taxQuery), basic("tax:office", taxSecret), 400, "invalid_grant"},
		{"no redirect_uri", with("redirect_uri", ""), basic("tax:office", taxSecret), 400, "invalid_request"},
		{"another client", codeForm(code), basic("town", taxSecret), 400, "invalid_grant"},
		{"a public client", with("client_id", "app"), func(*http.Request) {}, 400, "invalid_grant"},
		{"wrong secret", codeForm(code), basic("tax:office", taxSecret+"x"), 401, "invalid_client"},
		{"empty secret", codeForm(code), basic("tax:office", ""), 401, "invalid_client"},
		{"no secret", with("client_id", "tax:office"), func(*http.Request) {}, 401, "invalid_client"},
		{"secret not encoded", codeForm(code), func(r *http.Request) { r.SetBasicAuth("tax:office", taxSecret) }, 401, "invalid_client"},
		{"unknown client", codeForm(code), basic("nobody", taxSecret), 401, "invalid_client"},
		{"two ways at once", with("client_secret", taxSecret), basic("tax:office", taxSecret), 400, "invalid_request"},
		{"two clients at once", with("client_id", "town"), basic("tax:office", taxSecret), 400, "invalid_request"},
		{"bearer", codeForm(code), func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 401, "invalid_client"},
		{"altered code", with("code", code[:len(code)-4]+"AAAA"), basic("tax:office", taxSecret), 400, "invalid_grant"},
		{"no code", with("code", ""), basic("tax:office", taxSecret), 400, "invalid_request"},
		{"another grant", with("grant_type", "password"), basic("tax:office", taxSecret), 400, "unsupported_grant_type"},
		{"no grant", with("grant_type", ""), basic("tax:office", taxSecret), 400, "invalid_request"},
		{"twice", url.Values{"code": {code, code}, "grant_type": {"authorization_code"}}, basic("tax:office", taxSecret), 400, "invalid_request"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := g.token(test.form, test.client)
			if a.status != test.status || a.Error != test.code || a.IDToken != "" {
				t.Errorf("%d %s %s, want %d %s", a.status, a.Error, a.Why, test.status, test.code)
			}
			if a.status == 401 && !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Basic ") {
				t.Error("401 does not say how to authenticate")
			}
		})
	}
	form := codeForm(code) // client_secret_post, by its owner
	form.Set("client_id", "tax:office")
	form.Set("client_secret", taxSecret)
	if a := g.token(form); a.status != 200 || a.IDToken == "" {
		t.Errorf("the owner is refused after others failed: %+v", a)
	}
}

// Who sends a verifier without having sent a challenge was robbed of the challenge.
func TestPKCEDowngrade(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	p := g.browser().signIn(tax.config.AuthCodeURL("s"))
	if a := g.token(codeForm(p.out.Query().Get("code")), basic("tax:office", taxSecret)); a.Error != "invalid_grant" {
		t.Errorf("%+v", a)
	}
}

// tricks are addresses that look like that of the tax office and are none.
var tricks = []string{
	"", "https://evil.example/", taxReturn + "/", taxReturn + "/../x", taxReturn + "?", taxReturn + "?a=b", taxReturn + "#", taxReturn + "#a",
	"https://tax.example/RETURN", "HTTPS://tax.example/return", "https://TAX.example/return", "https://tax.example:443/return",
	"https://tax.example/%72eturn", "https://tax.example//return", "https://tax.example/retur", "https://tax.example.evil.example/return",
	"https://tax.example@evil.example/return", "https://evil.example\\@tax.example/return", "//tax.example/return", "/return",
	taxReturn + "%00", taxReturn + " ", " " + taxReturn, taxReturn + "\r\nSet-Cookie: a=b", "javascript:alert(1)", taxQuery + "&x=1", townReturn,
}

// An address that is not registered to the letter is never redirected to.
func TestRedirectTricks(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	b := g.browser()
	tax.come(b) // with a session the answer would come at once
	for _, address := range tricks {
		p := b.get(tax.url(param("redirect_uri", address)))
		if p.out != nil || p.status != http.StatusBadRequest || !strings.Contains(p.body, "A szolgáltatás hibás kéréssel küldte ide") {
			t.Errorf("%q: %d %v", address, p.status, p.out)
		}
	}
	u, err := url.Parse(tax.url())
	check(t, err)
	for _, twice := range []string{"redirect_uri=" + url.QueryEscape(taxReturn), "client_id=tax%3Aoffice"} {
		if p := b.get(u.String() + "&" + twice); p.out != nil || p.status != http.StatusBadRequest {
			t.Errorf("twice %s: %d %v", twice, p.status, p.out)
		}
	}
	if p := b.get(tax.url(param("client_id", "nobody"))); p.out != nil || p.status != http.StatusBadRequest {
		t.Errorf("unknown client: %d %v", p.status, p.out)
	}
	// A registered address with a query of its own keeps it.
	p := b.get(tax.url(param("redirect_uri", taxQuery)))
	if p.out == nil || p.out.Query().Get("room") != "1" || p.out.Query().Get("code") == "" {
		t.Errorf("own query: %v", p.out)
	}
}

// Other faults go back to the service, with its state.
func TestFaultsGoBackToTheService(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	tests := map[string]struct {
		option oauth2.AuthCodeOption
		code   string
	}{
		"response_type": {param("response_type", "token"), "unsupported_response_type"},
		"response_mode": {param("response_mode", "fragment"), "invalid_request"},
		"scope":         {param("scope", "profile"), "invalid_scope"},
		"plain":         {param("code_challenge_method", "plain"), "invalid_request"},
		"challenge":     {param("code_challenge", "short"), "invalid_request"},
		"prompt":        {param("prompt", "none login"), "invalid_request"},
		"unknown":       {param("prompt", "dance"), "invalid_request"},
		"max_age":       {param("max_age", "-1"), "invalid_request"},
		"claims":        {param("claims", "[]"), "invalid_request"},
		"hint":          {param("id_token_hint", "a.b.c"), "invalid_request"},
		"request":       {param("request", "a.b.c"), "invalid_request_object"},
		"request_uri":   {param("request_uri", "https://tax.example/r"), "invalid_request_uri"},
		"registration":  {param("registration", "{}"), "registration_not_supported"},
		"long":          {param("login_hint", strings.Repeat("a", 3000)), "invalid_request"},
		"control":       {param("login_hint", "a\x00b"), "invalid_request"},
	}
	for name, test := range tests {
		p := g.browser().get(tax.url(test.option))
		if p.out == nil || p.out.Host != "tax.example" {
			t.Errorf("%s: %d %v", name, p.status, p.out)
			continue
		}
		q := p.out.Query()
		if q.Get("error") != test.code || q.Get("state") != "state +&é=1" || q.Get("iss") != g.URL || q.Get("code") != "" {
			t.Errorf("%s: %v", name, q)
		}
	}
	p := g.browser().get(tax.url() + "&nonce=again")
	if p.out == nil || p.out.Query().Get("error") != "invalid_request" {
		t.Errorf("nonce twice: %d %v", p.status, p.out)
	}
}

func TestForgedTokens(t *testing.T) {
	g := newGateway(t)
	tax := g.tax()
	b := g.browser()
	code := tax.come(b)
	token, err := tax.exchange(tax.come(b))
	check(t, err)
	id := token.Extra("id_token").(string)
	for name, forged := range map[string]string{"code": code, "ID token": id, "nothing": "x", "altered": token.AccessToken[:len(token.AccessToken)-4] + "AAAA"} {
		if _, err := tax.userInfo(&oauth2.Token{AccessToken: forged}); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("%s as an access token: %v", name, err)
		}
	}
	if a := g.token(codeForm(token.AccessToken), basic("tax:office", taxSecret)); a.Error != "invalid_grant" {
		t.Errorf("an access token as a code: %+v", a)
	}
	parts := strings.Split(id, ".")
	none := "eyJhbGciOiJub25lIn0." + parts[1] + "."
	for name, hint := range map[string]string{"none": none, "unsigned": parts[0] + "." + parts[1] + ".", "altered": parts[0] + "." + parts[1][1:] + "." + parts[2]} {
		p := b.get(tax.url(param("id_token_hint", hint)))
		if p.out == nil || p.out.Query().Get("error") != "invalid_request" {
			t.Errorf("hint %s: %v", name, p.out)
		}
	}
}

func TestUserInfoChallenge(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	if p := b.get(g.URL + "/oidc/userinfo"); p.status != 401 || p.header.Get("WWW-Authenticate") != `Bearer realm="`+g.URL+`"` {
		t.Errorf("%d %v", p.status, p.header)
	}
	tax := g.tax()
	token, err := tax.exchange(tax.come(b))
	check(t, err)
	if p := b.get(g.URL + "/oidc/userinfo?access_token=" + token.AccessToken); p.status != 401 {
		t.Errorf("a token in the address is accepted: %d", p.status)
	}
	if p := b.post(g.URL+"/oidc/userinfo", url.Values{"access_token": {token.AccessToken}}); p.status != 200 || !strings.Contains(p.body, "Kis Anna") {
		t.Errorf("by form: %d %s", p.status, p.body)
	}
}

func TestOtherOrigins(t *testing.T) {
	g := newGateway(t)
	ask := func(method, path, origin string) http.Header {
		r, err := http.NewRequest(method, g.URL+path, nil)
		check(t, err)
		r.Header.Set("Origin", origin)
		answer, err := http.DefaultClient.Do(r)
		check(t, err)
		answer.Body.Close()
		return answer.Header
	}
	const allow = "Access-Control-Allow-Origin"
	if got := ask("OPTIONS", "/oidc/token", "https://app.example").Get(allow); got != "https://app.example" {
		t.Errorf("a public client's page: %q", got)
	}
	for _, origin := range []string{"https://tax.example", "https://evil.example", "null"} {
		if h := ask("OPTIONS", "/oidc/token", origin); h.Get(allow) != "" || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s may: %v", origin, h)
		}
	}
	if got := ask("GET", "/oidc/jwks", "https://evil.example").Get(allow); got != "*" {
		t.Errorf("public keys: %q", got)
	}
}
