package office

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// many gives the people of the register accounts of this office.
func (s *stand) many(n int) {
	s.update(func(tx *store.Tx) error {
		for i, e := range s.people.People()[:n] {
			person, err := tx.SavePerson(string(e.Reference), e.Person)
			if err != nil {
				return err
			}
			_, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Office: officeID, Lang: "hu", ValidUntil: tx.Now.AddDate(1, 0, 0),
				Username: identity.Username("Polgar" + letters26(i)), Email: identity.Email("polgar" + letters26(i) + "@example.hu")})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func letters26(i int) string { return string([]byte{'a' + byte(i/26), 'a' + byte(i%26)}) }

var (
	named = regexp.MustCompile(`href="/office/accounts/[^"]+">([^<]+)</a></th>`)
	next  = regexp.MustCompile(`href="([^"]+)" rel="next"`)
)

func TestTheListIsPagedNewestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		const people = 50
		s.many(people)
		var seen []string
		for path := "/office/accounts"; path != ""; {
			w := s.get(path)
			for _, m := range named.FindAllStringSubmatch(w.Body.String(), -1) {
				seen = append(seen, m[1])
			}
			path = ""
			if m := next.FindStringSubmatch(w.Body.String()); m != nil {
				path = m[1]
			}
		}
		if len(seen) != people+2 || seen[0] != "Polgar"+letters26(people-1) || seen[people-1] != "Polgaraa" || seen[people+1] != "Erika" {
			t.Errorf("%d names: %v", len(seen), seen)
		}
	})
}

func TestAnAccountWhoseTimeIsOverIsNotCalledActive(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.many(1)
	s.sees(s.post("/office/accounts", url.Values{"username": {"Polgaraa"}}), http.StatusOK, "aktív")
	clock.Advance(366 * day24)
	s.sees(s.post("/office/accounts", url.Values{"username": {"Polgaraa"}}), http.StatusOK, "lejárt")
}

func TestAccountsAreFoundByBlindIndexAndNeverInPart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		s.many(20)
		anna := s.people.People()[0].Person
		for name, c := range map[string]struct {
			form url.Values
			want string
		}{
			"username":         {url.Values{"username": {"Polgarab"}}, "Polgarab"},
			"username's case":  {url.Values{"username": {"polgarab"}}, ""},
			"part of username": {url.Values{"username": {"Polgar"}}, ""},
			"e-mail":           {url.Values{"email": {"POLGARAB@EXAMPLE.HU"}}, "Polgarab"},
			"name and birth":   {url.Values{"family": {anna.BirthName.Family}, "given": {anna.BirthName.Given}, "born": {registration.SpacedDate(anna.BirthDate)}}, "Polgaraa"},
			"another birth":    {url.Values{"family": {anna.BirthName.Family}, "given": {anna.BirthName.Given}, "born": {"1985. 03. 13."}}, ""},
		} {
			w := s.post("/office/accounts", c.form)
			found := named.FindAllStringSubmatch(w.Body.String(), -1)
			if w.Code != http.StatusOK || (c.want == "") != (len(found) == 0) || len(found) > 0 && found[0][1] != c.want {
				t.Errorf("%s: %d, %v", name, w.Code, found)
			}
		}
		for _, form := range []url.Values{{}, {"family": {"Kovács"}}, {"username": {"K1"}}, {"email": {"a@b\r\nBcc: c@d.hu"}}} {
			s.sees(s.post("/office/accounts", form), http.StatusUnprocessableEntity, "Valamit még javítani kell")
		}
		if kinds, leaves := s.ledgerKinds(); kinds["clerk.searched"] != 6 || strings.Contains(leaves, "olgar") {
			t.Errorf("ledger: %v", kinds)
		}
	})
}

// The statements of the two lists, as package store makes them: with a million
// rows each must be one descent in an index, without sorting.
const (
	officeList = `SELECT a.id, p.key FROM accounts a JOIN persons p ON p.id = a.person
		WHERE 1 = 1 AND a.office = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3`
	caseList = `SELECT id, data FROM cases WHERE office = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4`
)

func TestAListOfAMillionIsOneDescentInAnIndex(t *testing.T) {
	dsn := storetest.SQLiteDSN(t)
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: storetest.Ring(t), Now: storetest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	raw, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(dsn, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for statement, index := range map[string]string{officeList: "accounts_office (office=? AND id<?)", caseList: "cases_office (office=? AND state=? AND id<?)"} {
		plan := planOf(t, raw, statement, strings.Count(statement, "$"))
		if !strings.Contains(plan, index) || strings.Contains(plan, "SCAN") || strings.Contains(plan, "B-TREE") {
			t.Errorf("plan of %s:\n%s", statement, plan)
		}
	}
}

func TestPostgreSQLNeedNotSortTheListsEither(t *testing.T) {
	dsn := storetest.PostgresDSN(t)
	db, err := store.Open(context.Background(), dsn, store.Options{Ring: storetest.Ring(t), Now: storetest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	raw, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	raw.SetMaxOpenConns(1) // the settings below are the connection's
	// Empty tables are read whole; the question is what the indexes can do for full ones.
	if _, err := raw.Exec("SET enable_seqscan = off; SET enable_bitmapscan = off"); err != nil {
		t.Fatal(err)
	}
	for statement, index := range map[string]string{officeList: "Index Scan Backward using accounts_office", caseList: "Index Scan Backward using cases_office"} {
		var plan string
		literal := regexp.MustCompile(`LIMIT \$\d`).ReplaceAllString(statement, "LIMIT 21")
		rows, err := raw.Query("EXPLAIN " + regexp.MustCompile(`\$\d`).ReplaceAllString(literal, "'x'"))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			plan += line + "\n"
		}
		if !strings.Contains(plan, index) || strings.Contains(plan, "Sort") {
			t.Errorf("plan of %s:\n%s", statement, plan)
		}
	}
}

func planOf(t *testing.T, raw *sql.DB, statement string, args int) (plan string) {
	t.Helper()
	rows, err := raw.Query("EXPLAIN QUERY PLAN "+statement, make([]any, args)...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan += detail + "\n"
	}
	return plan
}

func TestAnAccountIsOpenedOnlyForAReasonThatTheCitizenReads(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.finished(s.people.In(population.Ordinary)[0], "KovacsAnna", "anna@example.hu")
	path := s.link(s.post("/office/accounts", url.Values{"username": {"KovacsAnna"}}))
	page := s.get(path)
	s.sees(page, http.StatusOK, "Miért nyitja meg az ügyfélkaput?")
	if strings.Contains(page.Body.String(), "Kovács") {
		t.Error("data before the reason")
	}
	for _, form := range []url.Values{{}, {"reason": {"curiosity"}}, {"reason": {"other"}}} {
		w := s.post(path, form)
		s.sees(w, http.StatusUnprocessableEntity, "Valamit még javítani kell")
		if strings.Contains(w.Body.String(), "Kovács") {
			t.Error("data without a reason")
		}
	}
	s.sees(s.post(path, url.Values{"reason": {"other"}, "words": {"adatjavítás, KF/12"}}), http.StatusOK, "Kovács Anna", "Nagy Ilona", "anna@example.hu", "aktiválásra vár")
	s.update(func(tx *store.Tx) error {
		a, err := tx.AccountByUsername("KovacsAnna")
		if err != nil {
			return err
		}
		history, err := s.desk.Ledger.History(tx, a.PersonID, "", 1)
		looked, ok := history[0].Event.(ledger.LookedUp)
		if !ok || looked.Reason != "other" || looked.Words != "adatjavítás, KF/12" || looked.Office != officeID || looked.Clerk != s.erika.Account {
			t.Errorf("ledger: %+v", history[0])
		}
		return err
	})
	s.sees(s.post("/office/accounts/nobody", url.Values{"reason": {"phone"}}), http.StatusNotFound)
}

func (s *stand) link(w *httptest.ResponseRecorder) string {
	s.t.Helper()
	m := regexp.MustCompile(`href="(/office/accounts/[^"]+)">[^<]+</a></th>`).FindStringSubmatch(w.Body.String())
	if m == nil {
		s.t.Fatalf("no account on the page:\n%s", words(w))
	}
	return m[1]
}

func TestACodeIsSentAgainWithinTheSameDeadline(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	s.finished(s.people.In(population.Ordinary)[0], "KovacsAnna", "anna@example.hu")
	path := s.link(s.post("/office/accounts", url.Values{"username": {"KovacsAnna"}})) + "/code"
	clock.Advance(2 * day24)
	s.sees(s.post(path, nil), http.StatusOK, "Új aktiváló kódot küldtünk", "2026. március 7. 10.00")
	letters := s.letters()
	if len(letters) != 2 || letters[1].Template != "code-resent" || letters[0].Code == letters[1].Code || !letters[0].Until.Equal(letters[1].Until) {
		t.Errorf("letters: %+v", letters)
	}
	clock.Advance(3 * day24)
	s.sees(s.post(path, nil), http.StatusConflict, "Ide már nem küldhető aktiváló kód")
	if kinds, _ := s.ledgerKinds(); kinds["code.sent"] != 1 {
		t.Errorf("ledger: %v", kinds)
	}
}

func TestOpenCasesArePagedAndFoundByName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		s.people.SetDown(true)
		crowd := s.people.In(population.Crowd)
		opened := 0
		for _, e := range crowd {
			if w := s.post("/office/registrations", statement(e, 0)); w.Code == http.StatusSeeOther {
				opened++
			}
			if opened == desk.PageSize+5 {
				break
			}
		}
		first := s.get("/office")
		m := next.FindStringSubmatch(first.Body.String())
		lines := regexp.MustCompile(`href="/office/registrations/[0-9a-f-]{36}"`)
		if m == nil || len(lines.FindAllString(first.Body.String(), -1)) != desk.PageSize {
			t.Fatalf("the first page:\n%s", words(first))
		}
		if rest := len(lines.FindAllString(s.get(m[1]).Body.String(), -1)); rest != opened-desk.PageSize {
			t.Errorf("%d cases on the second page", rest)
		}
		name := crowd[0].Person.BirthName
		s.sees(s.post("/office", url.Values{"family": {strings.ToUpper(name.Family)}, "given": {name.Given}}), http.StatusOK, name.String(), "ügyet találtunk")
		s.sees(s.post("/office", url.Values{"family": {"Senki"}}), http.StatusOK, "nincs megnyitott ügy")
		if kinds, leaves := s.ledgerKinds(); kinds["clerk.searched"] != 2 || strings.Contains(leaves, name.Family) {
			t.Errorf("ledger: %v", kinds)
		}
		s.sees(s.post("/office", url.Values{"family": {""}}), http.StatusUnprocessableEntity, "Írja be a születési családi nevet")
	})
}
