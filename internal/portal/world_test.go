package portal

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
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

// world is a gateway with the portal alone, on a real database. Signing in is
// done at /test, in place of the methods' rooms.
type world struct {
	t      testing.TB
	db     *store.DB
	clock  *storetest.Clock
	ledger *ledger.Ledger
	room   *Room
	server *httptest.Server

	heard authn.Factor
}

var services = []*catalogue.Service{
	{ID: "tax", Name: map[string]string{"hu": "Adóhivatal – eBevallás", "en": "Tax Office – eReturn"}, About: map[string]string{"hu": "Bevallások és befizetések", "en": "Returns and payments"},
		URL: "https://tax.example/start", Level: "substantial", Claims: []catalogue.Claim{catalogue.Name, catalogue.TaxNumber}, Ground: "2003. évi XCII. törvény"},
	{ID: "town", Name: map[string]string{"hu": "Önkormányzati ügyek", "en": "Town affairs"}, URL: "https://town.example/", Level: "low"},
}

func newWorld(t testing.TB, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: clock}
	ring := storetest.Ring(t)
	heads, err := rotation.Open(context.Background(), db, "ledger", keys.EdDSA, keys.LedgerSchedule(), clock.Now)
	w.must(err)
	w.ledger = ledger.New(ledger.Config{DB: db, Ring: ring, Origin: "kapu.example/ledger", Keys: heads})
	offered, err := catalogue.New(services)
	w.must(err)
	shell, err := web.New(web.Config{Issuer: "http://kapu.example", Now: clock.Now, CitizenMenu: Menu(), Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	b := broker.New(broker.Config{DB: db, Volatile: volatile.NewSQL(db), Ring: ring, Ledger: w.ledger, Law: law.Default(), Catalogue: offered, Shell: shell, Now: clock.Now})
	w.room = New(Config{DB: db, Ledger: w.ledger, Law: law.Default(), Catalogue: offered, Broker: b, Shell: shell, Now: clock.Now,
		Heard: func(*store.Tx, string) (authn.Factor, error) { return w.heard, nil }})
	mux := http.NewServeMux()
	shell.Mount(mux)
	b.Mount(mux)
	w.room.Mount(mux)
	mux.Handle("GET /gallery/", shell.Gallery())
	shell.Handle(mux, "GET /test", func(rw http.ResponseWriter, r *http.Request) error {
		q := r.URL.Query()
		e := authn.Event{Factor: authn.Factor(q.Get("factor")), At: clock.Now(), Account: q.Get("account"), Person: q.Get("person")}
		return b.Admit(rw, r, broker.Request(law.NoLevel, "/"), e, nil)
	})
	w.server = httptest.NewServer(shell.Wrap(mux))
	t.Cleanup(w.server.Close)
	return w
}

func sqliteWorld(t testing.TB) *world {
	db, clock := storetest.SQLite(t)
	return newWorld(t, db, clock)
}

func eachEngine(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(newWorld(t, db, clock)) })
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) update(f func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.db.Update(context.Background(), f))
}

// citizen is somebody with an account, Ügyfélkapu+ and a browser.
type citizen struct {
	w               *world
	person, account string
	client          *http.Client
}

func (w *world) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// citizen registers somebody; given is the given name and the username.
func (w *world) citizen(given string) *citizen {
	w.t.Helper()
	c := &citizen{w: w, client: w.browser()}
	tax, err := identity.NewTaxNumber(identity.Date{Year: 1968, Month: time.March, Day: 14}, 7)
	w.must(err)
	taj, err := identity.NewTAJ(12345678)
	w.must(err)
	person := identity.Person{
		CurrentName: identity.Name{Family: "Kiss", Given: given},
		Core: identity.Core{BirthName: identity.Name{Family: "Nagy", Given: given}, MotherBirthName: identity.Name{Family: "Tóth", Given: "Eszter"},
			BirthPlace: "Gyula", BirthDate: identity.Date{Year: 1968, Month: time.March, Day: 14}},
		Address:   identity.Address{Country: "HU", PostalCode: "5700", Settlement: "Gyula", Street: "Fő tér 1."},
		TaxNumber: tax, TAJ: taj,
	}
	w.update(func(tx *store.Tx) error {
		if c.person, err = tx.SavePerson("ref-"+given, person); err != nil {
			return err
		}
		a, err := tx.AddAccount(identity.Account{PersonID: c.person, State: identity.Active, Username: identity.Username("Kiss" + given),
			Email: identity.Email(strings.ToLower(given) + "@example.hu"), ValidUntil: tx.Now.AddDate(3, 0, 0), Activated: tx.Now})
		c.account = a.ID
		if err != nil {
			return err
		}
		if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: string(authn.Password), Secret: "x"}); err != nil {
			return err
		}
		return tx.PutCredential(store.Credential{Account: a.ID, Kind: string(authn.TOTP), Secret: "x"})
	})
	w.clock.Advance(time.Second)
	return c
}

func (c *citizen) prove(factors ...authn.Factor) *citizen {
	for _, f := range factors {
		q := url.Values{"factor": {string(f)}, "account": {c.account}, "person": {c.person}}
		c.get("/test?" + q.Encode())
	}
	return c
}

func (c *citizen) signIn() *citizen { return c.prove(authn.Password, authn.TOTP) }

// append records an event of the citizen's.
func (c *citizen) append(e ledger.Event) (id string) {
	c.w.update(func(tx *store.Tx) (err error) {
		id, err = c.w.ledger.Append(tx, c.person, e)
		return err
	})
	return id
}

type answer struct {
	status int
	body   string
	header http.Header
}

func (c *citizen) get(path string) answer { return c.w.get(c.client, path) }

func (w *world) get(client *http.Client, path string) answer {
	w.t.Helper()
	r, err := client.Get(w.server.URL + path)
	w.must(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	w.must(err)
	return answer{r.StatusCode, string(body), r.Header}
}

func (w *world) post(path string, form url.Values) answer { return w.postAs(w.browser(), path, form) }

func (w *world) postAs(client *http.Client, path string, form url.Values) answer {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.server.URL+path, strings.NewReader(form.Encode()))
	w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	got, err := client.Do(r)
	w.must(err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	w.must(err)
	return answer{got.StatusCode, string(body), got.Header}
}

func (w *world) sequence() {
	w.t.Helper()
	_, err := w.ledger.Sequence(context.Background())
	w.must(err)
}

func (a answer) has(t testing.TB, words ...string) {
	t.Helper()
	for _, s := range words {
		if !strings.Contains(a.body, s) {
			t.Errorf("status %d: the page lacks %q:\n%s", a.status, s, a.body)
		}
	}
}

func (a answer) lacks(t testing.TB, words ...string) {
	t.Helper()
	for _, s := range words {
		if strings.Contains(a.body, s) {
			t.Errorf("the page holds %q", s)
		}
	}
}
