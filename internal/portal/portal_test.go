package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

func TestTheFrontPageOfAStranger(t *testing.T) {
	w := sqliteWorld(t)
	page := w.get(w.browser(), "/")
	page.has(t, "Egy kapu az ügyeihez", `href="/enter"`, `href="/register"`, "Adóhivatal – eBevallás", "erős azonosítás", "név, adóazonosító jel", "Személyes adatot nem kap.")
	page.lacks(t, "/signout", "Jó napot")
}

func TestAPasswordAloneIsLedToUgyfelkapuPlus(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").prove(authn.Password)
	anna.get("/").has(t, `href="/account/plus"`)
	for _, path := range []string{"/account", "/account/history", "/enter"} {
		if got := anna.get(path); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/signin/") {
			t.Errorf("%s: %d to %q", path, got.status, got.header.Get("Location"))
		}
	}
}

func TestTheFrontPageSaysHowTheAccountStands(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna")
	w.clock.Advance(42 * time.Minute)
	anna.signIn()
	page := anna.get("/")
	page.has(t, "Jó napot, Kiss Anna!", "<strong>2029. március 2-ig</strong> érvényes.", "Ma 10.42-kor lépett be (Ügyfélkapu+).", `action="/signout"`)
	page.lacks(t, "nap</strong> múlva lejár")
	anna.get("/?lang=en").has(t, "Good day, Kiss Anna!", "until 2 March 2029", "You signed in today at 10:42 with Ügyfélkapu+.", "Tax Office – eReturn")
}

func TestTheEndOfAnAccountIsAnnounced(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna")
	w.clock.Advance((3*365 + 1 - 6) * 24 * time.Hour) // six days before
	anna.signIn()
	anna.get("/").has(t, "<strong>6 nap</strong> múlva lejár")
	anna.get("/account?lang=en").has(t, "<strong>6 days</strong>", "6</strong> days left")
}

func TestARestingTelephonePasswordIsAskedForAfterAStrongSignIn(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	anna.get("/").lacks(t, "/account/phone")
	w.heard = authn.Phone
	anna.get("/").has(t, "a jelszó szünetel", `href="/account/phone"`)
}

func TestServicesAreFoundWithoutScript(t *testing.T) {
	w := sqliteWorld(t)
	hidden := func(body, id string) bool {
		item := body[:strings.Index(body, `href="/services/`+id+`"`)]
		return strings.Contains(item[strings.LastIndex(item, "<li"):], " hidden")
	}
	for _, c := range []struct {
		search    string
		tax, town bool
	}{
		{"", true, true}, {"adohivatal", true, false}, {"ÖNKORM", false, true}, {"tax office", true, false}, {"befizetesek adó", true, false},
		{"adó önkorm", false, false}, {"<script>", false, false}, {strings.Repeat("ő", 2000), false, false}, {"\xff", true, true},
	} {
		page := w.get(w.browser(), "/?q="+url.QueryEscape(c.search))
		if page.status != http.StatusOK || hidden(page.body, "tax") == c.tax || hidden(page.body, "town") == c.town {
			t.Errorf("%.20q: %d, tax hidden %v, town hidden %v", c.search, page.status, hidden(page.body, "tax"), hidden(page.body, "town"))
		}
		if nothing := !c.tax && !c.town; nothing == strings.Contains(page.body, `role="status" hidden`) {
			t.Errorf("%.20q: the word that nothing was found is wrong", c.search)
		}
	}
}

func TestChoosingAServiceLeadsThere(t *testing.T) {
	w := sqliteWorld(t)
	if got := w.get(w.browser(), "/services/tax"); got.status != http.StatusSeeOther || got.header.Get("Location") != "https://tax.example/start" {
		t.Errorf("%d to %q", got.status, got.header.Get("Location"))
	}
	if got := w.get(w.browser(), "/services/none"); got.status != http.StatusNotFound {
		t.Errorf("an unknown service: %d", got.status)
	}
}

func TestMyAccount(t *testing.T) {
	eachEngine(t, func(w *world) {
		anna := w.citizen("Anna")
		anna.signIn().append(ledger.Released{Service: "tax", Data: []string{"name"}})
		page := anna.get("/account")
		page.has(w.t, "KissAnna", "anna@example.hu", "Nagy Anna", "Tóth Eszter", "Gyula, 1968. március 14.", "5700 Gyula, Fő tér 1.",
			"1096</strong> nap van hátra", `href="/account/validity"`, `href="/account/email"`, `href="/account/more"`, `href="/account/delete"`, "Beállította: 2026. március 2.", "Legkésőbb <strong>18.00-kor", "30 perc",
			`href="/account/plus"`, `href="/account/password"`, "Adóhivatal – eBevallás</strong> megkapta: név.")
		w.update(func(tx *store.Tx) error { return tx.RemoveCredential(anna.account, string(authn.TOTP)) })
		if got := anna.get("/account"); got.status != http.StatusSeeOther {
			w.t.Errorf("the account without the factor that opened it: %d", got.status)
		}
	})
}

func TestWhatWaitsIsShownWithTheWayToStopIt(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	anna.get("/account").lacks(t, "/account/stop/", "Megnézem, és leállíthatom")
	w.update(func(tx *store.Tx) error {
		for i, kind := range []string{"delete", "email", "remove-totp"} {
			if _, err := tx.PutAct(store.PendingAct{Account: anna.account, Kind: kind, Digest: kind, Due: tx.Now.Add(time.Duration(i+1) * 24 * time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	})
	anna.get("/account").has(t, "Ügyfélkapuját <strong>2026. március 3. 10.00-kor</strong> töröljük.", "<strong>2026. március 4. 10.00-ig</strong> leállítható.",
		"<strong>2026. március 5. 10.00-kor</strong> kikapcsoljuk.", `href="/account/delete"`, `href="/account/email"`, `href="/account/stop/remove-totp"`)
	anna.get("/account?lang=en").has(t, "Your account will be deleted: <strong>3 March 2026, 10:00</strong>.", "See and stop it")
}

func TestAProvisionalRegistrationSaysSo(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna")
	w.update(func(tx *store.Tx) (err error) {
		a, err := tx.AddAccount(identity.Account{PersonID: anna.person, State: identity.Active, Username: "AnnaIdeiglenes", Email: "anna@example.hu",
			ValidUntil: tx.Now.AddDate(0, 0, 29), Activated: tx.Now, Channel: identity.ChannelProvisional, Provisional: true})
		if err != nil {
			return err
		}
		anna.account = a.ID
		if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: string(authn.Password), Secret: "x"}); err != nil {
			return err
		}
		return tx.PutCredential(store.Credential{Account: a.ID, Kind: string(authn.TOTP), Secret: "x"})
	})
	w.clock.Advance(time.Second)
	anna.signIn()
	for _, path := range []string{"/", "/account"} {
		page := anna.get(path)
		page.has(t, "Ideiglenes regisztrációja <strong>2026. március 31-ig</strong> érvényes; véglegesítse bármely kormányablakban.", "29 nap</strong> múlva lejár", "Hogyan véglegesíthetem?")
		page.lacks(t, "Meghosszabbítás", "Ügyfélkapuja <strong>")
	}
	anna.get("/account").has(t, "Ügyfélkapuim (2)")
}

func TestIdentifiersStandCovered(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	body := anna.get("/account").body
	open, hidden, found := strings.Cut(body, "<details")
	if !found || strings.Contains(open, "12345678") || !strings.Contains(hidden, "12345678") || !strings.Contains(open, "••••••78") {
		t.Error("the TAJ number is not covered, or not to be had")
	}
}

func TestShortIdentifiersAreNotLengthened(t *testing.T) {
	for value, want := range map[string]string{"": "", "12": "12", "123": "123", "1234": "•234"} {
		if i := identifierOf("k", value); i.Hidden+i.End != want {
			t.Errorf("%q shows as %q", value, i.Hidden+i.End)
		}
	}
}

func TestTheGuideTellsTheLaw(t *testing.T) {
	w := sqliteWorld(t)
	w.get(w.browser(), "/register").has(t, "2001. január 1-jén vagy később", "5 nap", "legalább 12 karakter", "8 számjegyű", "6 számjegyű", "30 másodperc", "14. életévét", "5 évig", "3000 forint", "legalább 4 betű", `href="/activate"`,
		`href="/register/card"`, "2016. január 1-jén vagy később", `href="/register/provisional"`, "30 napra", `href="#consulate"`)
	w.get(w.browser(), "/register?lang=en").has(t, "issued on 1 January 2001 or later", "5 days")
	w.get(w.browser(), "/help").has(t, "tel:1818", "törlőkód", "5 nap")
}
