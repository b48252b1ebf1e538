package paperproof

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"time"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Config is what the page works with.
type Config struct {
	Broker *broker.Broker
	Prover Prover
}

// Room serves the page that a paper's QR code leads to. It is safe for
// concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// clerkPath is the page for those who have to sign in first.
const clerkPath = pagePath + "/clerk"

// New makes the room.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("paper", files)}
	x.samples()
	return x
}

// Mount adds the page.
func (x *Room) Mount(mux *http.ServeMux) {
	x.Broker.Shell.Handle(mux, "GET "+pagePath, x.Broker.Greet(x.show))
	x.Broker.Shell.Handle(mux, "GET "+clerkPath, x.Broker.Require(law.Substantial, x.show))
}

// paperData is the dot of what a clerk sees.
type paperData struct {
	Kind   string // key of its name
	Digest string // in groups
	Made   time.Time
	Office identity.Office
	Work   string // address of the case or account; "" where there is none for this clerk
}

// outsideData is the dot of what everybody else sees.
type outsideData struct {
	SignIn string // address for clerks; "" for those who are signed in and are none
}

func (x *Room) show(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("p")
	p, err := x.Prover.Read(token)
	if errors.Is(err, ErrForged) {
		x.pages.Show(w, r, http.StatusNotFound, "forged", web.View{})
		return nil
	}
	c := broker.Of(r.Context())
	clerk, strong := c.Standing.Office != "" && c.Session.Person() != "", c.Session.Level(c.Rules) >= law.Substantial
	if !clerk || !strong {
		d := outsideData{SignIn: clerkPath + "?p=" + url.QueryEscape(token)}
		if strong { // a citizen; signing in again leads nowhere
			d.SignIn = ""
		}
		x.pages.Show(w, r, http.StatusOK, "outside", web.View{Data: d})
		return nil
	}
	d, err := x.describe(r, p, c.Standing.Office)
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "paper", web.View{Data: d})
	return nil
}

// describe looks the office up. One that is closed is called by its id.
func (x *Room) describe(r *http.Request, p Paper, mine string) (d paperData, err error) {
	d = paperData{Kind: "paper.kind." + string(p.Kind), Digest: groups(p.Digest), Made: p.Made, Work: work(p, mine)}
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		d.Office, err = tx.Office(p.Office)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		d.Office, err = identity.Office{ID: p.Office, Name: p.Office}, nil
	}
	return d, err
}

// work is where the clerk finds what the paper speaks of: cases are their own
// office's, accounts are everybody's who says why.
func work(p Paper, mine string) string {
	switch p.Kind {
	case Minutes:
		return "/office/accounts/" + url.PathEscape(p.ID)
	case Sheet, Declaration, First:
		if p.Office == mine {
			return "/office/registrations/" + url.PathEscape(p.ID)
		}
	}
	return ""
}

// samples puts every state of the page into the gallery.
func (x *Room) samples() {
	clerk := &web.Visitor{Name: "Nagy Péter", Office: "Kormányablak, Kisfalud", Clerk: true}
	for _, kind := range Kinds() {
		p := Paper{Kind: kind, ID: "01957f3e-0000-7000-8000-000000000001", Office: "kisfalud"}
		d := paperData{Kind: "paper.kind." + string(kind), Digest: "K7PM 3XQ9 W4RT 8HNC", Made: time.Date(2026, 3, 2, 9, 42, 0, 0, time.UTC),
			Office: identity.Office{Name: "Kormányablak, Kisfalud", Address: "9025 Kisfalud, Fő tér 1."}, Work: work(p, "kisfalud")}
		x.pages.Sample(string(kind), "paper", web.View{Visitor: clerk, Data: d})
	}
	x.pages.Sample("outside", "outside", web.View{Data: outsideData{SignIn: clerkPath}})
	x.pages.Sample("outside-citizen", "outside", web.View{Visitor: &web.Visitor{Name: "Kiss Anna"}, Data: outsideData{}})
	x.pages.Sample("forged", "forged", web.View{})
}
