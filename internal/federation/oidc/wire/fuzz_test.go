package wire_test

import (
	"net/url"
	"strings"
	"testing"

	"kapu/internal/federation/oidc/wire"
)

func FuzzReadAuthorization(f *testing.F) {
	f.Add("client_id=a&redirect_uri=https%3A%2F%2Fa.example&response_type=code&scope=openid&state=s&claims=%7B%7D")
	f.Add("client_id=a&client_id=b&max_age=-1&prompt=none+login&code_challenge=x&code_challenge_method=plain")
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := parseAuthorization(raw)
		values, _ := url.ParseQuery(raw)
		if len(values["redirect_uri"]) > 1 && q.RedirectURI != "" || len(values["client_id"]) > 1 && q.ClientID != "" {
			t.Error("one of two was taken")
		}
		if q.State != "" && q.State != values.Get("state") {
			t.Error("state changed")
		}
		if err == nil && (q.Prompts(wire.PromptNone) && len(q.Prompt) > 1 || q.MaxAge < 0) {
			t.Errorf("accepted: %+v", q)
		}
		sayable(t, err)
	})
}

// sayable fails on an error text that may not stand in a header (RFC 6749, 5.2).
func sayable(t *testing.T, err error) {
	if err != nil && strings.ContainsFunc(err.Error(), func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }) {
		t.Errorf("%q", err)
	}
}

func FuzzParseClaims(f *testing.F) {
	f.Add(`{"id_token":{"acr":{"essential":true,"values":["a"]}},"userinfo":{"name":null}}`)
	f.Add(`{"id_token":{"a":[[[[[[[[`)
	f.Fuzz(func(t *testing.T, text string) {
		_, err := wire.ParseClaims(text)
		sayable(t, err)
	})
}

func FuzzParseClient(f *testing.F) {
	f.Add("client_id=a&client_secret=s", "")
	f.Add("", "Basic YTpi")
	f.Add("client_assertion_type="+jwtBearer+"&client_assertion="+jwt(`{"alg":"none"}`, `{"sub":"a","aud":["b"]}`), "")
	f.Fuzz(func(t *testing.T, form, header string) {
		p, err := wire.ParseParameters(form)
		if err != nil {
			return
		}
		c, err := wire.ParseClient(p, header)
		sayable(t, err)
		if err == nil && (c.ID == "" || c.Method != wire.NoSecret && c.Secret == "" && c.Assertion == "" || c.Secret != "" && c.Assertion != "") {
			t.Errorf("a client without name or proof, or with two: %+v", c)
		}
		sayable(t, wire.ReadToken(p).CheckGrant())
	})
}

func FuzzClientAssertion(f *testing.F) {
	f.Add([]byte(`{"iss":"a","sub":"a","aud":["b"],"exp":1e300,"jti":"x"}`))
	f.Add([]byte(`{"aud":"b","exp":-1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if a, ok := wire.ParseClientAssertion(text); ok && a.OneString && len(a.Audience) != 1 {
			t.Errorf("%+v", a)
		}
	})
}

func FuzzParseAccess(f *testing.F) {
	f.Add("Bearer abc", "access_token=abc")
	f.Fuzz(func(t *testing.T, header, form string) {
		_, err := wire.ParseAccess(header, form)
		sayable(t, err)
	})
}

func FuzzParseLogout(f *testing.F) {
	f.Add("id_token_hint=a.b.c&post_logout_redirect_uri=https%3A%2F%2Fa.example&state=s")
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := wire.ParseLogout(raw)
		sayable(t, err)
		if err == nil && !strings.HasPrefix(q.ReturnURL(), q.RedirectURI) {
			t.Errorf("goes elsewhere: %q", q.ReturnURL())
		}
	})
}

// A response never changes where it goes, and gives back what it was given.
func FuzzResponseURL(f *testing.F) {
	f.Add("https://a.example/r?x=y", "state", "code")
	f.Fuzz(func(t *testing.T, address, state, code string) {
		got := wire.AddQuery(address, wire.Response{Issuer: "https://kapu.example", State: state, Code: code}.Fields()...)
		if !strings.HasPrefix(got, address) || strings.ContainsAny(got[len(address):], " \r\n#") {
			t.Fatalf("%q", got)
		}
		query, err := url.ParseQuery(got[len(address)+1:])
		if err != nil || query.Get("state") != state || query.Get("code") != code {
			t.Errorf("%q: %v", got, err)
		}
	})
}
