package provider_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation/doortest"
	"kapu/internal/federation/oidc/provider"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/volatile"
	"kapu/internal/web"
)

// gateway is a whole gateway but for its rooms, in which every factor is proved
// by entering.
type gateway struct {
	*httptest.Server
	t       testing.TB
	db      *store.DB
	clock   *storetest.Clock
	ring    *keys.Ring
	keys    *rotation.Sets
	ledger  *ledger.Ledger
	broker  *broker.Broker
	door    *provider.Provider
	person  string // id of Kis Anna
	account string
	now     identity.Account    // who proves in the rooms
	people  *doortest.Residents // whom the population register knows
}

// Clients of the tests. tax and town are of different sectors, tax and desk of one.
const (
	taxSecret  = "s3cret+of/the=tax office"
	taxReturn  = "https://tax.example/return"
	taxQuery   = "https://tax.example/return?room=1"
	townReturn = "https://town.example/return"
	appReturn  = "https://app.example/return"
	taxHome    = "https://tax.example/goodbye"
)

func registered(ring *keys.Ring) []*catalogue.Service {
	name := func(n string) map[string]string { return map[string]string{"hu": n} }
	digest := ring.Digest("client-secret", taxSecret)
	return []*catalogue.Service{
		{ID: "tax", Name: name("Adóhivatal"), URL: "https://tax.example/", Sector: "finance", Level: "substantial", Ground: "2017. évi CL. törvény",
			Claims: []catalogue.Claim{catalogue.Name, catalogue.GivenName, catalogue.BirthDate, catalogue.TaxNumber},
			OIDC:   &catalogue.OIDC{ClientID: "tax:office", SecretDigest: digest, RedirectURIs: []string{taxReturn, taxQuery}, PostLogout: []string{taxHome}}},
		{ID: "desk", Name: name("Pénztár"), URL: "https://desk.example/", Sector: "finance", Level: "low",
			OIDC: &catalogue.OIDC{ClientID: "desk", SecretDigest: digest, RedirectURIs: []string{"https://desk.example/return"}}},
		{ID: "town", Name: name("Kisfalud"), URL: "https://town.example/", Level: "substantial", Ground: "2011. évi CLXXXIX. törvény",
			Claims: []catalogue.Claim{catalogue.Name, catalogue.Address, catalogue.Email},
			OIDC:   &catalogue.OIDC{ClientID: "town", SecretDigest: digest, RedirectURIs: []string{townReturn}}},
		{ID: "app", Name: name("Telefonos alkalmazás"), URL: "https://app.example/", Level: "substantial",
			OIDC: &catalogue.OIDC{ClientID: "app", RedirectURIs: []string{appReturn}}},
	}
}

func newGateway(t testing.TB) *gateway {
	t.Helper()
	return newGatewayOn(t, storetest.SQLiteDSN(t))
}

func newGatewayOn(t testing.TB, dsn string, change ...func(*provider.Config)) *gateway {
	t.Helper()
	ring := storetest.Ring(t)
	clock := storetest.NewClock()
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: ring, Now: clock.Now})
	check(t, err)
	t.Cleanup(func() { db.Close() })
	g := &gateway{t: t, db: db, clock: clock, ring: ring}
	mux := http.NewServeMux()
	g.Server = httptest.NewUnstartedServer(nil)
	issuer := "http://" + g.Listener.Addr().String()
	quiet := slog.New(slog.DiscardHandler)
	shell, err := web.New(web.Config{Issuer: issuer, Now: clock.Now, Log: quiet, MachinePaths: provider.MachinePaths()})
	check(t, err)
	g.keys = rotation.NewSets(db, "oidc", keys.ES256, provider.Algorithms(), keys.DefaultSchedule(), clock.Now)
	err = g.keys.Tick(context.Background())
	check(t, err)
	list, err := catalogue.New(registered(ring))
	check(t, err)
	g.ledger = ledger.New(ledger.Config{DB: db, Ring: ring})
	g.broker = broker.New(broker.Config{DB: db, Volatile: volatile.NewSQL(db), Ring: ring, Ledger: g.ledger,
		Law: law.Default(), Catalogue: list, Shell: shell, Now: clock.Now})
	config := provider.Config{Issuer: issuer, Broker: g.broker, Keys: g.keys, Log: quiet}
	for _, f := range change {
		f(&config)
	}
	door := provider.New(config)
	g.door = door
	g.broker.AddDoor(door)
	shell.Mount(mux)
	g.broker.Mount(mux)
	door.Mount(mux)
	g.people = &doortest.Residents{DB: db}
	doortest.Rooms(t, mux, g.broker, g.people, func() identity.Account { return g.now })
	g.Config.Handler = shell.Wrap(mux)
	g.Start()
	t.Cleanup(g.Close)
	g.now = g.citizen("kisanna", "Kis", "Anna")
	g.person, g.account = g.now.PersonID, g.now.ID
	return g
}

func (g *gateway) citizen(username, family, given string) identity.Account {
	return doortest.Citizen(g.t, g.db, username, family, given)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is a citizen's browser: it keeps cookies, and stops where a service begins.
type browser struct {
	g      *gateway
	client *http.Client
}

func (g *gateway) browser() *browser {
	jar, err := cookiejar.New(nil)
	check(g.t, err)
	return &browser{g, &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host != g.Listener.Addr().String() {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

// page is where a browser ended: a page of the gateway, or on its way out.
type page struct {
	status int
	body   string
	at     *url.URL    // address of the page
	out    *url.URL    // address outside that the browser is sent to; nil for none
	header http.Header // of the last answer
}

func (b *browser) do(r *http.Request) page {
	b.g.t.Helper()
	answer, err := b.client.Do(r)
	check(b.g.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	check(b.g.t, err)
	p := page{status: answer.StatusCode, body: string(body), at: answer.Request.URL, header: answer.Header}
	if answer.Header.Get("Location") != "" {
		p.out, err = answer.Location()
		check(b.g.t, err)
	}
	return p
}

func (b *browser) get(address string) page {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	check(b.g.t, err)
	return b.do(r)
}

func (b *browser) post(address string, form url.Values) page {
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	check(b.g.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// signIn goes to an address, and where it leads to the chooser takes Ügyfélkapu+.
func (b *browser) signIn(address string) page {
	p := b.get(address)
	if p.at.Path == "/signin/choose" && p.status == http.StatusOK {
		p = b.post(p.at.String(), url.Values{"method": {"totp"}})
	}
	return p
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// hidden are the hidden fields of the page's form.
func (p page) hidden() url.Values {
	found := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(p.body, -1) {
		found.Set(m[1], strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&#43;", "+").Replace(m[2]))
	}
	return found
}
