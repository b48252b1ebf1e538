package sandbox

import (
	"embed"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// visitLife is how long the page stays open to whoever had a code.
const visitLife = 2 * time.Hour

// RoomConfig is what the page works with.
type RoomConfig struct {
	Keeper    *Keeper
	Catalogue *catalogue.Catalogue
	Ring      *keys.Ring
	Shell     *web.Shell
	Now       func() time.Time
	Secure    bool // the gateway is reached by https
}

// Room is the page.
type Room struct {
	RoomConfig
	pages *web.Pages
}

// NewRoom makes the page.
func NewRoom(c RoomConfig) *Room {
	x := &Room{RoomConfig: c, pages: c.Shell.Pages("sandbox", files)}
	x.samples()
	return x
}

// Path is where the page of a service is.
func Path(service string) string { return "/sandbox/" + service }

// Mount adds the page.
func (x *Room) Mount(mux *http.ServeMux) {
	x.Shell.Handle(mux, "GET "+Path("{service}"), x.show)
	x.Shell.Handle(mux, "POST "+Path("{service}"), x.enter)
}

// data is what the page shows.
type data struct {
	Service   string // its name
	Exchanges []Exchange
}

// service is the one that a page is about, if it has a sandbox at the moment.
func (x *Room) service(r *http.Request) (*catalogue.Service, error) {
	s := x.Catalogue.Service(r.PathValue("service"))
	if s == nil || !x.Keeper.Allows(s.ID) {
		return nil, web.NotFound()
	}
	return s, nil
}

// show shows the exchanges to whoever has been let in, and asks others for a code.
func (x *Room) show(w http.ResponseWriter, r *http.Request) error {
	s, err := x.service(r)
	if err != nil {
		return err
	}
	d := data{Service: catalogue.In(s.Name, string(web.Language(r)))}
	if !x.admitted(r, s.ID) {
		x.pages.Show(w, r, http.StatusOK, "enter", web.View{Data: d})
		return nil
	}
	if d.Exchanges, err = x.Keeper.Last(r.Context(), s.ID); err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "exchanges", web.View{Data: d})
	return nil
}

// maxCode is the most characters that a code can have, with blanks in it.
const maxCode = 80

// enter lets in whoever has a code.
func (x *Room) enter(w http.ResponseWriter, r *http.Request) error {
	s, err := x.service(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: maxCode})
	if err != nil {
		return err
	}
	ok, err := x.Keeper.enter(r.Context(), s.ID, form.Value("code"))
	if err != nil {
		return err
	}
	if !ok {
		form.Fail("code", "sandbox.enter.wrong")
		form.Set("code", "")
		x.pages.Show(w, r, http.StatusUnprocessableEntity, "enter", web.View{Form: form, Data: data{Service: catalogue.In(s.Name, string(web.Language(r)))}})
		return nil
	}
	return x.Admit(w, r, s.ID)
}

// visit is what the cookie holds, sealed.
type visit struct {
	Until int64 `json:"u"` // seconds since 1970
}

func purpose(service string) string { return "sandbox/" + service }

// Admit lets a browser see the page of a service, and leads it there.
func (x *Room) Admit(w http.ResponseWriter, r *http.Request, service string) error {
	raw, err := json.Marshal(visit{x.Now().Add(visitLife).Unix()})
	if err != nil {
		return err
	}
	sealed, err := x.Ring.Seal(purpose(service), raw)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: x.cookieName(), Value: sealed, Path: Path(service), MaxAge: int(visitLife.Seconds()),
		HttpOnly: true, Secure: x.Secure, SameSite: http.SameSiteLaxMode})
	return web.SeeOther(w, r, Path(service))
}

// cookieName: the prefix forbids that it is set from where there is no https
// (RFC 6265bis, 4.1.3.1).
func (x *Room) cookieName() string {
	if x.Secure {
		return "__Secure-kapu-sandbox"
	}
	return "kapu-sandbox"
}

// maxCookie is more than any of our own has characters.
const maxCookie = 512

func (x *Room) admitted(r *http.Request, service string) bool {
	c, err := r.Cookie(x.cookieName())
	if err != nil || len(c.Value) > maxCookie || strings.TrimSpace(c.Value) == "" {
		return false
	}
	raw, err := x.Ring.Unseal(purpose(service), c.Value)
	if err != nil {
		return false
	}
	var v visit
	return json.Unmarshal(raw, &v) == nil && x.Now().Unix() < v.Until
}
