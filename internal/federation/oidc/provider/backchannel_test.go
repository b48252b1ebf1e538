package provider_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/store"
)

// ear is where a service hears of logouts.
type ear struct {
	*httptest.Server
	id     string
	mu     sync.Mutex
	tokens []string // as they came
	answer int      // status of its answers
}

// hearing registers a service with an ear.
func (g *gateway) hearing(id string, change func(*catalogue.OIDC)) *ear {
	g.t.Helper()
	e := &ear{id: id, answer: http.StatusOK}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.URL.Path != "/out" {
			g.t.Errorf("%s %s of %s", r.Method, r.URL, r.Header.Get("Content-Type"))
		}
		e.tokens = append(e.tokens, r.PostFormValue("logout_token"))
		if e.answer == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(e.answer)
	}))
	g.t.Cleanup(e.Close)
	o := &catalogue.OIDC{BackchannelLogout: e.URL + "/out", PrivateNetwork: true}
	if change != nil {
		change(o)
	}
	g.add(&catalogue.Service{ID: id, OIDC: o})
	return e
}

func (e *ear) answers(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = status
}

// heard takes the tokens that came since it was asked last.
func (e *ear) heard() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	tokens := e.tokens
	e.tokens = nil
	return tokens
}

// tell runs the job once.
func (g *gateway) tell() {
	g.t.Helper()
	_, err := g.door.TellServices(context.Background())
	check(g.t, err)
}

// names are who a service was told about, or is when it signs somebody in.
type names struct{ Subject, SID string }

// come signs in at a service and returns who it is there.
func (g *gateway) come(b *browser, id string) (who names, idToken string) {
	g.t.Helper()
	a := g.ask("/oidc/token", g.codeOf(b, id, nil), as(id))
	idToken = a.text("id_token")
	c := g.verify(idToken, "ES256", "JWT")
	return names{c["sub"].(string), c["sid"].(string)}, idToken
}

// told are those of whom the ear heard since it was asked last, as a library that
// is not ours understands it, in order.
func (g *gateway) told(e *ear) (list []names) {
	g.t.Helper()
	found, err := oidc.NewProvider(context.Background(), g.URL)
	check(g.t, err)
	for _, text := range e.heard() {
		claims := g.verify(text, "ES256", "logout+jwt")
		token, err := found.Verifier(&oidc.Config{ClientID: e.id, Now: g.clock.Now}).VerifyLogout(context.Background(), text)
		check(g.t, err)
		if life := token.Expiry.Sub(token.IssuedAt); life > 2*time.Minute || !token.IssuedAt.Equal(g.clock.Now()) {
			g.t.Errorf("issued at %v for %v", token.IssuedAt, life)
		}
		want := []string{"aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"}
		if diff := cmp.Diff(want, keysOf(claims)); diff != "" {
			g.t.Errorf("claims: %s", diff)
		}
		list = append(list, names{token.Subject, token.SessionID})
	}
	slices.SortFunc(list, bySID)
	return list
}

func bySID(a, b names) int { return strings.Compare(a.SID, b.SID) }

func keysOf(m map[string]any) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// TestServicesHearHoweverSessionsEnd lets a citizen be signed in twice and ends
// what each act ends. Somebody else's session goes on.
func TestServicesHearHoweverSessionsEnd(t *testing.T) {
	update := func(f func(tx *store.Tx, a identity.Account) error) func(g *gateway, b *browser, hint string) {
		return func(g *gateway, _ *browser, _ string) {
			check(g.t, g.db.Update(context.Background(), func(tx *store.Tx) error {
				a, err := tx.Account(g.account)
				if err != nil {
					return err
				}
				return f(tx, a)
			}))
		}
	}
	ends := []struct {
		name string
		all  bool // all the sessions of the account, not just this browser's
		end  func(g *gateway, b *browser, hint string)
	}{
		{"signing out here", false, func(g *gateway, b *browser, _ string) { b.post(g.URL+"/signout", nil) }},
		{"signing out at a service", false, func(g *gateway, b *browser, hint string) { b.get(g.URL + "/oidc/end-session?id_token_hint=" + hint) }},
		{"confirming so", false, func(g *gateway, b *browser, _ string) {
			b.post(g.URL+"/oidc/confirm-end", b.get(g.URL+"/oidc/end-session").hidden())
		}},
		{"somebody else signs in", false, func(g *gateway, b *browser, _ string) {
			g.now = g.citizen("nagybela", "Nagy", "Béla")
			b.signIn(g.tax().url(param("prompt", "login")))
		}},
		{"another password", true, update(func(tx *store.Tx, a identity.Account) error { return tx.EndSessions(a.ID) })},
		{"closing", true, update(func(tx *store.Tx, a identity.Account) error { return tx.CloseAccount(a.ID) })},
		{"deletion", true, update(func(tx *store.Tx, a identity.Account) error { return tx.EndAccount(a, "deleted", tx.Now) })},
		{"a factor taken off", true, update(func(tx *store.Tx, a identity.Account) error { return tx.RemoveCredential(a.ID, "totp") })},
	}
	for _, c := range ends {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, g *gateway) {
				e := g.hearing("town-hall", nil)
				b, twice, other := g.browser(), g.browser(), g.browser()
				first, hint := g.come(b, "town-hall")
				second, _ := g.come(twice, "town-hall")
				kis := g.now
				g.now = g.citizen("toth", "Tóth", "Ilona")
				g.come(other, "town-hall")
				g.now = kis
				g.come(b, "town-hall") // again, in the same session
				g.clock.Advance(time.Minute)
				if g.tell(); len(e.heard()) != 0 {
					t.Fatal("told before the end")
				}
				c.end(g, b, hint)
				want := []names{first}
				if c.all {
					want = append(want, second)
					slices.SortFunc(want, bySID)
				}
				g.tell()
				if diff := cmp.Diff(want, g.told(e)); diff != "" {
					t.Error(diff)
				}
				if g.tell(); len(e.heard()) != 0 {
					t.Error("told twice")
				}
				if p := b.get(g.tax().url(param("prompt", "none"))); c.name != "somebody else signs in" && p.out.Query().Get("error") != "login_required" {
					t.Errorf("the session goes on: %v", p.out)
				}
			})
		})
	}
}

func TestAServiceThatDoesNotHear(t *testing.T) {
	g := newGateway(t)
	deaf, good := g.hearing("deaf", nil), g.hearing("good", nil)
	out := func(ids ...string) {
		b := g.browser()
		for _, id := range ids {
			g.come(b, id)
		}
		b.post(g.URL+"/signout", nil)
	}
	jti := map[string]bool{}
	expect := func(when string, calls int) {
		t.Helper()
		g.tell()
		tokens := deaf.heard()
		if len(tokens) != calls {
			t.Errorf("%s: %d calls, want %d", when, len(tokens), calls)
		}
		for _, token := range tokens {
			name := g.verify(token, "ES256", "logout+jwt")["jti"].(string)
			if jti[name] {
				t.Errorf("%s: the same token again", when)
			}
			jti[name] = true
		}
	}
	deaf.answers(http.StatusServiceUnavailable)
	out("deaf", "good")
	out("deaf")
	expect("the first try", 1) // and the other waits: it would fare no better
	if len(good.heard()) != 1 {
		t.Error("one that answers waited for one that does not")
	}
	expect("at once", 0)
	g.clock.Advance(10 * time.Second)
	expect("after ten seconds", 1)
	g.clock.Advance(10 * time.Second)
	deaf.answers(http.StatusFound)
	expect("a redirect", 1)
	g.clock.Advance(20 * time.Second)
	deaf.answers(http.StatusNoContent)
	expect("it is back", 2)
	g.clock.Advance(time.Hour)
	expect("told", 0)

	deaf.answers(http.StatusBadRequest)
	out("deaf")
	out("deaf")
	expect("each is refused", 2)
	g.clock.Advance(13 * time.Hour)
	expect("refused for half a day", 2)
	g.clock.Advance(24 * time.Hour)
	expect("given up", 0)

	deaf.answers(http.StatusInternalServerError)
	out("deaf")
	out("deaf")
	g.clock.Advance(12 * time.Hour)
	expect("out of order for half a day", 1)
	g.clock.Advance(24 * time.Hour)
	expect("given up with all that waited", 0)
	if told, lost := g.door.Logouts.Told.Load(), g.door.Logouts.GivenUp.Load(); told != 3 || lost != 4 {
		t.Errorf("told %d, given up %d", told, lost)
	}
}

func TestALogoutTokenIsSpokenLikeAnIDToken(t *testing.T) {
	g := newGateway(t)
	check(t, g.keys.Need(context.Background(), "RS256"))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	e := g.hearing("bank", func(o *catalogue.OIDC) { o.IDTokenAlg = "RS256" })
	vault := g.hearing("vault", func(o *catalogue.OIDC) {
		o.IDTokenAlg, o.IDTokenKeyAlg, o.IDTokenEncryption, o.JWKS = "RS256", "ECDH-ES", "A256GCM", keySet(t, jose.JSONWebKey{Key: key.Public()})
	})
	b := g.browser()
	g.codeOf(b, "bank", nil)
	g.codeOf(b, "vault", nil)
	b.post(g.URL+"/signout", nil)
	g.tell()
	if heard := e.heard(); len(heard) != 1 || g.verify(heard[0], "RS256", "logout+jwt")["aud"] != "bank" {
		t.Errorf("%q", heard)
	}
	heard := vault.heard()
	if len(heard) != 1 {
		t.Fatalf("%q", heard)
	}
	sealed, err := jose.ParseEncryptedCompact(heard[0], []jose.KeyAlgorithm{jose.ECDH_ES}, []jose.ContentEncryption{jose.A256GCM})
	check(t, err)
	text, err := sealed.Decrypt(key)
	check(t, err)
	if g.verify(string(text), "RS256", "logout+jwt")["aud"] != "vault" {
		t.Errorf("%s", text)
	}
}

func TestAServiceThatIsGoneOrChangedItsMind(t *testing.T) {
	g := newGateway(t)
	all := g.broker.Catalogue.All()
	e := g.hearing("gone", nil)
	b := g.browser()
	g.come(b, "gone")
	b.post(g.URL+"/signout", nil)
	check(t, g.broker.Catalogue.Replace(all))
	g.tell()
	check(t, g.db.View(context.Background(), func(tx *store.Tx) error {
		n, err := tx.CountLogouts()
		if n != 0 || len(e.heard()) != 0 {
			t.Errorf("%d wait for a service that nobody knows", n)
		}
		return err
	}))
}

func TestSessionsThatAreOverByThemselvesAreForgotten(t *testing.T) {
	g := newGateway(t)
	e := g.hearing("town-hall", nil)
	g.come(g.browser(), "town-hall")
	g.clock.Advance(g.broker.Rules(g.clock.Now()).SessionLife)
	n, err := g.door.Sweep(context.Background())
	check(t, err)
	check(t, g.db.Update(context.Background(), func(tx *store.Tx) error { return tx.EndSessions(g.account) }))
	if g.tell(); n == 0 || len(e.heard()) != 0 {
		t.Errorf("swept %d", n)
	}
}

// meddler is a door at which another tab acts in the very moment in which a
// session comes to a service.
type meddler struct{ act func() }

func (*meddler) Name() string                                                    { return "meddler" }
func (*meddler) Reply(http.ResponseWriter, *http.Request, broker.Answer) error   { return nil }
func (*meddler) Ended(*store.Tx, authn.Session) error                            { return nil }
func (*meddler) Parting(authn.Session, *catalogue.Service) (none broker.Parting) { return none }
func (m *meddler) Reached(context.Context, authn.Session, *catalogue.Service) error {
	act := m.act
	m.act = func() {}
	act()
	return nil
}

// TestTabsDoNotUndoEachOther has another tab act between the reading of a session
// and the writing of its visit.
func TestTabsDoNotUndoEachOther(t *testing.T) {
	g := newGateway(t)
	first, second := g.hearing("first", nil), g.hearing("second", nil)
	b := g.browser()
	b.signIn(g.tax().url())
	other := &meddler{act: func() { g.come(b, "second") }}
	g.broker.AddDoor(other)
	g.come(b, "first")
	b.post(g.URL+"/signout", nil)
	g.tell()
	if a, z := len(first.heard()), len(second.heard()); a != 1 || z != 1 {
		t.Errorf("a visit was lost: told %d and %d", a, z)
	}

	b.signIn(g.tax().url())
	other.act = func() { b.post(g.URL+"/signout", nil) }
	if p := b.get(g.party("desk", taxSecret, "https://desk.example/return").url()); p.at.Path != "/signin/choose" {
		t.Errorf("a session that was ended came back: %d %v %v", p.status, p.at, p.out)
	}
}
