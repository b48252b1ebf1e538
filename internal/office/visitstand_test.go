package office

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/life"
	"kapu/internal/mandate"
	"kapu/internal/notify"
	"kapu/internal/phone"
	"kapu/internal/register"
	"kapu/internal/registration/card"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// plainSecrets stands for the slow hash of cards' codes.
type plainSecrets struct{}

func (plainSecrets) Hash(_ context.Context, secret string) (string, error) {
	return "hash of " + secret, nil
}
func (plainSecrets) Verify(_ context.Context, secret, record string) (bool, error) {
	return record == "hash of "+secret, nil
}
func (plainSecrets) VerifyNobody(context.Context, string) error { return nil }

// services are what acts stand on: real lives and cards, and a short letter.
func services(db *store.DB, book *ledger.Ledger, ring *keys.Ring, clock *storetest.Clock) desk.Services {
	cards := card.NewService(card.Config{DB: db, Ledger: book, Law: law.Default(), Ring: ring, Secrets: plainSecrets{}, Now: clock.Now})
	return desk.Services{
		Dispositions: disposition.Register{Ledger: book, Home: "https://kapu.example/account"},
		Mandates: mandate.Register{Ledger: book, Law: law.Default(), Ring: ring, Home: "https://kapu.example/account/mandates",
			Takes: func(id string) bool { return id == "tax" }},
		Life: life.New(life.Config{DB: db, Ledger: book, Law: law.Default(), Ring: ring, Issuer: "https://kapu.example", Now: clock.Now}),
		ResetLetter: func(tx *store.Tx, a identity.Account) (time.Time, error) {
			until := tx.Now.Add(law.Default().ResetLife(tx.Now))
			return until, notify.Post(tx, notify.Recipient{Email: string(a.Email), Lang: a.Lang}, notify.PasswordReset{Link: "https://kapu.example/r", Until: until})
		},
		Phones: phoneRegister(phone.Config{DB: db, Volatile: volatileOf(db), Ring: ring, Ledger: book, Law: law.Default(), Hasher: plainSecrets{},
			Dispositions: disposition.Register{Ledger: book, Home: "https://kapu.example/account"}, Home: "https://kapu.example/account/phone", Now: clock.Now}),
		DrawCard: func(ctx context.Context) (desk.CardDraft, error) {
			draft, err := cards.Draw(ctx)
			issue := func(tx *store.Tx, clerk, office string, ref register.Reference, d identity.Document) (string, time.Time, error) {
				return cards.Issue(tx, draft, clerk, office, ref, d)
			}
			return desk.CardDraft{ID: draft.ID, Issue: issue}, err
		},
	}
}

// account gives a person of the register an active account of an office, with an authenticator.
func (s *stand) account(e population.Entry, username, office string) (a identity.Account) {
	s.t.Helper()
	s.update(func(tx *store.Tx) error {
		person, err := tx.SavePerson(string(e.Reference), e.Person)
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Office: office, Lang: "hu", ValidUntil: desk.ValidUntil(tx.Now, 2),
			Username: identity.Username(username), Email: identity.Email(username + "@example.hu")})
		if err != nil {
			return err
		}
		return tx.PutCredential(store.Credential{Account: a.ID, Kind: "totp", Secret: "x"})
	})
	return a
}

// received opens an account because its owner is here; it returns the account's address.
func (s *stand) received(a identity.Account) string {
	s.t.Helper()
	base := "/office/accounts/" + a.ID
	if to := s.follow(base, url.Values{"reason": {"presence"}, "words": {""}}); to != base {
		s.t.Fatalf("led to %s", to)
	}
	return base
}

// proved proves the owner by a document.
func (s *stand) proved(a identity.Account, e population.Entry) string {
	s.t.Helper()
	base := s.received(a)
	if to := s.prove(base, e); to != base {
		s.t.Fatalf("not proved: led to %s:\n%s", to, words(s.get(to)))
	}
	return base
}

func (s *stand) prove(base string, e population.Entry) string {
	s.t.Helper()
	form := statement(e, 0)
	form.Set("version", s.shown(s.get(base+"/presence")))
	return s.follow(base+"/presence", form)
}

// act posts an act as its page offers it.
func (s *stand) act(base string, act desk.Act, more url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	page := s.get(base + "/acts/" + string(act))
	if page.Code != http.StatusOK || carried.FindStringSubmatch(page.Body.String()) == nil {
		return page
	}
	form := url.Values{"reason": {"request"}, "words": {""}, "version": {s.shown(page)}}
	for name, v := range more {
		form[name] = v
	}
	return s.post(base+"/acts/"+string(act), form)
}

// done expects an act to lead back to the account.
func (s *stand) done(base string, act desk.Act, more url.Values) {
	s.t.Helper()
	w := s.act(base, act, more)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != base {
		s.t.Fatalf("%s: %d\n%s", act, w.Code, words(w))
	}
}

// otherOffice makes a second office of the same kind, with a clerk.
func (s *stand) otherOffice(t *testing.T, id string) (k desk.Clerk) {
	t.Helper()
	clerks := s.people.In(population.Clerk)
	k = s.appoint(clerks[len(clerks)-1], "Masik"+letters26(len(id)))
	s.update(func(tx *store.Tx) error {
		err := tx.PutOffice(identity.Office{ID: id, Kind: identity.GovernmentWindow, Name: "Kormányablak, " + id, Address: "Fő tér 2."})
		if err != nil {
			return err
		}
		return tx.AppointClerk(k.Account, id)
	})
	k.Office = id
	return k
}
