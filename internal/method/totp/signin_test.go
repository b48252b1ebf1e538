package totp_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

const step = 30 * time.Second

func open(t *testing.T) *roomtest.Gateway {
	db, clock := storetest.SQLite(t)
	return roomtest.New(t, db, clock)
}

// atCode is a browser that has proved the password.
func atCode(t *testing.T, g *roomtest.Gateway, c roomtest.Citizen) *roomtest.Browser {
	t.Helper()
	return g.Browser(t).SignIn(c).At("/signin/totp")
}

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestCodeOpensTheService(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	code := g.Code(anna.Secret)
	b := atCode(t, g, anna).Submit("code", code[:3]+" "+code[3:])
	b.See(http.StatusOK, `method "totp"`, anna.ID)
	b.Visit("/service").See(http.StatusOK, `method "totp"`) // single sign-on
	if events := g.Events(t, anna.PersonID); len(events) != 1 || events[0] != "signin.succeeded" {
		t.Errorf("ledger: %v", events)
	}
}

func TestCodesOfAnotherProgram(t *testing.T) {
	oathtool, err := exec.LookPath("oathtool")
	if err != nil {
		t.Skip("oathtool is not installed")
	}
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	out, err := exec.Command(oathtool, "--totp", "--base32", "--now", g.Clock.Now().Format("2006-01-02 15:04:05 UTC"), anna.Secret.Text()).Output()
	if err != nil {
		t.Fatal(err)
	}
	atCode(t, g, anna).Submit("code", strings.TrimSpace(string(out))).See(http.StatusOK, "service")
}

func TestCodeIsGoodOnce(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	code := g.Code(anna.Secret)
	other := atCode(t, g, anna)
	atCode(t, g, anna).Submit("code", code).See(http.StatusOK, "service")
	other.Submit("code", code).See(http.StatusUnprocessableEntity, "már felhasználta")
	g.Clock.Advance(step)
	other.Submit("code", code).See(http.StatusUnprocessableEntity, "már felhasználta")
	other.Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
}

func TestClockOfThePhoneMayDiffer(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	old := g.Code(anna.Secret)
	b := atCode(t, g, anna)
	g.Clock.Advance(2 * step)
	b.Submit("code", old).See(http.StatusUnprocessableEntity, "nem megfelelő")
	late := g.Code(anna.Secret)
	g.Clock.Advance(step)
	b.Submit("code", late).See(http.StatusOK, "service")
}

func TestSecondSubmitGoesOn(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atCode(t, g, anna)
	second := b.Twin()
	code := g.Code(anna.Secret)
	b.Submit("code", code).See(http.StatusOK, "service")
	second.Submit("code", code).See(http.StatusOK, "service", anna.ID)
	second.Visit("/account").See(http.StatusOK, "substantial")
}

func TestStolenPageIsWorthNothing(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atCode(t, g, anna)
	page, code := b.URL.String(), g.Code(anna.Secret)
	b.Submit("code", code).See(http.StatusOK, "service")
	g.Browser(t).Post(page, "code", code).See(http.StatusGone)
}

func TestWrongCodesDelay(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atCode(t, g, anna)
	b.Submit("code", "").See(http.StatusUnprocessableEntity, "Írja be a kódot")
	wrong := "000000"
	if g.Code(anna.Secret) == wrong {
		wrong = "000001"
	}
	for range 5 {
		b.Submit("code", wrong).See(http.StatusUnprocessableEntity, "nem megfelelő")
	}
	b.Submit("code", g.Code(anna.Secret)).See(http.StatusTooManyRequests, "30 másodperc")
	if events := g.Events(t, anna.PersonID); len(events) != 1 || events[0] != "signin.throttled" {
		t.Errorf("the owner reads %v: nobody tells them that their password is known", events)
	}
	g.Clock.Advance(31 * time.Second)
	b.Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
}

func TestBackButtonAfterTheCode(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atCode(t, g, anna)
	page := b.URL.String()
	b.Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	b.Visit(page).See(http.StatusOK, "service")
	b.Post(page, "code", "123456").See(http.StatusOK, "service")
}

func TestSessionThatEndedMeanwhile(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atCode(t, g, anna)
	if err := g.DB.Update(context.Background(), func(tx *store.Tx) error { return tx.EndSessions(anna.ID) }); err != nil {
		t.Fatal(err)
	}
	b.Submit("code", g.Code(anna.Secret)).At("/signin/password")
}

func TestSecondSubmitDoesNotUndoSigningOut(t *testing.T) {
	g := open(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	b := atCode(t, g, anna)
	page, code := b.URL.String(), g.Code(anna.Secret)
	b.Submit("code", code).See(http.StatusOK, "service")
	b.Post("/signout")
	b.Post(page, "code", code).At("/signin/password") // whoever sits down at the machine next
	b.Visit("/account").At("/signin/choose")
}
