package provider_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation/doortest"
	"kapu/internal/federation/saml/provider"
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
	t        testing.TB
	db       *store.DB
	clock    *storetest.Clock
	ring     *keys.Ring
	keys     *rotation.Sets
	broker   *broker.Broker
	door     *provider.Provider
	services map[string]*party
	person   string // id of Kis Anna
	account  string
	now      identity.Account // who proves in the rooms
}

// newGateway has two services of different sectors, tax and town, as changed.
func newGateway(t testing.TB, change ...func(tax, town *catalogue.Service)) *gateway {
	t.Helper()
	ring, clock := storetest.Ring(t), storetest.NewClock()
	db, err := store.Open(context.Background(), storetest.SQLiteDSN(t), store.Options{Ring: ring, Now: clock.Now})
	check(t, err)
	t.Cleanup(func() { db.Close() })
	g := &gateway{t: t, db: db, clock: clock, ring: ring, services: map[string]*party{}}
	g.Server = httptest.NewUnstartedServer(nil)
	issuer, quiet := "http://"+g.Listener.Addr().String(), slog.New(slog.DiscardHandler)
	shell, err := web.New(web.Config{Issuer: issuer, Now: clock.Now, Log: quiet, MachinePaths: provider.MachinePaths()})
	check(t, err)
	signing := rotation.NewSets(db, "oidc", keys.ES256, []string{keys.RS256}, keys.DefaultSchedule(), clock.Now)
	check(t, signing.Tick(t.Context()))
	check(t, signing.Need(t.Context(), keys.RS256))
	g.keys = signing
	tax, town := g.register("tax"), g.register("town")
	for _, f := range change {
		f(tax, town)
	}
	list, err := catalogue.New([]*catalogue.Service{tax, town})
	check(t, err)
	g.broker = broker.New(broker.Config{DB: db, Volatile: volatile.NewSQL(db), Ring: ring, Ledger: ledger.New(ledger.Config{DB: db, Ring: ring}),
		Law: law.Default(), Catalogue: list, Shell: shell, Now: clock.Now})
	g.door = provider.New(provider.Config{Issuer: issuer, Broker: g.broker, Keys: signing, Log: quiet})
	g.broker.AddDoor(g.door)
	mux := http.NewServeMux()
	shell.Mount(mux)
	g.broker.Mount(mux)
	g.door.Mount(mux)
	doortest.Rooms(t, mux, g.broker, &doortest.Residents{DB: db}, func() identity.Account { return g.now })
	g.Config.Handler = shell.Wrap(mux)
	g.Start()
	t.Cleanup(g.Close)
	g.now = g.citizen("kisanna", "Kis", "Anna")
	g.person, g.account = g.now.PersonID, g.now.ID
	return g
}

// register makes a service with a key of its own, described by hand.
func (g *gateway) register(id string) *catalogue.Service {
	p := newParty(g, id)
	g.services[id] = p
	return &catalogue.Service{
		ID: id, Name: map[string]string{"hu": id}, URL: p.url + "/", Level: "substantial", Ground: "2017. évi CL. törvény",
		Claims: []catalogue.Claim{catalogue.Name, catalogue.FamilyName, catalogue.BirthDate, catalogue.TaxNumber, catalogue.Email, catalogue.Address},
		SAML: &catalogue.SAML{EntityID: p.entity, ByHand: catalogue.Partner{
			ACS: []catalogue.Endpoint{
				{URL: p.url + "/acs", Binding: catalogue.Post, Index: 0, Default: true}, {URL: p.url + "/other", Binding: catalogue.Post, Index: 7},
				{URL: p.url + "/artifact", Binding: catalogue.Artifact, Index: 1},
			},
			Logout:  []catalogue.Endpoint{{URL: p.url + "/slo", Binding: catalogue.Redirect}},
			Signing: []string{catalogue.PEMOf(p.certificate.Raw)}, Encryption: catalogue.PEMOf(p.certificate.Raw),
		}},
	}
}

var serviceKeys = map[string]*rsa.PrivateKey{} // made once: it takes its time

func keyOf(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	if serviceKeys[name] == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		check(t, err)
		serviceKeys[name] = key
	}
	return serviceKeys[name]
}

func certify(t testing.TB, key crypto.Signer, now time.Time) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "service.example"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(t, err)
	c, err := x509.ParseCertificate(der)
	check(t, err)
	return c
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
	at     *url.URL // address of the page
	out    *url.URL // address outside that the browser is sent to; nil for none
	header http.Header
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
	if next, ok := strings.CutPrefix(answer.Header.Get("Refresh"), "0;url="); ok { // a page that leads on
		next, err := answer.Request.URL.Parse(next)
		check(b.g.t, err)
		if p.out = next; next.Host == b.g.Listener.Addr().String() {
			return b.get(next.String())
		}
	}
	return p
}

func (b *browser) get(address string) page {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	check(b.g.t, err)
	return b.do(r)
}

// post sends a form as that of our own page, or of another site's.
func (b *browser) post(address, site string, form url.Values) page {
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	check(b.g.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", site)
	if site == "cross-site" { // no cookies come along (SameSite=Lax)
		jar := b.client.Jar
		b.client.Jar = nil
		defer func() { b.client.Jar = jar }()
		stop := b.client.CheckRedirect
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		p := b.do(r)
		b.client.CheckRedirect, b.client.Jar = stop, jar
		if p.out != nil && p.out.Host == b.g.Listener.Addr().String() {
			return b.get(p.out.String())
		}
		return p
	}
	return b.do(r)
}

// through takes Ügyfélkapu+ where a page is the chooser.
func (b *browser) through(p page) page {
	if p.at.Path == "/signin/choose" && p.status == http.StatusOK {
		return b.post(p.at.String(), "same-origin", url.Values{"method": {"totp"}})
	}
	return p
}

func publicKey(t testing.TB, der []byte) *rsa.PublicKey {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	check(t, err)
	return c.PublicKey.(*rsa.PublicKey)
}
