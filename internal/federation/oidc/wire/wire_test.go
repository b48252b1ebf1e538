package wire_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/federation/oidc/wire"
)

const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" // RFC 7636, appendix B

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

func codeOf(err error) string {
	var e *wire.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func parseAuthorization(raw string) (wire.Authorization, error) {
	p, err := wire.ParseParameters(raw)
	if err != nil {
		return wire.AddressOf(p), err
	}
	return wire.ReadAuthorization(p)
}

func TestReadAuthorization(t *testing.T) {
	got, err := parseAuthorization("client_id=tax%3Aoffice&redirect_uri=https%3A%2F%2Ftax.example%2Freturn%3Fa%3Db&response_type=code&response_mode=form_post" +
		"&scope=openid+profile&state=%2B+%25&nonce=n&code_challenge=" + challenge + "&code_challenge_method=S256&prompt=login+consent&max_age=60" +
		"&acr_values=a+b&login_hint=KisAnna&display=page&ui_locales=hu&claims=" + url.QueryEscape(`{"userinfo":{"name":null}}`) + "&unknown=x&nothing=")
	if err != nil {
		t.Fatal(err)
	}
	want := wire.Authorization{
		ClientID: "tax:office", RedirectURI: "https://tax.example/return?a=b", State: "+ %", Mode: wire.FormPost,
		Scopes: []string{"openid", "profile"}, Nonce: "n", Challenge: challenge, Prompt: []string{"login", "consent"},
		MaxAge: time.Minute, HasMaxAge: true, ACRValues: []string{"a", "b"}, LoginHint: "KisAnna", UILocales: "hu",
		Claims: wire.ClaimsRequest{UserInfo: map[string]wire.ClaimRequest{"name": {}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever is wrong with the rest, the address of the answer is known.
func TestFaultKnowsWhereItGoes(t *testing.T) {
	const sound = "client_id=c&redirect_uri=https%3A%2F%2Fa.example&state=s&response_mode=form_post"
	for _, rest := range []string{"", "&response_type=code", "&response_type=code&scope=openid&scope=openid", "&nonce=%FF", "&claims=" + strings.Repeat("a", 9000)} {
		got, err := parseAuthorization(sound + rest)
		if err == nil || got.ClientID != "c" || got.RedirectURI != "https://a.example" || got.State != "s" || got.Mode != wire.FormPost {
			t.Errorf("%.40q: %+v, %v", rest, got, err)
		}
	}
	if got, err := parseAuthorization(sound + "&redirect_uri=https%3A%2F%2Fb.example"); err == nil || got.RedirectURI != "" {
		t.Errorf("of two addresses one was taken: %+v", got)
	}
}

func TestParseParametersRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"large": "a=" + strings.Repeat("b", wire.MaxRequest), "many": strings.Repeat("a&", 100), "broken": "a=%zz", "semicolon": "a=b;c=d",
		"twice": "a=b&a=b", "long": "a=" + strings.Repeat("b", 3000), "control": "a=%0D%0A", "not UTF-8": "a=%C3%28",
	} {
		if _, err := wire.ParseParameters(raw); codeOf(err) != wire.InvalidRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseClaims(t *testing.T) {
	got, err := wire.ParseClaims(`{"id_token":{"acr":{"essential":true,"values":["a","b",3]},"sub":{"value":"x"},"auth_time":null},"ID_TOKEN":{"no":null},"other":[1]}`)
	want := wire.ClaimsRequest{IDToken: map[string]wire.ClaimRequest{
		"acr": {Essential: true, Values: []string{"a", "b"}}, "sub": {Values: []string{"x"}}, "auth_time": {}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, text := range []string{"null", "[]", "1", "{", `{"id_token":[]}`, `{"id_token":{"a":1}}`, `{"id_token":{"a":{"essential":"yes"}}}`, `{"userinfo":{"a":{"values":"b"}}}`, `{} x`} {
		if _, err := wire.ParseClaims(text); codeOf(err) != wire.InvalidRequest {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestProves(t *testing.T) {
	tests := []struct {
		verifier, challenge string
		want                bool
	}{
		{verifier, challenge, true},
		{verifier + "x", challenge, false},
		{"", challenge, false},
		{challenge, challenge, false}, // plain
		{verifier, "", false},
		{"", "", true},
		{verifier[:42], challenge, false},
		{strings.Repeat("é", 30), challenge, false},
	}
	for _, test := range tests {
		if got := wire.Proves(test.verifier, test.challenge); got != test.want {
			t.Errorf("Proves(%q, %q) = %t", test.verifier, test.challenge, got)
		}
	}
}

func TestParseClient(t *testing.T) {
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	tests := []struct {
		name, form, header string
		want               wire.Credentials
		code               string
	}{
		{"basic, encoded", "", basic("a%3Ab:c%2Bd+e%25"), wire.Credentials{Method: wire.SecretBasic, ID: "a:b", Secret: "c+d e%"}, ""},
		{"basic, scheme in any case", "client_id=a", "bASIC " + basic("a:b")[6:], wire.Credentials{Method: wire.SecretBasic, ID: "a", Secret: "b"}, ""},
		{"post", "client_id=a&client_secret=b%2Bc", "", wire.Credentials{Method: wire.SecretPost, ID: "a", Secret: "b+c"}, ""},
		{"none", "client_id=a", "", wire.Credentials{Method: wire.NoSecret, ID: "a"}, ""},
		{"nothing", "", "", wire.Credentials{}, wire.InvalidClient},
		{"no colon", "", basic("ab"), wire.Credentials{}, wire.InvalidClient},
		{"no secret", "", basic("a:"), wire.Credentials{}, wire.InvalidClient},
		{"broken encoding", "", basic("a:%zz"), wire.Credentials{}, wire.InvalidClient},
		{"not base64", "", "Basic !!", wire.Credentials{}, wire.InvalidClient},
		{"both", "client_id=a&client_secret=b", basic("a:b"), wire.Credentials{}, wire.InvalidRequest},
		{"two ids", "client_id=b", basic("a:b"), wire.Credentials{}, wire.InvalidRequest},
		{"assertion", "client_assertion_type=" + jwtBearer + "&client_assertion=" + jwt(`{"alg":"ES256"}`, `{"sub":"a"}`), "",
			wire.Credentials{Method: wire.PrivateKeyJWT, ID: "a", Assertion: jwt(`{"alg":"ES256"}`, `{"sub":"a"}`)}, ""},
		{"assertion under the secret", "client_id=a&client_assertion_type=" + jwtBearer + "&client_assertion=" + jwt(`{"alg":"HS256"}`, `{"sub":"a"}`), "",
			wire.Credentials{Method: wire.SecretJWT, ID: "a", Assertion: jwt(`{"alg":"HS256"}`, `{"sub":"a"}`)}, ""},
		{"assertion of another", "client_id=b&client_assertion_type=" + jwtBearer + "&client_assertion=" + jwt(`{"alg":"ES256"}`, `{"sub":"a"}`), "", wire.Credentials{}, wire.InvalidRequest},
		{"assertion of nobody", "client_id=a&client_assertion_type=" + jwtBearer + "&client_assertion=" + jwt(`{"alg":"ES256"}`, `{}`), "", wire.Credentials{}, wire.InvalidClient},
		{"assertion of two parts", "client_id=a&client_assertion_type=" + jwtBearer + "&client_assertion=a.b", "", wire.Credentials{}, wire.InvalidClient},
		{"assertion of another kind", "client_assertion_type=saml&client_assertion=" + jwt(`{"alg":"ES256"}`, `{"sub":"a"}`), "", wire.Credentials{}, wire.InvalidRequest},
		{"kind without assertion", "client_id=a&client_assertion_type=" + jwtBearer, "", wire.Credentials{}, wire.InvalidClient},
		{"assertion without kind", "client_assertion=" + jwt(`{"alg":"ES256"}`, `{"sub":"a"}`), "", wire.Credentials{}, wire.InvalidRequest},
		{"assertion and secret", "client_secret=b&client_assertion_type=" + jwtBearer + "&client_assertion=" + jwt(`{"alg":"ES256"}`, `{"sub":"a"}`), "", wire.Credentials{}, wire.InvalidRequest},
		{"assertion and header", "client_assertion_type=" + jwtBearer + "&client_assertion=" + jwt(`{"alg":"ES256"}`, `{"sub":"a"}`), basic("a:b"), wire.Credentials{}, wire.InvalidRequest},
	}
	for _, test := range tests {
		form, err := wire.ParseParameters(test.form)
		if err != nil {
			t.Fatal(err)
		}
		got, err := wire.ParseClient(form, test.header)
		if codeOf(err) != test.code || err == nil && got != test.want {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
}

const jwtBearer = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"

// jwt has a signature that nobody verifies.
func jwt(header, payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(payload)) + ".c2ln"
}

func TestParseAccess(t *testing.T) {
	tests := []struct {
		header, form string
		want         wire.Presented
		code         string
	}{
		{"Bearer abc", "", wire.Presented{Scheme: wire.Bearer, Token: "abc"}, ""},
		{"bearer abc", "", wire.Presented{Scheme: wire.Bearer, Token: "abc"}, ""},
		{"dpop abc", "", wire.Presented{Scheme: wire.DPoP, Token: "abc"}, ""},
		{"", "access_token=abc", wire.Presented{Scheme: wire.Bearer, Token: "abc"}, ""},
		{"", "", wire.Presented{Scheme: wire.Bearer}, ""},
		{"Bearer abc", "access_token=abc", wire.Presented{}, wire.InvalidRequest},
		{"DPoP abc", "access_token=abc", wire.Presented{}, wire.InvalidRequest},
		{"Bearer " + strings.Repeat("a", 9000), "", wire.Presented{}, wire.InvalidRequest},
		{"Basic abc", "", wire.Presented{}, wire.InvalidRequest},
	}
	for _, test := range tests {
		if got, err := wire.ParseAccess(test.header, test.form); got != test.want || codeOf(err) != test.code {
			t.Errorf("%+v: %+v, %v", test, got, err)
		}
	}
}

func TestResponse(t *testing.T) {
	r := wire.Response{Issuer: "https://kapu.example", Code: "c", State: "a&b=c d"}
	for address, want := range map[string]string{
		"https://a.example/r":      "https://a.example/r?code=c&state=a%26b%3Dc+d&iss=https%3A%2F%2Fkapu.example",
		"https://a.example/r?x=%7": "https://a.example/r?x=%7&code=c&state=a%26b%3Dc+d&iss=https%3A%2F%2Fkapu.example",
	} {
		if got := wire.AddQuery(address, r.Fields()...); got != want {
			t.Errorf("%s", got)
		}
	}
	r = wire.Response{Issuer: "i", Code: "c", Err: wire.Refuse(wire.AccessDenied, "RFC 6749, 4.1.2.1", "no")}
	if got := wire.AddQuery("u", r.Fields()...); strings.Contains(got, "code=") || !strings.Contains(got, "error=access_denied") {
		t.Errorf("an error with a code: %s", got)
	}
}

func TestIDTokenPayload(t *testing.T) {
	body, err := wire.IDToken{Issuer: "i", Subject: "s", Claims: map[string]any{"name": "Kis Anna"}}.Payload()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(body, &got); err != nil || got["iss"] != "i" || got["name"] != "Kis Anna" {
		t.Errorf("%s, %v", body, err)
	}
	// OpenID Connect Core, appendix A.3 uses this token and hash.
	if got := wire.HashOf("ES256", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"); got != "77QmUPtjPfzWtF2AnpK9RQ" {
		t.Errorf("at_hash %s", got)
	}
}
