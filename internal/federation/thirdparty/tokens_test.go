package thirdparty

import (
	"net/url"
	"testing"

	"kapu/internal/catalogue"
)

// What openid-client does with tokens after a sign-in, and without any.

func keepsCurrent(o *catalogue.OIDC) {
	o.GrantTypes = []string{"authorization_code", "refresh_token", "client_credentials"}
}

// offline asks for a refresh token, too.
var offline = with{"scope": "openid profile offline_access"}

func TestRefreshByOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, c := in(t)
	trial := try(t, n, b, service("node-refresh", keepsCurrent), nil)
	first := trial.signsIn(offline, nil)
	second := trial.does("refresh", nil)
	before, after := first["claims"].(map[string]any), second["claims"].(map[string]any)
	for _, name := range []string{"sub", "acr", "auth_time", "sid"} {
		if before[name] != after[name] {
			t.Errorf("%s was %v, is %v", name, before[name], after[name])
		}
	}
	if second["rotated"] != true {
		t.Error("the refresh token is the same as before")
	}
	trial.knows(c)
	third := trial.does("refresh", nil)
	trial.fails("invalid_grant", "refresh", with{"token": first["refresh_token"]})
	trial.fails("invalid_grant", "refresh", with{"token": third["refresh_token"]}) // reuse ends the family
}

func TestIntrospectionAndRevocationByOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, _ := in(t)
	for name, test := range map[string]struct {
		change  func(*catalogue.OIDC)
		connect with
	}{
		"plain":  {keepsCurrent, nil},
		"signed": {func(o *catalogue.OIDC) { keepsCurrent(o); o.IntrospectionAlg = "ES256" }, with{"metadata": with{"introspection_signed_response_alg": "ES256"}}},
	} {
		t.Run(name, func(t *testing.T) {
			trial := try(t, n, b, service("node-introspect-"+name, test.change), test.connect)
			tokens := trial.signsIn(offline, nil)
			said := trial.does("introspect", nil)
			if said["active"] != true || said["client_id"] != "node-introspect-"+name || said["sub"] != tokens["claims"].(map[string]any)["sub"] {
				t.Errorf("introspection says %v", said)
			}
			trial.does("revoke", with{"token": tokens["refresh_token"]})
			if said := trial.does("introspect", with{"token": tokens["refresh_token"]}); said["active"] != false || len(said) != 1 && name == "plain" {
				t.Errorf("of a revoked token it says %v", said)
			}
			trial.fails("invalid_grant", "refresh", nil)
		})
	}
}

func TestMachineByOpenIDClient(t *testing.T) {
	n := startNode(t)
	trial := try(t, n, newBrowser(t), service("node-machine", keepsCurrent), with{"dpop": true})
	tokens := trial.does("machine", nil)
	if tokens["id_token"] != nil || tokens["refresh_token"] != nil || text(tokens, "access_token") == "" {
		t.Errorf("a machine got %v", tokens)
	}
	if said := trial.does("introspect", nil); said["active"] != true || said["client_id"] != "node-machine" {
		t.Errorf("introspection says %v", said)
	}
	trial.fails("invalid_scope", "machine", with{"params": with{"scope": "openid"}})
}

func TestFormPostToOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, c := in(t)
	for mode, connect := range map[string]with{"form_post": nil, "form_post.jwt": {"jarm": true}} {
		t.Run(mode, func(t *testing.T) {
			trial := try(t, n, b, service("node "+mode, nil), connect)
			to, fields := trial.b.get(trial.ask(with{"scope": "openid profile"}, with{"query": with{"response_mode": mode}})).form(t)
			if to != comeBack || fields.Has("code") == (mode == "form_post.jwt") {
				t.Fatalf("the form goes to %s with %v", to, fields)
			}
			trial.does("redeem", with{"back": to, "form": fields.Encode()})
			trial.knows(c)
		})
	}
}

// What a service is told that asks for what cannot be had.
func TestRefusalsToOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, _ := in(t)
	stranger := newBrowser(t)
	const high = `{"id_token":{"acr":{"essential":true,"values":["http://eidas.europa.eu/LoA/high"]}}}`
	for _, test := range []struct {
		name   string
		b      *browser
		params with
		code   string
	}{
		{"nobody is signed in", stranger, with{"prompt": "none"}, "login_required"},
		{"too long ago", b, with{"prompt": "none", "max_age": "0"}, "login_required"},
		{"a level that nobody has", b, with{"claims": high, "prompt": "none"}, "unmet_authentication_requirements"},
		{"the implicit flow", b, with{"response_type": "id_token"}, "unsupported_response_type"},
		{"what was not allowed yet", b, with{"prompt": "none", "scope": "openid email"}, "consent_required"},
		{"another person", b, with{"prompt": "none", "claims": `{"id_token":{"sub":{"value":"somebody-else"}}}`}, "login_required"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := service("node "+test.name, nil)
			s.ConsentClaims = []catalogue.Claim{catalogue.Email}
			trial := try(t, n, test.b, s, nil)
			trial.fails(test.code, "redeem", with{"back": trial.b.goes(trial.ask(test.params, nil))})
		})
	}
}

// A service asks for a sign-in that is new, and checks that it is.
func TestFreshSignInForOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, c := in(t)
	trial := try(t, n, b, service("node-fresh", nil), nil)
	before := trial.signsIn(nil, nil)["claims"].(map[string]any)
	p := trial.b.signIn(trial.ask(with{"max_age": "0"}, nil), c)
	after := trial.redeem(p.leaves(t))["claims"].(map[string]any)
	if before["sub"] != after["sub"] || after["auth_time"].(float64) < before["auth_time"].(float64) {
		t.Errorf("before %v, after %v", before, after)
	}
	p = trial.b.signIn(trial.ask(with{"prompt": "login"}, nil), c)
	trial.redeem(p.leaves(t))
}

func TestLogoutByOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, _ := in(t)
	trial := try(t, n, b, service("node-logout", keepsCurrent), nil)
	trial.signsIn(offline, nil)
	out, err := url.Parse(trial.b.goes(text(trial.does("leave", with{"params": with{"post_logout_redirect_uri": goodbye, "state": "s-1"}}), "url")))
	check(t, err)
	if out.Query().Get("state") != "s-1" || out.Scheme+"://"+out.Host+out.Path != goodbye {
		t.Errorf("after signing out the browser goes to %v", out)
	}
	trial.fails("invalid_grant", "refresh", nil)
	trial.fails("login_required", "redeem", with{"back": trial.b.goes(trial.ask(with{"prompt": "none"}, nil))})
}
