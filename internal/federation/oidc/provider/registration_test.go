package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// shelf keeps services in the catalogue in force alone; the one of the gateway
// is tried in package app.
type shelf struct {
	list   *catalogue.Catalogue
	mu     sync.Mutex
	tokens []string // by whose names there were registrations
}

func (s *shelf) Add(_ context.Context, n *catalogue.Service, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = append(s.tokens, token)
	return s.list.Replace(append(slices.Clone(s.list.All()), n))
}

func (s *shelf) Change(ctx context.Context, n *catalogue.Service) error {
	if err := s.Remove(ctx, n.ID); err != nil {
		return err
	}
	return s.Add(ctx, n, "")
}

func (s *shelf) Remove(_ context.Context, id string) error {
	return s.list.Replace(slices.DeleteFunc(slices.Clone(s.list.All()), func(n *catalogue.Service) bool { return n.ID == id }))
}

func withRegistry(b *bench) *bench {
	b.Registry = &shelf{list: b.Broker.Catalogue}
	return b
}

func (b *bench) initialToken(uses int, life time.Duration) string {
	b.t.Helper()
	token, _, err := NewInitialToken(b.t.Context(), b.Broker.Ring, b.Broker.Volatile, b.clock.Now(), uses, life)
	must(b.t, err)
	return token
}

type answer struct {
	status int
	header http.Header
	body   map[string]any
}

// send makes a request to the registration endpoint, or to one registration.
func (b *bench) send(method, client, token string, body any) answer {
	b.t.Helper()
	text, ok := body.(string)
	if !ok && body != nil {
		raw, err := json.Marshal(body)
		must(b.t, err)
		text = string(raw)
	}
	path, handle := wire.RegistrationPath, b.Provider.register
	if client != "" {
		path += "/" + client
		handle = map[string]func(http.ResponseWriter, *http.Request) error{
			http.MethodGet: b.readClient, http.MethodPut: b.changeClient, http.MethodDelete: b.removeClient,
		}[method]
	}
	r := httptest.NewRequest(method, issuer+path, strings.NewReader(text))
	r.SetPathValue("client", client)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	b.machine(handle).ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header()}
	if w.Body.Len() > 0 {
		must(b.t, json.Unmarshal(w.Body.Bytes(), &a.body))
	}
	return a
}

func (a answer) text(name string) string { s, _ := a.body[name].(string); return s }

// metadata is that of a good registration, changed.
func metadata(change map[string]any) map[string]any {
	m := map[string]any{"client_name": "Könyvtár", "redirect_uris": []string{"https://rp.example/cb"}}
	maps.Copy(m, change)
	return m
}

func TestAClientRegistersByItself(t *testing.T) {
	b := withRegistry(newBench(t))
	made := b.send(http.MethodPost, "", b.initialToken(1, time.Hour), metadata(map[string]any{"application_type": "web", "contacts": []string{"a@rp.example"}, "logo_uri": "https://rp.example/l"}))
	if made.status != http.StatusCreated || made.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%+v", made)
	}
	id, secret, own := made.text("client_id"), made.text("client_secret"), made.text("registration_access_token")
	for name, want := range map[string]any{
		"client_secret_expires_at": 0.0, "token_endpoint_auth_method": "client_secret_basic", "id_token_signed_response_alg": "ES256",
		"client_uri": "https://rp.example/", "registration_client_uri": issuer + "/oidc/register/" + id, "client_name": "Könyvtár (rp.example)", "subject_type": "pairwise",
	} {
		if made.body[name] != want {
			t.Errorf("%s: %v", name, made.body[name])
		}
	}
	s := b.Broker.Catalogue.Client(id)
	if s == nil || s.Level != "substantial" || len(s.Claims) > 0 || s.Ground != "" || s.Provisional || s.Sector != "" || s.Listed() || s.OIDC.PrivateNetwork || s.OIDC.Profile != "" {
		t.Fatalf("%+v", s)
	}
	if _, err := b.ask(nil, basic(id, secret)); err != nil {
		t.Errorf("it cannot sign in: %v", err)
	}
	read := b.send(http.MethodGet, id, own, nil)
	if read.status != http.StatusOK || read.body["client_secret"] != nil || read.text("registration_access_token") != own {
		t.Errorf("read: %+v", read)
	}
	if same := b.send(http.MethodPut, id, own, read.body); same.status != http.StatusOK || !maps.EqualFunc(same.body, read.body, func(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Errorf("what it read is not what it may say: %v, %v", read.body, same.body)
	}
	changed := b.send(http.MethodPut, id, own, metadata(map[string]any{"client_id": id, "client_secret": secret, "redirect_uris": []string{"https://rp.example/other"}}))
	if changed.status != http.StatusOK || changed.body["client_secret"] != nil || b.Broker.Catalogue.Client(id).OIDC.RedirectURIs[0] != "https://rp.example/other" {
		t.Errorf("changed: %+v", changed)
	}
	if _, err := b.ask(nil, basic(id, secret)); err != nil {
		t.Errorf("the change lost the secret: %v", err)
	}
	if gone := b.send(http.MethodDelete, id, own, nil); gone.status != http.StatusNoContent || b.Broker.Catalogue.Client(id) != nil {
		t.Errorf("removed: %+v", gone)
	}
	if again := b.send(http.MethodGet, id, own, nil); again.status != http.StatusUnauthorized {
		t.Errorf("after its end: %+v", again)
	}
}

func TestWhatAClientMayNotRegister(t *testing.T) {
	b := withRegistry(newBench(t))
	key := newPair(t, jose.ES256, "k1")
	keys := json.RawMessage(key.jwks)
	many := slices.Repeat([]string{"https://rp.example/cb"}, 17)
	for _, c := range []struct {
		name   string
		change map[string]any
		want   string
	}{
		{"keys of its own", map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": keys}, ""},
		{"a public client", map[string]any{"token_endpoint_auth_method": "none"}, ""},
		{"on the developer's machine", map[string]any{"redirect_uris": []string{"http://127.0.0.1:3000/cb"}}, ""},
		{"its secret for signing", map[string]any{"token_endpoint_auth_method": "client_secret_jwt"}, ""},
		{"what nobody knows", map[string]any{"favourite_colour": "green"}, ""},
		{"data of people", map[string]any{"claims": []string{"name"}, "ground": "x", "consent_claims": []string{"email", "address"}, "demands": []string{"tax_number"}, "match": []string{"taj"}}, ""},
		{"names in two languages", map[string]any{"client_name#en": "Library"}, ""},

		{"nowhere to go", map[string]any{"redirect_uris": nil}, wire.InvalidRedirectURI},
		{"http", map[string]any{"redirect_uris": []string{"http://rp.example/cb"}}, wire.InvalidRedirectURI},
		{"a fragment", map[string]any{"redirect_uris": []string{"https://rp.example/cb#x"}}, wire.InvalidRedirectURI},
		{"a script", map[string]any{"redirect_uris": []string{"javascript:alert(1)"}}, wire.InvalidRedirectURI},
		{"a user name", map[string]any{"redirect_uris": []string{"https://kapu.example@rp.example/cb"}}, wire.InvalidRedirectURI},
		{"after signing out by http", map[string]any{"post_logout_redirect_uris": []string{"http://rp.example/"}}, wire.InvalidRedirectURI},
		{"too many", map[string]any{"redirect_uris": many}, wire.InvalidClientMetadata},
		{"endless", map[string]any{"redirect_uris": []string{"https://rp.example/" + strings.Repeat("x", 2000)}}, wire.InvalidClientMetadata},
		{"a text for a list", map[string]any{"grant_types": map[string]any{}}, wire.InvalidClientMetadata},
		{"tokens without a person", map[string]any{"grant_types": []string{"client_credentials"}}, wire.InvalidClientMetadata},
		{"implicit", map[string]any{"response_types": []string{"id_token"}}, wire.InvalidClientMetadata},
		{"a public subject", map[string]any{"subject_type": "public"}, wire.InvalidClientMetadata},
		{"a sector with others", map[string]any{"sector_identifier_uri": "https://rp.example/s"}, wire.InvalidClientMetadata},
		{"a software statement", map[string]any{"software_statement": "a.b.c"}, wire.UnapprovedStatement},
		{"none", map[string]any{"id_token_signed_response_alg": "none"}, wire.InvalidClientMetadata},
		{"keys of our network", map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://127.0.0.1/jwks"}, wire.InvalidClientMetadata},
		{"keys of the cloud", map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://169.254.169.254/"}, wire.InvalidClientMetadata},
		{"the same, with leave that it gives itself", map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://127.0.0.1/jwks", "private_network": true}, wire.InvalidClientMetadata},
		{"no keys", map[string]any{"token_endpoint_auth_method": "private_key_jwt"}, wire.InvalidClientMetadata},
		{"keys in two ways", map[string]any{"jwks": keys, "jwks_uri": "https://rp.example/jwks"}, wire.InvalidClientMetadata},
		{"keys that are none", map[string]any{"jwks": "x"}, wire.InvalidClientMetadata},
		{"a home elsewhere", map[string]any{"client_uri": "https://kapu.example/"}, wire.InvalidClientMetadata},
		{"logout of others", map[string]any{"backchannel_logout_uri": "https://other.example/out"}, wire.InvalidClientMetadata},
		{"logout pages of others", map[string]any{"frontchannel_logout_uri": "https://other.example/out"}, wire.InvalidClientMetadata},
		{"a name that turns round", map[string]any{"client_name": "a\u202eb"}, wire.InvalidClientMetadata},
		{"a name of many lines", map[string]any{"client_name": "a\nb"}, wire.InvalidClientMetadata},
		{"a name without end", map[string]any{"client_name": strings.Repeat("x", 150)}, wire.InvalidClientMetadata},
		{"a name of a list", map[string]any{"client_name": []string{"a"}}, wire.InvalidClientMetadata},
	} {
		token := b.initialToken(1, time.Hour)
		a := b.send(http.MethodPost, "", token, metadata(c.change))
		if code := a.text("error"); code != c.want || (a.status == http.StatusCreated) != (c.want == "") {
			t.Errorf("%s: %d %v", c.name, a.status, a.body)
		}
		if left := b.send(http.MethodPost, "", token, metadata(nil)); (left.status == http.StatusCreated) != (c.want != "") {
			t.Errorf("%s: a refusal must not use the token up, a success must", c.name)
		}
	}
	for name, body := range map[string]string{
		"no JSON": "x", "a list": "[]", "twice": `{"redirect_uris":["https://a.example"],"redirect_uris":["https://b.example"]}`, "nothing": "",
		"deep": `{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`, "large": `{"a":"` + strings.Repeat("x", 70<<10) + `"}`, "more": `{} {}`,
	} {
		if a := b.send(http.MethodPost, "", b.initialToken(1, time.Hour), body); a.text("error") != wire.InvalidClientMetadata {
			t.Errorf("%s: %v", name, a.body)
		}
	}
	for _, s := range b.Broker.Catalogue.All() {
		if s.OIDC.PrivateNetwork || s.OIDC.Profile != "" || len(s.Claims)+len(s.ConsentClaims)+len(s.Demands)+len(s.Match) > 0 || s.Ground != "" {
			t.Errorf("it gave itself more: %+v", s)
		}
	}
}

// A client cannot take for itself what is another's or the operator's.
func TestTheTokenOfARegistration(t *testing.T) {
	b := withRegistry(newBench(t, &catalogue.OIDC{ClientID: "tax", SecretDigest: "d"}))
	initial := b.initialToken(3, time.Hour)
	one, two := b.send(http.MethodPost, "", initial, metadata(nil)), b.send(http.MethodPost, "", initial, metadata(nil))
	for name, c := range map[string]struct{ client, token string }{
		"no token":                {one.text("client_id"), ""},
		"another's":               {one.text("client_id"), two.text("registration_access_token")},
		"the initial one":         {one.text("client_id"), initial},
		"its secret":              {one.text("client_id"), one.text("client_secret")},
		"one of the operator's":   {"tax", one.text("registration_access_token")},
		"the operator's, nothing": {"tax", ""},
		"nobody":                  {"toll", one.text("registration_access_token")},
		"an endless one":          {one.text("client_id"), strings.Repeat("x", 5000)},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
			a := b.send(method, c.client, c.token, metadata(map[string]any{"client_id": c.client}))
			if a.status != http.StatusUnauthorized || a.text("error") != wire.InvalidToken || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s, %s: %d %v", name, method, a.status, a.body)
			}
		}
	}
	id, own := one.text("client_id"), one.text("registration_access_token")
	for name, change := range map[string]map[string]any{
		"without its name": {}, "another's name": {"client_id": two.text("client_id")}, "the operator's name": {"client_id": "tax"}, "a wrong secret": {"client_id": id, "client_secret": "x"},
	} {
		if a := b.send(http.MethodPut, id, own, metadata(change)); a.text("error") != wire.InvalidClientMetadata {
			t.Errorf("%s: %v", name, a.body)
		}
	}
	turned := b.send(http.MethodPut, id, own, metadata(map[string]any{"client_id": id, "token_endpoint_auth_method": "client_secret_jwt"}))
	if turned.text("client_secret") == "" {
		t.Fatalf("a method with another kind of secret: %v", turned.body)
	}
	if _, err := b.ask(nil, basic(id, one.text("client_secret"))); err == nil {
		t.Error("the secret of the method before still counts")
	}
	if _, err := b.ask(asserting(signed(t, jose.HS256, []byte(turned.text("client_secret")), nil, b.claims(id, nil)))); err != nil {
		t.Errorf("%v", err)
	}
	if a := b.send(http.MethodPut, id, own, metadata(map[string]any{"client_id": id, "client_secret": turned.text("client_secret"), "token_endpoint_auth_method": "client_secret_jwt"})); a.status != http.StatusOK {
		t.Errorf("%v", a.body)
	}
}

// A token counts as often as the operator said, on both engines and for many
// who come at once.
func TestAnInitialTokenIsUsedUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		b := withRegistry(newBenchOn(t, db, clock))
		token := b.initialToken(3, time.Hour)
		var made atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if b.send(http.MethodPost, "", token, metadata(nil)).status == http.StatusCreated {
					made.Add(1)
				}
			})
		}
		all.Wait()
		if n := made.Load(); n != 3 {
			t.Errorf("%d registrations with three uses", n)
		}
		late := b.initialToken(1, time.Hour)
		clock.Advance(61 * time.Minute)
		for name, token := range map[string]string{"over": late, "used up": token, "made up": "x", "none": ""} {
			if a := b.send(http.MethodPost, "", token, metadata(nil)); a.status != http.StatusUnauthorized {
				t.Errorf("%s: %d", name, a.status)
			}
		}
		for _, name := range b.Registry.(*shelf).tokens {
			if len(name) != initialNameLength || strings.Contains(token, name) {
				t.Errorf("the ledger would learn of the token: %q", name)
			}
		}
	})
}

func TestRegistrationsAreSlowed(t *testing.T) {
	b := withRegistry(newBench(t))
	token := b.initialToken(1000, time.Hour)
	var last answer
	for range perMinute + 1 {
		last = b.send(http.MethodPost, "", token, metadata(nil))
	}
	if last.status != http.StatusTooManyRequests {
		t.Errorf("%d", last.status)
	}
	b.clock.Advance(time.Minute)
	if a := b.send(http.MethodPost, "", token, metadata(nil)); a.status != http.StatusCreated {
		t.Errorf("for ever: %d", a.status)
	}
}

func TestInitialTokensAreBounded(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		uses int
		life time.Duration
	}{{0, time.Hour}, {-1, time.Hour}, {1001, time.Hour}, {1, 0}, {1, -time.Hour}, {1, 91 * 24 * time.Hour}} {
		if _, _, err := NewInitialToken(t.Context(), b.Broker.Ring, b.Broker.Volatile, b.clock.Now(), c.uses, c.life); err == nil {
			t.Errorf("%+v", c)
		}
	}
}

func FuzzRegistration(f *testing.F) {
	for _, seed := range []string{
		`{"redirect_uris":["https://a.example/cb"],"client_name":"a"}`, `{"redirect_uris":["https://a.example/cb"],"jwks":{"keys":[]},"token_endpoint_auth_method":"private_key_jwt"}`,
		`{"redirect_uris":"https://a.example","default_max_age":1e9}`, `{"redirect_uris":["http://localhost"],"grant_types":[null],"dpop_bound_access_tokens":"true"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		q, err := wire.ParseRegistration(body)
		if err != nil {
			return
		}
		s, err := described(q, "self-x")
		if err != nil {
			if text := err.Error(); strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' || c == '"' }) {
				t.Errorf("unsayable: %q", text)
			}
			return
		}
		s.OIDC.SecretDigest, s.OIDC.RegistrationDigest = "", "d"
		if _, err := GiveSecret(storetest.Ring(t), s.OIDC); err != nil {
			t.Fatal(err)
		}
		if err := sound(s); err != nil {
			return
		}
		if s.OIDC.PrivateNetwork || s.OIDC.Profile != "" || len(s.Claims) > 0 || s.Listed() || s.OIDC.Grants("client_credentials") {
			t.Errorf("it gave itself more: %+v", s)
		}
		told, err := s.OIDC.Metadata()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(told)
		if err != nil {
			t.Fatal(err)
		}
		var again map[string]json.RawMessage
		if err := json.Unmarshal(text, &again); err != nil || bytes.Contains(text, []byte("digest")) {
			t.Fatal(fmt.Sprint(err), string(text))
		}
		back, err := catalogue.ReadMetadata(again)
		if err != nil || back.AuthMethod != s.OIDC.AuthMethod || !slices.Equal(back.RedirectURIs, s.OIDC.RedirectURIs) {
			t.Errorf("what it is told is not what it said: %s, %v", text, err)
		}
	})
}
