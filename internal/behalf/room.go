// Package behalf owns the pages about mandates: giving one, accepting one with a
// code, confirming who accepted, ending one, and on the way to a service the
// question for whom somebody acts. It refuses to decide: package mandate knows who
// may do what, and whom a choice leads to is authn's. It shows nobody who has an
// account: the two find each other by a code that one gives the other.
package behalf

import (
	"context"
	"embed"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/mandate"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Config is what the room works with.
type Config struct {
	Broker   *broker.Broker
	Mandates mandate.Register
	Gate     *throttle.Gate // of the purpose "mandate"
}

// Room serves the pages. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// New parses the pages and puts samples of them into the gallery.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("behalf", files)}
	x.samples()
	return x
}

const (
	listPath   = "/account/mandates"
	newPath    = listPath + "/new"
	codePath   = listPath + "/code"
	acceptPath = listPath + "/accept"
	offerPath  = listPath + "/offer"
	answerPath = listPath + "/answer/" // and the id of a mandate
	endPath    = listPath + "/end"
)

// Mount adds the pages and the room of the corridor. The pages need an
// identification that a service would accept.
func (x *Room) Mount(mux *http.ServeMux) {
	x.Broker.Room(mux, string(authn.Behalf), x.choose)
	own := func(pattern string, h web.HandlerFunc) {
		x.Broker.Shell.Handle(mux, pattern, x.Broker.Require(law.Substantial, final(h)))
	}
	own("GET "+listPath, x.list)
	own("GET "+newPath, x.askNew)
	own("POST "+newPath, x.give)
	own("GET "+codePath, x.showCode)
	own("GET "+acceptPath, x.askCode)
	own("POST "+acceptPath, x.takeCode)
	own("GET "+offerPath, x.showOffer)
	own("POST "+offerPath, x.answerOffer)
	own("GET "+answerPath+"{mandate}", x.askConfirm)
	own("POST "+answerPath+"{mandate}", x.confirm)
	own("GET "+endPath, x.list)
	own("POST "+endPath, x.end)
}

// final keeps out whom nobody has checked yet: they neither give nor hold.
func final(h web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if broker.Of(r.Context()).Standing.Provisional {
			return web.Forbidden("behalf.provisional")
		}
		return h(w, r)
	}
}

// person is whose session it is.
func person(ctx context.Context) string { return broker.Of(ctx).Session.Person() }

func (x *Room) view(ctx context.Context, f func(tx *store.Tx) error) error {
	return x.Broker.DB.View(ctx, f)
}

func (x *Room) update(ctx context.Context, f func(tx *store.Tx) error) error {
	return x.Broker.DB.Update(ctx, f)
}

// taking are the services that take people who act for others.
func (x *Room) taking() (list []*catalogue.Service) {
	for _, s := range x.Broker.Catalogue.All() {
		if s.Mandates {
			list = append(list, s)
		}
	}
	return list
}

// namesOf are the services' names, of those that there still are.
func (x *Room) namesOf(r *http.Request, ids []string) (names []string) {
	for _, id := range ids {
		if s := x.Broker.Catalogue.Service(id); s != nil {
			names = append(names, catalogue.In(s.Name, string(web.Language(r))))
		}
	}
	return names
}
