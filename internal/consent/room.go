// Package consent owns what a citizen has to say about their own data: what a
// service may have that no law gives it, which identifier they state on the way
// to one, and the list of what they have allowed, with the button that takes it
// back. It refuses to decide for them: nothing is ticked beforehand, no answer
// closes the way, and an identifier counts only when the population register
// confirms it (R16). What may be asked at all is the catalogue's to say, and who
// is led here is authn's.
package consent

import (
	"embed"
	"log/slog"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/register"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Config is what the rooms work with.
type Config struct {
	Broker     *broker.Broker
	Population register.Population // confirms what is stated
	Gate       *throttle.Gate      // of the purpose "identify"
	Log        *slog.Logger        // default slog.Default()
}

// Room serves the pages. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// New parses the pages and puts samples of them into the gallery.
func New(c Config) *Room {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("consent", files)}
	x.samples()
	return x
}

// listPath is where a citizen finds what they have decided.
const listPath = "/account/consents"

// Mount adds the rooms and the page. The page needs an identification that a
// service would accept.
func (x *Room) Mount(mux *http.ServeMux) {
	b := x.Broker
	b.Room(mux, string(authn.Consent), x.consent)
	b.Room(mux, string(authn.Identify), x.identify)
	b.Shell.Handle(mux, "GET "+listPath, b.Require(law.Substantial, x.list))
	b.Shell.Handle(mux, "POST "+listPath, b.Require(law.Substantial, x.withdraw))
}

// onward leads on a form whose step is over: sent twice, or from a page that was
// left open.
func (x *Room) onward(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	return x.Broker.Go(w, r, v, func(*authn.Transaction) {})
}
