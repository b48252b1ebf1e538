package passkey_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

const step = 30 * time.Second

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestAKeyOpensTheServiceWithoutAName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna, phone := keyed(t, g, "KisAnna", 0)
		b := comes(t, atKey(t, g), phone)
		b.See(http.StatusOK, `method "passkey"`, anna.ID, `references ["user" "hwk"]`)
		b.Visit("/service").See(http.StatusOK, `method "passkey"`) // single sign-on
		b.Visit("/account").See(http.StatusOK, "substantial")
		if k := keys(t, g, anna.ID)[0]; k.LastUsed.IsZero() || k.Name != "telefonom" {
			t.Errorf("%+v", k)
		}
		if events := g.Events(t, anna.PersonID); events[len(events)-1] != "signin.succeeded" {
			t.Errorf("ledger: %v", events)
		}
	})
}

func TestASynchronisedKeySaysSo(t *testing.T) {
	g := open(t)
	anna, phone := g.Plus(t, g.Citizen(t, "KisAnna")), newDevice()
	phone.Options.BackupEligible, phone.Options.BackupState = true, true
	adds(t, signedIn(t, g, anna), phone, "telefonom").See(http.StatusOK, "Több eszközén")
	comes(t, atKey(t, g), phone).See(http.StatusOK, `references ["user" "swk"]`)
}

func TestWhatIsAsked(t *testing.T) {
	g := open(t)
	keyed(t, g, "KisAnna", 0)
	options, _ := page(t, atKey(t, g))
	var a asked
	if err := json.Unmarshal([]byte(options), &a); err != nil {
		t.Fatal(err)
	}
	if a.UserVerification != "required" || a.RPID != "kapu.example" || len(a.AllowCredentials) > 0 {
		t.Errorf("%+v", a)
	}
}

// Whatever is wrong, the page says the same and tells nobody who has a key.
func TestAnswersThatSignNobodyIn(t *testing.T) {
	g := open(t)
	anna, phone := keyed(t, g, "KisAnna", 0)
	béla, other := keyed(t, g, "NagyBéla", 0)
	closed, gone := keyed(t, g, "RégiRéka", 0)
	if err := g.DB.Update(context.Background(), func(tx *store.Tx) error { return tx.CloseAccount(closed.ID) }); err != nil {
		t.Fatal(err)
	}
	stranger := newDevice()
	stranger.Options.UserHandle = phone.Options.UserHandle
	with := func(d *device, change func(*device)) *device { c := d.copied(); change(c); return c }
	for name, d := range map[string]*device{
		"nobody's key":            stranger,
		"a key forged for an id":  with(stranger, func(d *device) { d.key.ID = phone.key.ID }),
		"another site":            with(phone, func(d *device) { d.site.Origin = "http://kapu.example.evil.example" }),
		"another scheme":          with(phone, func(d *device) { d.site.Origin = "https://kapu.example" }),
		"another port":            with(phone, func(d *device) { d.site.Origin = "http://kapu.example:8080" }),
		"a site below":            with(phone, func(d *device) { d.site.Origin = "http://x.kapu.example" }),
		"another relying party":   with(phone, func(d *device) { d.site.ID = "example" }),
		"no user verification":    with(phone, func(d *device) { d.Options.UserNotVerified = true }),
		"nobody present":          with(phone, func(d *device) { d.Options.UserNotPresent = true }),
		"the account of another":  with(phone, func(d *device) { d.Options.UserHandle = other.Options.UserHandle }),
		"no account":              with(phone, func(d *device) { d.Options.UserHandle = nil }),
		"the id of an account":    with(phone, func(d *device) { d.Options.UserHandle = []byte(anna.ID) }),
		"another kind of key":     with(phone, func(d *device) { d.Options.BackupEligible = true }),
		"a closed account's key":  gone,
		"the key of another's id": with(other, func(d *device) { d.key.ID = phone.key.ID }),
	} {
		t.Run(name, func(t *testing.T) {
			b := comes(t, atKey(t, g), d).At("/signin/passkey").See(http.StatusUnprocessableEntity, "Ezzel a belépőkulccsal nem sikerült belépni")
			b.Visit("/account").At("/signin/choose")
			g.Clock.Advance(time.Hour)
		})
	}
	for _, answer := range []string{"", "{}", "[]", "null", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		b := atKey(t, g)
		_, challenge := page(t, b)
		b.Submit("challenge", challenge, "answer", answer).See(http.StatusUnprocessableEntity, "nem sikerült belépni")
	}
	comes(t, atKey(t, g), phone).See(http.StatusOK, anna.ID)
	comes(t, atKey(t, g), other).See(http.StatusOK, béla.ID)
}

func TestAChallengeIsGoodOnceForOneVisit(t *testing.T) {
	g := open(t)
	_, phone := keyed(t, g, "KisAnna", 0)
	b := atKey(t, g)
	options, challenge := page(t, b)
	address, answer := b.URL.String(), phone.shows(t, options)
	g.Browser(t).Post(address, "challenge", challenge, "answer", answer).See(http.StatusGone)
	elsewhere := atKey(t, g).Submit("challenge", challenge, "answer", answer).See(http.StatusUnprocessableEntity, "túl sokáig")
	_, own := page(t, elsewhere)
	elsewhere.Submit("challenge", own, "answer", answer).See(http.StatusUnprocessableEntity, "nem sikerült")
	b.Submit("challenge", "made up", "answer", answer).See(http.StatusUnprocessableEntity, "túl sokáig")

	late := b.Twin()
	b.Submit("challenge", challenge, "answer", answer).See(http.StatusOK, "service")
	b.Post("/signout")
	g.Clock.Advance(2 * time.Minute)
	late.Submit("challenge", challenge, "answer", answer).See(http.StatusUnprocessableEntity, "túl sokáig")
	late.Visit("/account").At("/signin/choose")
}

func TestAChallengeLapses(t *testing.T) {
	g := open(t)
	_, phone := keyed(t, g, "KisAnna", 0)
	b := atKey(t, g)
	options, challenge := page(t, b)
	g.Clock.Advance(law.Default().PasskeyChallengeLife(g.Clock.Now()))
	b.Submit("challenge", challenge, "answer", phone.shows(t, options)).See(http.StatusUnprocessableEntity, "túl sokáig")
	comes(t, b, phone).See(http.StatusOK, "service") // the page brought another
}

func TestSecondSubmitGoesOn(t *testing.T) {
	g := open(t)
	anna, phone := keyed(t, g, "KisAnna", 7)
	b := atKey(t, g)
	second := b.Twin()
	options, challenge := page(t, b)
	answer := phone.shows(t, options)
	b.Submit("challenge", challenge, "answer", answer).See(http.StatusOK, "service")
	second.Submit("challenge", challenge, "answer", answer).See(http.StatusOK, "service", anna.ID)
	b.Submit("challenge", challenge, "answer", answer)
	if k := keys(t, g, anna.ID)[0]; !k.Suspected.IsZero() || k.Counter != 8 {
		t.Errorf("%+v", k)
	}
}

// Two devices with one key: whoever comes second shows a count that was passed.
func TestACopyIsFoundOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna, phone := keyed(t, g, "KisAnna", 1)
		copied := phone.copied()
		thief := comes(t, atKey(t, g), copied).See(http.StatusOK, "service")
		g.Letters(t)
		clock.Advance(time.Minute)

		owner := comes(t, atKey(t, g), phone).See(http.StatusUnprocessableEntity, "másolata van valakinél")
		owner.Visit("/account").At("/signin/choose")
		thief.Visit("/account").At("/signin/choose") // what the copy opened has ended
		if l := g.Letter(t, "passkey-suspected"); l.To != string(anna.Email) || l.Path() != "/account/passkeys" {
			t.Errorf("letter %+v", l)
		}
		if events := g.Events(t, anna.PersonID); !slices.Contains(events, "passkey.suspected") {
			t.Errorf("ledger: %v", events)
		}
		clock.Advance(time.Minute)
		comes(t, atKey(t, g), copied).See(http.StatusUnprocessableEntity, "letiltottuk")
		comes(t, atKey(t, g), phone).See(http.StatusUnprocessableEntity, "letiltottuk")
		if letters := g.Letters(t); len(letters) > 0 {
			t.Errorf("told %d times more", len(letters))
		}
		signedIn(t, g, anna).Visit("/account/passkeys").See(http.StatusOK, "Letiltva", "Másolatával")
	})
}

func TestARemovedKeyIsDead(t *testing.T) {
	g := open(t)
	anna, phone := keyed(t, g, "KisAnna", 0)
	held := comes(t, atKey(t, g), phone).See(http.StatusOK, "service")
	g.Letters(t)
	g.Clock.Advance(time.Minute)
	b := signedIn(t, g, anna)
	b.Visit("/account/passkeys").Follow("Eltávolítom").See(http.StatusOK, "telefonom", "egyetlen")
	b.Submit("password", "nem ez a jelszava").See(http.StatusUnprocessableEntity, "jelszó")
	b.Submit("password", roomtest.Password).At("/account/passkeys/removed").See(http.StatusOK, "eltávolítottuk")
	held.Visit("/account").At("/signin/choose")
	b.Visit("/account").At("/signin/choose")
	comes(t, atKey(t, g), phone).See(http.StatusUnprocessableEntity, "nem sikerült")
	if l := g.Letter(t, "passkey-removed"); l.To != string(anna.Email) {
		t.Errorf("letter %+v", l)
	}
	if events := g.Events(t, anna.PersonID); !slices.Contains(events, "factor.removed") {
		t.Errorf("ledger: %v", events)
	}
}

func TestWrongAnswersSlowTheirAddress(t *testing.T) {
	g := open(t)
	_, phone := keyed(t, g, "KisAnna", 0)
	for range 20 { // nobody's keys, each another
		comes(t, atKey(t, g), newDevice().of(phone)).See(http.StatusUnprocessableEntity)
	}
	comes(t, atKey(t, g), newDevice().of(phone)).See(http.StatusTooManyRequests, "Túl sok")
	g.Clock.Advance(law.Default().AddressDelays(g.Clock.Now()).Cap)
	comes(t, atKey(t, g), phone).See(http.StatusOK, "service")
}

// Whoever answers wrongly in the name of somebody's key is told of in their history.
func TestTheOwnerReadsOfWrongAnswers(t *testing.T) {
	g := open(t)
	anna, phone := keyed(t, g, "KisAnna", 0)
	elsewhere := phone.copied()
	elsewhere.site.Origin = "https://kapu.phishing.example"
	for range 5 {
		comes(t, atKey(t, g), elsewhere).See(http.StatusUnprocessableEntity)
	}
	comes(t, atKey(t, g), elsewhere).See(http.StatusTooManyRequests)
	g.Passkeys.Rest()
	if events := g.Events(t, anna.PersonID); events[len(events)-1] != "signin.throttled" {
		t.Errorf("the history says %v", events)
	}
}

// of lets a device claim to be of the account of another.
func (d *device) of(other *device) *device {
	d.Options.UserHandle = other.Options.UserHandle
	return d
}

func TestAForbiddenKeyLeadsNowhere(t *testing.T) {
	g := open(t)
	anna, phone := keyed(t, g, "KisAnna", 0)
	dispose(t, g, anna.PersonID, authn.Disposition{Forbidden: []law.Method{law.Passkey}})
	comes(t, atKey(t, g), phone).At("/signin/choose")
	if events := g.Events(t, anna.PersonID); events[len(events)-1] != "signin.forbidden" {
		t.Errorf("ledger: %v", events)
	}
}

func dispose(t *testing.T, g *roomtest.Gateway, person string, d authn.Disposition) {
	t.Helper()
	if err := g.DB.Update(context.Background(), func(tx *store.Tx) error { return tx.SetDisposition(person, authn.Disposition{}, d) }); err != nil {
		t.Fatal(err)
	}
}

// On the password's page the browser may offer a key; the form leads to the key's
// own room, for the same visit.
func TestTheShortcutBesideThePassword(t *testing.T) {
	g := open(t)
	anna, phone := keyed(t, g, "KisAnna", 0)
	b := g.Browser(t).Visit("/service").Submit("method", "totp").At("/signin/password").See(http.StatusOK, `autocomplete="username webauthn"`, "passkey.")
	options, challenge := page(t, b)
	b.Post(b.Action(), "challenge", challenge, "answer", phone.shows(t, options)).See(http.StatusOK, `method "passkey"`, anna.ID)
}

// Without its script the page says so and leads back.
func TestWithoutAScript(t *testing.T) {
	g := open(t)
	b := atKey(t, g).See(http.StatusOK, "JavaScript")
	b.Follow("Másik azonosítási módot").At("/signin/choose")
}

// Chosen in a browser where the wrong kind of authenticator answers.
func FuzzAnswer(f *testing.F) {
	db, clock := storetest.SQLite(f)
	g := roomtest.New(f, db, clock)
	d := newDevice()
	for _, seed := range []string{"", "{}", virtualwebauthn.CreateAssertionResponse(d.site, d.Authenticator, d.key, virtualwebauthn.AssertionOptions{Challenge: []byte("x")})} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		clock.Advance(24 * time.Hour)
		b := atKey(t, g)
		_, challenge := page(t, b)
		b.Submit("challenge", challenge, "answer", answer)
		if b.Status != http.StatusUnprocessableEntity && b.Status != http.StatusBadRequest {
			t.Errorf("%d for %q", b.Status, answer)
		}
	})
}
