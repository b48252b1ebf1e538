// Package office owns the clerk's pages: the cases of registrations at a desk,
// the papers to print, and the look-up of accounts. It is dense and works
// without a mouse and without JavaScript.
//
// It refuses everybody who is not a clerk or is signed in below the level
// substantial, shows no case of another office, and opens no account without a
// reason that goes into the ledger. What may be done when is decided by package
// registration, not here.
package office

import (
	"context"
	"embed"
	"net/http"
	"path"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	desk "kapu/internal/registration/office"
	"kapu/internal/registration/paperproof"
	"kapu/internal/store"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Gate lets only those to a page whose session reaches a level; the broker is one.
type Gate interface {
	Require(level law.Level, h web.HandlerFunc) web.HandlerFunc
}

// Config is what the desk's pages stand on.
type Config struct {
	Gate  Gate
	Shell *web.Shell
	Desk  *desk.Desk

	// Catalogue names the services that take people who act for others.
	Catalogue *catalogue.Catalogue
	// Prover makes the proofs that papers bear.
	Prover paperproof.Prover
	// Texts: somebody carries text messages, so a password may go to a phone.
	Texts bool
	// CardLink is the address where an electronic identity card registers from home.
	CardLink string
}

// Room is the desk.
type Room struct {
	Config
	pages *web.Pages
}

// New parses the pages and adds them to the gallery.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Shell.Pages("office", files)}
	x.samples()
	return x
}

// Addresses.
const (
	home          = "/office"
	registrations = home + "/registrations"
	accounts      = home + "/accounts"
)

// Mount adds the desk under /office.
func (x *Room) Mount(mux *http.ServeMux) {
	for _, routes := range []map[string]deskFunc{x.caseRoutes(), x.accountRoutes(), x.reviewRoutes(), x.reportRoutes(), x.cardRoutes(), x.phoneRoutes(), x.callerRoutes()} {
		for pattern, h := range routes {
			x.Shell.Handle(mux, pattern, x.Gate.Require(law.Substantial, clerksOnly(h)))
		}
	}
}

// caseRoutes are the first page and the cases of registrations.
func (x *Room) caseRoutes() map[string]deskFunc {
	return map[string]deskFunc{
		"GET " + home:                                      x.home,
		"POST " + home:                                     x.findCases,
		"GET " + home + "/keys":                            x.keys,
		"GET " + registrations + "/new":                    x.blank,
		"POST " + registrations:                            x.open,
		"GET " + registrations:                             back,
		"GET " + registrations + "/{case}":                 x.current,
		"GET " + registrations + "/{case}/data":            x.showData,
		"POST " + registrations + "/{case}/data":           x.correct,
		"GET " + registrations + "/{case}/answer":          x.answer,
		"POST " + registrations + "/{case}/check":          x.check,
		"GET " + registrations + "/{case}/check":           back,
		"GET " + registrations + "/{case}/account":         x.showChoice,
		"POST " + registrations + "/{case}/account":        x.choose,
		"GET " + registrations + "/{case}/fee":             x.showFee,
		"POST " + registrations + "/{case}/fee":            x.pay,
		"GET " + registrations + "/{case}/final":           x.showFinal,
		"POST " + registrations + "/{case}/final":          x.finalise,
		"GET " + registrations + "/{case}/provisional":     x.showEnding,
		"POST " + registrations + "/{case}/provisional":    x.endProvisional,
		"POST " + registrations + "/{case}/finish":         x.finish,
		"GET " + registrations + "/{case}/finish":          back,
		"GET " + registrations + "/{case}/withdraw":        x.askWithdraw,
		"POST " + registrations + "/{case}/withdraw":       x.withdraw,
		"GET " + registrations + "/{case}/sheet.pdf":       x.sheet,
		"GET " + registrations + "/{case}/declaration.pdf": x.declaration,
		"POST " + registrations + "/{case}/first.pdf":      x.firstSheet,
		"GET " + registrations + "/{case}/first.pdf":       back,
	}
}

// deskFunc is a handler that knows which clerk acts.
type deskFunc func(w http.ResponseWriter, r *http.Request, k desk.Clerk) error

func clerksOnly(h deskFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		c := broker.Of(r.Context())
		if c.Standing.Office == "" || c.Session.Person() == "" {
			return web.Forbidden("office.stranger")
		}
		return h(w, r, desk.Clerk{Account: c.Session.Account(), Person: c.Session.Person(), Office: c.Standing.Office})
	}
}

// back leads somebody who opens the address of a form's answer (a bookmark, the
// address bar) one step up, where the work is.
func back(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// officeOf is the clerk's office with its name.
func (x *Room) officeOf(ctx context.Context, k desk.Clerk) (o identity.Office, err error) {
	err = x.Desk.DB.View(ctx, func(tx *store.Tx) error {
		o, err = tx.Office(k.Office)
		return err
	})
	return o, err
}

func (x *Room) keys(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
	x.pages.Show(w, r, http.StatusOK, "keys", web.View{})
	return nil
}
