package account_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"kapu/internal/life"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
)

const newAddress = "uj.anna@posta.example"

// askEmail asks for another address and takes the letters to the new and the old one.
func askEmail(w *world, b *roomtest.Browser, c roomtest.Citizen) (fresh, old roomtest.Letter) {
	w.t.Helper()
	b.Visit("/account/email").Submit("email", newAddress, "password", c.Password).At("/account/email").See(http.StatusOK, "Két levelet küldtünk")
	letters := w.letters()
	if len(letters["email-confirm-new"]) != 1 || len(letters["email-confirm-old"]) != 1 {
		w.t.Fatalf("letters: %v", letters)
	}
	return letters["email-confirm-new"][0], letters["email-confirm-old"][0]
}

func TestChangingTheAddress(t *testing.T) {
	for _, c := range []struct {
		name    string
		oldLast bool
	}{{"the old address last", true}, {"the new address last", false}} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(w *world) {
				anna := w.citizen("KisAnna", 2)
				b := w.signIn(anna).Visit("/account/email").See(http.StatusOK, string(anna.Email), "24 óra múlva lejárnak")
				fresh, old := askEmail(w, b, anna)
				if fresh.To != newAddress || old.To != string(anna.Email) {
					w.t.Errorf("letters to %s and %s", fresh.To, old.To)
				}
				first, last := fresh, old
				says, beside := "Megerősítette az új címet", "megerősítve"
				if !c.oldLast {
					first, last = old, fresh
					says, beside = "Engedélyezte a változtatást", "rendben"
				}
				mail := w.Browser(w.t) // the mail is read elsewhere, without a session
				mail.Visit(first.Path()).At("/confirm").Submit().At("/confirm/done").See(http.StatusOK, says, "Az új címe még nem él")
				b.Visit("/account/email").See(http.StatusOK, beside, "megerősítésre vár")
				if a, _ := w.account(anna.ID); a.Email != anna.Email {
					w.t.Fatalf("changed after one of two: %s", a.Email)
				}
				mail.Visit(last.Path()).Submit().At("/confirm/done").See(http.StatusOK, "Megváltozott az e-mail-címe")
				if a, _ := w.account(anna.ID); a.Email != newAddress {
					w.t.Errorf("the address is %s", a.Email)
				}
				b.Visit("/account/email").See(http.StatusOK, newAddress, "Elküldöm a két levelet")
				w.has(anna.PersonID, "email.requested", "email.changed")
				if told := w.letters()["email-changed"]; len(told) != 2 {
					w.t.Errorf("told %v", told)
				}
				mail.Visit(last.Path()).See(http.StatusGone, "már nincs teendő")
			})
		})
	}
}

func TestAnAddressIsRefusedKindly(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	for _, c := range []struct{ why, email, password, says, en string }{
		{"nothing typed", "", "", "Írja be az új e-mail-címét", "Enter your new e-mail address"},
		{"no address", "anna", anna.Password, "nev@pelda.hu formájú", "e-mail address"},
		{"two at signs", "a@b@c.hu", anna.Password, "nev@pelda.hu formájú", "e-mail address"},
		{"letters that mail does not know", "ánna@posta.example", anna.Password, "Olyan karakter", "character"},
		{"the same", string(anna.Email), anna.Password, "Most is ez az e-mail-címe", "already is your e-mail address"},
		{"the same in capitals", "KISANNA@posta.example", anna.Password, "Most is ez az e-mail-címe", "already is your e-mail address"},
		{"no password", newAddress, "", "Írja be a jelszavát", "password"},
		{"another password", newAddress, "nem ez a jelszava", "Ez a jelszó nem megfelelő", "password"},
	} {
		t.Run(c.why, func(t *testing.T) {
			b.Visit("/account/email").Submit("email", c.email, "password", c.password).See(http.StatusUnprocessableEntity, c.says, `value="`+c.email+`"`)
			b.Visit("/account/email?lang=en").Submit("email", c.email, "password", c.password).See(http.StatusUnprocessableEntity, c.en)
			b.Visit("/account/email?lang=hu")
			w.Clock.Advance(10 * time.Minute) // wrong passwords are slowed
		})
	}
	if l := w.letters(); len(l) > 0 || len(w.waiting(anna.ID)) > 0 {
		t.Errorf("letters %v, waiting %v", l, w.waiting(anna.ID))
	}
}

func TestBothFieldsAreNamedAtOnce(t *testing.T) {
	w := open(t)
	b := w.signIn(w.citizen("KisAnna", 2))
	b.Visit("/account/email").Submit().See(http.StatusUnprocessableEntity, `href="#email"`, `href="#password"`)
}

func TestAskingTwiceForTheSameAddressKeepsTheLetters(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna).Visit("/account/email")
	second := b.Twin()
	fresh, old := askEmail(w, b, anna)
	second.Post("/account/email", "email", newAddress, "password", anna.Password).At("/account/email").See(http.StatusOK, "Két levelet küldtünk")
	if l := w.letters(); len(l) > 0 {
		t.Errorf("letters again: %v", l)
	}
	mail := w.Browser(t)
	mail.Visit(fresh.Path()).Submit().At("/confirm/done")
	mail.Visit(old.Path()).Submit().See(http.StatusOK, "Megváltozott")
}

func TestAnotherAddressTakesThePlaceOfTheFirst(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	fresh, old := askEmail(w, b, anna)
	b.Post("/account/email", "email", "harmadik@posta.example", "password", anna.Password).See(http.StatusOK, "harmadik@posta.example")
	mail := w.Browser(t)
	mail.Visit(fresh.Path()).See(http.StatusGone, "újabb levelet küldtünk")
	mail.Visit(old.Path()).See(http.StatusGone)
}

func TestTakingAChangeOfAddressBack(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	fresh, old := askEmail(w, b, anna)
	page := b.Visit("/account/email").See(http.StatusOK, "Visszavonom, marad a mostani cím")
	lacks(t, page, `name="password"`)
	second := b.Twin()
	b.Post("/account/stop/email").At("/confirm/done").See(http.StatusOK, "Marad a mostani e-mail-címe", `href="/account/password"`)
	second.Post("/account/stop/email").At("/account/email").See(http.StatusOK, "Elküldöm a két levelet") // the second click
	for _, l := range []roomtest.Letter{fresh, old} {
		w.Browser(t).Visit(l.Path()).See(http.StatusGone)
	}
	w.has(anna.PersonID, "email.stopped")
	if a, _ := w.account(anna.ID); a.Email != anna.Email {
		t.Errorf("the address is %s", a.Email)
	}
}

func TestTheOldAddressStopsAChange(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	fresh, old := askEmail(w, w.signIn(anna), anna)
	mail := w.Browser(t).Visit(old.Path()).See(http.StatusOK, "Új e-mail-címet kértek", "Nem én kértem, állítsák le")
	mail.Submit("act", "stop").At("/confirm/done").See(http.StatusOK, "Marad a mostani e-mail-címe", "Változtassa meg a jelszavát", "valaki ismerheti a jelszavát")
	mail.Visit(fresh.Path()).See(http.StatusGone)
	if len(w.waiting(anna.ID)) > 0 {
		t.Error("it still waits")
	}
}

func TestTheNewAddressCannotStopWhatItWasToldOf(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	fresh, _ := askEmail(w, w.signIn(anna), anna)
	w.Browser(t).Visit(fresh.Path()).Submit("act", "stop").See(http.StatusGone)
	if !slices.Equal(w.waiting(anna.ID), []string{life.Email}) {
		t.Errorf("waiting: %v", w.waiting(anna.ID))
	}
}

func TestAChangeThatNobodyConfirmsIsForgotten(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	fresh, old := askEmail(w, w.signIn(anna), anna)
	w.Clock.Advance(day)
	w.Browser(t).Visit(fresh.Path()).See(http.StatusGone, "Lejárt az ideje")
	w.Browser(t).Visit(old.Path()).See(http.StatusGone)
	w.signIn(anna).Visit("/account/email").See(http.StatusOK, "Elküldöm a két levelet")
	w.act()
	if a, _ := w.account(anna.ID); a.Email != anna.Email {
		t.Errorf("the address is %s", a.Email)
	}
}

func TestAChangeAskedForAtADeskWaitsForItsDay(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	w.update(func(tx *store.Tx) error {
		_, err := w.life.RequestEmail(tx, anna.Account, newAddress, life.Actor{Clerk: "clerk", Office: "office"})
		return err
	})
	letters := w.letters()
	b := w.signIn(anna)
	b.Visit("/account/email").See(http.StatusOK, newAddress, "megerősítésre vár")
	w.Browser(t).Visit(letters["email-confirm-new"][0].Path()).Submit().See(http.StatusOK, "nincs több teendője")
	b.Visit("/account/email").See(http.StatusOK, "lép életbe", "Visszavonom")
	stop := w.Browser(t).Visit(letters["email-change-announced"][0].Path()).At("/stop").See(http.StatusOK, "Leállítja az e-mail-cím megváltoztatását?")
	stop.Submit().At("/confirm/done").See(http.StatusOK, "Marad a mostani e-mail-címe")
	stop.Visit(letters["email-change-announced"][0].Path()).See(http.StatusGone)
}

func TestLettersToStrangersAreFew(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b, sent := w.signIn(anna), 0
	for i := range 12 {
		b.Post("/account/email", "email", fmt.Sprintf("idegen%d@posta.example", i), "password", anna.Password)
		if b.Status == http.StatusOK {
			sent++
		}
	}
	b.See(http.StatusTooManyRequests, "túl sok ilyen levelet kért")
	if n := len(w.letters()["email-confirm-new"]); n != sent || n != 10 {
		t.Errorf("%d letters, %d times told of them", n, sent)
	}
	w.Clock.Advance(day)
	w.signIn(anna).Post("/account/email", "email", newAddress, "password", anna.Password).See(http.StatusOK, "Két levelet küldtünk")
}

// Whoever clicks twice within an instant has two requests under way at once.
func TestManyClicksAtOnceSendTheLettersOnce(t *testing.T) {
	each(t, func(w *world) {
		anna := w.citizen("KisAnna", 2)
		b := w.signIn(anna).Visit("/account/email")
		var clicks sync.WaitGroup
		for range 4 {
			twin := b.Twin()
			clicks.Go(func() { twin.Submit("email", newAddress, "password", anna.Password) })
			extending := b.Twin()
			clicks.Go(func() { extending.Post("/account/validity", "years", "5") })
		}
		clicks.Wait()
		letters := w.letters()
		for _, kind := range []string{"email-confirm-new", "email-confirm-old", "account-extended"} {
			if len(letters[kind]) != 1 {
				w.t.Errorf("%s: %d letters", kind, len(letters[kind]))
			}
		}
		w.Browser(w.t).Visit(letters["email-confirm-new"][0].Path()).See(http.StatusOK, "Az Öné ez az e-mail-cím?")
	})
}
