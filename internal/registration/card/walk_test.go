package card

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// The steps of seed document 003, in its words.
func TestRegisteringFromHome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		anna := w.holder(population.Crowd)
		code := w.issue(anna)
		b := w.Browser(t)
		b.Visit(startPath).See(http.StatusOK, "2016. január 1").Follow("Azonosítás indítása").At(checkPath)
		b.See(http.StatusOK, "Okmányazonosító", "Regisztrációs kód", "Ellenőrzés")
		b.Submit("document", strings.ToLower(anna.Documents[0].Number), "code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
		b.At(formPath).See(http.StatusOK, anna.Person.CurrentName.String(), "Felhasználónév", "E-mail-cím")
		enter(b, "KisAnna").At(donePath).See(http.StatusOK, "Sikeres regisztráció", "KisAnna", "anna@posta.example")
		w.stands(anna, Used)
		if c := w.state(anna); c.Reference != "" || c.Document != (identity.Document{}) {
			t.Error("a used code remembers its holder")
		}
		letter := w.Letter(t, "activation-code")
		a := w.registered("KisAnna")
		if a.Channel != identity.ChannelCard || a.State != identity.Pending || a.Office != "kisfalud" || a.ValidUntil.Year() != clock.Now().Year()+3 {
			t.Errorf("%+v", a)
		}
		b.Follow("aktiválom").At("/activate").Submit("username", "KisAnna", "code", letter.Code).At("/activate/password").
			Submit("password", roomtest.Password)
		if a = w.registered("KisAnna"); a.State != identity.Active {
			t.Errorf("after activation it is %s", a.State)
		}
		want := []string{"registration.checked", "registration.finished", "card-code.used", "account.activated", "password.set"}
		if diff := cmp.Diff(want, w.Events(t, a.PersonID)[:len(want)]); diff != "" {
			t.Error(diff)
		}
		if n := w.kinds(); n["card-code.issued"] != 1 || n["registration.opened"] != 1 || n["registration.checked"] != 2 {
			t.Errorf("%v", n)
		}
	})
}

// registered is the account with that name.
func (w *world) registered(username string) (a identity.Account) {
	w.Helper()
	w.update(func(tx *store.Tx) (err error) {
		a, err = tx.AccountByUsername(identity.Username(username))
		return err
	})
	return a
}

func TestTheFormShowsLittleOfTheRecord(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	p := e.Person
	b := check(w.Browser(t), e, w.issue(e)).At(formPath)
	for _, secret := range []string{p.MotherBirthName.String(), p.BirthDate.String(), p.Address.Street, string(p.PersonalID), string(p.TaxNumber),
		string(p.TAJ), e.Documents[0].Number, string(e.Reference)} {
		if secret != "" && strings.Contains(b.Body, secret) {
			t.Errorf("the form shows %q", secret)
		}
	}
	b.See(http.StatusOK, p.CurrentName.String(), p.Address.Settlement, initials(p.MotherBirthName.String()))
}

func TestSubmittedTwice(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	first := check(w.Browser(t), e, w.issue(e)).At(formPath)
	second := first.Twin()
	enter(first, "KisAnna").At(donePath).See(http.StatusOK, "KisAnna")
	enter(second, "NagyAnna").At(donePath).See(http.StatusOK, "már elkészült")
	if strings.Contains(second.Body, "NagyAnna") {
		t.Error("the second submit is told that its name was taken over")
	}
	first.Visit(formPath).At(donePath).See(http.StatusOK, "KisAnna") // the back button
	if letters := w.Letters(t); len(letters) != 1 {
		t.Errorf("%d letters", len(letters))
	}
}

func TestNothingTypedIsLost(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	code := w.issue(e)
	b := check(w.Browser(t), e, code).At(formPath)
	clock.Advance(w.cards.Law.CardCodeReservation(clock.Now()))
	enter(b, "KisAnna").See(http.StatusGone, "megmaradt", "Okmányazonosító")
	b.Post(checkPath, "document", e.Documents[0].Number, "code", code).At(formPath).
		See(http.StatusOK, `value="KisAnna"`, `value="anna@posta.example"`, `value="3" selected`)
	enter(b, "KisAnna").At(donePath)
}

func TestAnotherBrowserTakesOverWhenTheReservationEnds(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	code := w.issue(e)
	first := check(w.Browser(t), e, code).At(formPath)
	second := check(w.Browser(t), e, code).At(checkPath).See(http.StatusUnprocessableEntity)
	stranger := check(w.Browser(t), e, wrong(t, code)).See(http.StatusUnprocessableEntity)
	if main(second.Body) != main(stranger.Body) {
		t.Error("a right code that is kept elsewhere is told from a wrong one")
	}
	clock.Advance(w.cards.Law.CardCodeReservation(clock.Now()))
	check(second, e, code).At(formPath)
	enter(first, "KisAnna").See(http.StatusGone)
	enter(second, "NagyAnna").At(donePath)
	check(first, e, code).See(http.StatusGone, "már regisztráltak")
}

// main is what a page says, without what was typed and the code for support.
func main(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	var kept []string
	for _, line := range strings.Split(body, "\n") {
		if !strings.Contains(line, "<input") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func TestWrongFormsAreExplained(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	w.account(w.people.In(population.Crowd)[7], "FoglaltNev")
	e := w.people.In(population.Crowd)[8]
	for n := 8; !w.cards.electronic(e.Documents[0].Document, clock.Now()); n++ {
		e = w.people.In(population.Crowd)[n]
	}
	code := w.issue(e)
	b := w.Browser(t).Visit(checkPath)
	b.Submit("document", "12", "code", "").See(http.StatusUnprocessableEntity, "hat számjegyből és két betűből", "11 jelből áll", `value="12"`)
	slip := strings.Replace(code, code[:1], map[bool]string{true: "3", false: "2"}[code[0] == '2'], 1)
	b.Submit("document", e.Documents[0].Number, "code", slip).See(http.StatusUnprocessableEntity, "Elírás van a kódban")
	if w.state(e).Tries != 0 {
		t.Error("a slip counts as an attempt")
	}
	check(b, e, code).At(formPath)
	for want, pairs := range map[string][]string{
		"foglalt":                     {"username", "foglaltNEV", "email", "a@b.hu", "email-again", "a@b.hu", "lang", "hu", "years", "5"},
		"nem egyezik":                 {"username", "KisAnna", "email", "a@b.hu", "email-again", "b@b.hu", "lang", "hu", "years", "5"},
		"legfeljebb 5 évig":           {"username", "KisAnna", "email", "a@b.hu", "email-again", "a@b.hu", "lang", "hu", "years", "6"},
		"milyen nyelven":              {"username", "KisAnna", "email", "a@b.hu", "email-again", "a@b.hu", "lang", "de", "years", "5"},
		"a magyar ábécé betűi":        {"username", "Anna1984", "email", "a@b.hu", "email-again", "a@b.hu", "lang", "hu", "years", "5"},
		"nev@pelda.hu formájú legyen": {"username", "KisAnna", "email", "a@", "email-again", "a@", "lang", "hu", "years", "5"},
	} {
		send(b, pairs).See(http.StatusUnprocessableEntity, want, `value="`+pairs[1]+`"`)
	}
	w.stands(e, Reserved)
}

func TestRegisterDownAndUp(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	code := w.issue(e)
	w.people.SetDown(true)
	b := check(w.Browser(t), e, code).At(formPath).See(http.StatusServiceUnavailable, "nem válaszol")
	if b.Header.Get("Refresh") == "" || b.Header.Get("Retry-After") == "" {
		t.Error("the page does not go on by itself")
	}
	w.people.SetDown(false)
	b.Visit(formPath).See(http.StatusOK, e.Person.CurrentName.String())
	w.people.SetDown(true)
	enter(b, "KisAnna").See(http.StatusServiceUnavailable)
	w.stands(e, Reserved)
	w.people.SetDown(false)
	b.Visit(formPath).See(http.StatusOK, `value="KisAnna"`)
	enter(b, "KisAnna").At(donePath)
}

func TestVisitorsWithoutACodeAreLedBack(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	for _, path := range []string{formPath, donePath} {
		w.Browser(t).Visit(path).At(startPath).See(http.StatusOK)
	}
	enter(w.Browser(t), "KisAnna").See(http.StatusGone, "Okmányazonosító")
	w.Browser(t).Visit(checkPath+"?document=123456AB&code=x").See(http.StatusOK, `value=""`)
}

// A couple registers in two tabs of one browser: nobody gets the other's account.
func TestTwoPeopleInOneBrowser(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	anna := w.holder(population.Crowd)
	bela := w.holder(population.Ordinary)
	hers, his := w.issue(anna), w.issue(bela)
	b := check(w.Browser(t), anna, hers).At(formPath)
	herForm := b.Body
	check(b, bela, his).At(formPath)
	hisForm := b.Body
	b.Body = herForm
	enter(b, "KisAnna").See(http.StatusGone, "másik igazolványt ellenőriztek")
	w.stands(anna, Reserved)
	w.stands(bela, Reserved)
	b.Body = hisForm
	enter(b, "NagyBela").At(donePath)
	enter(check(b, anna, hers).At(formPath), "KisAnna").At(donePath).See(http.StatusOK, "KisAnna")
}
