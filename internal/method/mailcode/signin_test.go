package mailcode_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/method/mailcode"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func open(t *testing.T) *roomtest.Gateway {
	db, clock := storetest.SQLite(t)
	return roomtest.New(t, db, clock)
}

func each(t *testing.T, f func(t *testing.T, g *roomtest.Gateway)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(t, roomtest.New(t, db, clock)) })
}

// begin is a browser that chose the method and gave the password.
func begin(t *testing.T, g *roomtest.Gateway, c roomtest.Citizen) *roomtest.Browser {
	t.Helper()
	return g.Browser(t).Visit("/service").At("/signin/choose").Submit("method", "mailcode").At("/signin/password").
		Submit("username", string(c.Username), "password", c.Password)
}

// setUp gives an account the factor, and returns the browser that did.
func setUp(t *testing.T, g *roomtest.Gateway, c roomtest.Citizen) *roomtest.Browser {
	t.Helper()
	b := begin(t, g, c).At("/signin/enrol/mailcode")
	return b.Submit("code", g.Letter(t, "signin-code").Code).See(http.StatusOK, `method "mailcode"`)
}

var shownNumber = regexp.MustCompile(`<strong>(\d{3})</strong>`)

func TestACodeByMailOpensTheService(t *testing.T) {
	each(t, func(t *testing.T, g *roomtest.Gateway) {
		anna := g.Citizen(t, "KisAnna")
		setUp(t, g, anna).Visit("/service").See(http.StatusOK, `method "mailcode"`) // single sign-on
		for _, kind := range []string{"factor.requested", "factor.added", "code.sent", "signin.succeeded"} {
			if !slices.Contains(g.Events(t, anna.PersonID), kind) {
				t.Errorf("%s is not in the history", kind)
			}
		}
		b := begin(t, g, anna).At("/signin/mailcode")
		letter := g.Letter(t, "signin-code")
		if letter.To != string(anna.Email) || len(letter.Code) != 6 {
			t.Fatalf("%+v", letter)
		}
		if n := shownNumber.FindStringSubmatch(b.Body); n == nil || n[1] != letter.Number {
			t.Errorf("the page shows %v, the letter %s", n, letter.Number)
		}
		b.Submit("code", letter.Code[:3]+" "+letter.Code[3:]).See(http.StatusOK, `method "mailcode"`, anna.ID)
	})
}

func TestACodeIsForItsVisit(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	setUp(t, g, anna)
	first := begin(t, g, anna)
	old := g.Letter(t, "signin-code").Code
	second := begin(t, g, anna)
	second.Submit("code", old).See(http.StatusUnprocessableEntity, "nem megfelelő")
	right := g.Letter(t, "signin-code").Code
	twin := second.Twin()
	second.Submit("code", right).See(http.StatusOK, "service")
	twin.Submit("code", right).See(http.StatusOK, "service") // a second click ends where the first did
	first.Submit("code", right).See(http.StatusUnprocessableEntity, "nem megfelelő")
	first.Submit("code", "").See(http.StatusUnprocessableEntity, "Írja be a kódot")
}

func TestACodeEndsInTime(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	setUp(t, g, anna)
	b := begin(t, g, anna)
	old := g.Letter(t, "signin-code").Code
	g.Clock.Advance(10 * time.Minute)
	b.Submit("code", old).At("/signin/mailcode") // another is sent in its place
	next := g.Letter(t, "signin-code").Code
	if next != old { // by chance one in a million is the same
		b.Submit("code", old).See(http.StatusUnprocessableEntity, "nem megfelelő")
	}
	b.Submit("code", next).See(http.StatusOK, "service")
}

func TestAReloadSendsNoSecondLetter(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	setUp(t, g, anna)
	b := begin(t, g, anna)
	g.Letters(t)
	b.Visit(b.URL.String()).See(http.StatusOK)
	if more := g.Letters(t); len(more) > 0 {
		t.Errorf("%d letters more", len(more))
	}
	b.Submit("again", "yes").See(http.StatusOK)
	if more := g.Letters(t); len(more) != 1 {
		t.Errorf("%d letters more, want one", len(more))
	}
}

func TestLettersAreBounded(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := begin(t, g, anna)
	for range 5 {
		b.Submit("again", "yes").See(http.StatusOK)
	}
	g.Letters(t)
	b.Submit("again", "yes").See(http.StatusTooManyRequests, "nem küldhetünk több kódot")
	begin(t, g, anna).See(http.StatusTooManyRequests)
	if more := g.Letters(t); len(more) > 0 {
		t.Errorf("%d letters more", len(more))
	}
	g.Clock.Advance(time.Hour)
	begin(t, g, anna).See(http.StatusOK)
}

func TestGuessesAreSlowed(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := begin(t, g, anna)
	right := g.Letter(t, "signin-code").Code
	wrong := "000000"
	if right == wrong {
		wrong = "000001"
	}
	for range 5 {
		b.Submit("code", wrong).See(http.StatusUnprocessableEntity, "nem megfelelő")
	}
	b.Submit("code", right).See(http.StatusTooManyRequests, "várni kell")
	if !slices.Contains(g.Events(t, anna.PersonID), "signin.throttled") {
		t.Error("the owner does not read of it")
	}
}

// Whoever has the password of somebody with an app gets no code of theirs.
func TestAPasswordAloneDoesNotAddIt(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	thief := begin(t, g, anna).At("/signin/totp")
	thief.Visit("/account/mailcode").At("/signin/totp")
	for _, l := range g.Letters(t) {
		if l.Kind == "signin-code" {
			t.Error("a code was sent")
		}
	}
}

// The same mailbox is not both factors.
func TestCodesRestAfterAPasswordByMail(t *testing.T) {
	each(t, func(t *testing.T, g *roomtest.Gateway) {
		anna, bela := g.Citizen(t, "KisAnna"), g.Citizen(t, "NagyBéla")
		setUp(t, g, anna)
		open := begin(t, g, anna)
		code := g.Letter(t, "signin-code").Code
		for _, c := range []roomtest.Citizen{anna, bela} {
			if err := g.DB.Update(t.Context(), func(tx *store.Tx) error { return mailcode.Rest(g.Broker.Law)(tx, c.ID) }); err != nil {
				t.Fatal(err)
			}
		}
		g.Letters(t)
		open.Submit("code", code).See(http.StatusForbidden, "biztonsági okból") // it was sent before
		begin(t, g, anna).See(http.StatusForbidden, "biztonsági okból")
		begin(t, g, bela).See(http.StatusForbidden, "biztonsági okból") // nor is it set up now
		if more := g.Letters(t); len(more) > 0 {
			t.Errorf("%d letters more", len(more))
		}
		g.Clock.Advance(72 * time.Hour)
		b := begin(t, g, anna)
		b.Submit("code", g.Letter(t, "signin-code").Code).See(http.StatusOK, "service")
	})
}

// Nor where the password was chosen by the letter that opens a closed account.
func TestCodesRestAfterAnAccountIsOpenedAgain(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	setUp(t, g, anna)
	g.Browser(t).Visit(g.Letter(t, "mailcode-requested").Path()).Submit().At("/revoke/done")
	letter := g.Letter(t, "plus-revoked")
	g.Clock.Advance(time.Minute)
	thief := g.Browser(t).Visit(letter.Path()).Submit("username", string(anna.Username), "code", letter.Code).Submit("password", "kilenc kerek kő koppan")
	thief.Visit("/account/mailcode").See(http.StatusForbidden, "biztonsági okból")
	for _, l := range g.Letters(t) {
		if l.Kind == "signin-code" {
			t.Error("a code was sent")
		}
	}
}

func TestTakingItOff(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	b := setUp(t, g, anna)
	b.Visit("/account/mailcode").See(http.StatusOK, "csak a jelszava marad").Submit("password", "wrong").See(http.StatusUnprocessableEntity)
	b.Submit("password", anna.Password)
	b.Visit("/service").At("/signin/choose") // the session was opened with it
	events := g.Events(t, anna.PersonID)
	if !slices.Contains(events, "factor.removed") {
		t.Errorf("%v", events)
	}
	if l := g.Letter(t, "mailcode-removed"); l.To != string(anna.Email) {
		t.Errorf("%+v", l)
	}
	b.Visit("/account/mailcode").At("/signin/choose")
}

func TestTheOwnerShutsTheAccountFromTheNotice(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	thief := setUp(t, g, anna)
	notice := g.Letter(t, "mailcode-requested")
	owner := g.Browser(t).Visit(notice.Path()).See(http.StatusOK, "Nem Ön volt?")
	thief.Visit("/service").See(http.StatusOK, "service") // opening the link did nothing
	owner.Submit().At("/revoke/done").See(http.StatusOK, "lezártuk")
	thief.Visit("/service").At("/signin/choose")
	if events := g.Events(t, anna.PersonID); !slices.Contains(events, "factor.revoked") {
		t.Errorf("%v", events)
	}
	if strings.Contains(owner.Body, anna.ID) {
		t.Error("the page names somebody")
	}
}

func TestSettingItUpTwiceShowsIt(t *testing.T) {
	g := open(t)
	anna := g.Citizen(t, "KisAnna")
	setUp(t, g, anna)
	b := g.Browser(t).Visit("/account/mailcode").Submit("method", "mailcode").Submit("username", "KisAnna", "password", anna.Password)
	b.Submit("code", g.Letter(t, "signin-code").Code).At("/account/mailcode").See(http.StatusOK, "Be van kapcsolva")
}
