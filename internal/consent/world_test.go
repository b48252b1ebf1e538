package consent_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/consent"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/register"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
)

// world is a small gateway with the rooms, two services and a register that does
// as it is told.
type world struct {
	*roomtest.Gateway
	t        *testing.T
	register *registry
}

// registry is a population register of one record.
type registry struct {
	register.Population
	record register.Record
	err    error
	asked  []register.Reference
}

// ByReference implements register.Population.
func (r *registry) ByReference(_ context.Context, reference register.Reference) (register.Record, error) {
	r.asked = append(r.asked, reference)
	return r.record, r.err
}

var (
	taxNumber = must(identity.NewTaxNumber(identity.Date{Year: 1980, Month: time.April, Day: 9}, 123))
	another   = must(identity.NewTaxNumber(identity.Date{Year: 1980, Month: time.April, Day: 9}, 321))
	taj       = must(identity.NewTAJ(12345678))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func services() []*catalogue.Service {
	oidc := func(id string) *catalogue.OIDC {
		return &catalogue.OIDC{ClientID: id, RedirectURIs: []string{"https://" + id + ".example/return"}}
	}
	return []*catalogue.Service{
		{ID: "town", Name: map[string]string{"hu": "Kisfalud", "en": "Smallville"}, URL: "https://town.example/", Level: "substantial", Ground: "2011. évi CLXXXIX. törvény",
			Claims: []catalogue.Claim{catalogue.Name}, ConsentClaims: []catalogue.Claim{catalogue.Address, catalogue.Email, catalogue.BirthDate}, OIDC: oidc("town")},
		{ID: "tax", Name: map[string]string{"hu": "Adóhivatal"}, URL: "https://tax.example/", Level: "substantial", Ground: "2017. évi CL. törvény",
			Claims: []catalogue.Claim{catalogue.TaxNumber, catalogue.TAJ}, Demands: []catalogue.Claim{catalogue.TaxNumber}, OIDC: oidc("tax")},
	}
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{Gateway: roomtest.New(t, db, clock), t: t, register: &registry{record: register.Record{Status: register.Alive}}}
	w.register.record.Person.TaxNumber = taxNumber
	w.check(w.Broker.Catalogue.Replace(services()))
	gate, err := throttle.New(throttle.Config{Store: w.Broker.Volatile, Key: []byte(w.Ring.Digest("throttle", "identify")), Purpose: "identify",
		Rules: throttle.RulesOf(law.Default()), Now: clock.Now})
	w.check(err)
	w.Add(consent.New(consent.Config{Broker: w.Broker, Population: w.register, Gate: gate, Log: slog.New(slog.DiscardHandler)}))
	w.Broker.AddDoor(probe{})
	w.Add(w)
	return w
}

func open(t *testing.T) *world {
	db, clock := storetest.SQLite(t)
	return newWorld(t, db, clock)
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Mount adds the address at which services of the test ask.
func (w *world) Mount(mux *http.ServeMux) {
	w.Shell.Handle(mux, "GET /ask", func(rw http.ResponseWriter, r *http.Request) error {
		var q authn.Request
		if err := json.Unmarshal([]byte(r.URL.Query().Get("q")), &q); err != nil {
			return err
		}
		q.Door, q.Level = "probe", law.Substantial
		return w.Broker.Open(rw, r, q)
	})
}

// probe is a door that says what a service is told.
type probe struct{}

// Name implements broker.Door.
func (probe) Name() string { return "probe" }

// Reply implements broker.Door.
func (probe) Reply(w http.ResponseWriter, _ *http.Request, a broker.Answer) error {
	_, err := fmt.Fprintf(w, "told: error %q, allowed %q", a.Error, a.Allowed)
	return err
}

// Questions of services.
const (
	askTown   = `/ask?q={"s":"town","k":["email","address"]}`
	askAgain  = `/ask?q={"s":"town","k":["email","address"],"ka":true}`
	askMore   = `/ask?q={"s":"town","k":["email","address","birthdate"]}`
	askSilent = `/ask?q={"s":"town","k":["email"],"np":true}`
	askTax    = `/ask?q={"s":"tax","i":["tax_number"]}`
	askBoth   = `/ask?q={"s":"tax","i":["tax_number","taj"]}`
	taxSilent = `/ask?q={"s":"tax","i":["tax_number"],"np":true}`
)

// citizen has Ügyfélkapu+, an address and the tax number.
func (w *world) citizen(username string) roomtest.Citizen {
	w.t.Helper()
	c := w.Plus(w.t, w.Citizen(w.t, username))
	w.check(w.DB.Update(context.Background(), func(tx *store.Tx) error {
		p, err := tx.Person(c.PersonID)
		if err != nil {
			return err
		}
		p.Address = identity.Address{Country: "HU", PostalCode: "1234", Settlement: "Kisfalud", Street: "Fő utca 1."}
		p.TaxNumber = taxNumber
		_, err = tx.SavePerson("ref-"+username, p)
		return err
	}))
	return c
}

// asked is a browser in which the citizen signed in on the way to a service, or
// was signed in already.
func (w *world) asked(b *roomtest.Browser, c roomtest.Citizen, question string) *roomtest.Browser {
	w.t.Helper()
	b.Visit(strings.NewReplacer(`"`, "%22", "{", "%7B", "}", "%7D").Replace(question))
	if b.URL.Path == "/signin/choose" {
		w.Clock.Advance(30 * time.Second) // a code is good once
		b.Submit("method", "totp").Submit("username", string(c.Username), "password", c.Password).Submit("code", w.Code(c.Secret))
	}
	return b
}

// hidden is the value of a hidden field of the page.
func hidden(t *testing.T, b *roomtest.Browser, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(b.Body, `<input type="hidden" name="`+name+`" value="`)
	if !ok {
		t.Fatalf("%s has no field %s:\n%s", b.URL.Path, name, b.Body)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// decides posts the form of the page as the citizen ticks it.
func decides(t *testing.T, b *roomtest.Browser, how string, ticked ...string) *roomtest.Browser {
	t.Helper()
	pairs := []string{"for", hidden(t, b, "for"), "decide", how}
	for _, name := range ticked {
		pairs = append(pairs, "allow_"+name, "yes")
	}
	return b.Submit(pairs...)
}

// states posts the number.
func states(t *testing.T, b *roomtest.Browser, number string) *roomtest.Browser {
	t.Helper()
	return b.Submit("what", hidden(t, b, "what"), "number", number)
}

// count is how often a kind stands in a person's ledger.
func (w *world) count(person, kind string) (n int) {
	for _, k := range w.Events(w.t, person) {
		if k == kind {
			n++
		}
	}
	return n
}

// decision is what is kept.
func (w *world) decision(person string) (d store.Decision) {
	w.t.Helper()
	w.check(w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		d, err = tx.Decision(person, "town")
		return err
	}))
	slices.Sort(d.Allows)
	slices.Sort(d.Refuses)
	return d
}
