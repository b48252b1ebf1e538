package devices_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/devices"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

const (
	firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	step    = 30 * time.Second
	page    = "/account/devices"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

// world is a small gateway with the page of devices.
type world struct {
	*roomtest.Gateway
	t *testing.T
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	w := &world{roomtest.New(t, db, clock), t}
	w.Add(devices.New(devices.Config{Broker: w.Broker}))
	return w
}

func open(t *testing.T) *world {
	db, clock := storetest.SQLite(t)
	return newWorld(t, db, clock)
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { f(newWorld(t, db, clock)) })
}

// signedIn is another browser in which the citizen has signed in.
func (w *world) signedIn(c roomtest.Citizen, agent string) *roomtest.Browser {
	w.t.Helper()
	b := w.Browser(w.t)
	b.Agent = agent
	w.Clock.Advance(step) // each code is good once
	return b.SignIn(c).At("/signin/totp").Submit("code", w.Code(c.Secret)).See(http.StatusOK, `method "totp"`)
}

var button = regexp.MustCompile(`name="(end|forget)" value="([^"]+)"`)

// ids are the ids behind the page's buttons of a name.
func ids(b *roomtest.Browser, name string) (all []string) {
	for _, found := range button.FindAllStringSubmatch(b.Body, -1) {
		if found[1] == name {
			all = append(all, found[2])
		}
	}
	return all
}

func TestASessionIsEndedFromAnotherDevice(t *testing.T) {
	each(t, func(w *world) {
		anna := w.Plus(w.t, w.Citizen(w.t, "KisAnna"))
		a, b := w.signedIn(anna, firefox), w.signedIn(anna, iphone)
		a.Visit(page).See(http.StatusOK, "Firefox, Windows", "Safari, iOS", "telefon", "ez az eszköz", "Ügyfélkapu+")
		others := ids(a, "end")
		if len(others) != 1 {
			w.t.Fatalf("%d sessions can be ended, not the one elsewhere", len(others))
		}
		a.Post(page, "end", others[0]).See(http.StatusOK, "kilépett")
		if left := ids(a, "end"); len(left) != 0 {
			w.t.Errorf("%d are left", len(left))
		}
		b.Visit("/account").See(http.StatusOK, "Kiléptették", "Belépek újra")
		b.Follow("Belépek újra").At("/signin/choose")
		b.Visit("/account").At("/signin/choose")
		a.Visit("/account").See(http.StatusOK, "substantial")
		if events := w.Events(w.t, anna.PersonID); !slices.Contains(events, "session.ended") {
			w.t.Errorf("the history says %v", events)
		}
	})
}

func TestAllOthersAndAll(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	a, b, c := w.signedIn(anna, firefox), w.signedIn(anna, iphone), w.signedIn(anna, "")
	a.Visit(page).Post(page, "act", "others").See(http.StatusOK, "Minden más eszközön kilépett")
	b.Visit("/account").See(http.StatusOK, "Kiléptették")
	c.Visit("/service").See(http.StatusOK, "Kiléptették")
	d := w.signedIn(anna, iphone)
	a.Post(page, "act", "everywhere").See(http.StatusOK, "Kilépett")
	a.Visit("/account").At("/signin/choose") // who signs out here needs not be told
	d.Visit("/account").See(http.StatusOK, "Kiléptették")
}

// ender is a door that hears of ends, and something that happens in one.
type ender struct {
	over []string
}

func (*ender) Name() string                                                     { return "ender" }
func (*ender) Reply(http.ResponseWriter, *http.Request, broker.Answer) error    { return nil }
func (*ender) Reached(context.Context, authn.Session, *catalogue.Service) error { return nil }
func (*ender) Parting(authn.Session, *catalogue.Service) (none broker.Parting)  { return none }
func (e *ender) Ended(_ *store.Tx, s authn.Session) error                       { e.over = append(e.over, s.ID); return nil }

func TestServicesHearOfTheEnd(t *testing.T) {
	w := open(t)
	heard := &ender{}
	w.Broker.AddDoor(heard)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	a, _ := w.signedIn(anna, firefox), w.signedIn(anna, iphone)
	id := ids(a.Visit(page), "end")[0]
	a.Post(page, "end", id).Post(page, "end", id) // sent twice
	if !slices.Equal(heard.over, []string{id}) {
		t.Errorf("of %q, services hear %q", id, heard.over)
	}
}

func TestNobodyEndsTheSessionsOfAnother(t *testing.T) {
	w := open(t)
	anna, béla := w.Plus(t, w.Citizen(t, "KisAnna")), w.Plus(t, w.Citizen(t, "NagyBéla"))
	a, second, b := w.signedIn(anna, firefox), w.signedIn(anna, iphone), w.signedIn(béla, firefox)
	id, device := ids(a.Visit(page), "end")[0], ids(a, "forget")[0]
	if strings.Contains(b.Visit(page).Body, id) {
		t.Error("the page shows somebody else's session")
	}
	b.Post(page, "end", id)
	b.Post(page, "forget", device)
	second.Visit("/account").See(http.StatusOK, "substantial")
	if all := ids(a.Visit(page), "forget"); !slices.Contains(all, device) {
		t.Error("somebody else had a device forgotten")
	}
}

// A tab that is about to prove something does not bring back what was ended.
func TestASecondTabDoesNotUndoTheEnd(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	a := w.signedIn(anna, firefox)
	b := w.Browser(t).SignIn(anna).At("/signin/totp")
	b.Agent = iphone
	w.Clock.Advance(step)
	a.Visit(page).See(http.StatusOK, "Csak jelszó")
	a.Post(page, "end", ids(a, "end")[0])
	b.Submit("code", w.Code(anna.Secret)).See(http.StatusOK, "Kiléptették")
	b.Follow("Belépek újra").At("/signin/password")
	b.Visit("/account").At("/signin/choose")
}

// slow is a room in which something else happens between the visitor's coming in
// and what they prove.
type slow struct {
	*broker.Broker
	act func()
}

func (s *slow) Mount(mux *http.ServeMux) {
	s.Room(mux, "totp/slow", func(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
		s.act()
		e := authn.Event{Factor: authn.TOTP, At: s.Now(), Account: v.Session.Account(), Person: v.Session.Person()}
		return s.Complete(w, r, v, e, nil)
	})
	s.Shell.Handle(mux, "GET /slow", func(w http.ResponseWriter, r *http.Request) error {
		c, err := s.Current(r)
		if err != nil {
			return err
		}
		t := authn.Transaction{ID: "t", Opened: s.Now(), Request: broker.Request(2, "/account"), Browser: s.Browser(w, r)}
		way, err := s.Way(&broker.Visit{Current: c, Transaction: t}, "totp/slow", func(t *authn.Transaction) { t.Chosen = "totp" })
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, way)
	})
}

func TestAProofInTheSameInstantDoesNotUndoTheEnd(t *testing.T) {
	each(t, func(w *world) {
		anna := w.Plus(w.t, w.Citizen(w.t, "KisAnna"))
		a := w.signedIn(anna, firefox)
		room := &slow{w.Broker, func() {}}
		w.Add(room)
		b := w.Browser(w.t).SignIn(anna).At("/signin/totp")
		b.Visit("/slow").At("/account") // without anybody in between it goes through
		w.Clock.Advance(step)
		b = w.Browser(w.t).SignIn(anna).At("/signin/totp")
		room.act = func() {
			room.act = func() {}
			a.Visit(page).Post(page, "act", "others")
		}
		b.Visit("/slow").See(http.StatusOK, "Kiléptették")
		b.Visit("/account").At("/signin/choose")
		if left := ids(a.Visit(page), "end"); len(left) != 0 {
			w.t.Errorf("%d sessions are on the list", len(left))
		}
	})
}

func TestOneTooManyEndsTheOldest(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	first := w.signedIn(anna, firefox)
	for range w.Broker.Law.MostSessions(w.Clock.Now()) - 1 {
		w.Clock.Advance(time.Second)
		w.Browser(t).SignIn(anna).At("/signin/totp")
	}
	first.Visit("/account").See(http.StatusOK, "substantial")
	w.Browser(t).SignIn(anna).At("/signin/totp")
	first.Visit("/account").At("/signin/choose")
}

func TestASessionThatEndsByItselfLeavesTheList(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	w.signedIn(anna, firefox)
	w.Clock.Advance(w.Broker.Law.SessionIdle(w.Clock.Now()))
	a := w.signedIn(anna, iphone)
	w.signedIn(anna, firefox).Post("/signout").See(http.StatusOK)
	if left := ids(a.Visit(page), "end"); len(left) != 0 {
		t.Errorf("%d are on the list besides this one", len(left))
	}
}
