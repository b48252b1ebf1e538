package account_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/life"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
)

// askDeletion asks for the deletion and takes the letter with the link.
func askDeletion(w *world, b *roomtest.Browser, c roomtest.Citizen) roomtest.Letter {
	w.t.Helper()
	b.Visit("/account/delete").Submit("password", c.Password).At("/account/delete/sent").See(http.StatusOK, "Nézze meg a leveleit", string(c.Email))
	return w.Letter(w.t, "deletion-confirm")
}

func TestDeletingAnAccount(t *testing.T) {
	each(t, func(w *world) {
		anna := w.citizen("KisAnna", 2)
		b := w.signIn(anna)
		b.Visit("/account/delete").See(http.StatusOK, "KisAnna", "Amit törlünk", "Ami megmarad", "5 évig senki sem választhatja", "3 nap a gondolkodási idő", "24 óra múlva lejár", "szolgáltatásokat ezután csak új regisztrációval")
		letter := askDeletion(w, b, anna)
		if len(w.waiting(anna.ID)) > 0 {
			w.t.Fatal("announced before it was confirmed")
		}
		mail := w.Browser(w.t).Visit(letter.Path()).See(http.StatusOK, "Biztosan törli", "2026. március 5. 10.00-kor")
		mail.Submit().At("/confirm/done").See(http.StatusOK, "Megerősítette a törlést", "2026. március 5. 10.00-kor")
		b.Visit("/account/delete").See(http.StatusOK, "Ügyfélkapuját <strong>2026. március 5. 10.00-kor</strong> töröljük", "Mégis megtartom")
		lacks(w.t, b, `name="password"`)
		b.Visit("/account/delete/sent").At("/account/delete")
		if n := len(w.letters()["deletion-announced"]); n != 1 {
			w.t.Errorf("%d announcements", n)
		}
		w.Clock.Advance(3*day + time.Minute)
		w.act()
		if _, found := w.account(anna.ID); found {
			w.t.Error("it is still there")
		}
		b.Visit("/account/delete").At("/signin/choose")
		mail.Visit(letter.Path()).See(http.StatusGone, "már megtörtént")
	})
}

func TestKeepingAnAccountAfterAll(t *testing.T) {
	for _, c := range []struct {
		name string
		stop func(w *world, b *roomtest.Browser, announced roomtest.Letter) *roomtest.Browser
	}{
		{"signed in", func(w *world, b *roomtest.Browser, _ roomtest.Letter) *roomtest.Browser {
			return b.Visit("/account/delete").Post("/account/stop/delete")
		}},
		{"by way of the question", func(w *world, b *roomtest.Browser, _ roomtest.Letter) *roomtest.Browser {
			return b.Visit("/account/stop/delete").See(http.StatusOK, "Megtartja az ügyfélkapuját?").Submit()
		}},
		{"by the link", func(w *world, _ *roomtest.Browser, l roomtest.Letter) *roomtest.Browser {
			return w.Browser(w.t).Visit(l.Path()).At("/stop").See(http.StatusOK, "Megtartja az ügyfélkapuját?").Submit()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t)
			anna := w.citizen("KisAnna", 2)
			b := w.signIn(anna)
			confirm := askDeletion(w, b, anna)
			w.Browser(t).Visit(confirm.Path()).Submit().At("/confirm/done")
			announced := w.Letter(t, "deletion-announced")
			said := c.stop(w, b, announced).At("/confirm/done").See(http.StatusOK, "Ügyfélkapuja megmarad", `href="/account/password"`)
			said.Visit(said.URL.String()).See(http.StatusOK, "Ügyfélkapuja megmarad") // loaded again
			b.Visit("/account/stop/delete").At("/account/delete").See(http.StatusOK, "Kérem a levelet")
			for _, l := range []roomtest.Letter{confirm, announced} {
				w.Browser(t).Visit(l.Path()).See(http.StatusGone)
			}
			w.has(anna.PersonID, "deletion.requested", "deletion.stopped")
			w.Clock.Advance(4 * day)
			w.act()
			if _, found := w.account(anna.ID); !found {
				t.Error("deleted all the same")
			}
		})
	}
}

func TestADeletionWantsThePassword(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	b.Visit("/account/delete").Submit("password", "").See(http.StatusUnprocessableEntity, "Írja be a jelszavát")
	b.Submit("password", "nem ez a jelszava").See(http.StatusUnprocessableEntity, "Ez a jelszó nem megfelelő", "Amit törlünk")
	b.Visit("/account/delete/sent").At("/account/delete")
	for range 6 {
		b.Post("/account/delete", "password", "nem ez a jelszava")
	}
	b.See(http.StatusTooManyRequests, "várni kell")
	if l := w.letters(); len(l) > 0 {
		t.Errorf("letters: %v", l)
	}
}

func TestTwoClicksSendOneLetter(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	first := askDeletion(w, b, anna)
	b.Post("/account/delete", "password", anna.Password).At("/account/delete/sent")
	if l := w.letters(); len(l) > 0 {
		t.Fatalf("letters again: %v", l)
	}
	w.Clock.Advance(2 * time.Minute)
	b.Visit("/account/delete").See(http.StatusOK, "Már küldtünk egy levelet")
	second := askDeletion(w, b, anna) // this one is asked for on purpose
	w.Browser(t).Visit(first.Path()).See(http.StatusGone, "újabb levelet")
	w.Browser(t).Visit(second.Path()).See(http.StatusOK, "Biztosan törli")
}

func TestTheLinkOfADeletionIsPressedTwice(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	letter := askDeletion(w, w.signIn(anna), anna)
	mail := w.Browser(t).Visit(letter.Path())
	second := mail.Twin()
	mail.Submit().At("/confirm/done")
	w.Clock.Advance(time.Hour)
	second.Submit().At("/confirm/done").See(http.StatusOK, "2026. március 5. 10.00-kor") // the same day, not a later one
	if n := len(w.letters()["deletion-announced"]); n != 1 {
		t.Errorf("%d announcements", n)
	}
}

func TestTheLinkOfADeletionEnds(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	letter := askDeletion(w, w.signIn(anna), anna)
	w.Clock.Advance(day)
	mail := w.Browser(t).Visit(letter.Path()).See(http.StatusGone, "Lejárt az ideje", "1818")
	mail.Submit().See(http.StatusGone)
	if len(w.waiting(anna.ID)) > 0 {
		t.Error("it waits")
	}
	w.signIn(anna).Visit("/account/delete/sent").At("/account/delete")
}

func TestAClerkIsDismissedFirst(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	w.update(func(tx *store.Tx) error {
		if err := tx.PutOffice(identity.Office{ID: "office", Kind: identity.GovernmentWindow, Name: "Kormányablak, Kisfalud"}); err != nil {
			return err
		}
		return tx.AppointClerk(anna.ID, "office")
	})
	b := w.signIn(anna).Visit("/account/delete").See(http.StatusOK, "Ön ügyintéző", "Kormányablak, Kisfalud", "Kérje meg a vezetőjét")
	lacks(t, b, `name="password"`)
	b.Post("/account/delete", "password", anna.Password).At("/account/delete").See(http.StatusOK, "Ön ügyintéző")
	if l := w.letters(); len(l) > 0 {
		t.Errorf("letters: %v", l)
	}
}

func TestOtherAccountsStay(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	w.further(anna, "AnnaKettő")
	b := w.signIn(anna).Visit("/account/delete").See(http.StatusOK, "A másik ügyfélkapuja", "Ezt az ügyfélkaput")
	lacks(t, b, "Minden személyes adatát", "AnnaKettő")
}

func TestADeletionAskedForAtADeskIsShown(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	w.update(func(tx *store.Tx) error {
		_, err := w.life.RequestDeletion(tx, anna.Account, life.Actor{Clerk: "clerk", Office: "office"})
		return err
	})
	b := w.signIn(anna).Visit("/account/delete").See(http.StatusOK, "töröljük", "Mégis megtartom")
	b.Post("/account/delete", "password", anna.Password).At("/account/delete").See(http.StatusOK, "Mégis megtartom")
	if strings.Contains(b.Body, "Nézze meg a leveleit") {
		t.Error("a letter to confirm what is announced")
	}
}
