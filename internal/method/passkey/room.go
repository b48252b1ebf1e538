package passkey

import (
	"embed"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text static
var files embed.FS

// Config is what the rooms work with.
type Config struct {
	Broker *broker.Broker
	Gate   *throttle.Gate // of the purpose "passkey"
	Issuer string         // the gateway's absolute address, without a slash at the end
	Log    *slog.Logger   // nil is silent
	// Confirm asks for the password again: it says on the form's field what is
	// wrong, with the status to show it with, 0 for nothing. The password room has it.
	Confirm func(w http.ResponseWriter, r *http.Request, account string, form *web.Form, field string) (status int, err error)
	// Revocation makes the link in a notice by which an owner shuts the account. The
	// room of that name has it.
	Revocation func(tx *store.Tx, account string, until time.Time) (link string, linkUntil time.Time, err error)
}

// script is the static file that speaks to the browser's keys.
const script = "passkey/passkey.js"

// Room serves the pages of passkeys. It is safe for concurrent use.
type Room struct {
	Config
	site  *webauthn.WebAuthn
	pages *web.Pages
	notes *broker.Notes
}

// New makes the rooms. It panics where the issuer is no address: nothing of the
// gateway works then.
func New(c Config) *Room {
	site, err := siteOf(c.Issuer)
	if err != nil {
		panic(err)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	x := &Room{Config: c, site: site, pages: c.Broker.Shell.Pages("passkey", files), notes: &broker.Notes{Broker: c.Broker, Log: c.Log}}
	x.samples()
	return x
}

// Mount adds the rooms and pages.
func (x *Room) Mount(mux *http.ServeMux) {
	b := x.Broker
	b.Room(mux, string(authn.Passkey), x.signIn)
	b.Room(mux, "enrol/"+string(authn.Passkey), x.enrol)
	page := func(pattern string, h web.HandlerFunc) {
		b.Shell.Handle(mux, pattern, b.Require(law.Substantial, h))
	}
	page("GET "+keysPath, x.list)
	page("POST "+keysPath, x.another)
	page("GET "+keysPath+"/{key}", x.askName)
	page("POST "+keysPath+"/{key}", x.rename)
	page("GET "+keysPath+"/{key}/remove", x.askRemove)
	page("POST "+keysPath+"/{key}/remove", x.remove)
	b.Shell.Handle(mux, "GET "+removedPath, x.removed)
}

// home is where a letter leads that speaks of passkeys.
func (x *Room) home() string { return x.Issuer + keysPath }
