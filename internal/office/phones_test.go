package office

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
	"kapu/internal/volatile"
)

// phoneRegister is a register whose questions nobody asks.
func phoneRegister(c phone.Config) *phone.Register {
	gate, err := throttle.New(throttle.Config{Store: c.Volatile, Key: []byte(c.Ring.Digest("throttle", "phone")), Purpose: "phone", Rules: phone.Delays(c.Law), Now: c.Now})
	if err != nil {
		panic(err)
	}
	c.Gate, c.Reminders = gate, gate
	return phone.New(c)
}

// Where nobody carries text messages the password goes by mail alone.
func TestWithoutACarrierThePasswordGoesByMail(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.room.Texts = false
	holder := s.adults(t)[0]
	base := s.follow("/office/phones", statement(holder, 0))
	page := s.get(base)
	if body := page.Body.String(); strings.Contains(body, "SMS") || strings.Contains(body, `name="phone"`) {
		t.Error("a text message is offered")
	}
	form := url.Values{"reason": {"request"}, "words": {""}, "medium": {"sms"}, "email": {""}, "phone": {"06 30 123 4567"}, "lang": {"hu"}, "version": {s.shown(page)}}
	if w := s.post(base+"/issue", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a phone is taken: %d", w.Code)
	}
	form.Set("email", "anna@posta.example")
	s.follow(base+"/issue", form)
	if row := s.phoneOf(t, holder); row.Contact.Email != "anna@posta.example" || row.Contact.Phone != "" {
		t.Errorf("%+v", row.Contact)
	}
}

var identifierOnPaper = regexp.MustCompile(`\d{4} \d{4}`)

func TestATelephoneIdentifierIsIssued(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		holder := s.adults(t)[0]
		s.sees(s.get("/office/phones/new"), http.StatusOK, "Telefonos azonosító kiadása", "18 éven felülieknek")
		base := s.follow("/office/phones", statement(holder, 0))
		page := s.get(base)
		s.sees(page, http.StatusOK, "kiadható az azonosító")
		form := url.Values{"reason": {"request"}, "words": {""}, "medium": {"mail"}, "email": {"nem cím"}, "phone": {""}, "lang": {"hu"}, "version": {s.shown(page)}}
		if w := s.post(base+"/issue", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "nem cím") {
			t.Errorf("%d, or what was typed is gone", w.Code)
		}
		form.Set("email", "anna@posta.example")
		if to := s.follow(base+"/issue", form); to != base {
			t.Fatalf("led to %s", to)
		}
		s.sees(s.get(base), http.StatusOK, "Az azonosítót kiadta", "anna@posta.example")
		s.sees(s.post(base+"/issue", form), http.StatusConflict, "kétszer semmi sem történt")
		row := s.phoneOf(t, holder)
		minutes := s.paper(t, base+"/minutes")
		if !strings.Contains(minutes, "Jegyzőkönyv Telefonos Azonosítás") || !strings.Contains(minutes, "létesítéséről") || strings.Contains(minutes, row.Password) ||
			!strings.Contains(minutes, row.Identifier[:4]+" "+row.Identifier[4:]) || identifierOnPaper.FindString(minutes) == "" {
			t.Errorf("the minutes:\n%s", minutes)
		}
		if english := s.paper(t, base+"/minutes?lang=en"); !strings.Contains(english, "Minutes of registration for identification by") {
			t.Errorf("%s", english)
		}
		if kinds, leaves := s.ledgerKinds(); kinds["phone.issued"] != 1 || kinds["clerk.acted"] != 1 || strings.Contains(leaves, row.Identifier) || strings.Contains(leaves, row.Password) {
			t.Errorf("ledger: %v", kinds)
		}

		s.clock.Advance(time.Minute)
		again := s.follow("/office/phones", statement(holder, 0))
		page = s.get(again)
		s.sees(page, http.StatusOK, "már van telefonos azonosítója", "jelszócserére vár")
		form = url.Values{"reason": {"lost"}, "words": {""}, "medium": {"sms"}, "email": {""}, "phone": {"06 30 123 4567"}, "lang": {"hu"}, "version": {s.shown(page)}}
		s.follow(again+"/issue", form)
		if next := s.phoneOf(t, holder); next.Identifier != row.Identifier || next.Password == row.Password || next.Contact.Phone != "+36301234567" || next.Contact.Email != "" {
			t.Errorf("%+v", next)
		}
		if minutes := s.paper(t, again+"/minutes"); !strings.Contains(minutes, "új telefonos jelszó kiadásáról") {
			t.Errorf("minutes of another password:\n%s", minutes)
		}

		last := s.follow("/office/phones", statement(holder, 0))
		page = s.get(last)
		s.follow(last+"/end", url.Values{"reason": {"request"}, "words": {""}, "version": {s.shown(page)}})
		s.sees(s.get(last), http.StatusOK, "Az azonosítót megszüntette")
		if minutes := s.paper(t, last+"/minutes"); !strings.Contains(minutes, "Telefonos azonosító megszüntetése") {
			t.Errorf("%s", minutes)
		}
	})
}

// adults are ordinary people old enough for a telephone identifier.
func (s *stand) adults(t *testing.T) (people []population.Entry) {
	t.Helper()
	now := s.clock.Now()
	for _, e := range s.people.In(population.Ordinary) {
		if e.Person.BirthDate.Age(law.Day(now)) >= law.Default().TelephoneAge(now) && e.Person.Address.Settlement != "" {
			people = append(people, e)
		}
	}
	return people
}

func (s *stand) phoneOf(t *testing.T, e population.Entry) (p store.Phone) {
	t.Helper()
	err := s.db.View(context.Background(), func(tx *store.Tx) error {
		person, err := tx.PersonByReference(string(e.Reference))
		if err != nil {
			return err
		}
		p, err = tx.PhoneOf(person)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhoGetsNoTelephoneIdentifier(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	people := s.adults(t)
	young := statement(people[0], 0)
	young.Set("birth-date", clock.Now().AddDate(-17, 0, 0).Format(time.DateOnly))
	s.sees(s.post("/office/phones", young), http.StatusUnprocessableEntity, "csak 18 éven felüli")
	s.sees(s.post("/office/phones", statement(s.people.In(population.Clerk)[0], 0)), http.StatusForbidden, "Saját magát nem regisztrálhatja")
	typed := statement(people[0], 0)
	right := typed.Get("birth-place")
	typed.Set("birth-place", "Messzeháza")
	base := s.follow("/office/phones", typed)
	page := s.get(base)
	s.sees(page, http.StatusOK, "Így azonosító nem adható ki")
	if to := s.follow(base+"/issue", url.Values{"reason": {"request"}, "words": {""}, "medium": {"mail"}, "email": {"a@posta.example"}, "phone": {""}, "lang": {"hu"}, "version": {"2"}}); to != base {
		t.Errorf("led to %s", to)
	}
	s.sees(s.get(base+"/minutes"), http.StatusNotFound)
	if w := s.get(base + "/data"); !strings.Contains(w.Body.String(), "Messzeháza") {
		t.Error("what was typed is gone")
	}
	typed.Set("birth-place", right)
	typed.Set("version", s.shown(s.get(base+"/data")))
	s.follow(base+"/data", typed)
	s.sees(s.get(base), http.StatusOK, "kiadható az azonosító")
}

func TestACallerIsShown(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	holder := s.adults(t)[0]
	s.sees(s.get("/office/caller"), http.StatusOK, "Kód kérése")
	s.follow("/office/caller", url.Values{})
	page := s.get("/office/caller")
	code := regexp.MustCompile(`kapu-said-code">(\d{4})<`).FindStringSubmatch(page.Body.String())
	if code == nil || page.Header().Get("Refresh") == "" {
		t.Fatalf("no code, or it does not look again: %s", page.Body)
	}
	person := ""
	if err := db.Update(context.Background(), func(tx *store.Tx) (err error) {
		if person, err = tx.SavePerson(string(holder.Reference), holder.Person); err != nil {
			return err
		}
		_, err = s.desk.Phones.Issue(tx, phone.Order{Person: person, Contact: store.PhoneContact{Email: "a@posta.example"}, Office: officeID})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h, err := s.desk.Phones.Change(context.Background(), s.desk.Phones.Strong(person), "271828")
	if err != nil {
		t.Fatal(err)
	}
	found, office, err := s.desk.Phones.FindDesk(context.Background(), code[1])
	if err != nil || office.ID != officeID {
		t.Fatalf("%+v %v", office, err)
	}
	if err := s.desk.Phones.Show(context.Background(), h, found); err != nil {
		t.Fatal(err)
	}
	s.sees(s.get("/office/caller"), http.StatusOK, "A hívó: "+holder.Person.CurrentName.String(), "alacsony szintű")
	s.follow("/office/caller/close", url.Values{})
	s.sees(s.get("/office/caller"), http.StatusOK, "Kód kérése")
}

// volatileOf is what may be lost of a database.
func volatileOf(db *store.DB) volatile.Store { return volatile.NewSQL(db) }
