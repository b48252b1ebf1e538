package behalf_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/behalf"
	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/mandate"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

// world is a small gateway with the pages, and a tax office that takes mandates.
type world struct {
	*roomtest.Gateway
	t          *testing.T
	anna, bela roomtest.Citizen
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{Gateway: roomtest.New(t, db, clock), t: t}
	oidc := func(id string) *catalogue.OIDC {
		return &catalogue.OIDC{ClientID: id, RedirectURIs: []string{"https://" + id + ".example/return"}}
	}
	w.must(w.Broker.Catalogue.Replace([]*catalogue.Service{
		{ID: "tax", Name: map[string]string{"hu": "Adóhivatal"}, URL: "https://tax.example/", Level: "substantial", Mandates: true, OIDC: oidc("tax")},
		{ID: "town", Name: map[string]string{"hu": "Kisfalud"}, URL: "https://town.example/", Level: "substantial", OIDC: oidc("town")},
	}))
	gate, err := throttle.New(throttle.Config{Store: w.Broker.Volatile, Key: []byte(w.Ring.Digest("throttle", "mandate")), Purpose: "mandate",
		Rules: throttle.RulesOf(law.Default()), Now: clock.Now})
	w.must(err)
	register := mandate.Register{Ledger: w.Broker.Ledger, Law: law.Default(), Ring: w.Ring, Home: roomtest.Issuer + "/account/mandates",
		Takes: func(id string) bool { return id == "tax" }}
	w.Add(behalf.New(behalf.Config{Broker: w.Broker, Mandates: register, Gate: gate}))
	w.anna, w.bela = w.citizen("KisAnna", "Kis", "Anna"), w.citizen("NagyBela", "Nagy", "Béla")
	return w
}

func open(t *testing.T) *world {
	db, clock := storetest.SQLite(t)
	return newWorld(t, db, clock)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) citizen(username, family, given string) roomtest.Citizen {
	w.t.Helper()
	c := w.Plus(w.t, w.Citizen(w.t, username))
	w.must(w.DB.Update(context.Background(), func(tx *store.Tx) error {
		ref, err := tx.RegisterReference(c.PersonID)
		if err != nil {
			return err
		}
		p, err := tx.Person(c.PersonID)
		if err != nil {
			return err
		}
		p.CurrentName = identity.Name{Family: family, Given: given}
		_, err = tx.SavePerson(ref, p)
		return err
	}))
	return c
}

func (w *world) signIn(c roomtest.Citizen) *roomtest.Browser {
	w.t.Helper()
	w.Clock.Advance(30 * time.Second) // a code is good once
	return w.Browser(w.t).SignIn(c).Submit("code", w.Code(c.Secret)).See(http.StatusOK, "service")
}

var (
	shownCode = regexp.MustCompile(`id="code">([2-9A-Z-]+)<`)
	sealed    = regexp.MustCompile(`name="d" value="([^"]+)"`)
	endable   = regexp.MustCompile(`name="mandate" value="([^"]+)"`)
	answering = regexp.MustCompile(`/account/mandates/answer/[^"]+`)
)

func (w *world) find(b *roomtest.Browser, what *regexp.Regexp) string {
	w.t.Helper()
	m := what.FindStringSubmatch(b.Body)
	if m == nil {
		w.t.Fatalf("%s has no %s:\n%s", b.URL.Path, what, b.Body)
	}
	return m[len(m)-1]
}

// offers is a code of Anna's for a month at the tax office, her name shortened.
func (w *world) offers(b *roomtest.Browser) (code string) {
	w.t.Helper()
	b.Visit("/account/mandates/new").See(http.StatusOK, "Adóhivatal").Submit("service-tax", "yes", "months", "1", "reveal", "short").At("/account/mandates/code")
	return w.find(b, shownCode)
}

func TestBothSayYes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		anna, bela := w.signIn(w.anna), w.signIn(w.bela)
		code := w.offers(anna)
		bela.Visit("/account/mandates/accept").Submit("code", strings.ToLower(code)).At("/account/mandates/offer").See(http.StatusOK, "K. Anna", "Adóhivatal")
		if strings.Contains(bela.Body, "Kis Anna") {
			t.Error("more is shown than she lets be seen")
		}
		bela.Post("/account/mandates/offer", "d", w.find(bela, sealed), "answer", "accepted").At("/account/mandates").See(http.StatusOK, "Elfogadta")
		anna.Visit("/account/mandates").See(http.StatusOK, "Nagy Béla", "Most Önön a sor")
		anna.Visit(answering.FindString(anna.Body)).See(http.StatusOK, "Nagy Béla").Submit("answer", "given").At("/account/mandates").See(http.StatusOK, "életbe lépett", "Eljárhat az Ön nevében")
		bela.Visit("/account/mandates").See(http.StatusOK, "K. Anna", "Ön eljárhat a nevében")
		bela.Post("/account/mandates/end", "mandate", w.find(bela, endable)).See(http.StatusOK, "A meghatalmazás megszűnt", "Ön senkinek a nevében nem járhat el")
	})
}

func TestACodeInWrongHandsIsWorthNothing(t *testing.T) {
	w := open(t)
	anna, thief := w.signIn(w.anna), w.signIn(w.bela)
	code := w.offers(anna)
	thief.Visit("/account/mandates/accept").Submit("code", code)
	thief.Post("/account/mandates/offer", "d", w.find(thief, sealed), "answer", "accepted")
	thief.Visit("/account/mandates").See(http.StatusOK, "A meghatalmazó megerősítésére vár", "Ön senkinek a nevében nem járhat el")
	anna.Visit("/account/mandates")
	own := answering.FindString(anna.Body)
	thief.Visit(own).See(http.StatusNotFound) // only she confirms
	thief.Post(own, "answer", "given").See(http.StatusNotFound)
	anna.Visit(own).Submit("answer", "refused").See(http.StatusOK, "Elutasította", "Senki nem járhat el az Ön nevében")
}

func TestWhatIsWrongWithAnOffer(t *testing.T) {
	w := open(t)
	anna, bela, eva := w.signIn(w.anna), w.signIn(w.bela), w.signIn(w.citizen("SzabEva", "Szabó", "Éva"))
	anna.Visit("/account/mandates/new").Submit("months", "1", "reveal", "full").See(http.StatusUnprocessableEntity, "Válasszon legalább egy szolgáltatást")
	anna.Submit("service-tax", "yes", "months", "99", "reveal", "full").See(http.StatusUnprocessableEntity, "Válassza ki, meddig")
	code := w.offers(anna)
	anna.Visit("/account/mandates/accept").Submit("code", code).See(http.StatusUnprocessableEntity, "Ezt a kódot Ön kérte")
	bela.Visit("/account/mandates/accept").Submit("code", "ABC").See(http.StatusUnprocessableEntity, "11 betűből")
	bela.Submit("code", swapped(code)).See(http.StatusUnprocessableEntity, "elírtnak látszik")
	bela.Submit("code", code).At("/account/mandates/offer")
	held := w.find(bela, sealed)
	eva.Post("/account/mandates/offer", "d", held, "answer", "accepted").At("/account/mandates").See(http.StatusOK, "Ön senkinek a nevében nem járhat el")
	anna.Visit("/account/mandates").Post("/account/mandates/end", "mandate", w.find(anna, endable)).See(http.StatusOK, "Visszavonta az ajánlatot")
	bela.Post("/account/mandates/offer", "d", held, "answer", "accepted").At("/account/mandates")
	bela.Visit("/account/mandates/accept").Submit("code", code).See(http.StatusUnprocessableEntity, "most nem lehet meghatalmazást elfogadni")
	for range law.Default().MostMandateOffers(w.Clock.Now()) {
		w.offers(anna)
	}
	anna.Visit("/account/mandates/new").Submit("service-tax", "yes", "months", "1", "reveal", "full").See(http.StatusUnprocessableEntity, "Ennyi megválaszolatlan")
}

// swapped is a code with two symbols exchanged.
func swapped(code string) string {
	c := []byte(code)
	for i := range len(c) - 1 {
		if c[i] != c[i+1] && c[i] != '-' && c[i+1] != '-' {
			c[i], c[i+1] = c[i+1], c[i]
			break
		}
	}
	return string(c)
}

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS("."), "behalf.done.", "behalf.state."); err != nil {
		t.Error(err)
	}
}
