package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var tongue = WordsOf([]string{"scope", "openid", "profile", "redirect_uri", "id_token", "alg", "ES256", "sub", "tax_number", "expires_in", "id_token_hint", "login_hint", "claims"})

func TestOnlyWordsThatWeKnowAreShown(t *testing.T) {
	registered := []string{"https://tax.example/return?room=1"}
	jwt := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"anna"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"Kis Anna","kisanna":1}`)) + ".c2ln"
	for _, c := range []struct {
		name string
		line Line
		want Line
	}{
		{"words", tongue.Value("scope", "openid profile"), Line{Name: "scope", Text: "openid profile"}},
		{"one word too many", tongue.Value("scope", "openid Anna"), Line{Name: "scope", Text: "openid", Hidden: 4}},
		{"a number in groups", tongue.Value("scope", "8123 456 784"), Line{Name: "scope", Hidden: 10}},
		{"letters, not bytes", tongue.Value("login_hint", "Kőszegi Ágnes"), Line{Name: "login_hint", Hidden: 12}},
		{"a short number", tongue.Value("expires_in", "600"), Line{Name: "expires_in", Text: "600"}},
		{"a tax number", tongue.Value("expires_in", "8123456784"), Line{Name: "expires_in", Hidden: 10}},
		{"a social security number", tongue.Value("expires_in", "123456788"), Line{Name: "expires_in", Hidden: 9}},
		{"a name of their own", tongue.Value("KisAnna", "openid"), Line{Text: "openid"}},
		{"nothing", tongue.Value("scope", ""), Line{Name: "scope"}},
		{"a registered address", tongue.Address("redirect_uri", registered[0], registered), Line{Name: "redirect_uri", Text: registered[0]}},
		{"another query", tongue.Address("redirect_uri", "https://tax.example/return?who=anna", registered), Line{Name: "redirect_uri", Text: "https://tax.example/return", Hidden: 8}},
		{"another path", tongue.Address("redirect_uri", "https://tax.example/anna", registered), Line{Name: "redirect_uri", Text: "https://tax.example", Hidden: 5}},
		{"another host", tongue.Address("redirect_uri", "https://anna.example/return", registered), Line{Name: "redirect_uri", Hidden: 27}},
		{"with a password", tongue.Address("redirect_uri", "https://anna:pw@tax.example/return", registered), Line{Name: "redirect_uri", Hidden: 34}},
		{"a token", tongue.Token("id_token_hint", jwt), Line{Name: "id_token_hint", Hidden: len(jwt), Token: true, Header: []string{"alg: ES256"}, Names: []string{"sub"}, Others: 1}},
		{"no token", tongue.Token("id_token_hint", "a.b.c"), Line{Name: "id_token_hint", Hidden: 5}},
		{"a claims request", tongue.Members("claims", []byte(`{"id_token":{"tax_number":{"value":"8123456784"},"anna":null}}`)), Line{Name: "claims", Names: []string{"id_token", "id_token.tax_number"}, Others: 1}},
	} {
		if diff := cmp.Diff(c.want, c.line); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// FuzzNothingSlipsThrough sends a secret in every place there is.
func FuzzNothingSlipsThrough(f *testing.F) {
	f.Add("hunter2horse", "a.b.c")
	f.Add("8123456784", `{"sub":"x"}`)
	f.Add("Kőszegi", "https://tax.example/")
	f.Fuzz(func(t *testing.T, secret, around string) {
		if len(secret) < 8 || strings.ContainsAny(secret, `"\<>&`) || tongue.knows(secret) {
			return
		}
		for word := range tongue {
			if strings.Contains(word, secret) || strings.Contains("https://tax.example/return", secret) {
				return
			}
		}
		whole := around + secret
		quoted, _ := json.Marshal(map[string]any{secret: whole, "sub": whole, "claims": map[string]string{secret: secret}})
		b64 := base64.RawURLEncoding.EncodeToString(quoted)
		lines := append(tongue.Object(quoted), tongue.Value(secret, whole), tongue.Token(secret, b64+"."+b64+"."+b64), tongue.Token("scope", whole),
			tongue.Members(secret, quoted), tongue.Members("claims", []byte(whole)), tongue.Hidden(secret, whole),
			tongue.Address(secret, "https://tax.example/"+secret, []string{"https://tax.example/return"}), tongue.Address(secret, whole, []string{"https://tax.example/return"}))
		kept, err := json.Marshal(lines)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(kept), secret) {
			t.Fatalf("%q is in %s", secret, kept)
		}
	})
}
