package provisional

import (
	"context"
	"embed"
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text static
var files embed.FS

// Passwords is what the room needs of the password room.
type Passwords interface {
	// Choose makes the record of a password that its owner chose, or says on
	// the form's field why it will not do; the record is then "".
	Choose(ctx context.Context, form *web.Form, field string, a identity.Account, p identity.Person) (record string, err error)
	// Shortest is the fewest characters of a password, Longest the most that
	// need to be read.
	Shortest() int
	Longest() int
}

// Config is what the room works with.
type Config struct {
	Broker    *broker.Broker
	Gate      *throttle.Gate // of the purpose "provisional"
	Passwords Passwords
	Link      string // absolute address of the page that takes the code, for the letter: the issuer and [CodePath]
}

// Room serves the pages of provisional registration. It is safe for concurrent use.
type Room struct {
	Config
	pages     *web.Pages
	countries map[web.Lang][]any
}

const (
	startPath    = "/register/provisional"
	dataPath     = startPath + "/data"
	cancelPath   = startPath + "/cancel"
	passwordPath = startPath + "/password"
	// CodePath is the page that takes the code of the letter.
	CodePath = startPath + "/code"

	// passwordKind is the kind of the credential that is set here.
	passwordKind = "password"
)

// New makes the room.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("provisional", files), countries: map[web.Lang][]any{}}
	for _, l := range web.Langs {
		x.countries[l] = countriesIn(l)
	}
	x.samples()
	return x
}

// Mount adds the pages.
func (x *Room) Mount(mux *http.ServeMux) {
	page := func(pattern string, h web.HandlerFunc) { x.Broker.Shell.Handle(mux, pattern, h) }
	page("GET "+startPath, x.Broker.Greet(x.start))
	page("GET "+dataPath, x.askData)
	page("POST "+dataPath, x.takeData)
	page("GET "+CodePath, x.askCode)
	page("POST "+CodePath, x.takeCode)
	page("POST "+cancelPath, x.cancel)
	page("GET "+passwordPath, x.askPassword)
	page("POST "+passwordPath, x.takePassword)
}
