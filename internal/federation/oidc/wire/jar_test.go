package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/federation/oidc/wire"
)

// A request object asks what the same parameters of an address would.
func TestRequestObjectAsksTheSame(t *testing.T) {
	object, err := wire.ParseRequestObject([]byte(`{"iss":"c","aud":["https://kapu.example","x"],"exp":2e9,"nbf":1.5,"iat":1,"jti":"ignored","unknown":[{}],
		"client_id":"c","redirect_uri":"https://c.example/r","response_type":"code","response_mode":"jwt","scope":"openid","state":"é \u0026","max_age":60,
		"ui_locales":"hu en","dpop_jkt":"` + challenge + `", "nonce":null,
		"claims":{"id_token":{
			"acr":{"essential":true,"value":"a"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := wire.ReadAuthorization(object.Parameters)
	if err != nil {
		t.Fatal(err)
	}
	want := wire.Authorization{
		ClientID: "c", RedirectURI: "https://c.example/r", State: "é &", Mode: wire.QueryJWT, Scopes: []string{"openid"},
		MaxAge: time.Minute, HasMaxAge: true, UILocales: "hu en", JKT: challenge, Prompt: []string{}, ACRValues: []string{},
		Claims: wire.ClaimsRequest{IDToken: map[string]wire.ClaimRequest{"acr": {Essential: true, Values: []string{"a"}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if object.Issuer != "c" || len(object.Audience) != 2 || object.Expires != 2e9 || object.NotBefore != 1.5 || object.Issued != 1 {
		t.Errorf("%+v", object)
	}
}

func TestRequestObjectsRefused(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 50) + "1" + strings.Repeat("}", 50)
	for name, payload := range map[string]string{
		"no JSON":                  `client_id=a`,
		"a list":                   `[]`,
		"a text":                   `"a"`,
		"null":                     `null`,
		"two":                      `{} {}`,
		"a member twice":           `{"client_id":"a","client_id":"b"}`,
		"twice, dressed up":        `{"client_id":"a","client\u005fid":"b"}`,
		"twice, deep within":       `{"claims":{"id_token":{"acr":{"value":"a","value":"b"}}}}`,
		"deep":                     `{"claims":` + deep + `}`,
		"deep where nobody looks":  `{"x":` + deep + `}`,
		"many":                     `{"x":[` + strings.Repeat("1,", 2000) + `1]}`,
		"large":                    `{"x":"` + strings.Repeat("a", wire.MaxRequest) + `"}`,
		"a long parameter":         `{"state":"` + strings.Repeat("a", 3000) + `"}`,
		"control characters":       `{"state":"a\u0000b"}`,
		"a truth value":            `{"client_id":true}`,
		"a list for a text":        `{"scope":["openid"]}`,
		"a fraction":               `{"max_age":1.5}`,
		"a request in a request":   `{"request":"a.b.c"}`,
		"an address in a request":  `{"request_uri":"https://a.example"}`,
		"exp that is no number":    `{"exp":"tomorrow"}`,
		"aud that is neither form": `{"aud":{"a":1}}`,
	} {
		if _, err := wire.ParseRequestObject([]byte(payload)); codeOf(err) != wire.InvalidRequestObject {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Names count to the letter: what encoding/json would fold is unknown, and ignored.
func TestRequestObjectNamesToTheLetter(t *testing.T) {
	object, err := wire.ParseRequestObject([]byte(`{"client_id":"a","Client_ID":"b","ISS":"b","AUD":"b"}`))
	if err != nil || object.Parameters.Get("client_id") != "a" || object.Issuer != "" || object.Audience != nil {
		t.Errorf("%+v, %v", object, err)
	}
}

// What a client pushes with its request, such as its secret, goes no further.
func TestAskingLeavesCredentialsOut(t *testing.T) {
	p, err := wire.ParseParameters("client_id=a&client_secret=s&client_assertion=x&state=y&nonce=&unknown=z")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Asking().Encode(); got != "client_id=a&state=y" {
		t.Errorf("%s", got)
	}
	if got := p.With("client_id", "b").Get("client_id"); got != "b" || p.Get("client_id") != "a" {
		t.Errorf("%s, before %s", got, p.Get("client_id"))
	}
}

func TestResponseModes(t *testing.T) {
	for text, want := range map[string]wire.ResponseMode{"": wire.Query, "query": wire.Query, "form_post": wire.FormPost, "jwt": wire.QueryJWT, "query.jwt": wire.QueryJWT, "form_post.jwt": wire.FormPostJWT} {
		got, err := parseAuthorization("client_id=a&response_type=code&scope=openid&response_mode=" + text)
		if err != nil || got.Mode != want {
			t.Errorf("%q: %v, %v", text, got.Mode, err)
		}
	}
	for _, text := range []string{"fragment", "fragment.jwt", "web_message", "JWT", "okp"} {
		if got, err := parseAuthorization("client_id=a&response_type=code&scope=openid&response_mode=" + text); codeOf(err) != wire.InvalidRequest || got.Mode != wire.Query {
			t.Errorf("%q: %v, %v", text, got.Mode, err)
		}
	}
}

func FuzzParseRequestObject(f *testing.F) {
	f.Add([]byte(`{"iss":"a","aud":["b"],"client_id":"a","max_age":1,"claims":{"id_token":null},"exp":1e300}`))
	f.Add([]byte(`{"client_id":"a","client_id":"b"}`))
	f.Add([]byte(`{"claims":{"a":"\u000d\n"},"state":"\u0000"}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		object, err := wire.ParseRequestObject(payload)
		sayable(t, err)
		// What is read is sound, whatever else is wrong: it can be pushed, and read again.
		again, fault := wire.ParseParameters(object.Parameters.Encode())
		if fault != nil || again.Encode() != object.Parameters.Encode() {
			t.Errorf("%q: %v", object.Parameters.Encode(), fault)
		}
		_, err = wire.ReadAuthorization(object.Parameters)
		sayable(t, err)
	})
}
