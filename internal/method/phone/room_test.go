package phone_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	room "kapu/internal/method/phone"
	"kapu/internal/method/roomtest"
	"kapu/internal/phone"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

// world is a gateway with the telephone's rooms and a service that is content with little.
type world struct {
	*roomtest.Gateway
	t        *testing.T
	register *phone.Register
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	g := roomtest.New(t, db, clock)
	gate := func(purpose string) *throttle.Gate {
		gate, err := throttle.New(throttle.Config{Store: g.Broker.Volatile, Key: []byte(g.Ring.Digest("throttle", "key")), Purpose: purpose,
			Rules: phone.Delays(law.Default()), Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		return gate
	}
	register := phone.New(phone.Config{DB: db, Volatile: g.Broker.Volatile, Ring: g.Ring, Ledger: g.Broker.Ledger, Law: law.Default(), Gate: gate("phone"),
		Reminders: gate("reminders"), Hasher: g.Hasher, Dispositions: disposition.Register{Ledger: g.Broker.Ledger, Home: roomtest.Issuer + "/account"},
		Home: roomtest.Issuer + "/account/phone", Now: clock.Now})
	g.Broker.Heard = register.Heard
	g.Add(room.New(room.Config{Broker: g.Broker, Register: register}))
	g.Add(library{g})
	return &world{g, t, register}
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(t, newWorld(t, db, clock)) })
}

func open(t *testing.T) *world {
	db, clock := storetest.SQLite(t)
	return newWorld(t, db, clock)
}

// library is a service at level low.
type library struct{ g *roomtest.Gateway }

// Mount adds it at /library.
func (l library) Mount(mux *http.ServeMux) {
	l.g.Shell.Handle(mux, "GET /library", func(w http.ResponseWriter, r *http.Request) error {
		return l.g.Broker.Open(w, r, authn.Request{Door: "test", Level: law.Low})
	})
}

// issued is somebody without any account who has an identifier.
func (w *world) issued(name string) (person, identifier, password string) {
	w.t.Helper()
	err := w.DB.Update(context.Background(), func(tx *store.Tx) (err error) {
		n := identity.Name{Family: "Próba", Given: name}
		if person, err = tx.SavePerson("ref-"+name, identity.Person{CurrentName: n, Nationality: "HU", Core: identity.Core{BirthName: n, MotherBirthName: n,
			BirthPlace: "Pécs", BirthDate: identity.Date{Year: 1980, Month: 4, Day: 9}}}); err != nil {
			return err
		}
		i, err := w.register.Issue(tx, phone.Order{Person: person, Contact: store.PhoneContact{Email: name + "@posta.example", Lang: "hu"}, Office: "o"})
		identifier = i.Identifier
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return person, identifier, w.Letter(w.t, "phone-password").Code
}

// begin is a browser that chose the method and typed the identifier.
func (w *world) begin(identifier string) *roomtest.Browser {
	return w.Browser(w.t).Visit("/library").At("/signin/choose").Submit("method", "phone").At("/signin/phone").
		Submit("identifier", identifier[:4]+" "+identifier[4:]).At("/signin/phone")
}

var box = regexp.MustCompile(`name="digit(\d)"`)

// boxes are the asked digits, each for its box.
func boxes(b *roomtest.Browser, password string) (fields []string) {
	for _, m := range box.FindAllStringSubmatch(b.Body, -1) {
		fields = append(fields, "digit"+m[1], password[m[1][0]-'1':m[1][0]-'0'])
	}
	return fields
}

const own = "271828"

// ready is somebody with a password of their own.
func (w *world) ready(name string) (person, identifier string) {
	person, identifier, password := w.issued(name)
	b := w.begin(identifier)
	b.Submit(boxes(b, password)...).See(http.StatusOK, "Új telefonos jelszó").Submit("password", own, "again", own).See(http.StatusOK, "service")
	w.Clock.Advance(time.Minute)
	return person, identifier
}

func TestTheFirstSignIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, identifier, password := w.issued("Anna")
		b := w.begin(identifier)
		if n := len(boxes(b, password)); n != 6 {
			t.Fatalf("%d", n)
		}
		b.Submit(boxes(b, password)...).See(http.StatusOK, "Új telefonos jelszó")
		b.Submit("password", "", "again", "").See(http.StatusUnprocessableEntity)
		b.Submit("password", "123456", "again", "123456").See(http.StatusUnprocessableEntity, "könnyű kitalálni")
		b.Submit("password", own, "again", "314159").See(http.StatusUnprocessableEntity, "nem egyezik")
		b.Submit("password", own, "again", "271 828").See(http.StatusOK, `error ""`, `method "phone"`, `references ["tel" "kba"]`)
		b.Visit("/library").See(http.StatusOK, `method "phone"`) // single sign-on
		b.Visit("/service").At("/signin/choose").See(http.StatusOK, `value="totp"`)
		if events := w.Events(t, person); !slices.Contains(events, "signin.succeeded") || !slices.Contains(events, "phone.password-changed") {
			t.Errorf("%v", events)
		}
		w.Clock.Advance(time.Minute)
		again := w.begin(identifier)
		again.Submit(boxes(again, own)...).See(http.StatusOK, `method "phone"`)
	})
}

func TestDigitsPastedIntoOneBox(t *testing.T) {
	w := open(t)
	_, identifier := w.ready("Anna")
	b := w.begin(identifier)
	fields := boxes(b, own)
	b.Submit(fields[0], fields[1]+" "+fields[3]+fields[5], fields[2], "", fields[4], "").See(http.StatusOK, "service")
}

func TestOneTextForAllThatIsWrong(t *testing.T) {
	w := open(t)
	person, identifier := w.ready("Anna")
	var said []string
	for _, id := range []string{identifier, "40725816"} {
		b := w.begin(id)
		b.Submit().See(http.StatusUnprocessableEntity, "Írja be a kért számjegyeket")
		b.Submit(boxes(b, "555555")...).See(http.StatusUnprocessableEntity, "nem megfelelők")
		said = append(said, regexp.MustCompile(`digit\d|(?:\d{4}[ \x{a0}]\d{4})|>\d\.|t=[^"]*|\d`).ReplaceAllString(text(b.Body), ""))
	}
	if len(said[0]) != len(said[1]) {
		t.Errorf("the pages differ:\n%s\n%s", said[0], said[1])
	}
	for range 4 {
		w.Clock.Advance(2 * time.Hour)
		b := w.begin(identifier)
		b.Submit(boxes(b, "555555")...)
	}
	w.Clock.Advance(2 * time.Hour)
	b := w.begin(identifier)
	b.Submit(boxes(b, own)...).See(http.StatusUnprocessableEntity, "zárolva van")
	if own, err := w.register.Own(t.Context(), person); err != nil || own.State != phone.StateLocked {
		t.Errorf("%+v %v", own, err)
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

func text(body string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(body, " ")), " ")
}

func TestASecondClickGoesOn(t *testing.T) {
	w := open(t)
	_, identifier := w.ready("Anna")
	b := w.begin(identifier)
	twin, fields := b.Twin(), boxes(b, own)
	b.Submit(fields...).See(http.StatusOK, "service")
	twin.Submit(fields...).See(http.StatusOK, "service")
}

// calls identifies the holder of an identifier over the telephone.
func (w *world) calls(identifier string) phone.Holder {
	w.t.Helper()
	asked, err := w.register.Begin(w.t.Context(), identifier)
	if err != nil {
		w.t.Fatal(err)
	}
	digits := ""
	for _, n := range asked.Positions {
		digits += own[n-1 : n]
	}
	a, err := w.register.Check(w.t.Context(), asked, digits, phone.Line{Telephone: true, Peer: "+36301234567"})
	if err != nil || a.Verdict != phone.Right {
		w.t.Fatalf("%+v %v", a, err)
	}
	return a.Holder
}

// overheard is somebody with Ügyfélkapu+ whose telephone password was given in as many
// calls as a listener needs.
func (w *world) overheard(name string) (roomtest.Citizen, string) {
	w.t.Helper()
	c := w.Plus(w.t, w.Citizen(w.t, name))
	person, identifier := w.ready(name)
	if person != c.PersonID {
		w.t.Fatal("not the same person")
	}
	for range law.Default().TelephoneHeard(w.Clock.Now()) {
		w.calls(identifier)
	}
	return c, identifier
}

func TestAPasswordThatWasHeardIsReplacedOnTheWay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, identifier := w.overheard("Anna")
		b := w.begin(identifier)
		b.Submit(boxes(b, own)...).See(http.StatusForbidden, "Új telefonos jelszót kell választania")

		b = w.Browser(t).SignIn(anna).At("/signin/totp").Submit("code", w.Code(anna.Secret)).At("/signin/replace/phone")
		b.See(http.StatusOK, "Új telefonos jelszót kell választania", identifier[:4])
		other := b.Twin()
		b.Submit("password", own, "again", own).See(http.StatusUnprocessableEntity, "jelenlegi")
		b.Submit("password", "314159", "again", "314158").See(http.StatusUnprocessableEntity, "nem egyezik")
		b.Submit("password", "314159", "again", "314159").See(http.StatusOK, `error ""`, `method "totp"`)
		other.Submit("password", "161803", "again", "161803").See(http.StatusOK, `error ""`) // a form that was left open changes nothing
		b.Visit("/service").See(http.StatusOK, `method "totp"`)

		w.Clock.Advance(time.Minute)
		b = w.begin(identifier)
		b.Submit(boxes(b, "314159")...).See(http.StatusOK, `method "phone"`)
	})
}

func TestSingleSignOnStopsForNothing(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "Anna"))
	_, identifier := w.ready("Anna")
	b := w.Browser(t).SignIn(anna).Submit("code", w.Code(anna.Secret)).See(http.StatusOK, `method "totp"`)
	for range 3 {
		w.calls(identifier)
	}
	b.Visit("/service").See(http.StatusOK, `method "totp"`)
}

func TestTheIdentifierMayBeGivenUpInstead(t *testing.T) {
	w := open(t)
	anna, identifier := w.overheard("Anna")
	b := w.Browser(t).SignIn(anna).Submit("code", w.Code(anna.Secret)).At("/signin/replace/phone")
	b.Follow("Már nem használom, megszüntetem a telefonos azonosítómat").At("/signin/replace/phone/end").See(http.StatusOK, identifier[:4])
	b.Submit().See(http.StatusOK, `error ""`, `method "totp"`)
	if _, err := w.register.Own(t.Context(), anna.PersonID); err == nil {
		t.Error("it is still there")
	}
}

func TestWhoHasForbiddenTheTelephoneIsAskedNothing(t *testing.T) {
	w := open(t)
	anna, _ := w.overheard("Anna")
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetDisposition(anna.PersonID, authn.Disposition{}, authn.Disposition{Forbidden: []law.Method{law.Phone}})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Browser(t).SignIn(anna).Submit("code", w.Code(anna.Secret)).See(http.StatusOK, `error ""`, `method "totp"`)
}

func TestASpokenCodeInPlaceOfTheDigits(t *testing.T) {
	w := open(t)
	_, identifier := w.ready("Anna")
	code, _, err := w.register.Spoken(t.Context(), w.calls(identifier))
	if err != nil {
		t.Fatal(err)
	}
	b := w.begin(identifier)
	b.Post(b.URL.String(), "spoken", code).See(http.StatusOK, `method "phone"`)
}

func TestUnlockingOnTheWeb(t *testing.T) {
	w := open(t)
	person, identifier := w.ready("Anna")
	answers := map[int]string{1: "12", 2: "345678", 5: "1968. 03. 14.", 6: "1980. 05. 02.", 7: "1985", 9: "2000. 01. 01."}
	if err := w.register.SetQuestions(t.Context(), w.register.Strong(person), answers); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		w.Clock.Advance(2 * time.Hour)
		b := w.begin(identifier)
		b.Submit(boxes(b, "555555")...)
	}
	b := w.Browser(t).Visit("/library").Submit("method", "phone").Follow("Zárolva van? Feloldás az emlékeztető kérdésekkel").At("/signin/phone/unlock")
	b.Submit("identifier", identifier).At("/signin/phone/unlock")
	var fields []string
	for _, m := range regexp.MustCompile(`name="answer(\d)"`).FindAllStringSubmatch(b.Body, -1) {
		fields = append(fields, "answer"+m[1], answers[int(m[1][0]-'0')])
	}
	b.Submit(fields...).See(http.StatusOK, "Feloldottuk").Follow("Belépés").At("/signin/phone")
	w.Clock.Advance(2 * time.Hour)
	again := w.begin(identifier)
	again.Submit(boxes(again, own)...).See(http.StatusOK, "service")
}

func TestLookingAfterIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, identifier := w.ready("Anna")
		b := w.begin(identifier)
		b.Submit(boxes(b, own)...).See(http.StatusOK, "service")
		b.Visit("/account/phone").See(http.StatusOK, "Használható", identifier[:4])
		b.Visit("/account/phone/questions").Submit("answer1", "12", "answer2", "").See(http.StatusUnprocessableEntity, "Pontosan annyi")
		b.Submit("answer1", "12", "answer2", "345678", "answer5", "1968. 03. 14.", "answer6", "1980. 05. 02.", "answer7", "1985", "answer9", "2000. 01. 01.").
			At("/account/phone").See(http.StatusOK, "Megválaszolta")
		w.Clock.Advance(time.Second)
		b.Visit("/account/phone/password").Submit("password", own, "again", own).See(http.StatusUnprocessableEntity, "jelenlegi")
		b.Submit("password", "314159", "again", "314159").At("/signin/choose") // what the old one opened has ended
		w.Clock.Advance(time.Minute)
		b = w.begin(identifier)
		b.Submit(boxes(b, "314159")...).See(http.StatusOK, "service").Visit("/account/phone/end").See(http.StatusOK, "Megszünteti").Submit().At("/signin/choose")
		if _, err := w.register.Own(t.Context(), person); err == nil {
			t.Error("it is still there")
		}
	})
}

func TestAForbiddenTelephoneLeadsNowhere(t *testing.T) {
	w := open(t)
	person, identifier := w.ready("Anna")
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetDisposition(person, authn.Disposition{}, authn.Disposition{Forbidden: []law.Method{law.Phone}})
	})
	if err != nil {
		t.Fatal(err)
	}
	b := w.begin(identifier)
	b.Submit(boxes(b, own)...).See(http.StatusForbidden, "Letiltotta")
	if events := w.Events(t, person); events[len(events)-1] != "signin.forbidden" {
		t.Errorf("%v", events)
	}
}

// Who has a telephone identifier and no account is told where the password went.
func TestWhoHasNoAccountIsTold(t *testing.T) {
	w := open(t)
	h := w.Herald()
	h.Holder, w.Broker.Announcer, w.register.Announce = w.register.Holder, h, h.Identified
	comes := func(identifier string, status int) (told []string) {
		b := w.begin(identifier)
		b.Submit(boxes(b, own)...).See(status)
		for _, l := range w.Letters(t) {
			told = append(told, l.Kind+" to "+l.To)
		}
		w.Clock.Advance(time.Hour)
		return told
	}
	person, identifier := w.ready("Anna")
	w.Letters(t)
	if told := comes(identifier, http.StatusOK); !slices.Equal(told, []string{"phone-used to Anna@posta.example"}) {
		t.Errorf("of the second sign-in: %v", told)
	}
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetDisposition(person, authn.Disposition{}, authn.Disposition{Forbidden: []law.Method{law.Phone}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if told := comes(identifier, http.StatusForbidden); !slices.Equal(told, []string{"phone-refused to Anna@posta.example"}) {
		t.Errorf("of right digits that were refused: %v", told)
	}
	if events := w.Events(t, person); events[len(events)-1] != "notice.sent" {
		t.Errorf("%v", events)
	}
}

// Who has an account is told there that right digits were refused.
func TestAForbiddenTelephoneIsTold(t *testing.T) {
	w := open(t)
	h := w.Herald()
	h.Holder, w.Broker.Announcer, w.register.Announce = w.register.Holder, h, h.Identified
	c := w.Plus(t, w.Citizen(t, "Anna"))
	_, identifier := w.ready("Anna")
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetDisposition(c.PersonID, authn.Disposition{}, authn.Disposition{Forbidden: []law.Method{law.Phone}})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Letters(t)
	b := w.begin(identifier)
	b.Submit(boxes(b, own)...).See(http.StatusForbidden)
	if l := w.Letter(t, "forbidden-alert"); l.Path() == "" {
		t.Errorf("%+v", l)
	}
}
