package totp_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestLostPhone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Plus(t, g.Citizen(t, "KisAnna"))
		b := atCode(t, g, anna).Follow("Nincs meg a telefonja").At("/signin/totp/removal")
		second := b.Twin()
		b.Submit("code", strings.ToLower(strings.ReplaceAll(anna.Removal.Text(), "-", " "))).See(http.StatusOK, "Kikapcsoltuk")
		second.Submit("code", anna.Removal.Text()).At("/signin/enrol/totp")
		if l := g.Letter(t, "factor-removed-by-code"); l.To != string(anna.Email) {
			t.Errorf("told %s", l.To)
		}
		if events := g.Events(t, anna.PersonID); !slices.Contains(events, "factor.removed") {
			t.Errorf("ledger: %v", events)
		}
		b.Follow("új telefonomon").At("/signin/enrol/totp")
		b, anna = g.Enrol(t, b, anna)
		b.See(http.StatusOK, "service", anna.ID)
	})
}

// Whoever had password and removal code may have been a thief.
func TestARemovalByCodeCanBeStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Plus(t, g.Citizen(t, "KisAnna"))
		other := anna.Account
		other.Username, other.Email = "KisAnnaCég", "anna.masik@posta.example"
		if err := g.DB.Update(context.Background(), func(tx *store.Tx) error { _, err := tx.AddAccount(other); return err }); err != nil {
			t.Fatal(err)
		}
		thief := atCode(t, g, anna).Follow("Nincs meg a telefonja")
		thief.Submit("code", anna.Removal.Text()).See(http.StatusOK, "Kikapcsoltuk")
		var notice roomtest.Letter
		told := map[string]bool{}
		for _, l := range g.Letters(t) {
			if l.Kind == "factor-removed-by-code" {
				notice, told[l.To] = l, true
			}
		}
		if !told[string(anna.Email)] || !told[string(other.Email)] {
			t.Errorf("told %v", told)
		}
		g.Clock.Advance(law.Default().StopPeriod(g.Clock.Now()) - time.Minute)
		owner := g.Browser(t).Visit(notice.Path()).See(http.StatusOK, "Nem Ön volt?")
		g.Browser(t).SignIn(anna).At("/signin/enrol/totp") // opening the link did nothing
		owner.Submit().At("/revoke/done").See(http.StatusOK, "lezártuk")
		g.Clock.Advance(time.Minute)
		g.Browser(t).SignIn(anna).See(http.StatusUnprocessableEntity, "nem megfelelő")
		if events := g.Events(t, anna.PersonID); !slices.Contains(events, "account.closed") || slices.Contains(events, "factor.revoked") {
			t.Errorf("ledger: %v", events)
		}
		reopen(t, g, owner, anna)
	})
}

func TestStoppingARemovalLapses(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	atCode(t, g, anna).Follow("Nincs meg a telefonja").Submit("code", anna.Removal.Text()).See(http.StatusOK)
	notice := g.Letter(t, "factor-removed-by-code")
	g.Clock.Advance(law.Default().StopPeriod(g.Clock.Now()))
	g.Browser(t).Visit(notice.Path()).See(http.StatusGone, "már nem lehet")
}

// A thief who requested Ügyfélkapu+ has its removal code too. Using it must not
// shorten the time in which the owner can take the request back.
func TestARemovalDoesNotShortenTheRevocation(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	_, stolen := g.Enrol(t, g.Browser(t).SignIn(anna), anna)
	g.Letters(t)
	g.Clock.Advance(time.Minute)
	atCode(t, g, stolen).Follow("Nincs meg a telefonja").Submit("code", stolen.Removal.Text()).See(http.StatusOK)
	notice := g.Letter(t, "factor-removed-by-code")
	g.Clock.Advance(law.Default().PlusRevocation(g.Clock.Now()) - 2*time.Minute)
	g.Browser(t).Visit(notice.Path()).See(http.StatusOK, "Nem Ön volt?")
}

// A thief could else cause one notice after another, and the owner would never
// hold a link that works.
func TestEveryNoticeShutsTheAccount(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	_, stolen := g.Enrol(t, g.Browser(t).SignIn(anna), anna)
	first := g.Letter(t, "plus-requested")
	g.Clock.Advance(time.Minute)
	atCode(t, g, stolen).Follow("Nincs meg a telefonja").Submit("code", stolen.Removal.Text()).See(http.StatusOK)
	second := g.Letter(t, "factor-removed-by-code")
	g.Browser(t).Visit(second.Path()).See(http.StatusOK, "Nem Ön volt?")
	g.Browser(t).Visit(first.Path()).See(http.StatusOK, "Nem Ön volt?").Submit().At("/revoke/done")
	g.Browser(t).Visit(second.Path()).See(http.StatusGone) // it is shut already
	g.Clock.Advance(time.Minute)
	reopen(t, g, g.Browser(t), anna)
	if third := g.Letter(t, "plus-requested"); third.Path() == first.Path() {
		t.Error("an old link is good for what came after it was used")
	}
}

func TestTheLostPhonesOwnSessionEnds(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	phone := atCode(t, g, anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	phone.Visit("/account").See(http.StatusOK, "substantial")
	b := atCode(t, g, anna).Follow("Nincs meg a telefonja")
	b.Submit("code", anna.Removal.Text()).See(http.StatusOK, "Kikapcsoltuk")
	phone.Visit("/account").At("/signin/choose")
	b, _ = g.Enrol(t, b.Follow("új telefonomon").At("/signin/enrol/totp"), anna)
	b.See(http.StatusOK, "service")
	phone.Visit("/account").At("/signin/choose") // nor does the app on the new telephone bring it back
}

func TestRemovalCodeOfAnother(t *testing.T) {
	g := open(t)
	anna, béla := g.Plus(t, g.Citizen(t, "KisAnna")), g.Plus(t, g.Citizen(t, "NagyBéla"))
	b := atCode(t, g, anna).Follow("Nincs meg a telefonja")
	for range 7 { // mistakes of typing cost nothing
		b.Submit("code", "ABCD-EFGH-JKLM-NPQR-STUV").See(http.StatusUnprocessableEntity, "elírás")
	}
	for range 5 {
		b.Submit("code", béla.Removal.Text()).See(http.StatusUnprocessableEntity, "nem ehhez")
	}
	b.Submit("code", anna.Removal.Text()).See(http.StatusTooManyRequests)
	b.Follow("Vissza a kódhoz").Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
}

func TestRemovalNeedsThePassword(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atCode(t, g, anna).Follow("Nincs meg a telefonja")
	page := b.URL.String()
	b.Post("/signout")
	b.Post(page, "code", anna.Removal.Text()).At("/signin/password")
	if letters := g.Letters(t); len(letters) > 0 {
		t.Error("it was taken off")
	}
}

func TestRevoke(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Citizen(t, "KisAnna")
		thief, stolen := g.Enrol(t, g.Browser(t).SignIn(anna), anna)
		notice := g.Letter(t, "plus-requested")
		g.Clock.Advance(71 * time.Hour)
		thief.SignIn(stolen).Submit("code", g.Code(stolen.Secret)).See(http.StatusOK, "service")

		owner := g.Browser(t).Visit(notice.Path()).See(http.StatusOK, "Nem Ön volt?")
		thief.Visit("/account").See(http.StatusOK, "substantial") // opening the link did nothing
		owner.Submit().At("/revoke/done").See(http.StatusOK, "lezártuk")
		thief.Visit("/account").At("/signin/choose")
		g.Clock.Advance(time.Minute)
		thief.SignIn(stolen).See(http.StatusUnprocessableEntity, "nem megfelelő")
		owner.Visit(notice.Path()).See(http.StatusGone)
		owner.Submit().See(http.StatusGone)
		if events := g.Events(t, anna.PersonID); !slices.Contains(events, "factor.revoked") {
			t.Errorf("ledger: %v", events)
		}
		reopen(t, g, owner, anna)
	})
}

// reopen is what the owner of a closed account does with the letter.
func reopen(t *testing.T, g *roomtest.Gateway, b *roomtest.Browser, c roomtest.Citizen) {
	t.Helper()
	letter := g.Letter(t, "plus-revoked")
	if letter.To != string(c.Email) {
		t.Errorf("the code went to %s", letter.To)
	}
	b.Visit(letter.Path()).Submit("username", string(c.Username), "code", letter.Code).At("/activate/password").See(http.StatusOK, "Ne a régit")
	c.Password = "kilenc kerek kő koppan"
	b.Submit("password", c.Password).At("/signin/enrol/totp")
	b, _ = g.Enrol(t, b, c)
	b.At("/account").See(http.StatusOK, "substantial")
}

func TestRevocationLapses(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	_, anna = g.Enrol(t, g.Browser(t).SignIn(anna), anna)
	notice := g.Letter(t, "plus-requested")
	g.Clock.Advance(72 * time.Hour)
	b := g.Browser(t).Visit(notice.Path()).See(http.StatusGone, "már nem lehet", "1818")
	b.Submit().See(http.StatusGone)
	b.Visit("/revoke").See(http.StatusGone)
	g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
}
