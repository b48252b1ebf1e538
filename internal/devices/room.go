// Package devices owns the page on which people see where they are signed in and
// which of their devices are remembered, end sessions and let devices be forgotten.
// It refuses to decide what a session or a remembered device is worth: a session
// counts as long as package broker says so, and a remembered device raises nothing.
package devices

import (
	"embed"
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/useragent"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

const path = "/account/devices"

// Config is what the room works with.
type Config struct{ Broker *broker.Broker }

// Room serves the page. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// New parses the page and puts samples of it into the gallery.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("devices", files)}
	x.samples()
	return x
}

// Mount adds the page.
func (x *Room) Mount(mux *http.ServeMux) {
	b := x.Broker
	b.Shell.Handle(mux, "GET "+path, b.Require(law.Substantial, x.show))
	b.Shell.Handle(mux, "POST "+path, b.Require(law.Substantial, x.act))
}

// browserKind is a kind of browser as the page names it.
type browserKind struct{ useragent.Kind }

// FormKey is the key of what kind of device it is.
func (k browserKind) FormKey() string {
	if k.Form == useragent.Other {
		return "devices.form.other"
	}
	return "devices.form." + string(k.Form)
}

// Icon is the drawing of the device.
func (k browserKind) Icon() string {
	if k.Form == useragent.Phone || k.Form == useragent.Tablet {
		return "mobile"
	}
	return "globe"
}

// session is a session as the page shows it.
type session struct {
	ID       string
	Kind     browserKind
	Here     bool
	Since    time.Time
	Seen     time.Time
	Method   string // key of its name; "" while nothing is proved that opens services
	Services []string
	Username string // where the person has several accounts
}

// remembered is a remembered device as the page shows it.
type remembered struct {
	ID          string
	Kind        browserKind
	Here        bool
	First, Last time.Time
	Username    string
}

// pageData is the dot of the page.
type pageData struct {
	Done       string // key of what was just done
	Sessions   []session
	Others     bool // there are sessions elsewhere
	Remembered []remembered
	Memory     time.Duration
}

// done are what the page may say that was just done.
var done = []string{"ended", "others", "forgotten", "all-forgotten"}

func (x *Room) show(w http.ResponseWriter, r *http.Request) error {
	c := broker.Of(r.Context())
	held, err := x.Broker.Sessions(r.Context(), c)
	if err != nil {
		return err
	}
	known, accounts, err := x.known(r)
	if err != nil {
		return err
	}
	d := pageData{Memory: x.Broker.Law.DeviceMemory(x.Broker.Now()), Others: len(held) > 1}
	if key := r.URL.Query().Get("done"); slices.Contains(done, key) {
		d.Done = "devices.done." + key
	}
	names := usernames(accounts)
	for _, h := range held {
		d.Sessions = append(d.Sessions, x.sessionOf(h, names, web.Language(r)))
	}
	for _, k := range known {
		here := k.ID == x.Broker.Remembered(r, k.Account)
		d.Remembered = append(d.Remembered, remembered{k.ID, browserKind{useragent.Parse(k.Kind)}, here, k.First, k.Last, names[k.Account]})
	}
	x.pages.Show(w, r, http.StatusOK, "devices", web.View{Data: d})
	return nil
}

// known are the devices that are remembered for the visitor's accounts, and those.
func (x *Room) known(r *http.Request) (all []store.Device, accounts []identity.Account, err error) {
	person := broker.Of(r.Context()).Session.Person()
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		if accounts, err = tx.AccountsOf(person); err != nil {
			return err
		}
		all, err = tx.DevicesOf(person, x.Broker.DeviceSince())
		return err
	})
	return all, accounts, err
}

// usernames are those of several accounts; with one there is nothing to tell apart.
func usernames(accounts []identity.Account) map[string]string {
	names := map[string]string{}
	for _, a := range accounts {
		if len(accounts) > 1 {
			names[a.ID] = string(a.Username)
		}
	}
	return names
}

func (x *Room) sessionOf(h broker.Held, names map[string]string, lang web.Lang) session {
	s := session{ID: h.Session.ID, Kind: browserKind{h.Kind}, Here: h.Here, Since: h.Session.Began(), Seen: h.Session.Seen, Username: names[h.Session.Account()]}
	if best, ok := h.Best(); ok && best.Method.Level > law.NoLevel {
		s.Method = catalogue.MethodKey(best.Method.Name)
	}
	for _, v := range h.Session.Visits {
		if found := x.Broker.Catalogue.Service(v.Service); found != nil {
			s.Services = append(s.Services, catalogue.In(found.Name, string(lang)))
		}
	}
	return s
}

// act ends sessions or forgets devices, as the button says that was pushed.
func (x *Room) act(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "end", Max: longestID}, web.Field{Name: "forget", Max: longestID}, web.Field{Name: "act", Max: longestID})
	if err != nil {
		return err
	}
	said := ""
	switch {
	case form.Value("end") != "":
		said, err = "ended", x.end(r, func(h broker.Held) bool { return h.Session.ID == form.Value("end") })
	case form.Value("act") == "others":
		said, err = "others", x.end(r, func(broker.Held) bool { return true })
	case form.Value("act") == "everywhere":
		return x.Broker.SignOutEverywhere(w, r, broker.Of(r.Context()))
	case form.Value("forget") != "":
		said, err = "forgotten", x.forget(r, func(d store.Device) bool { return d.ID == form.Value("forget") })
	case form.Value("act") == "forget-all":
		said, err = "all-forgotten", x.forget(r, func(store.Device) bool { return true })
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, path+"?done="+said)
}

// longestID is how much of an id is read, in bytes.
const longestID = 64

// end ends those of the visitor's other sessions that are meant. Ones that are over
// by now are.
func (x *Room) end(r *http.Request, meant func(broker.Held) bool) error {
	all, err := x.Broker.Sessions(r.Context(), broker.Of(r.Context()))
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Here || !meant(h) {
			continue
		}
		if err := x.Broker.EndHeld(r.Context(), h); err != nil {
			return err
		}
	}
	return nil
}

// forget forgets those of the visitor's devices that are meant. Sessions on them
// go on; the next sign-in there is that of a stranger's device.
func (x *Room) forget(r *http.Request, meant func(store.Device) bool) error {
	person := broker.Of(r.Context()).Session.Person()
	return x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error {
		all, err := tx.DevicesOf(person, x.Broker.DeviceSince())
		if err != nil {
			return err
		}
		for _, d := range all {
			if !meant(d) {
				continue
			}
			err := tx.ForgetDevice(person, d.ID)
			if errors.Is(err, store.ErrNotFound) { // the first of two submits did
				continue
			}
			if err != nil {
				return err
			}
			if _, err := x.Broker.Ledger.Append(tx, person, ledger.DeviceForgotten{Account: d.Account, Device: useragent.Parse(d.Kind).Name()}); err != nil {
				return err
			}
		}
		return nil
	})
}
