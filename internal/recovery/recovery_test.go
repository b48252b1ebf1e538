package recovery_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/web"
)

const next = "kilenc kerek kő koppan"

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestSamplesShowInBothLanguages(t *testing.T) {
	w := open(t)
	b := w.Browser(t)
	for _, s := range w.Shell.Samples() {
		if strings.HasPrefix(s.Path(), "/gallery/recovery/") {
			for _, lang := range web.Langs {
				b.Visit(s.Path() + "?lang=" + string(lang)).See(http.StatusOK)
			}
		}
	}
}

func TestFromTheForgottenPasswordToTheNewOne(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		anna := w.Plus(t, w.Citizen(t, "KisAnna"))
		elsewhere := w.Browser(t).SignIn(anna).Submit("code", w.Code(anna.Secret)).See(http.StatusOK, "service")
		w.Clock.Advance(time.Minute)

		b := w.Browser(t).Visit("/recover").See(http.StatusOK, "Nem tud belépni?").Follow("Új jelszót kérek").At("/recover/password")
		b.Submit("username", "KisAnna", "email", " KISANNA@posta.example ").At("/recover/password/mailed").See(http.StatusOK, "Nézze meg a leveleit")
		letter := w.only("password-reset")
		if letter.To != string(anna.Email) {
			t.Errorf("the link went to %s", letter.To)
		}

		b.Visit(letter.Path()).At("/recover/password/new").See(http.StatusOK, "KisAnna", "Legalább 12 karakter", `autocomplete="new-password"`)
		if b.URL.RawQuery != "" || strings.Contains(b.Body, letter.Path()) {
			t.Errorf("the token stays in the page or its address: %s", b.URL)
		}
		elsewhere.Visit("/account").See(http.StatusOK, "substantial") // opening the link changed nothing
		w.Browser(t).SignIn(anna).At("/signin/totp")

		b.Submit("password", "rövid").See(http.StatusUnprocessableEntity, "legalább 12 karakter")
		b.Submit("password", "KisAnna jelszava").See(http.StatusUnprocessableEntity, "felhasználóneve")
		b.Submit("password", next).At("/recover/password/done").See(http.StatusOK, "Megváltozott")
		elsewhere.Visit("/account").At("/signin/choose")
		if l := w.only("password-changed"); l.To != string(anna.Email) {
			t.Errorf("told %s", l.To)
		}
		for _, kind := range []string{"password.reset-requested", "password.set", "session.ended", "notice.sent"} {
			if !slices.Contains(w.Events(t, anna.PersonID), kind) {
				t.Errorf("ledger has no %s", kind)
			}
		}

		b.Follow("Belépés az új jelszóval").At("/signin/choose")
		w.Browser(t).SignIn(anna).See(http.StatusUnprocessableEntity)
		anna.Password = next
		w.Clock.Advance(time.Minute)
		w.Browser(t).SignIn(anna).At("/signin/totp").Submit("code", w.Code(anna.Secret)).See(http.StatusOK, "service", anna.ID)
	})
}

func TestALinkWorksOnce(t *testing.T) {
	w := open(t)
	anna := w.Citizen(t, "KisAnna")
	link := w.link(anna)
	b := w.Browser(t).Visit(link).At("/recover/password/new")
	second := b.Twin()
	b.Submit("password", next).At("/recover/password/done")
	second.Submit("password", "más kerek kő koppant").See(http.StatusGone, "egyszer használható")
	w.Browser(t).Visit(link).See(http.StatusGone, "kérhet másikat").Follow("Új hivatkozást kérek").At("/recover/password")
	w.Browser(t).Visit("/recover/password/new").See(http.StatusGone)
	w.Browser(t).Post("/recover/password/new", "password", next).See(http.StatusGone)
	anna.Password = next
	w.Clock.Advance(time.Minute)
	w.Browser(t).SignIn(anna).At("/signin/enrol/totp")
}

// Who has tried in vain need not wait once there is a new password.
func TestANewPasswordEndsTheDelay(t *testing.T) {
	w := open(t)
	anna := w.Citizen(t, "KisAnna")
	wrong := anna
	wrong.Password = "talán ez volt a jelszavam"
	for range law.Default().WrongSecretsBeforeLock(w.Clock.Now()) {
		w.Browser(t).SignIn(wrong).See(http.StatusUnprocessableEntity)
	}
	w.Browser(t).SignIn(anna).See(http.StatusTooManyRequests)
	w.Browser(t).Visit(w.link(anna)).Submit("password", next).At("/recover/password/done")
	anna.Password = next
	w.Clock.Advance(time.Second)
	w.Browser(t).SignIn(anna).At("/signin/enrol/totp")
}

func TestALinkIsGone(t *testing.T) {
	for why, spoil := range map[string]func(w *world, c roomtest.Citizen){
		"too late":         func(w *world, _ roomtest.Citizen) { w.Clock.Advance(law.Default().ResetLife(w.Clock.Now())) },
		"a newer one came": func(w *world, c roomtest.Citizen) { w.link(c) },
		"the account closed": func(w *world, c roomtest.Citizen) {
			w.update(func(tx *store.Tx) error { return tx.CloseAccount(c.ID) })
		},
		"the address is another": func(w *world, c roomtest.Citizen) {
			w.update(func(tx *store.Tx) error { return tx.SetEmail(c.ID, "anna.uj@posta.example") })
		},
	} {
		t.Run(why, func(t *testing.T) {
			w := open(t)
			anna := w.Citizen(t, "KisAnna")
			link := w.link(anna)
			begun := w.Browser(t).Visit(link).At("/recover/password/new")
			spoil(w, anna)
			begun.Submit("password", next).See(http.StatusGone)
			w.Browser(t).Visit(link).See(http.StatusGone)
			if letters := w.sent(); len(letters) > 0 {
				t.Errorf("letters though nothing changed: %+v", letters)
			}
		})
	}
}

// lookalikes are those who get the same answer as Anna, and no letter.
func lookalikes(w *world) (all [][2]string) {
	w.Pending(w.t, "VárAnna")
	w.Letters(w.t)
	closed, expired := w.Citizen(w.t, "ZártAnna"), w.Citizen(w.t, "LejártAnna")
	w.update(func(tx *store.Tx) error { return tx.CloseAccount(closed.ID) })
	w.update(func(tx *store.Tx) error { return tx.ExtendAccount(expired.ID, tx.Now) })
	w.Citizen(w.t, "NagyBéla")
	return [][2]string{
		{"NincsIlyen", "KisAnna@posta.example"}, {"kisanna", "KisAnna@posta.example"},
		{"KisAnna", "NagyBxla@posta.example"}, {"KisAnna", "nincs@posta.example"},
		{"VárAnna", "VxrAnna@posta.example"}, {"ZártAnna", "ZxrtAnna@posta.example"}, {"LejártAnna", "LejxrtAnna@posta.example"},
		{"<b>12</b>", "x@y.example"},
	}
}

// What differs between two answers though nothing is told by it.
var incidental = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`)

// Nobody learns who has an account: the answer is the same to the letter, and
// when it is given nothing has been looked up yet, for anybody.
func TestTheAnswerTellsNothing(t *testing.T) {
	w := open(t)
	w.Citizen(t, "KisAnna")
	strangers := lookalikes(w)
	release := w.room.Hold()
	var first string
	answer := func(path string, pairs ...string) {
		t.Helper()
		b := w.Browser(t).Visit(path).Submit(pairs...).See(http.StatusOK)
		said := b.URL.Path + incidental.ReplaceAllString(b.Body, "")
		if first == "" {
			first = said
		}
		if said != first {
			t.Errorf("%v: another answer\n%s\n%s", pairs, said, first)
		}
		if letters := w.Letters(t); len(letters) > 0 {
			t.Errorf("%v: %d letters before the answer", pairs, len(letters))
		}
		w.Clock.Advance(time.Hour)
	}
	for _, s := range append([][2]string{{"KisAnna", "kisanna@posta.example"}}, strangers...) {
		answer("/recover/password", "username", s[0], "email", s[1])
		if release() != 1 {
			t.Errorf("%v: work was spared", s)
		}
		if letters := w.Letters(t); len(letters) != map[bool]int{true: 1}[s[1] == "kisanna@posta.example"] {
			t.Errorf("%v: letters %+v", s, letters)
		}
	}
	first = ""
	for _, email := range []string{"kisanna@posta.example", "nincs@posta.example", "VxrAnna@posta.example", "ZxrtAnna@posta.example", "LejxrtAnna@posta.example"} {
		answer("/recover/username", "email", email)
		if release() != 1 {
			t.Errorf("%v: work was spared", email)
		}
		if letters := w.Letters(t); len(letters) != map[bool]int{true: 1}[email == "kisanna@posta.example"] {
			t.Errorf("%v: letters %+v", email, letters)
		}
	}
}

func TestTooManyRequestsWaitAlike(t *testing.T) {
	w := open(t)
	w.Citizen(t, "KisAnna")
	for _, name := range []string{"KisAnna", "NincsIlyen"} {
		for range law.Default().WrongSecretsBeforeLock(w.Clock.Now()) {
			w.ask(name, "kisanna@posta.example").See(http.StatusOK)
		}
		b := w.ask(name, "kisanna@posta.example").See(http.StatusTooManyRequests, "várni kell", name, "kisanna@posta.example")
		if b.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if letters := w.sent(); len(letters) != 3 {
		t.Errorf("%d letters", len(letters))
	}
}

// Requests about somebody's account from elsewhere do not make its owner wait.
func TestStrangersDoNotDelayTheOwnersRequest(t *testing.T) {
	w := open(t)
	anna := w.Citizen(t, "KisAnna")
	w.Broker.Proxied = true
	strangers := []string{"198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4", "198.51.100.5", "198.51.100.6"}
	for _, from := range append(strangers, "203.0.113.9") {
		form := url.Values{"username": {"KisAnna"}, "email": {string(anna.Email)}}
		r, err := http.NewRequest(http.MethodPost, w.URL+"/recover/password", strings.NewReader(form.Encode()))
		w.must(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", from)
		answer, err := http.DefaultTransport.RoundTrip(r)
		w.must(err)
		answer.Body.Close()
		if answer.StatusCode != http.StatusSeeOther {
			t.Errorf("from %s: %d", from, answer.StatusCode)
		}
	}
	w.room.Rest()
}

// A stranger who knows name and address can neither fill the mailbox nor keep
// the owner out: the last letter works, and the next hour brings another.
func TestAMailboxIsNotFilled(t *testing.T) {
	w := open(t)
	anna := w.Citizen(t, "KisAnna")
	var last roomtest.Letter
	for range 3 {
		w.ask("KisAnna", anna.Email).At("/recover/password/mailed")
		last = w.only("password-reset")
	}
	w.ask("KisAnna", anna.Email).At("/recover/password/mailed")
	if letters := w.sent(); len(letters) > 0 {
		t.Errorf("a fourth letter within the hour")
	}
	w.Browser(t).Visit(last.Path()).At("/recover/password/new")
	w.Clock.Advance(law.Default().ResetLife(w.Clock.Now()))
	w.link(anna)
}

func TestRequestsAreReadKindly(t *testing.T) {
	w := open(t)
	for _, c := range []struct{ path, name, email, says string }{
		{"/recover/password", "", "kis@posta.example", "Írja be a felhasználónevét"},
		{"/recover/password", "KisAnna", "", "Írja be az e-mail-címét"},
		{"/recover/password", "KisAnna", "kisanna@posta", "e-mail-cím"},
		{"/recover/username", "", "", "Írja be az e-mail-címét"},
		{"/recover/username", "", "kisanna", "e-mail-cím"},
	} {
		b := w.Browser(t).Visit(c.path).Submit("username", c.name, "email", c.email).See(http.StatusUnprocessableEntity, c.says)
		if c.name != "" && !strings.Contains(b.Body, `value="`+c.name+`"`) {
			t.Errorf("%+v: what was typed is lost", c)
		}
	}
	if letters := w.sent(); len(letters) > 0 {
		t.Errorf("letters %+v", letters)
	}
}

func TestUsernamesAreToldToTheirAddress(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		anna, béla := w.Citizen(t, "KisAnna"), w.Citizen(t, "NagyBéla")
		pending := w.Pending(t, "VárAnna")
		w.Letters(t)
		for _, c := range []identity.Account{béla.Account, pending.Account} {
			w.update(func(tx *store.Tx) error { return tx.SetEmail(c.ID, anna.Email) })
		}
		b := w.Browser(t).Visit("/recover").Follow("Kérem a felhasználónevemet").At("/recover/username")
		b.Submit("email", "kisanna@posta.example").At("/recover/username/mailed").See(http.StatusOK, "Ha ehhez az e-mail-címhez")
		letter := w.only("username-reminder")
		slices.Sort(letter.Names)
		if letter.To != string(anna.Email) || !slices.Equal(letter.Names, []string{"KisAnna", "NagyBéla"}) {
			t.Errorf("told %+v", letter)
		}
		for _, c := range []roomtest.Citizen{anna, béla} {
			if !slices.Contains(w.Events(t, c.PersonID), "username.sent") {
				t.Errorf("%s cannot read of it", c.Username)
			}
		}
		if slices.Contains(w.Events(t, pending.PersonID), "username.sent") {
			t.Error("told of an account that is not active")
		}
	})
}
