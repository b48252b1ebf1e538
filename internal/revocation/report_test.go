package revocation_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// known is a citizen with an app whom the gateway has seen on a device, and that device.
func known(t *testing.T, g *roomtest.Gateway, name string) (roomtest.Citizen, *roomtest.Browser) {
	t.Helper()
	g.Broker.Announcer = g.Herald()
	anna := g.Plus(t, g.Citizen(t, name))
	g.Clock.Advance(time.Minute)
	home := g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	if all := g.Letters(t); len(all) != 0 {
		t.Fatalf("the first identification is told: %+v", all)
	}
	return anna, home
}

// Somebody with stolen secrets signs in from an unknown device: the owner hears of it, and the link in the notice signs
// them out, forbids the method, locks the identity, and opens the desk's case. Opening the link does nothing.
func TestItWasNotMe(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna, home := known(t, g, "KisAnna")
		g.Clock.Advance(time.Hour)
		thief := g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
		letter := g.Letter(t, "signin-notice") // the tests' network is always the same
		g.Browser(t).Visit(letter.Path()).See(http.StatusOK, "Nem Ön volt?", "Ügyfélkapu+")
		thief.Visit("/account").See(http.StatusOK)
		owner := g.Browser(t).Visit(letter.Path()).Submit().At("/revoke/reported").See(http.StatusOK, "Megkaptuk a jelzését")
		g.Letter(t, "disowned")
		for _, b := range []*roomtest.Browser{thief, home} {
			b.Visit("/account").At("/signin/choose")
		}
		owner.Visit(letter.Path()).See(http.StatusGone).Submit().See(http.StatusGone)
		events := g.Events(t, anna.PersonID)
		for _, want := range []string{"notice.sent", "signin.disowned", "disposition.changed"} {
			if !slices.Contains(events, want) {
				t.Errorf("the history lacks %s: %v", want, events)
			}
		}
		err := db.View(t.Context(), func(tx *store.Tx) error {
			d, err := tx.Disposition(anna.PersonID)
			if err == nil && (!d.Locked || !slices.Equal(d.Forbidden, []law.Method{law.TOTP})) {
				t.Errorf("the disposition is %+v", d)
			}
			cases, err := tx.OpenReports(anna.Office, "", "", 10)
			if len(cases) != 1 || cases[0].Person != anna.PersonID || cases[0].Kind != "signin" || cases[0].Method != "totp" {
				t.Errorf("cases: %+v", cases)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		g.Clock.Advance(time.Minute)
		thief.SignIn(anna) // whatever they have of the method: it leads nowhere, and is told
		if letter := g.Letter(t, "forbidden-alert"); letter.Link == "" {
			t.Error("there is no link")
		}
		if events := g.Events(t, anna.PersonID); !slices.Contains(events, "signin.forbidden") {
			t.Errorf("the history lacks the try: %v", events)
		}
	})
}

func TestWhatIsTold(t *testing.T) {
	db, clock := storetest.SQLite(t)
	g := roomtest.New(t, db, clock)
	anna, home := known(t, g, "KisAnna")
	kinds := func() (all []string) {
		for _, l := range g.Letters(t) {
			all = append(all, l.Kind)
		}
		return all
	}
	home.Visit("/service").See(http.StatusOK, "service") // single sign-on
	if got := kinds(); len(got) != 0 {
		t.Errorf("single sign-on is told: %v", got)
	}
	g.Clock.Advance(9 * time.Hour)
	home.SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	if got := kinds(); len(got) != 0 {
		t.Errorf("a known device is told: %v", got)
	}
	guesser := g.Browser(t).Visit("/service").Submit("method", "totp")
	for range 6 {
		guesser.Submit("username", string(anna.Username), "password", "nem ez az")
	}
	g.Clock.Advance(2 * time.Hour)
	guesser.Submit("username", string(anna.Username), "password", anna.Password)
	g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret)).See(http.StatusOK, "service")
	if got := kinds(); !slices.Equal(got, []string{"signin-alert"}) {
		t.Errorf("guessed secrets: %v", got)
	}
}

// A link is good once, for its time, and for nobody without it.
func TestLinksOfNoticesEnd(t *testing.T) {
	db, clock := storetest.SQLite(t)
	g := roomtest.New(t, db, clock)
	anna, _ := known(t, g, "KisAnna")
	g.Clock.Advance(time.Hour)
	g.Browser(t).SignIn(anna).Submit("code", g.Code(anna.Secret))
	letter := g.Letter(t, "signin-notice")
	b := g.Browser(t)
	b.Visit("/revoke?c=").See(http.StatusGone)
	b.Visit(letter.Path() + "x").See(http.StatusGone)
	g.Clock.Advance(14*24*time.Hour - time.Minute)
	b.Visit(letter.Path()).See(http.StatusOK)
	g.Clock.Advance(time.Minute)
	b.Submit().See(http.StatusGone)
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		n, err := tx.SweepReports(10)
		if n != 1 {
			t.Errorf("%d forgotten", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
