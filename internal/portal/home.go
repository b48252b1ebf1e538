package portal

import (
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// recentOnHome and recentOnAccount are how many entries the time lines show.
const recentOnHome, recentOnAccount = 4, 6

// homeData is the dot of the front page.
type homeData struct {
	Search   string
	Services []offer
	Found    int
	Who      *greeting // nil: nobody is signed in
	Half     bool      // a password was proved, which opens nothing (R18)
	Recent   []told
	Rests    bool // the telephone password, until another is chosen
}

// greeting is the state of an account in a sentence.
type greeting struct {
	Name   string
	Office string // of a clerk
	Until  time.Time
	Days   int  // left, by the calendar
	Soon   bool // reminders of the end have begun
	// Provisional: nobody has checked yet who it is (R8).
	Provisional bool
	Since       time.Time
	Day         string // "today", or "before" for a session that began yesterday
	Method      string // key
}

// home is the front page: what this is, or how my account stands, and the
// services.
func (x *Room) home(w http.ResponseWriter, r *http.Request) error {
	c := broker.Of(r.Context())
	d := homeData{Search: searched(r)}
	d.Services, d.Found = x.offers(web.Language(r), d.Search)
	best, proved := c.Best()
	if proved && best.Method.Level > law.NoLevel {
		d.Who = x.greet(r, c)
	}
	d.Half = proved && d.Who == nil
	page := "welcome"
	if d.Who != nil {
		page = "home"
		if err := x.lately(r, c, &d); err != nil {
			return err
		}
	}
	x.pages.Show(w, r, http.StatusOK, page, web.View{Data: d})
	return nil
}

// greet says how the account of the session stands.
func (x *Room) greet(r *http.Request, c broker.Current) *greeting {
	now, v := x.Now(), web.VisitorOf(r.Context())
	best, _ := c.Best()
	g := &greeting{
		Name: v.Name, Office: v.Office, Until: c.Standing.ValidUntil, Since: best.At, Day: "today",
		Method: methodKey(best.Method.Name), Days: daysLeft(c.Standing.ValidUntil, now), Provisional: c.Standing.Provisional,
	}
	if law.Day(best.At) != law.Day(now) {
		g.Day = "before"
	}
	if reminders := x.Law.ReminderDays(now); len(reminders) > 0 {
		g.Soon = g.Days <= reminders[0]
	}
	return g
}

func daysLeft(until, now time.Time) int { return max(0, law.Day(until).DaysSince(law.Day(now))) }

// lately reads what an owner should hear of who is identified strongly enough.
func (x *Room) lately(r *http.Request, c broker.Current, d *homeData) error {
	if c.Session.Level(c.Rules) < law.Substantial {
		return nil
	}
	err := x.DB.View(r.Context(), func(tx *store.Tx) error {
		heard, err := x.Heard(tx, c.Session.Person())
		d.Rests = heard == authn.Phone
		return err
	})
	if err != nil {
		return err
	}
	return x.recent(r, c, recentOnHome, &d.Recent)
}

// recent reads the newest entries of a visitor whose identification is strong
// enough for them.
func (x *Room) recent(r *http.Request, c broker.Current, most int, into *[]told) error {
	if c.Session.Level(c.Rules) < law.Substantial {
		return nil
	}
	return x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		found, err := x.read(tx, c.Session.Person(), ledger.Filter{}, "", most)
		*into = found.Entries
		return err
	})
}
