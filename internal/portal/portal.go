// Package portal owns the citizen's pages: the services to choose from (R15),
// "my account" with its data, validity and methods, the whole history of what
// happened in one's name (R25) with its receipts, the ledger's public page, and
// the pages that tell how to register and where to get help. It refuses to
// change anything: methods and registrations have rooms of their own, and the
// portal leads there. What it shows of a person, it shows to that person only.
package portal

import (
	"embed"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

//go:embed *.html text static
var files embed.FS

// Config is what the portal reads.
type Config struct {
	DB        *store.DB
	Ledger    *ledger.Ledger
	Law       law.Table
	Catalogue *catalogue.Catalogue
	Broker    *broker.Broker
	Shell     *web.Shell
	Now       func() time.Time
	// Heard is the factor whose secret others may know, so that its owner must choose another.
	Heard func(tx *store.Tx, person string) (authn.Factor, error)
}

// Room is the portal.
type Room struct {
	Config
	pages     *web.Pages
	exporting chan struct{} // holds one for each file that is being made
}

// New parses the portal's pages and puts samples of them into the gallery.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Shell.Pages("portal", files), exporting: make(chan struct{}, exportsAtOnce)}
	x.samples()
	return x
}

// Menu is the header's menu of a citizen, for [web.Config].
func Menu() []web.Link {
	return []web.Link{{URL: "/", Key: "portal.menu.services"}, {URL: "/account", Key: "portal.menu.account"}, {URL: "/account/history", Key: "portal.menu.history"}}
}

// Mount adds the pages. Everything under /account needs an identification that
// a service would accept, too: a password alone is led to requesting
// Ügyfélkapu+ (R18).
func (x *Room) Mount(mux *http.ServeMux) {
	open := func(pattern string, h web.HandlerFunc) { x.Shell.Handle(mux, pattern, x.Broker.Greet(h)) }
	own := func(pattern string, h web.HandlerFunc) {
		x.Shell.Handle(mux, pattern, x.Broker.Require(law.Substantial, h))
	}
	open("GET /{$}", x.home)
	open("GET /services/{id}", x.service)
	open("GET /register", x.register)
	open("GET /help", x.help)
	open("GET /ledger", x.publicLedger)
	open("GET /ledger/checkpoint", x.checkpoint)
	open("GET /ledger/key", x.verifierKey)
	open("GET /ledger/settled", x.settled)
	open("GET /ledger/consistency", x.consistency)
	open("POST /ledger/cosignatures", x.cosign)
	open("GET /ledger/check", x.check)
	open("GET /ledger/check.html", x.checkFile)
	open("GET /ledger/ask", x.askReceipt)
	open("POST /ledger/ask", x.checkReceipt)
	own("GET /enter", x.enter)
	own("GET /account", x.account)
	own("GET /account/history", x.history)
	own("GET "+exportPath, x.askExport)
	own("POST "+exportPath, x.export)
	own("GET /account/history/{id}", x.receipt)
	own("GET /account/history/{id}/receipt.json", x.downloadReceipt)
}

// enter is where the sign-in button of the front page leads: through the
// corridor and back to the front page.
func (x *Room) enter(w http.ResponseWriter, r *http.Request) error { return web.SeeOther(w, r, "/") }
