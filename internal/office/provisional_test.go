package office

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/registration"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// provisional is an account that somebody made on the web with a person's data.
func (s *stand) provisional(e population.Entry, username string) (a identity.Account) {
	s.t.Helper()
	s.update(func(tx *store.Tx) error {
		person, err := tx.AddProvisionalPerson(identity.Person{CurrentName: e.Person.CurrentName, Core: e.Person.Core, Nationality: e.Person.Nationality})
		if err != nil {
			return err
		}
		a, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: identity.Username(username),
			Email: identity.Email(strings.ToLower(username) + "@example.hu"), Lang: "en", Channel: identity.ChannelProvisional, Provisional: true,
			Activated: tx.Now, ValidUntil: tx.Now.Add(s.desk.Law.ProvisionalLife(tx.Now))})
		if err != nil {
			return err
		}
		for _, kind := range []string{"password", "totp"} {
			if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: kind, Secret: "set by whoever made it"}); err != nil {
				return err
			}
		}
		return nil
	})
	return a
}

func final(version, username string) url.Values {
	return url.Values{"version": {version}, "username": {username}, "years": {"3"}}
}

func TestAProvisionalAccountIsMadeFinal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		anna := s.people.In(population.Ordinary)[0]
		before := s.provisional(anna, "IdeigAnna")
		clock.Advance(day24)
		base := s.checked(anna)
		s.sees(s.get(base), http.StatusOK, "ideiglenes regisztráció is van", "Ideiglenes regisztráció véglegesítése", "Új ügyfélkapu, más néven")
		if strings.Contains(s.get(base).Body.String(), "IdeigAnna") {
			t.Error("the name is told before the citizen says it")
		}
		page := s.get(base + "/final")
		for _, wrong := range []string{"ideiganna", "MasAnna", "x", ""} {
			s.sees(s.post(base+"/final", final(s.shown(page), wrong)), http.StatusUnprocessableEntity, "Valamit még javítani kell")
		}
		s.follow(base+"/final", final(s.shown(page), "IdeigAnna"))
		sign := s.get(base)
		s.sees(sign, http.StatusOK, "IdeigAnna", "ideiganna@example.hu", "véglegessé válik", "3 évig")
		s.follow(base+"/finish", url.Values{"version": {s.shown(sign)}, "signed": {"yes"}})
		s.sees(s.get(base), http.StatusOK, "A regisztráció kész", "ideiganna@example.hu", "2026. március 8. 10.00")
		s.checkFinal(t, before, anna)
		letters := s.letters()
		if len(letters) != 1 || letters[0].Template != "activation-code" || letters[0].Lang != "en" || letters[0].To != "ideiganna@example.hu" {
			t.Errorf("letters: %+v", letters)
		}
		kinds, _ := s.ledgerKinds()
		for _, kind := range []string{"account.finalised", "clerk.acted", "registration.finished"} {
			if kinds[kind] != 1 {
				t.Errorf("%s: %d entries", kind, kinds[kind])
			}
		}
	})
}

// checkFinal looks at what became of a provisional account: whoever set it up
// can open it no more, and it belongs to the person whom the register knows.
func (s *stand) checkFinal(t *testing.T, before identity.Account, e population.Entry) {
	t.Helper()
	s.update(func(tx *store.Tx) error {
		a, err := tx.Account(before.ID)
		if err != nil {
			return err
		}
		person, err := tx.PersonByReference(string(e.Reference))
		if a.Provisional || a.State != identity.Pending || a.PersonID != person || a.Office != officeID || !a.SessionsFrom.Equal(tx.Now) ||
			a.ValidUntil.Year() != tx.Now.Year()+3 {
			t.Errorf("%+v of person %s", a, person)
		}
		for _, kind := range []string{"password", "totp"} {
			if _, err := tx.Credential(a.ID, kind); err != store.ErrNotFound {
				t.Errorf("the %s of whoever made it still opens it", kind)
			}
		}
		return err
	})
}

func TestAFinalAccountCanBeAFurtherOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		anna := s.people.In(population.Ordinary)[0]
		s.finished(anna, "KovacsAnna", "a@example.hu")
		s.letters()
		before := s.provisional(anna, "IdeigAnna")
		base := s.further(anna)
		s.follow(base+"/fee", fee(s.shown(s.get(base)), "3000", "A-1"))
		s.follow(base+"/final", final(s.shown(s.get(base+"/final")), "IdeigAnna"))
		s.follow(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
		s.checkFinal(t, before, anna)
		s.update(func(tx *store.Tx) error {
			if _, err := tx.Person(before.PersonID); err != store.ErrNotFound {
				t.Errorf("the provisional person remains: %v", err)
			}
			return nil
		})
	})
}

func TestAProvisionalAccountThatEndedMeanwhileIsTold(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	before := s.provisional(anna, "IdeigAnna")
	base := s.checked(anna)
	s.follow(base+"/final", final(s.shown(s.get(base+"/final")), "IdeigAnna"))
	s.update(func(tx *store.Tx) error { return tx.EndAccount(before, "provisional", tx.Now) })
	w := s.post(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
	s.sees(w, http.StatusConflict, "időközben megszűnt")
	s.follow(base+"/account", choice(s.shown(w), "KovacsAnna", "anna@example.hu"))
	s.follow(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
	s.sees(s.get(base), http.StatusOK, "A regisztráció kész", "KovacsAnna")
}

// consulate seats the clerk at one.
func (s *stand) consulate() {
	s.t.Helper()
	s.update(func(tx *store.Tx) error {
		return tx.PutOffice(identity.Office{ID: "becs", Kind: identity.Consulate, Name: "Magyarország Nagykövetsége, Bécs", Address: "1010 Wien, Bankgasse 4–6."})
	})
	s.clerk.Office = "becs"
}

func TestAConsulateServesWhoeverLivesAbroad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		abroad := s.people.In(population.Abroad)
		homeless := statement(abroad[1], 0) // without any registered address
		s.sees(s.post("/office/registrations", homeless), http.StatusUnprocessableEntity, "Írja be a települést")
		s.consulate()
		s.sees(s.get("/office/registrations/new"), http.StatusOK, "hagyja üresen mind a négy mezőt")
		for i, username := range []string{"HalaszEmese", "BiroAkos", "NovakMilica"} {
			base := s.finished(abroad[i], username, "a@example.hu")
			s.sees(s.get(base), http.StatusOK, "A regisztráció kész")
			s.paper(t, base+"/sheet.pdf")
			s.update(func(tx *store.Tx) error {
				a, err := tx.AccountByUsername(identity.Username(username))
				c, _ := tx.Case(strings.TrimPrefix(base, "/office/registrations/"))
				if a.Channel != identity.ChannelConsulate || c.Channel != identity.ChannelConsulate || a.Office != "becs" {
					t.Errorf("%s by %s at %s", username, a.Channel, a.Office)
				}
				return err
			})
		}
	})
}

func TestAConsulateEndsTheProvisionalAccountFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		s.consulate()
		emese := s.people.In(population.Abroad)[0]
		before := s.provisional(emese, "IdeigEmese")
		base := s.follow("/office/registrations", statement(emese, 0))
		page := s.get(base)
		s.sees(page, http.StatusOK, "Előbb az ideiglenes regisztrációt kell megszüntetni")
		v := s.shown(page)
		if to := s.follow(base+"/account", choice(v, "HalaszEmese", "e@example.hu")); to != base+"/provisional" {
			t.Errorf("it goes on to %s", to)
		}
		s.sees(s.get(base+"/final"), http.StatusConflict)
		if to := s.follow(base+"/final", final(v, "IdeigEmese")); to != base+"/provisional" {
			t.Errorf("a consulate makes it final: %s", to)
		}
		end := url.Values{"version": {v}, "username": {"MasEmese"}}
		s.sees(s.post(base+"/provisional", end), http.StatusUnprocessableEntity, "nincs ilyen nevű ideiglenes regisztráció")
		end.Set("disowned", "yes")
		s.sees(s.post(base+"/provisional", end), http.StatusUnprocessableEntity, "Vagy a felhasználónevet írja be")
		s.follow(base+"/provisional", url.Values{"version": {v}, "username": {"IdeigEmese"}})
		s.update(func(tx *store.Tx) error {
			_, err := tx.Person(before.PersonID)
			if _, gone := tx.Account(before.ID); gone != store.ErrNotFound || err != store.ErrNotFound {
				t.Errorf("something remains: %v, %v", gone, err)
			}
			taken, err := tx.UsernameTaken("ideigemese")
			if !taken {
				t.Error("the name does not rest")
			}
			return err
		})
		if l := s.letters(); len(l) != 1 || l[0].Template != "account-deleted" || l[0].To != "ideigemese@example.hu" {
			t.Errorf("letters: %+v", l)
		}
		kinds, _ := s.ledgerKinds()
		if kinds["account.ended"] != 1 || kinds["clerk.acted"] != 1 {
			t.Errorf("ledger: %v", kinds)
		}
		s.follow(base+"/account", choice(s.shown(s.get(base+"/account")), "HalaszEmese", "e@example.hu"))
		s.follow(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
	})
}

// Strangers who copy somebody's data must not keep them from their account.
func TestAConsulateEndsWhatTheCitizenDidNotMake(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.consulate()
	emese := s.people.In(population.Abroad)[0]
	s.provisional(emese, "EgyikEmese")
	s.provisional(emese, "MasikEmese")
	base := s.follow("/office/registrations", statement(emese, 0))
	s.follow(base+"/provisional", url.Values{"version": {s.shown(s.get(base))}, "username": {""}, "disowned": {"yes"}})
	s.sees(s.get(base), http.StatusOK, "Minden adat egyezik a nyilvántartással")
	if kinds, _ := s.ledgerKinds(); kinds["clerk.acted"] != 2 {
		t.Errorf("ledger: %v", kinds)
	}
}

func TestACaseOfAnotherOfficeIsNotTheConsulates(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.checked(s.people.In(population.Ordinary)[0])
	s.consulate()
	for _, path := range []string{"", "/fee", "/final", "/provisional", "/account", "/data"} {
		s.sees(s.get(base+path), http.StatusNotFound)
	}
}

func TestAnUnactivatedFinalAccountLeavesItsNameAtRest(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	anna := s.people.In(population.Ordinary)[0]
	before := s.provisional(anna, "IdeigAnna")
	base := s.checked(anna)
	s.follow(base+"/final", final(s.shown(s.get(base+"/final")), "IdeigAnna"))
	s.follow(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
	s.update(func(tx *store.Tx) error {
		code, err := tx.Code(before.ID, registration.ActivationPurpose)
		if !code.Expires.Equal(tx.Now.Add(s.desk.Law.ActivationPeriod(tx.Now))) {
			t.Errorf("it can be activated until %s", code.Expires)
		}
		a, _ := tx.Account(before.ID)
		if a.Activated.IsZero() {
			t.Error("nothing tells that it was in use")
		}
		return err
	})
}
