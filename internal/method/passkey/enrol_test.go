package passkey_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestAddingAKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Plus(t, g.Citizen(t, "KisAnna"))
		b := adds(t, signedIn(t, g, anna), newDevice(), "telefonom")
		want := []string{"signin.succeeded", "factor.requested", "factor.added", "notice.sent"}
		if diff := cmp.Diff(want, g.Events(t, anna.PersonID)); diff != "" {
			t.Errorf("ledger:\n%s", diff)
		}
		if l := g.Letter(t, "passkey-added"); l.To != string(anna.Email) || !strings.HasPrefix(l.Path(), "/revoke?c=") {
			t.Errorf("letter %+v", l)
		}
		adds(t, b, newDevice(), "biztonsági kulcs").See(http.StatusOK, "telefonom")
		b.Visit("/account").See(http.StatusOK, "substantial")
		if all := keys(t, g, anna.ID); len(all) != 2 || string(all[0].Credential) == string(all[1].Credential) {
			t.Errorf("%+v", all)
		}
	})
}

// A stolen password adds no key, whether or not the account has more than that.
func TestAPasswordAloneAddsNoKey(t *testing.T) {
	g := open(t)
	anna, béla := g.Plus(t, g.Citizen(t, "KisAnna")), g.Citizen(t, "NagyBéla")
	g.Browser(t).Post("/account/passkeys").At("/signin/choose").Submit("method", "password").
		Submit("username", "KisAnna", "password", anna.Password).At("/signin/totp")
	b := g.Browser(t).SignIn(béla).At("/signin/enrol/totp")
	b.Post("/account/passkeys").At("/signin/enrol/totp")
	b.Visit("/account/passkeys").At("/signin/enrol/totp")
}

func TestALockedIdentityGetsNoKey(t *testing.T) {
	g := open(t)
	anna, phone := g.Plus(t, g.Citizen(t, "KisAnna")), newDevice()
	b := signedIn(t, g, anna)
	options, challenge := page(t, atMaking(t, b, "telefonom"))
	dispose(t, g, anna.PersonID, authn.Disposition{Locked: true})
	b.Submit("challenge", challenge, "answer", phone.made(t, options)).At("/signin/refuse")
	b.Post("/account/passkeys").At("/signin/refuse")
	b.Visit("/account/passkeys").See(http.StatusOK, "Azonosítási Rendelkezésében")
	if all := keys(t, g, anna.ID); len(all) > 0 {
		t.Errorf("%+v", all)
	}
}

func TestWhatIsNotAdded(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := signedIn(t, g, anna)
	b.Post("/account/passkeys").Submit("name", "", "password", anna.Password).See(http.StatusUnprocessableEntity, "Írja be, mi legyen")
	b.Submit("name", strings.Repeat("ő", 41), "password", anna.Password).See(http.StatusUnprocessableEntity, "legfeljebb 40")
	b.Submit("name", "telefonom", "password", "nem ez a jelszava").See(http.StatusUnprocessableEntity, "jelszó")
	atMaking(t, b, "telefonom")
	for name, change := range map[string]func(*device){
		"another site":          func(d *device) { d.site.Origin = "http://kapu.example.evil.example" },
		"another relying party": func(d *device) { d.site.ID = "evil.example" },
		"no user verification":  func(d *device) { d.Options.UserNotVerified = true },
		"nobody present":        func(d *device) { d.Options.UserNotPresent = true },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDevice()
			change(d)
			options, challenge := page(t, b)
			b.Submit("challenge", challenge, "answer", d.made(t, options)).See(http.StatusUnprocessableEntity, "nem tudtuk elfogadni")
		})
	}
	_, challenge := page(t, b)
	b.Submit("challenge", challenge, "answer", "{}").See(http.StatusUnprocessableEntity, "nem tudtuk elfogadni")
	b.Submit("challenge", "", "answer", "{}").See(http.StatusUnprocessableEntity, "túl sokáig")
	if letters := g.Letters(t); len(letters) > 0 || len(keys(t, g, anna.ID)) > 0 {
		t.Errorf("%d letters", len(letters))
	}
}

func TestTheSameKeyTwice(t *testing.T) {
	g := open(t)
	anna, phone := g.Plus(t, g.Citizen(t, "KisAnna")), newDevice()
	b := signedIn(t, g, anna)
	options, challenge := page(t, atMaking(t, b, "telefonom"))
	address, answer := b.URL.String(), phone.made(t, options)
	b.Submit("challenge", challenge, "answer", answer).At("/account/passkeys")
	b.Post(address, "challenge", challenge, "answer", answer).At("/account/passkeys") // the second submit
	if n := len(keys(t, g, anna.ID)); n != 1 {
		t.Errorf("%d keys", n)
	}
	options, _ = page(t, atMaking(t, b, "megint"))
	if !strings.Contains(options, "excludeCredentials") {
		t.Errorf("the device is not told of its own key: %s", options)
	}
	béla := g.Plus(t, g.Citizen(t, "NagyBéla"))
	other := signedIn(t, g, béla)
	options, challenge = page(t, atMaking(t, other, "Annáé"))
	other.Submit("challenge", challenge, "answer", phone.made(t, options)).See(http.StatusUnprocessableEntity, "már van belépőkulcsa")
}

func TestAnAccountHasSoManyKeys(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := signedIn(t, g, anna)
	for range law.Default().MostPasskeys(g.Clock.Now()) {
		adds(t, b, newDevice(), "még egy")
	}
	b.Visit("/account/passkeys").See(http.StatusOK, "Legfeljebb 10")
	b.Post("/account/passkeys").At("/account/passkeys")
}

func TestTheLetterShutsTheAccount(t *testing.T) {
	g := open(t)
	anna, stolen := keyed(t, g, "KisAnna", 0)
	notice := g.Letter(t, "passkey-added")
	thief := comes(t, atKey(t, g), stolen).See(http.StatusOK, "service")
	g.Clock.Advance(71 * time.Hour)
	g.Browser(t).Visit(notice.Path()).See(http.StatusOK).Submit().At("/revoke/done")
	thief.Visit("/account").At("/signin/choose")
	comes(t, atKey(t, g), stolen).See(http.StatusUnprocessableEntity, "nem sikerült")
	if n := len(keys(t, g, anna.ID)); n > 0 {
		t.Errorf("%d keys are left", n)
	}
	if events := g.Events(t, anna.PersonID); !slices.Contains(events, "factor.revoked") {
		t.Errorf("ledger: %v", events)
	}
}

func TestKeysOfOthersAreNotFound(t *testing.T) {
	g := open(t)
	anna, _ := keyed(t, g, "KisAnna", 0)
	béla, _ := keyed(t, g, "NagyBéla", 0)
	key := "/account/passkeys/" + keys(t, g, anna.ID)[0].ID
	b := signedIn(t, g, béla)
	for _, address := range []string{key, key + "/remove", "/account/passkeys/nothing"} {
		b.Visit(address).See(http.StatusNotFound)
		b.Post(address, "name", "x", "password", béla.Password).See(http.StatusNotFound)
	}
	signedInAnna := signedIn(t, g, anna).Visit(key).See(http.StatusOK, "telefonom")
	signedInAnna.Submit("name", " ").See(http.StatusUnprocessableEntity)
	signedInAnna.Submit("name", "<b>új</b>").At("/account/passkeys").See(http.StatusOK, "<b>új</b>")
}
