package thirdparty

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kapu/internal/catalogue"
)

// party is a service as the OpenID Foundation's conformance suite plays one: it
// asks plainly, with a secret, and looks at everything.
type party struct {
	t       testing.TB
	b       *browser
	gateway *oidc.Provider
	config  oauth2.Config
}

func newParty(t testing.TB) *party {
	t.Helper()
	s := service("conformance suite", nil)
	s.Claims = []catalogue.Claim{catalogue.Name, catalogue.FamilyName, catalogue.GivenName, catalogue.BirthDate, catalogue.Email, catalogue.Address}
	secret := register(t, s)
	gateway, err := oidc.NewProvider(t.Context(), open(t).Issuer)
	check(t, err)
	b, _ := in(t)
	return &party{t, b, gateway, oauth2.Config{ClientID: s.OIDC.ClientID, ClientSecret: secret, RedirectURL: comeBack, Endpoint: gateway.Endpoint()}}
}

func (p *party) on(t testing.TB) *party { return &party{t, p.b.on(t), p.gateway, p.config} }

// asks sends the browser with these parameters, and those that it leaves out.
func (p *party) asks(change url.Values) url.Values {
	p.t.Helper()
	q := url.Values{"client_id": {p.config.ClientID}, "redirect_uri": {comeBack}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s-1"}, "nonce": {"n-1"}}
	maps.Copy(q, change)
	maps.DeleteFunc(q, func(_ string, values []string) bool { return values[0] == "" })
	out, err := url.Parse(p.b.goes(p.config.Endpoint.AuthURL + "?" + q.Encode()))
	check(p.t, err)
	return out.Query()
}

// redeems exchanges what came back for tokens, whose ID token it verifies.
func (p *party) redeems(back url.Values) (*oauth2.Token, *oidc.IDToken) {
	p.t.Helper()
	tokens, err := p.config.Exchange(p.t.Context(), back.Get("code"))
	check(p.t, err)
	id, err := p.gateway.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(p.t.Context(), tokens.Extra("id_token").(string))
	check(p.t, err)
	return tokens, id
}

// info is what the userinfo endpoint tells, however the token is brought.
func (p *party) info(method string, tokens *oauth2.Token, inBody bool) (claims map[string]any) {
	p.t.Helper()
	var body io.Reader = http.NoBody
	if inBody {
		body = strings.NewReader(url.Values{"access_token": {tokens.AccessToken}}.Encode())
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.gateway.UserInfoEndpoint(), body)
	check(p.t, err)
	if inBody {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		r.Header.Set("Authorization", "Bearer "+tokens.AccessToken)
	}
	res, err := http.DefaultClient.Do(r)
	check(p.t, err)
	defer res.Body.Close()
	check(p.t, json.NewDecoder(res.Body).Decode(&claims))
	if res.StatusCode != http.StatusOK {
		p.t.Errorf("%d %v", res.StatusCode, claims)
	}
	return claims
}

// TestBasicModules runs those modules of the Basic OP plan that no other test of
// ours is about, under their names.
func TestBasicModules(t *testing.T) {
	all := newParty(t)
	profile := []string{"name", "family_name", "given_name", "birthdate"}
	for _, test := range []struct {
		module string
		change url.Values
		told   []string // beside sub
	}{
		{"oidcc-server", nil, nil},
		{"oidcc-scope-profile", url.Values{"scope": {"openid profile"}}, profile},
		{"oidcc-scope-email", url.Values{"scope": {"openid email"}}, []string{"email", "email_verified"}},
		{"oidcc-scope-address", url.Values{"scope": {"openid address"}}, []string{"address"}},
		{"oidcc-scope-phone", url.Values{"scope": {"openid phone"}}, nil}, // we hold none that is anybody's business
		{"oidcc-scope-all", url.Values{"scope": {"openid profile email address phone"}}, append([]string{"email", "email_verified", "address"}, profile...)},
		{"oidcc-alternate-happy-flow", url.Values{"scope": {"profile openid"}, "state": {strings.Repeat("é&", 60)}, "nonce": {strings.Repeat("n", 64)}}, profile},
		{"oidcc-claims-essential", url.Values{"claims": {`{"userinfo":{"name":{"essential":true},"shoe_size":{"essential":true}}}`}}, []string{"name"}},
		{"oidcc-claims-locales", url.Values{"claims_locales": {"se"}}, nil},
		{"oidcc-display-page", url.Values{"display": {"page"}}, nil},
		{"oidcc-display-popup", url.Values{"display": {"popup"}}, nil},
		{"oidcc-ui-locales", url.Values{"ui_locales": {"se"}}, nil},
		{"oidcc-login-hint", url.Values{"login_hint": {"buffy@service.example"}}, nil},
		{"oidcc-max-age-10000", url.Values{"max_age": {"10000"}}, nil},
		{"oidcc-ensure-request-with-acr-values-succeeds", url.Values{"acr_values": {"1 2"}}, nil},
		{"oidcc-ensure-request-with-unknown-parameter-succeeds", url.Values{"extra": {"foobar"}}, nil},
		{"oidcc-ensure-request-without-nonce-succeeds-for-code-flow", url.Values{"nonce": {""}}, nil},
	} {
		t.Run(test.module, func(t *testing.T) {
			p := all.on(t)
			back := p.asks(test.change)
			if want := test.change.Get("state"); want != "" && back.Get("state") != want || want == "" && back.Get("state") != "s-1" || back.Get("iss") != open(t).Issuer {
				t.Errorf("the answer is %v", back)
			}
			tokens, id := p.redeems(back)
			if nonce, sent := test.change["nonce"]; sent && id.Nonce != nonce[0] || !sent && id.Nonce != "n-1" {
				t.Errorf("the nonce is %q", id.Nonce)
			}
			claims := p.info(http.MethodGet, tokens, false)
			if got, want := slices.Sorted(maps.Keys(claims)), append([]string{"sub"}, test.told...); claims["sub"] != id.Subject || !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				t.Errorf("told %v, want %v", claims, want)
			}
		})
	}
	t.Run("oidcc-response-type-missing", func(t *testing.T) {
		if back := all.on(t).asks(url.Values{"response_type": {""}}); back.Get("error") != "invalid_request" && back.Get("error") != "unsupported_response_type" {
			t.Errorf("the answer is %v", back)
		}
	})
	t.Run("oidcc-id-token-hint", func(t *testing.T) {
		p := all.on(t)
		tokens, id := p.redeems(p.asks(nil))
		_, again := p.redeems(p.asks(url.Values{"prompt": {"none"}, "id_token_hint": {tokens.Extra("id_token").(string)}}))
		if id.Subject != again.Subject {
			t.Errorf("%s, then %s", id.Subject, again.Subject)
		}
	})
	for module, inBody := range map[string]bool{"oidcc-userinfo-post-header": false, "oidcc-userinfo-post-body": true} {
		t.Run(module, func(t *testing.T) {
			p := all.on(t)
			tokens, id := p.redeems(p.asks(nil))
			if claims := p.info(http.MethodPost, tokens, inBody); claims["sub"] != id.Subject {
				t.Errorf("told %v", claims)
			}
		})
	}
}

// TestDiscoveryModules reads the discovery document as the suite's modules of
// that name do, those of the logouts included.
func TestDiscoveryModules(t *testing.T) {
	gateway, err := oidc.NewProvider(t.Context(), open(t).Issuer)
	check(t, err)
	var d map[string]any
	check(t, gateway.Claims(&d))
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
		"introspection_endpoint", "revocation_endpoint", "pushed_authorization_request_endpoint", "registration_endpoint"} {
		if address, _ := d[name].(string); !strings.HasPrefix(address, open(t).Issuer+"/") {
			t.Errorf("%s is %v", name, d[name])
		}
	}
	for _, name := range []string{"claims_parameter_supported", "request_parameter_supported", "backchannel_logout_supported", "backchannel_logout_session_supported",
		"frontchannel_logout_supported", "frontchannel_logout_session_supported", "authorization_response_iss_parameter_supported"} {
		if d[name] != true {
			t.Errorf("%s is %v", name, d[name])
		}
	}
	for name, least := range map[string]string{"scopes_supported": "openid", "response_types_supported": "code", "subject_types_supported": "pairwise",
		"id_token_signing_alg_values_supported": "RS256", "grant_types_supported": "authorization_code", "claims_supported": "sub",
		"token_endpoint_auth_methods_supported": "private_key_jwt", "code_challenge_methods_supported": "S256", "dpop_signing_alg_values_supported": "ES256"} {
		if list, _ := d[name].([]any); !slices.Contains(list, any(least)) || slices.Contains(list, any("none")) && name != "token_endpoint_auth_methods_supported" {
			t.Errorf("%s is %v", name, d[name])
		}
	}
	res, err := http.Get(d["jwks_uri"].(string))
	check(t, err)
	defer res.Body.Close()
	var keys struct{ Keys []map[string]any }
	check(t, json.NewDecoder(res.Body).Decode(&keys))
	for _, k := range keys.Keys {
		if k["d"] != nil || k["kid"] == "" || k["use"] != "sig" {
			t.Errorf("a key is published as %v", slices.Collect(maps.Keys(k)))
		}
	}
}

// TestLogoutModules runs those modules of the RP-Initiated Logout plan that end at
// a page of ours. Each signs in anew.
func TestLogoutModules(t *testing.T) {
	for module, end := range map[string]struct {
		hint, confirm bool
		more          url.Values
	}{
		"oidcc-rp-initiated-logout-no-post-logout-redirect-uri": {hint: true, more: url.Values{"state": {"s-1"}}},
		"oidcc-rp-initiated-logout-only-state":                  {confirm: true, more: url.Values{"state": {"s-1"}}},
		"oidcc-rp-initiated-logout-no-params":                   {confirm: true},
	} {
		t.Run(module, func(t *testing.T) {
			b, _ := in(t)
			trial := try(t, startNode(t), b, service(module, nil), nil)
			q := maps.Clone(end.more)
			if hint := text(trial.signsIn(nil, nil), "id_token"); end.hint {
				q.Set("id_token_hint", hint)
			}
			p := trial.b.get(open(t).Issuer + "/oidc/end-session?" + q.Encode())
			if end.confirm {
				to, fields := p.form(t)
				there, err := p.at.Parse(to)
				check(t, err)
				p = trial.b.post(there.String(), fields)
			}
			if p.out != "" || p.status != http.StatusOK || !strings.Contains(p.body, "Kilépett") {
				t.Errorf("%d %s at %v:\n%s", p.status, p.out, p.at, words(p.body))
			}
			trial.fails("login_required", "redeem", with{"back": trial.b.goes(trial.ask(with{"prompt": "none"}, nil))})
		})
	}
}
