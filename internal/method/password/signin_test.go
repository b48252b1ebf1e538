package password_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/method/password"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

func open(t *testing.T) *roomtest.Gateway {
	db, clock := storetest.SQLite(t)
	return roomtest.New(t, db, clock)
}

func update(t *testing.T, g *roomtest.Gateway, f func(*store.Tx) error) {
	t.Helper()
	if err := g.DB.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// atPassword is a fresh browser that was led to the password.
func atPassword(t *testing.T, g *roomtest.Gateway) *roomtest.Browser {
	t.Helper()
	return g.Browser(t).Visit("/service").Submit("method", "totp").At("/signin/password")
}

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestPagesShow(t *testing.T) {
	g := open(t)
	b := g.Browser(t)
	for _, s := range g.Shell.Samples() {
		for _, lang := range []string{"hu", "en"} {
			b.Visit(s.Path() + "?lang=" + lang)
			if b.Status != http.StatusOK || strings.Contains(b.Body, "shell.problem") {
				t.Errorf("%s in %s: %d", s.Path(), lang, b.Status)
			}
		}
	}
}

// What differs between two answers though nothing is told by it.
var incidental = regexp.MustCompile(`t=[\w%-]+|value="[^"]*"|"challenge":"[\w-]+"|[0-9A-Z]{4}-[0-9A-Z]{4}`)

func TestNobodyLearnsWhoExists(t *testing.T) {
	g := open(t)
	known := g.Citizen(t, "KisAnna")
	g.Pending(t, "VárAnna")
	closed := g.Citizen(t, "ZárAnna")
	update(t, g, func(tx *store.Tx) error { return tx.CloseAccount(closed.ID) })
	expired := g.Citizen(t, "LejártAnna")
	update(t, g, func(tx *store.Tx) error {
		if err := tx.CloseAccount(expired.ID); err != nil {
			return err
		}
		return tx.Activate(expired.ID, tx.Now)
	})
	var first string
	for _, c := range []struct{ who, name, typed string }{
		{"wrong password", "KisAnna", "valami egészen más"},
		{"unknown", "NincsIlyen", known.Password},
		{"differs in case", "kisanna", known.Password},
		{"malformed", "x1! <b>", known.Password},
		{"too long for a name", strings.Repeat("Hosszú", 30), known.Password},
		{"pending", "VárAnna", known.Password},
		{"closed, right password", "ZárAnna", closed.Password},
		{"expired, right password", "LejártAnna", expired.Password},
	} {
		b := atPassword(t, g)
		before := g.Hasher.Calls()
		b.Submit("username", c.name, "password", c.typed)
		if hashes := g.Hasher.Calls() - before; hashes != 1 {
			t.Errorf("%s: %d hashes, not 1", c.who, hashes)
		}
		b.See(http.StatusUnprocessableEntity, "A felhasználónév vagy a jelszó nem megfelelő")
		answer := incidental.ReplaceAllString(b.Body, "")
		if first == "" {
			first = answer
		}
		if diff := cmp.Diff(first, answer); diff != "" {
			t.Errorf("%s: the answer differs:\n%s", c.who, diff)
		}
	}
}

func TestEveryEmptyFieldIsNamedAtOnce(t *testing.T) {
	atPassword(t, open(t)).Submit("username", "", "password", "").
		See(http.StatusUnprocessableEntity, "Írja be a felhasználónevét", "Írja be a jelszavát")
}

func TestTheSameDelayForNamesThatDoNotExist(t *testing.T) {
	for _, name := range []string{"KisAnna", "NincsIlyen"} {
		t.Run(name, func(t *testing.T) {
			g := open(t)
			known := g.Citizen(t, "KisAnna")
			b := atPassword(t, g)
			for range 5 {
				b.Submit("username", name, "password", "nem ez a jelszava").See(http.StatusUnprocessableEntity)
			}
			before := g.Hasher.Calls()
			b.Submit("username", name, "password", known.Password).See(http.StatusTooManyRequests, "30 másodperc")
			if g.Hasher.Calls() != before {
				t.Error("the password was looked at")
			}
			if got := b.Header.Get("Retry-After"); got != "30" {
				t.Errorf("Retry-After %q", got)
			}
			g.Clock.Advance(31 * time.Second)
			status := map[string]int{"KisAnna": http.StatusOK, "NincsIlyen": http.StatusUnprocessableEntity}[name]
			b.Submit("username", name, "password", known.Password).See(status)
		})
	}
}

func TestStrangersDoNotLockTheOwnerOut(t *testing.T) {
	g := open(t)
	owner := g.Plus(t, g.Citizen(t, "KisAnna"))
	home := g.Browser(t).SignIn(owner)
	home.Submit("code", g.Code(owner.Secret)).See(http.StatusOK, "service")
	home.Post("/signout")
	stranger := atPassword(t, g)
	for range 6 {
		stranger.Submit("username", "KisAnna", "password", "nem ez a jelszava")
	}
	stranger.See(http.StatusTooManyRequests)
	g.Clock.Advance(time.Second)
	home.SignIn(owner).At("/signin/totp")
}

func TestBusyKeepsTheName(t *testing.T) {
	db, clock := storetest.SQLite(t)
	g := roomtest.New(t, db, clock, roomtest.Hasher(t, password.Config{Params: roomtest.Cheap, Slots: 1, Queue: -1}))
	anna := g.Citizen(t, "KisAnna")
	b := atPassword(t, g)
	empty := g.Hasher.Fill()
	for range 9 { // not one of them counts as wrong
		b.Submit("username", "KisAnna", "password", anna.Password).See(http.StatusServiceUnavailable, "nagyon sokan", `value="KisAnna"`)
	}
	if b.Header.Get("Retry-After") == "" {
		t.Error("does not say when to come back")
	}
	empty()
	b.Submit("username", "KisAnna", "password", anna.Password).At("/signin/enrol/totp")
}

func TestOldCostsAreRaised(t *testing.T) {
	db, clock := storetest.SQLite(t)
	g := roomtest.New(t, db, clock)
	anna := g.Citizen(t, "KisAnna")
	old, err := roomtest.Hasher(t, password.Config{Params: password.Params{Memory: 32, Passes: 1, Threads: 1}}).Hash(context.Background(), anna.Password)
	if err != nil {
		t.Fatal(err)
	}
	update(t, g, func(tx *store.Tx) error {
		return tx.PutCredential(store.Credential{Account: anna.ID, Kind: password.Kind, Secret: old})
	})
	g.Browser(t).SignIn(anna).At("/signin/enrol/totp")
	update(t, g, func(tx *store.Tx) error {
		c, err := tx.Credential(anna.ID, password.Kind)
		if g.Hasher.NeedsRehash(c.Secret) {
			t.Error("the record kept its old costs")
		}
		return err
	})
	g.Browser(t).SignIn(anna).At("/signin/enrol/totp")
}

func TestHintIsFilledIn(t *testing.T) {
	g := open(t)
	g.Browser(t).Visit("/service?hint=KisAnna").Submit("method", "totp").See(http.StatusOK, `value="KisAnna"`)
}

func TestBackToTheChooser(t *testing.T) {
	b := atPassword(t, open(t))
	b.Follow("Más módon").At("/signin/choose")
}

func TestNothingTyped(t *testing.T) {
	b := atPassword(t, open(t))
	b.Submit("username", "", "password", "").See(http.StatusUnprocessableEntity, "Írja be a felhasználónevét")
	b.Submit("username", "KisAnna", "password", "").See(http.StatusUnprocessableEntity, "Írja be a jelszavát", `value="KisAnna"`)
}
