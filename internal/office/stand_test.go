package office

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/registration/paperproof"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

// stand is a desk with a real database, a register of made-up people and two clerks.
type stand struct {
	t       *testing.T
	db      *store.DB
	clock   *storetest.Clock
	people  *population.Register
	desk    *desk.Desk
	room    *Room
	handler http.Handler
	clerk   desk.Clerk // who is signed in; the zero Clerk is a citizen
	erika   desk.Clerk
	andras  desk.Clerk
}

// signedIn stands for the broker: somebody is signed in at the level asked for.
type signedIn struct{ s *stand }

func (g signedIn) Require(level law.Level, h web.HandlerFunc) web.HandlerFunc {
	if level < law.Substantial {
		g.s.t.Error("a desk page below the level substantial")
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		k := g.s.clerk
		c := broker.Current{Standing: authn.Standing{Office: k.Office},
			Session: authn.Session{Events: []authn.Event{{Account: k.Account, Person: k.Person}}}}
		return h(w, r.WithContext(broker.WithCurrent(r.Context(), c)))
	}
}

func newStand(t *testing.T, db *store.DB, clock *storetest.Clock, change ...func(*desk.Config)) *stand {
	t.Helper()
	ring := storetest.Ring(t)
	s := &stand{t: t, db: db, clock: clock, people: population.New(population.Options{Now: clock.Now, Size: 60})}
	heads, err := rotation.Open(t.Context(), db, "ledger", keys.EdDSA, keys.LedgerSchedule(), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	book := ledger.New(ledger.Config{DB: db, Ring: ring, Origin: "kapu.example/ledger", Keys: heads, Witness: filepath.Join(t.TempDir(), "witness")})
	config := desk.Config{DB: db, Ledger: book, Law: law.Default(), Population: s.people, Now: clock.Now,
		Activation: registration.Activation{Ring: ring, Law: law.Default(), Link: "https://kapu.example/activate"},
		Services:   services(db, book, ring, clock)}
	for _, c := range change {
		c(&config)
	}
	s.desk = desk.New(config)
	shell, err := web.New(web.Config{Issuer: "https://kapu.example", Now: clock.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s.room = New(Config{Texts: true, Gate: signedIn{s}, Shell: shell, Desk: s.desk, Catalogue: taxOffice(), CardLink: "https://kapu.example/register/card",
		Prover: paperproof.Prover{Ring: ring, Issuer: "https://kapu.example"}})
	s.room.Mount(mux)
	shell.Mount(mux)
	mux.Handle("/gallery/", shell.Gallery())
	s.handler = shell.Wrap(mux)
	clerks := s.people.In(population.Clerk)
	s.erika, s.andras = s.appoint(clerks[0], "Erika"), s.appoint(clerks[1], "Andras")
	s.clerk = s.erika
	return s
}

const officeID = "kisfalud"

// appoint makes a person of the register a clerk with an active account.
func (s *stand) appoint(e population.Entry, username string) (k desk.Clerk) {
	s.update(func(tx *store.Tx) error {
		err := tx.PutOffice(identity.Office{ID: officeID, Kind: identity.GovernmentWindow, Name: "Kormányablak, Kisfalud", Address: "9025 Kisfalud, Fő tér 1."})
		if err != nil {
			return err
		}
		person, err := tx.SavePerson(string(e.Reference), e.Person)
		if err != nil {
			return err
		}
		a, err := tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(username),
			Email: identity.Email(strings.ToLower(username) + "@kisfalud.example"), Lang: "hu", Office: officeID, ValidUntil: tx.Now.AddDate(1, 0, 0)})
		k = desk.Clerk{Account: a.ID, Person: person, Office: officeID}
		if err != nil {
			return err
		}
		return tx.AppointClerk(a.ID, officeID)
	})
	return k
}

func (s *stand) update(f func(tx *store.Tx) error) {
	s.t.Helper()
	if err := s.db.Update(context.Background(), f); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) get(path string) *httptest.ResponseRecorder {
	return s.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (s *stand) post(path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(r)
}

func (s *stand) send(r *http.Request) *httptest.ResponseRecorder {
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "hu")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// follow posts and expects to be led on; it returns the address.
func (s *stand) follow(path string, form url.Values) string {
	s.t.Helper()
	w := s.post(path, form)
	if w.Code != http.StatusSeeOther {
		s.t.Fatalf("POST %s: %d\n%s", path, w.Code, words(w))
	}
	return w.Header().Get("Location")
}

// sees expects a page with the status and the words.
func (s *stand) sees(w *httptest.ResponseRecorder, status int, want ...string) {
	s.t.Helper()
	if w.Code != status {
		s.t.Errorf("status %d, not %d:\n%s", w.Code, status, words(w))
	}
	for _, text := range want {
		if !strings.Contains(words(w), text) {
			s.t.Errorf("no %q on the page:\n%s", text, words(w))
		}
	}
}

var (
	tags    = regexp.MustCompile(`<[^>]*>|\s+`)
	blanks  = regexp.MustCompile(`\s+`)
	carried = regexp.MustCompile(`name="version" value="(\d+)"`)
)

func words(w *httptest.ResponseRecorder) string {
	main := w.Body.String()
	if i := strings.Index(main, "<main"); i >= 0 {
		main = main[i:]
	}
	main = strings.NewReplacer("&#39;", "'", "&nbsp;", " ", "\u00a0", " ").Replace(tags.ReplaceAllString(main, " "))
	return strings.TrimSpace(blanks.ReplaceAllString(main, " "))
}

// shown is the version of the case that a page carries.
func (s *stand) shown(w *httptest.ResponseRecorder) string {
	s.t.Helper()
	m := carried.FindStringSubmatch(w.Body.String())
	if m == nil {
		s.t.Fatalf("no version on the page:\n%s", words(w))
	}
	return m[1]
}

// statement is what a clerk would type for a person who shows a document.
func statement(e population.Entry, document int) url.Values {
	p, d := e.Person, e.Documents[document]
	v := url.Values{
		"document-kind": {string(d.Kind)}, "document-number": {d.Number}, "document-issued": {d.Issued.String()}, "document-expires": {d.Expires.String()},
		"birth-family": {p.BirthName.Family}, "birth-given": {p.BirthName.Given},
		"mother-family": {p.MotherBirthName.Family}, "mother-given": {p.MotherBirthName.Given},
		"birth-place": {p.BirthPlace}, "birth-date": {registration.SpacedDate(p.BirthDate)},
		"country": {p.Address.Country}, "postal-code": {p.Address.PostalCode}, "settlement": {p.Address.Settlement}, "street": {p.Address.Street},
		"nationality": {p.Nationality},
	}
	if p.CurrentName != p.BirthName {
		v.Set("current-family", p.CurrentName.Family)
		v.Set("current-given", p.CurrentName.Given)
	}
	return v
}

// checked opens a case that the register agrees with and returns its address.
func (s *stand) checked(e population.Entry) string {
	s.t.Helper()
	base := s.follow("/office/registrations", statement(e, 0))
	s.sees(s.get(base), http.StatusOK, "Minden adat egyezik a nyilvántartással")
	return base
}

// chosen goes on to the declaration.
func (s *stand) chosen(e population.Entry, username, email string) string {
	s.t.Helper()
	base := s.checked(e)
	s.follow(base+"/account", choice(s.shown(s.get(base+"/account")), username, email))
	return base
}

func choice(version, username, email string) url.Values {
	return url.Values{"version": {version}, "username": {username}, "email": {email}, "lang": {"hu"}, "years": {"5"}}
}

// finished registers a person.
func (s *stand) finished(e population.Entry, username, email string) string {
	s.t.Helper()
	base := s.chosen(e, username, email)
	return s.follow(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
}

type letter struct {
	To, Template, Lang, Code, Link string
	Until                          time.Time
}

// letters takes what waits in the outbox.
func (s *stand) letters() (all []letter) {
	s.update(func(tx *store.Tx) error {
		claimed, err := tx.ClaimMessages(100, time.Hour)
		for _, m := range claimed {
			l := letter{To: m.Recipient, Template: m.Template, Lang: m.Lang}
			if err := json.Unmarshal(m.Data, &l); err != nil {
				return err
			}
			all = append(all, l)
		}
		return err
	})
	return all
}

// ledgerKinds counts the entries of each kind, and joins their leaves.
func (s *stand) ledgerKinds() (kinds map[string]int, leaves string) {
	kinds = map[string]int{}
	s.update(func(tx *store.Tx) error {
		rows, err := tx.UnsequencedLedger(1000)
		for _, row := range rows {
			kinds[row.Kind]++
			leaves += row.Body + "\n"
		}
		return err
	})
	return kinds, leaves
}
