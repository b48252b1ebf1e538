package account_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// Somebody adds a phone by the code that it got, is told by the ways known before, and chooses what they hear of.
func TestAPhoneIsProvenBeforeItIsUsed(t *testing.T) {
	each(t, func(w *world) {
		anna := w.citizen("KisAnna", 1)
		b := w.signIn(anna)
		b.Visit("/account/notices").See(http.StatusOK, "Telefonszám megadása")
		b.Submit("wish", "every", "sms", "yes").See(http.StatusUnprocessableEntity, "Legalább egy elérhetőség") // no phone is proven
		b.Visit("/account/notices/code").At("/account/notices")
		b.Visit("/account/notices/phone").Submit("phone", "+36 1 234 5678", "password", anna.Password).See(http.StatusUnprocessableEntity, "mobilszámot")
		b.Submit("phone", "06 30 123 4567", "password", "nem ez az").See(http.StatusUnprocessableEntity)
		w.letters()
		b.Submit("phone", "06 30 123 4567", "password", anna.Password).At("/account/notices/code").See(http.StatusOK, "…567")
		sent := w.letters()["phone-proof"]
		if len(sent) != 1 || sent[0].To != "+36301234567" {
			t.Fatalf("%+v", sent)
		}
		b.Submit("code", "000000").See(http.StatusUnprocessableEntity, "nem az a kód")
		if told := w.letters(); len(told) != 0 {
			t.Errorf("a wrong code was told: %v", told)
		}
		b.Visit("/account/notices/code").Submit("code", sent[0].Code[:3]+" "+sent[0].Code[3:]).See(http.StatusOK, "megerősítette")
		told := w.letters()["notices-changed"]
		if len(told) != 2 || told[0].To == told[1].To { // the mailbox, and the new phone
			t.Errorf("%+v", told)
		}
		b.Visit("/account/notices").Submit("wish", "every", "sms", "yes", "monthly", "yes").See(http.StatusOK, "beállítottuk")
		if told := w.letters()["notices-changed"]; len(told) != 2 {
			t.Errorf("the old way and the phone are told: %+v", told)
		}
		b.Visit("/account/notices").See(http.StatusOK, `value="every" checked`, "…567")
		b.Submit("wish", "every", "sms", "yes", "monthly", "yes")
		if told := w.letters(); len(told) != 0 {
			t.Errorf("nothing changed, and yet: %v", told)
		}
		b.Visit("/account/notices/drop-phone").Submit().See(http.StatusOK, "töröltük")
		if told := w.letters()["notices-changed"]; len(told) != 2 {
			t.Errorf("the phone that is forgotten is told: %+v", told)
		}
		b.Visit("/account/notices").See(http.StatusOK, "Telefonszám megadása")
		w.has(anna.PersonID, "code.sent", "phone.proven", "notices.set", "phone.removed", "notice.sent")
	})
}

// Where nobody carries text messages no phone is asked for: its code would never come.
func TestWithoutACarrierNoPhoneIsAskedFor(t *testing.T) {
	w := open(t)
	w.room.Texts = false
	b := w.signIn(w.citizen("KisAnna", 1))
	if b.Visit("/account/notices").See(http.StatusOK, "Értesítések"); strings.Contains(b.Body, "Telefonszám megadása") {
		t.Error("a phone is asked for")
	}
	b.Visit("/account/notices/phone").See(http.StatusNotFound)
}

// Text messages cost money, and codes can be guessed: both are bounded.
func TestCodesByTextAreBounded(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 1)
	b := w.signIn(anna)
	for range 5 {
		b.Visit("/account/notices/phone").Submit("phone", "+36301234567", "password", anna.Password).At("/account/notices/code")
	}
	b.Visit("/account/notices/phone").Submit("phone", "+36301234567", "password", anna.Password).See(http.StatusTooManyRequests, "holnap")
	for range 5 {
		b.Visit("/account/notices/code").Submit("code", "000000").See(http.StatusUnprocessableEntity)
	}
	b.Submit("code", "000000").See(http.StatusTooManyRequests)
	sent := w.letters()["phone-proof"]
	w.Clock.Advance(15 * time.Minute)
	b.Visit("/account/notices/code").Submit("code", sent[len(sent)-1].Code).See(http.StatusUnprocessableEntity, "lejárt")
}

// Whoever sits down at an open session changes nothing unseen: the mailbox is told, with a link that undoes it.
func TestWhoSilencesNoticesIsReported(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 1)
	thief := w.signIn(anna)
	w.letters()
	thief.Visit("/account/notices").Submit("wish", "none", "mail", "yes").See(http.StatusOK, "beállítottuk")
	link := w.letters()["notices-changed"][0]
	stranger := w.Browser(t).Visit(link.Path()).See(http.StatusOK, "Nem Ön volt?", "értesítjük")
	thief.Visit("/account/notices").See(http.StatusOK) // looking at the link has done nothing
	stranger.Submit().At("/revoke/reported").See(http.StatusOK, "ügyet nyitottunk")
	thief.Visit("/account/notices").At("/signin/choose")
	stranger.Visit(link.Path()).See(http.StatusGone)
	w.has(anna.PersonID, "signin.disowned", "disposition.changed")
}
