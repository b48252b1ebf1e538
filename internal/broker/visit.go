package broker

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/store"
	"kapu/internal/web"
)

const browserCookie = "kapu-browser"

// Visit is one step of a visitor in a room.
type Visit struct {
	Current
	Transaction authn.Transaction
	Service     *catalogue.Service // nil for the gateway's own pages
	Step        authn.Step         // where the visitor belongs
	Mandates    []store.Mandate    // by which the person may act for others at the service
	cookie      string             // of the session begun in this step
	known       bool               // the browser has signed in to the account before
}

// sealedStep is what travels in the URL.
type sealedStep struct {
	Transaction authn.Transaction `json:"t"`
	Room        string            `json:"r"`
}

func (b *Broker) seal(t authn.Transaction, room string) (string, error) {
	return b.Ring.SealValue(sealPurpose, sealedStep{t, room})
}

// unseal opens a sealed step for the room that it was sealed for.
func (b *Broker) unseal(token, room string) (t authn.Transaction, ok bool) {
	var s sealedStep
	if !b.Ring.UnsealValue(sealPurpose, token, &s) || s.Room != room {
		return t, false
	}
	return s.Transaction, true
}

// browser returns the digest of the browser's own cookie, setting it if need be.
func (b *Broker) browser(w http.ResponseWriter, r *http.Request) string {
	value := b.cookie(r, browserCookie)
	if value == "" {
		value = keys.RandomToken()
		b.setCookie(w, browserCookie, value, 0)
	}
	return b.Ring.Digest("browser", value)
}

func (b *Broker) sameBrowser(r *http.Request, t authn.Transaction) bool {
	return b.IsBrowser(r, t.Browser)
}

// Browser is what the visitor's browser is known by, for a door that must know it
// again. Forms of other sites bring it no cookies, so it is another one there.
func (b *Broker) Browser(w http.ResponseWriter, r *http.Request) string { return b.browser(w, r) }

// IsBrowser tells whether a request comes from the browser that is known so.
func (b *Broker) IsBrowser(r *http.Request, known string) bool {
	value := b.cookie(r, browserCookie)
	return value != "" && subtle.ConstantTimeCompare([]byte(b.Ring.Digest("browser", value)), []byte(known)) == 1
}

// RoomFunc serves one room of the corridor, GET and POST.
type RoomFunc func(w http.ResponseWriter, r *http.Request, v *Visit) error

// Room adds a room at /signin/name. The room is entered only with a transaction
// that was sealed for it, in the same browser and in time; a visitor whose
// session has meanwhile gone further (another tab, the back button) is led on.
func (b *Broker) Room(mux *http.ServeMux, name string, serve RoomFunc) {
	h := func(w http.ResponseWriter, r *http.Request) error {
		v, err := b.enter(r, name)
		if err != nil || v == nil {
			return b.lost(w, v.speaking(r), v, err)
		}
		r = v.speaking(r)
		if !v.Ended.IsZero() {
			return b.tellEnded(w, r, v, v.Step)
		}
		if r.Method == http.MethodGet && !b.belongs(v, name) {
			return b.lead(w, r, v, v.Step)
		}
		return serve(w, r, v)
	}
	b.Shell.Handle(mux, "GET "+roomPrefix+name, h)
	b.Shell.Handle(mux, "POST "+roomPrefix+name, h)
}

// speaking has the pages of the visit speak the language that its service asked
// for, until the visitor chooses another; that goes with the visit from there on.
func (v *Visit) speaking(r *http.Request) *http.Request {
	if v == nil {
		return r
	}
	asked := &v.Transaction.Request.Language
	if l, ok := web.ChosenLanguage(r); ok && *asked != "" {
		*asked = string(l)
	}
	if *asked == "" {
		return r
	}
	return r.WithContext(web.WithLanguage(r.Context(), web.Lang(*asked)))
}

// belongs tells whether the visitor is in the right room: that of the step, or a
// side room of it ("totp/removal" of "totp"). Leaving is always allowed, and so
// is choosing another method.
func (b *Broker) belongs(v *Visit, room string) bool {
	here := roomOf(v.Step)
	return room == leaveRoom || room == here || strings.HasPrefix(room, here+"/") ||
		room == string(authn.Choose) && v.Step.Room == authn.Prove
}

// enter opens the transaction of a request to a room; nil is a request without
// a usable one.
func (b *Broker) enter(r *http.Request, room string) (*Visit, error) {
	t, ok := b.unseal(r.URL.Query().Get("t"), room)
	if !ok {
		return nil, nil
	}
	current, err := b.Current(r)
	if err != nil {
		return nil, err
	}
	v := &Visit{Transaction: t, Current: current, Service: b.Catalogue.Service(t.Request.Service)}
	if !t.Fresh(current.Rules, b.Now()) || !b.sameBrowser(r, t) {
		return v, web.Expired("")
	}
	v.Step, err = b.next(r.Context(), v)
	return v, err
}

// lost helps a visitor with an old bookmark, a page left open or another
// browser: back to the service, which can ask anew.
func (b *Broker) lost(w http.ResponseWriter, r *http.Request, v *Visit, err error) error {
	var problem *web.Problem
	if err != nil && !asProblem(err, &problem) {
		return err
	}
	view := web.View{Data: lostData{}}
	if v != nil && v.Service != nil {
		view.Strip = strip(r, v)
		view.Data = lostData{Service: catalogue.In(v.Service.Name, string(web.Language(r))), URL: v.Service.URL}
	}
	b.pages.Show(w, r, http.StatusGone, "lost", view)
	return nil
}

type lostData struct{ Service, URL string }

// Show shows a room's page with the strip that says which service asks, and
// lets its forms lead back to that service.
func (b *Broker) Show(w http.ResponseWriter, r *http.Request, v *Visit, pages *web.Pages, status int, page string, view web.View) error {
	if v.Service != nil {
		view.Strip = strip(r, v)
		for _, origin := range v.Service.Origins() {
			web.AllowFormAction(w, origin)
		}
	}
	pages.Show(w, r, status, page, view)
	return nil
}

func strip(r *http.Request, v *Visit) *web.Strip {
	name := catalogue.In(v.Service.Name, string(web.Language(r)))
	return &web.Strip{Service: name, Mark: web.MarkOf(catalogue.In(v.Service.Name, "hu")), Level: int(v.Transaction.Request.Level)}
}

// Way is the address of another room for the same visit, for a link on a page.
func (b *Broker) Way(v *Visit, room string, change func(*authn.Transaction)) (string, error) {
	t := v.Transaction
	t.State = nil
	if change != nil {
		change(&t)
	}
	return b.address(t, room)
}

// BackToChooser is the address at which the visitor can choose another method.
func (b *Broker) BackToChooser(v *Visit) (string, error) {
	return b.Way(v, string(authn.Choose), func(t *authn.Transaction) { t.Chosen = "" })
}

// TurnBack is the address at which the visitor goes back to the service without
// an answer to its question.
func (b *Broker) TurnBack(v *Visit) (string, error) { return b.Way(v, leaveRoom, nil) }

// Stay sends the visitor to the same room again, with a state of the room's own
// that nobody else can read or change.
func (b *Broker) Stay(w http.ResponseWriter, r *http.Request, v *Visit, state []byte) error {
	t := v.Transaction
	t.State = state
	address, err := b.address(t, strings.TrimPrefix(r.URL.Path, roomPrefix))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, address)
}
