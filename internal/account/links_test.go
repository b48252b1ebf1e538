package account_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kapu/internal/life"
	"kapu/internal/store"
)

// Programs that read mail open every link in it, some of them by HEAD, some in
// many forms.
func TestOpeningALinkChangesNothing(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	b := w.signIn(anna)
	fresh, old := askEmail(w, b, anna)
	deletion := askDeletion(w, b, anna)
	w.update(func(tx *store.Tx) error {
		_, err := w.life.RequestFactorRemoval(tx, anna.Account, life.Actor{Clerk: "clerk", Office: "office"})
		return err
	})
	removal := w.Letter(t, "removal-announced")
	before, events := w.waiting(anna.ID), w.Events(t, anna.PersonID)
	scanner := w.Browser(t)
	for range 3 {
		for _, l := range []string{fresh.Path(), old.Path(), deletion.Path(), removal.Path()} {
			scanner.Visit(l).See(http.StatusOK, "<form method=\"post\"")
			scanner.Visit(strings.Replace(l, "?", "?utm_source=scanner&", 1)).See(http.StatusOK)
			r, err := http.Head(w.URL + l)
			w.must(err)
			r.Body.Close()
		}
	}
	if now := w.waiting(anna.ID); !slices.Equal(now, before) || len(w.Events(t, anna.PersonID)) != len(events) || len(w.letters()) > 0 {
		t.Errorf("waiting %v, then %v", before, now)
	}
	if !slices.Equal(before, []string{life.Email, life.RemoveTOTP}) {
		t.Errorf("waiting: %v", before)
	}
}

func TestALinkOnTheWrongPageIsLedToItsOwn(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	fresh, _ := askEmail(w, w.signIn(anna), anna)
	w.Browser(t).Visit(strings.Replace(fresh.Path(), "/confirm", "/stop", 1)).At("/confirm").See(http.StatusOK, "Az Öné ez az e-mail-cím?")
	w.update(func(tx *store.Tx) error {
		_, err := w.life.RequestDeletion(tx, anna.Account, life.Actor{Clerk: "clerk", Office: "office"})
		return err
	})
	stop := w.Letter(t, "deletion-announced")
	w.Browser(t).Visit(strings.Replace(stop.Path(), "/stop", "/confirm", 1)).At("/stop").See(http.StatusOK, "Megtartja az ügyfélkapuját?")
	w.Browser(t).Post(strings.Replace(stop.Path(), "/stop", "/confirm", 1)).See(http.StatusGone) // a stop confirms nothing
	if len(w.waiting(anna.ID)) != 2 {
		t.Errorf("waiting: %v", w.waiting(anna.ID))
	}
}

func TestALinkThatNamesNothing(t *testing.T) {
	w := open(t)
	b := w.Browser(t)
	for _, c := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 4000), "%00", "' OR 1=1", "ő"} {
		for _, path := range []string{"/confirm", "/stop"} {
			b.Visit(path+"?c="+url.QueryEscape(c)).See(http.StatusGone, "már nincs teendő", "Mit tehet most?", "1818", `href="/account"`)
			b.Post(path + "?c=" + url.QueryEscape(c)).See(http.StatusGone)
			b.Visit(path+"?lang=en&c="+url.QueryEscape(c)).See(http.StatusGone, "nothing left to do")
			b.Visit(path + "?lang=hu")
		}
	}
	b.Visit("/confirm/done").See(http.StatusGone)
	b.Visit("/confirm/done?d=madeup").See(http.StatusGone)
}

func TestStoppingTheRemovalOfTheSecondFactor(t *testing.T) {
	for _, signedIn := range []bool{true, false} {
		w := open(t)
		anna := w.citizen("KisAnna", 2)
		w.update(func(tx *store.Tx) error {
			_, err := w.life.RequestFactorRemoval(tx, anna.Account, life.Actor{Clerk: "clerk", Office: "office"})
			return err
		})
		letter := w.Letter(t, "removal-announced")
		b := w.signIn(anna).Visit("/account/stop/remove-totp")
		if !signedIn {
			b = w.Browser(t).Visit(letter.Path())
		}
		b.See(http.StatusOK, "Leállítja az Ügyfélkapu+ kikapcsolását?").Submit().At("/confirm/done")
		b.See(http.StatusOK, "Az Ügyfélkapu+ bekapcsolva marad", "valaki hivatalban az Ön nevében járt el", "Jelszó megváltoztatása")
		w.Clock.Advance(2 * day)
		w.act()
		w.signIn(anna)
	}
}

func TestOnlyWhatThereIsCanBeStopped(t *testing.T) {
	w := open(t)
	b := w.signIn(w.citizen("KisAnna", 2))
	b.Visit("/account/stop/password").See(http.StatusNotFound)
	b.Post("/account/stop/password").See(http.StatusNotFound)
	b.Visit("/account/stop/email").At("/account/email")
	b.Post("/account/stop/remove-totp").At("/account")
}

func TestNobodyStopsWhatIsAnothers(t *testing.T) {
	w := open(t)
	anna, cili := w.citizen("KisAnna", 2), w.citizen("NagyCili", 2)
	askEmail(w, w.signIn(anna), anna)
	w.signIn(cili).Post("/account/stop/email").At("/account/email")
	if !slices.Equal(w.waiting(anna.ID), []string{life.Email}) {
		t.Error("stopped by somebody else")
	}
}

func TestFormsFromElsewhereAreRefused(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	letter := askDeletion(w, w.signIn(anna), anna)
	r, err := http.NewRequest(http.MethodPost, w.URL+letter.Path(), strings.NewReader(""))
	w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	got, err := http.DefaultClient.Do(r)
	w.must(err)
	got.Body.Close()
	if got.StatusCode != http.StatusForbidden || len(w.waiting(anna.ID)) > 0 {
		t.Errorf("status %d, waiting %v", got.StatusCode, w.waiting(anna.ID))
	}
}
