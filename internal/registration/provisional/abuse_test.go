package provisional

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

func TestComputingIsAsGoodAsWaiting(t *testing.T) {
	w := open(t)
	b := w.Browser(t).Visit(dataPath)
	submit(b, agnes("work", solve(t, b))).At(CodePath)
}

func TestTooQuickMeansWaitingWithAllThatWasTyped(t *testing.T) {
	w := open(t)
	b := w.Browser(t).Visit(dataPath)
	w.Clock.Advance(wait - 3*time.Second)
	submit(b, agnes()).See(http.StatusTooManyRequests, "várjon még <strong>3 másodperc</strong>", "Hódmezővásárhely", `data-wait="3"`, "provisional/work.")
	if got := b.Header.Get("Retry-After"); got != "3" {
		t.Errorf("Retry-After %q", got)
	}
	submit(b, nil).See(http.StatusTooManyRequests) // still too early
	submit(b, map[string]string{"edit": "yes"}).See(http.StatusOK, `value="Hódmezővásárhely"`, `value="agnes@posta.example"`)
	w.Clock.Advance(3 * time.Second) // what was waited counts on
	submit(b, agnes()).At(CodePath)
}

func TestWhatEarnsNothing(t *testing.T) {
	w := open(t)
	other := w.Browser(t).Visit(dataPath)
	theirs := carry(other, nil)["challenge"]
	for name, spoil := range map[string]func(b *roomtest.Browser) string{
		"no challenge":        func(*roomtest.Browser) string { return "" },
		"a made-up one":       func(*roomtest.Browser) string { return strings.Repeat("A", 200) },
		"one changed":         func(b *roomtest.Browser) string { return "B" + carry(b, nil)["challenge"][1:] },
		"another browser's":   func(*roomtest.Browser) string { return theirs },
		"a browser's cookie":  func(b *roomtest.Browser) string { return w.sealedFor(t, "provisional/pending/") },
		"one of another room": func(b *roomtest.Browser) string { return w.sealedFor(t, "activation") },
		"one that is too old": func(b *roomtest.Browser) string { w.Clock.Advance(challengeLife); return carry(b, nil)["challenge"] },
	} {
		b := w.Browser(t).Visit(dataPath)
		w.Clock.Advance(wait)
		submit(b, agnes("challenge", spoil(b))).See(http.StatusTooManyRequests, "20 másodperc", "Hódmezővásárhely")
		if letters := w.Letters(t); len(letters) != 0 {
			t.Errorf("%s: %d letters", name, len(letters))
		}
	}
	b := w.Browser(t).Visit(dataPath)
	submit(b, agnes("work", "12345")).See(http.StatusTooManyRequests) // an answer to nothing
}

func (w *world) sealedFor(t *testing.T, purpose string) string {
	t.Helper()
	sealed, err := w.Ring.Seal(purpose, []byte(`{"n":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestWithoutCookiesTheFormSaysSo(t *testing.T) {
	w := open(t)
	page := w.Browser(t).Visit(dataPath)
	w.Clock.Advance(wait)
	w.Browser(t).Post(dataPath, pairs(carry(page, agnes()))...).See(http.StatusUnprocessableEntity, "engedélyezze a sütiket", "Hódmezővásárhely")
}

func TestAChallengeIsSpentOnce(t *testing.T) {
	w := open(t)
	b := w.Browser(t).Visit(dataPath)
	w.Clock.Advance(wait)
	form := carry(b, agnes())
	b.Post(dataPath, pairs(form)...).At(CodePath)
	b.Post(dataPath, pairs(form)...).At(CodePath) // a second press of the button
	if n := len(w.Letters(t)); n != 1 {
		t.Errorf("%d letters", n)
	}
	b.Post(cancelPath) // forgets the browser, too
	b.Visit(dataPath).Post(dataPath, pairs(form)...).See(http.StatusTooManyRequests)
	b = w.Browser(t).Visit(dataPath)
	w.Clock.Advance(wait)
	form = carry(b, agnes())
	b.Post(dataPath, pairs(form)...).At(CodePath).Visit(dataPath)
	w.Clock.Advance(wait)
	submit(b, agnes()).At(CodePath)
	b.Post(dataPath, pairs(form)...).See(http.StatusTooManyRequests) // of the registration before this one
}

func TestOfTwoTabsTheLaterCounts(t *testing.T) {
	w := open(t)
	first := w.Browser(t).Visit(dataPath)
	second := first.Twin().Visit(dataPath)
	w.Clock.Advance(wait)
	submit(first, agnes()).At(CodePath)
	former := w.Letter(t, "provisional-code").Code
	submit(second, agnes("username", "TéliHó")).At(CodePath)
	latter := w.Letter(t, "provisional-code").Code
	first.Submit("code", former).See(http.StatusUnprocessableEntity, "legfrissebb levelet")
	first.Submit("code", latter).At(passwordPath).See(http.StatusOK, "TéliHó")
	second.Submit("code", latter).At(passwordPath)
	stale := first.Twin()
	first.Submit("password", roomtest.Password).At("/signin/enrol/totp")
	stale.Submit("password", roomtest.Password).See(http.StatusGone, "Már elkészült")
	if accounts, persons := w.people(); accounts != 1 || persons != 1 {
		t.Errorf("%d accounts of %d persons", accounts, persons)
	}
}

func TestManyTabsAtTheSameInstantMakeOneAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := on(t, db, clock)
		b := w.prove(w.Browser(t), agnes())
		var all sync.WaitGroup
		for range 4 {
			twin := b.Twin()
			all.Go(func() { twin.Submit("password", roomtest.Password) })
		}
		all.Wait()
		if accounts, persons := w.people(); accounts != 1 || persons != 1 {
			t.Errorf("%d accounts of %d persons", accounts, persons)
		}
	})
}

func TestOneNetworkBeginsFiveADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := on(t, db, clock)
		for i := range 5 {
			w.begin(w.Browser(t), agnes("email", "agnes"+strconv.Itoa(i)+"@posta.example")).At(CodePath)
		}
		b := w.begin(w.Browser(t), agnes("email", "agnes6@posta.example")).See(http.StatusTooManyRequests, "Erről a hálózatról", `value="Hódmezővásárhely"`)
		left := law.Day(clock.Now()).AddDays(1).In(law.Budapest).Sub(clock.Now())
		if got := b.Header.Get("Retry-After"); got != strconv.Itoa(int(left.Seconds())) {
			t.Errorf("Retry-After %s, but the day ends in %s", got, left)
		}
		if n := len(w.Letters(t)); n != 5 {
			t.Errorf("%d letters", n)
		}
		clock.Advance(left)
		w.begin(b, agnes("email", "agnes6@posta.example")).At(CodePath)
	})
}

func TestAMailboxGetsFiveLettersADay(t *testing.T) {
	w := open(t)
	for i := range 5 {
		if _, err := w.room.count(t.Context(), byMailbox, "agnes@posta.example"); err != nil {
			t.Fatal(i, err)
		}
	}
	w.begin(w.Browser(t), agnes("email", "Agnes+1@posta.example")).See(http.StatusTooManyRequests, "levélszemét", `value="Hódmezővásárhely"`)
	w.Clock.Advance(day)
	w.begin(w.Browser(t), agnes()).At(CodePath)
}

func TestACrowdAtOneMailProviderIsSlowedNotShutOut(t *testing.T) {
	w := open(t)
	for range 200 {
		if _, err := w.room.count(t.Context(), byDomain, "posta.example"); err != nil {
			t.Fatal(err)
		}
	}
	b := w.begin(w.Browser(t), agnes("email", "agnes@lent.posta.example")).See(http.StatusTooManyRequests, `data-bits="19"`, "20 másodperc")
	w.Clock.Advance(wait)
	submit(b, nil).At(CodePath)
	w.begin(w.Browser(t), agnes("email", "agnes@falu.example")).At(CodePath) // elsewhere all is as ever
	b = w.begin(w.Browser(t), agnes("email", "eva@posta.example"))
	submit(b, map[string]string{"work": solve(t, b)}).At(CodePath)
}

func TestThePriceDoublesWithTheCrowdUpToABound(t *testing.T) {
	now := storetest.NewClock().Now()
	for _, c := range []struct {
		begun int64
		bits  int
		wait  time.Duration
	}{
		{0, 18, 20 * time.Second}, {199, 18, 20 * time.Second}, {200, 19, 40 * time.Second}, {399, 19, 40 * time.Second},
		{400, 20, 80 * time.Second}, {3200, 23, 640 * time.Second}, {1 << 60, 23, 640 * time.Second},
	} {
		if p := priceAt(law.Default(), now, c.begun); p != (price{c.bits, c.wait}) {
			t.Errorf("after %d: %+v", c.begun, p)
		}
	}
}

func TestSubdomainsAreTheSameProvider(t *testing.T) {
	for e, want := range map[identity.Email]string{
		"a@posta.example": "posta.example", "a@B.c.Posta.example": "posta.example", "a@posta.co.uk": "co.uk",
	} {
		if got := mailDomain(e); got != want {
			t.Errorf("%s counts for %s", e, got)
		}
	}
}

func TestUsernames(t *testing.T) {
	w := open(t)
	w.Citizen(t, "KisAnna")
	b := w.begin(w.Browser(t), agnes("username", "KISANNA")).See(http.StatusUnprocessableEntity, "már foglalt", `value="Hódmezővásárhely"`)
	submit(b, agnes()).See(http.StatusTooManyRequests) // each try is earned anew
	w.Clock.Advance(wait)
	submit(b, agnes()).At(CodePath)
	for range 5*triesEach - 2 {
		w.begin(b, agnes("username", "kisanna")).See(http.StatusUnprocessableEntity, "már foglalt")
	}
	w.begin(b, agnes("username", "kisanna")).See(http.StatusTooManyRequests, "Erről a hálózatról")
}

func TestAUsernameThatIsTakenMeanwhileIsAskedForAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := on(t, db, clock)
		b := w.prove(w.Browser(t), agnes())
		w.Citizen(t, "őszieső")
		b.Submit("password", roomtest.Password).See(http.StatusUnprocessableEntity, "közben más kapta meg", `name="username" `, `value="ŐsziEső"`)
		b.Submit("username", "", "password", "").See(http.StatusUnprocessableEntity, `href="#username"`, `href="#password"`)
		b.Submit("username", "ŐSZIESŐ", "password", roomtest.Password).See(http.StatusUnprocessableEntity, "már foglalt")
		b.Visit(passwordPath).See(http.StatusOK, "közben más kapta meg")
		b.Submit("username", "TéliHó", "password", roomtest.Password).At("/signin/enrol/totp")
		if a, found := w.account("TéliHó"); !found || !a.Provisional {
			t.Errorf("account %+v", a)
		}
		if accounts, persons := w.people(); accounts != 2 || persons != 2 {
			t.Errorf("%d accounts of %d persons", accounts, persons)
		}
	})
}

// Somebody whom the register and the gateway know well gets what everybody gets,
// and stays another person.
func TestNobodyLearnsWhoIsKnown(t *testing.T) {
	w := open(t)
	known := w.Citizen(t, "KisAnna")
	stranger, same := w.Browser(t), w.Browser(t)
	w.begin(stranger, agnes())
	w.begin(same, agnes("email", string(known.Email), "birth-family", "Próba", "birth-given", "KisAnna", "mother-family", "Próba", "mother-given", "KisAnna",
		"birth-place", roomtest.BirthPlace, "birth-date", "1980-04-09", "username", "TéliHó"))
	letters := w.Letters(t)
	if len(letters) != 2 || letters[0].Kind != letters[1].Kind || letters[0].Link != letters[1].Link || letters[1].To != string(known.Email) {
		t.Fatalf("letters %+v", letters)
	}
	plain := func(b *roomtest.Browser) string {
		return regexpIncidental.ReplaceAllString(strings.NewReplacer("agnes@posta.example", "", string(known.Email), "").Replace(b.Body), "")
	}
	if stranger.Status != same.Status || plain(stranger) != plain(same) {
		t.Error("the page after the form differs")
	}
	stranger.Submit("code", letters[0].Code)
	same.Submit("code", letters[1].Code).At(passwordPath).Submit("password", roomtest.Password).At("/signin/enrol/totp")
	a, _ := w.account("TéliHó")
	if a.PersonID == known.PersonID || !a.Provisional {
		t.Errorf("merged: %+v", a)
	}
	if events := w.Events(t, known.PersonID); len(events) != 0 {
		t.Errorf("the known person's history: %q", events)
	}
}

func TestNothingLastsThatIsNotProved(t *testing.T) {
	w := open(t)
	w.begin(w.Browser(t), agnes())
	err := w.DB.View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.UnsequencedLedger(10)
		if len(rows) != 0 {
			t.Errorf("%d ledger entries", len(rows))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, found := w.account("ŐsziEső"); found {
		t.Error("the username is occupied")
	}
}

func TestLanguageOfLettersAndPages(t *testing.T) {
	w := open(t)
	b := w.Browser(t).Visit(dataPath+"?lang="+string(web.English)).See(http.StatusOK, "Your data", ">Hungary<", `value="en" checked`)
	w.Clock.Advance(wait)
	submit(b, map[string]string{"lang": "en", "nationality": "HU"}).See(http.StatusUnprocessableEntity, "Enter your family name at birth")
}

// What differs between two answers though nothing is told by it.
var regexpIncidental = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}|ma \d+\.\d+|\d{4}\. [a-záéíóöőúüű]+ \d+\. \d+\.\d+`)
